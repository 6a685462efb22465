//! First use: `init`, unfilled examples, drafts checked as final, syntax corrections,
//! counts, languages of help and errors.

use serde_json::{Value, json};

use crate::desk::{Desk, PROGRAM, home};
use crate::registry::{NOW, at, office};

const INIT: [&str; 8] = [
    "init",
    "talks",
    "--name",
    "Mallilan hyvinvointialue",
    "--number",
    "MHVA-{year}-{number:5}",
    "--municipality",
    "jämsä, Äänekoski",
];

#[test]
fn init_takes_language_name_number_and_municipalities() {
    let desk = Desk::empty();
    let args = INIT.iter().copied().chain(["--municipality", "Luhanka", "--language", "sv"]);
    // the language of the workspace comes first
    let mut command = std::process::Command::new(PROGRAM);
    command.current_dir(desk.path("")).args(args);
    assert!(command.output().unwrap().status.success());
    let settings = desk.read("talks/kirjuri.toml");
    assert!(
        settings.contains("language = \"sv\"") && settings.contains("Arbetsytans"),
        "{settings}"
    );
    assert!(settings.contains("number = \"MHVA-{year}-{number:5}\""), "{settings}");
    let round: Value = serde_json::from_str(&desk.read("talks/records/runda.json")).unwrap();
    assert_eq!(round["language"], "sv");
    assert_eq!(round["authority"]["name"], "Mallilan hyvinvointialue");
    assert_eq!(round["municipalities"], json!(["Jämsä", "Luhanka", "Äänekoski"]));
    let theme: Value = serde_json::from_str(&desk.read("talks/templates/theme.json")).unwrap();
    assert_eq!(theme["authority"], "Mallilan hyvinvointialue");
    assert!(theme.get("logo").is_none(), "the mark of the sample's authority is nobody else's");
    desk.run(["check", "--config", "talks/kirjuri.toml"]).exits(0);
}

#[test]
fn init_refuses_invalid_values() {
    let desk = Desk::empty();
    desk.run(["init", "a", "--municipality", "Jyvaskyla"]).exits(2).complains("Jyväskylä");
    desk.run(["init", "b", "--number", "no number"]).exits(2).complains("no number");
    assert!(!desk.path("a").exists() && !desk.path("b").exists());
}

#[test]
fn no_final_document_is_made_while_examples_remain() {
    let desk = Desk::empty();
    desk.run(["init", "talks"]).exits(0);
    let build = || desk.run(["build", "--config", "talks/kirjuri.toml"]);
    build().exits(0);
    let round = "talks/records/round.json";
    desk.edit(round, |round| {
        round["status"] = json!("final");
        round["authority"] = json!({ "name": "Mallila County", "unit": "Wellbeing" });
        for goal in round["goals"].as_array_mut().unwrap() {
            goal["goal"] = json!("Fewer falls");
        }
    });
    let named = [
        ("talks/templates/theme.json", "[Name of the authority]", "Mallila County", "authority"),
        ("talks/kirjuri.toml", "EXAMPLE-{year}", "MC-{year}", "registry.number"),
        ("talks/kirjuri.toml", "[Registry office]", "Registry office", "registry.checker"),
        (
            "talks/kirjuri.toml",
            "[function class, such as 00.01.02]",
            "00.01.02",
            "registry.all.function",
        ),
        (
            "talks/kirjuri.toml",
            "\n[registry.all]",
            "\n[registry.transfer]\nphone = \"000 000 000\"\n[registry.all]",
            "registry.all.retention.reason",
        ),
    ];
    for (file, example, own, setting) in named {
        let run = build().exits(1).complains("settings-example").complains(setting);
        // drafts are made anyway
        assert!(!run.issued().contains("sample-2026-plan.pdf"), "{}", run.stdout);
        assert!(run.stderr.contains(file.trim_start_matches("talks/")), "{}", run.stderr);
        desk.replace(file, example, own);
    }
    desk.replace("talks/kirjuri.toml", "[records management plan and class]", "plan 00.01.02");
    build().exits(1).complains("registry.transfer.phone");
    desk.replace("talks/kirjuri.toml", "000 000 000", "014 123 4567");
    let run = at(&desk, NOW, "build --config talks/kirjuri.toml");
    assert!(run.stdout.contains("MC-2025-00001"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn the_theme_of_another_authority_is_refused() {
    let desk = office();
    desk.template("theme.json").template("logo.svg");
    let run = at(&desk, NOW, "build").exits(1).complains("sender-other");
    let issued = run.issued();
    assert!(!issued.iter().any(|name| name.starts_with("talks")), "{}", run.stdout);
    // changing only the name leaves the logo
    desk.replace("templates/theme.json", "Keski-Suomen hyvinvointialue\"", "County of Tests\"");
    at(&desk, NOW, "build").exits(1).complains("logo.file");
    desk.edit("templates/theme.json", |theme| {
        theme["logo"] = Value::Null;
        theme["authority"] = json!({ "en": "County of Tests", "fi": "Kokeiden alue" });
    });
    // the strategy belongs to the sample's authority
    let run = at(&desk, NOW, "build");
    assert!(!run.stderr.contains("settings-example") && !run.stderr.contains("sender-other"));
    assert!(run.stdout.contains("T-2025-001"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn check_as_final_lists_what_a_draft_lacks() {
    let desk = Desk::fixture("small");
    desk.edit("records/north.json", |north| {
        north["status"] = json!("draft");
        for field in ["chair", "distribution"] {
            north.as_object_mut().unwrap().remove(field);
        }
    });
    desk.run(["check", "records/north.json"]).exits(0);
    for args in [vec!["check", "--as-final"], vec!["check", "--as-final", "records/north.json"]] {
        let run = desk.run(args).exits(1).complains("`chair`").complains("`distribution`");
        assert_eq!(run.stderr.matches("final-needs").count(), 2, "{}", run.stderr);
    }
    assert!(desk.read("records/north.json").contains("\"draft\""), "nothing is written");
}

const BROKEN: &str = r#"{
  "kind": "session",
  "id": "talks-north"
  "status": “luonnos”,
  "language": "englanti",
  "round": "talks", "group": "north",
  "date": 23.10.2025,
  "start": 13.00,
  "end": "klo 15.30",
  mode: 'etänä',
  "notes": [ { "text": "A note", "priority": "mind", "secret": "ei" }, ],
}
"#;

#[test]
fn all_syntax_faults_are_reported_at_once() {
    let desk = Desk::fixture("small");
    desk.write("records/north.json", BROKEN);
    let run = desk.run(["check", "records/north.json", "--format", "json"]).exits(1);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let found = answer["problems"].as_array().unwrap().iter();
    let found: Vec<(&str, u64)> = found
        .map(|problem| (problem["rule"].as_str().unwrap(), problem["line"].as_u64().unwrap()))
        .collect();
    let expected = [
        ("json-missing-comma", 4),
        ("json-quotes", 4),
        ("json-value-bare", 7),
        ("json-name-bare", 10),
        ("json-quotes", 10),
        ("json-trailing-comma", 11),
        ("json-trailing-comma", 11),
    ];
    assert_eq!(found, expected);
}

#[test]
fn certain_corrections_are_made_in_invalid_records() {
    let desk = Desk::fixture("small");
    desk.write("records/north.json", BROKEN);
    desk.run(["check", "--fix", "records/north.json"]).exits(1);
    assert_eq!(desk.read("records/north.json"), BROKEN, "it is not asked for");
    desk.run(["check", "--fix", "--yes", "records/north.json"]);
    let north: Value = serde_json::from_str(&desk.read("records/north.json")).unwrap();
    for (field, value) in [
        ("status", json!("draft")),
        ("language", json!("en")),
        ("date", json!("2025-10-23")),
        ("start", json!("13:00")),
        ("end", json!("15:30")),
        ("mode", json!("remote")),
    ] {
        assert_eq!(north[field], value, "{field}");
    }
    assert_eq!(north["notes"][0]["secret"], json!(false));
}

#[test]
fn a_record_from_a_word_processor_is_fixed_completely() {
    let desk = Desk::fixture("small");
    let name = "records/round.json";
    let text = desk.read(name);
    let texts = text.matches('"').count() / 2;
    assert!(texts > 100 && !text.contains("\\\""));
    let pairs = |open: char, close: char| {
        let mut opens = false;
        let mark = |c| match c {
            '"' => {
                opens = !opens;
                if opens { open } else { close }
            }
            c => c,
        };
        text.chars().map(mark).collect::<String>()
    };
    for typed in [pairs('”', '”'), pairs('“', '”'), pairs('\'', '\'')] {
        desk.write(name, &typed);
        let run = desk.run(["check", name, "--format", "json"]).exits(1);
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        let [problem] = answer["problems"].as_array().unwrap().as_slice() else {
            panic!("{}", run.stdout)
        };
        assert_eq!(problem["rule"], "json-quotes");
        let others = format!("in {} other places", texts - 1);
        assert!(problem["message"].as_str().unwrap().contains(&others), "{problem}");
        let run = desk.run(["check", "--fix", "--yes", name]);
        assert!(run.stdout.contains(&format!("corrections applied: {texts}")), "{}", run.stdout);
        assert_eq!(desk.read(name), text);
    }
    // without commas and with semicolons
    for typed in [text.replace(",\n", "\n"), text.replace(",\n", ";\n")] {
        desk.write(name, &typed);
        desk.run(["check", "--fix", "--yes", name]);
        assert_eq!(desk.read(name), text);
    }
}

#[test]
fn messages_contain_no_parser_errors() {
    let desk = Desk::fixture("small");
    let count = "\"count\": 4.0";
    desk.edit("records/north.json", |north| north["present"][0]["count"] = json!(77));
    desk.replace("records/north.json", "\"count\": 77", count);
    for (language, wanted) in
        [("fi", "tähän kuuluu kokonaisluku"), ("sv", "heltal"), ("en", "a whole number")]
    {
        let (_, said) = in_language(&desk, &["check"], Some(language));
        assert!(said.contains("`4.0`") && said.contains(wanted), "{said}");
        assert!(!said.contains("invalid type") && !said.contains("expected u32"), "{said}");
    }
    desk.run(["check", "--fix", "--yes", "records/north.json"]);
    let north: Value = serde_json::from_str(&desk.read("records/north.json")).unwrap();
    assert_eq!(north["present"][0]["count"], json!(4));
}

#[test]
fn an_object_is_shown_as_an_example() {
    let desk = Desk::fixture("small");
    desk.edit("records/north.json", |north| north["chair"] = json!("Erin Example"));
    desk.run(["check"]).exits(1).complains(r#"{ "name": "…", "role": "…" }"#);
    assert!(desk.read("records/north.json").contains("\"Erin Example\""));
}

#[test]
fn summary_lines_count_the_printed_lines() {
    let desk = Desk::fixture("small");
    desk.write("records/x.json", "{ \"kind\": \"round\", \"id\": \"x\" }");
    let run = desk.run(["check"]).exits(1);
    let errors = run.stderr.matches("error[").count();
    assert!(run.stdout.contains(&format!("errors {errors}")), "{}\n{}", run.stdout, run.stderr);
    let files = desk.records().len();
    assert!(run.stdout.contains(&format!("Records checked {files}:")), "{}", run.stdout);
    let run = desk.run(["build"]).exits(1);
    let told = format!("Errors {errors}, warnings 0; files that could not be read as records: 1");
    assert!(run.stdout.contains(&told), "{}", run.stdout);
}

#[test]
fn filters_take_names_as_they_are_typed() {
    let desk = office();
    at(&desk, NOW, "build").exits(0);
    let list = |args: &str| {
        let run = at(&desk, NOW, &format!("registry list --format json {args}")).exits(0);
        serde_json::from_str::<Value>(&run.stdout).unwrap().as_array().unwrap().len()
    };
    let of_alder = list("--municipality Alder");
    assert!(of_alder > 0);
    assert_eq!(list("--municipality aLDER"), of_alder);
    let memos = list("--kind memo");
    assert!(memos > 0);
    for word in ["muistio", "Muistio", "promemoria", "PROMEMORIA"] {
        assert_eq!(list(&format!("--kind {word}")), memos, "{word}");
    }
    at(&desk, NOW, "registry list --kind kirje").exits(2).complains("kirje");
    for word in ["sammanställning", "Sammandrag", "koonti"] {
        assert_eq!(list(&format!("--kind {word}")), list("--kind summary"), "{word}");
    }
    for (typed, iso) in
        [("--from 1.11.2025", "--from 2025-11-01"), ("--to 5.11.2025", "--until 2025-11-05")]
    {
        assert_eq!(list(typed), list(iso), "{typed}");
    }
    let shown = at(&desk, NOW, "registry show talks-north-memo").exits(0).stdout;
    assert!(shown.contains("24\u{a0}November\u{a0}2025 18:00"), "{shown}");
    let shown = at(&desk, NOW, "registry show talks-north-memo --format json").exits(0).stdout;
    assert!(shown.contains("2025-11-24T16:00:00Z"), "{shown}");
}

#[test]
fn a_register_number_is_found_in_any_case() {
    let desk = office();
    at(&desk, NOW, "build").exits(0);
    let list = at(&desk, NOW, "registry list --kind memo --format json").exits(0).stdout;
    let list: Value = serde_json::from_str(&list).unwrap();
    let number = list[0]["number"].as_str().unwrap();
    assert_ne!(number, number.to_lowercase(), "the numbers have large letters");
    let small = number.to_lowercase();
    let shown = at(&desk, NOW, &format!("registry show {small}")).exits(0).stdout;
    assert!(shown.contains(number), "{shown}");
    at(&desk, NOW, &format!("registry get {small} --to got")).exits(0);
    at(&desk, NOW, "registry show TALKS-north-memo").exits(0);
    at(&desk, NOW, "registry show nothing").exits(2);
    // every value that help lists is accepted
    let help = at(&desk, NOW, "registry show --help").exits(0).stdout;
    assert!(help.contains("json") && !help.contains("csv"), "{help}");
}

/// A run in a given language.
fn in_language(desk: &Desk, args: &[&str], language: Option<&str>) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(PROGRAM);
    command.current_dir(desk.path("")).args(args).env("NO_COLOR", "1");
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_GB.UTF-8");
    command.args(language.into_iter().flat_map(|language| ["--language", language]));
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn help_and_errors_are_in_the_requested_language() {
    let desk = Desk::empty();
    for (language, usage, failed) in [
        ("fi", "Käyttö: kirjuri build", "tietueiden kansiota"),
        ("sv", "Användning: kirjuri build", "mappen med poster"),
        ("en", "Usage: kirjuri build", "the records folder"),
    ] {
        let (code, said) = in_language(&desk, &["build", "--help"], Some(language));
        assert!(code == Some(0) && said.contains(usage), "{said}");
        let (code, said) = in_language(&desk, &["build"], Some(language));
        assert!(code == Some(2) && said.contains(failed), "{said}");
    }
    let (code, said) = in_language(&desk, &["chek"], Some("fi"));
    assert!(code == Some(2) && said.contains("komentoa `chek` ei ole"), "{said}");
    // the settings determine the language when the command line does not
    desk.write("kirjuri.toml", "language = \"sv\"");
    let (_, said) = in_language(&desk, &["--help"], None);
    assert!(said.contains("Användning:"), "{said}");
    desk.remove("kirjuri.toml");
    let (_, said) = in_language(&desk, &["--help"], None);
    assert!(said.contains("Usage:"), "{said}");
}

/// The text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no `{before}`"));
    rest.split_once(after).unwrap_or_else(|| panic!("no `{after}`")).0
}

/// Splits a line like a shell.
fn shell_words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn the_first_steps_of_the_readme_work() {
    let page = |path: &str| std::fs::read_to_string(home().join(path)).unwrap();
    let readme = page("README.md");
    let first = between(&readme, "## Your first memo", "## Read on");
    let commands = between(first, "```sh\n", "```");
    assert!(page("docs/officials/first-memo.md").contains(commands), "{commands}");
    let steps = commands.replace("\\\n", " ");
    let steps: Vec<Vec<String>> = steps.lines().map(shell_words).collect();
    let [init, enter, watch] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!(
        (enter[0].as_str(), watch.as_slice()),
        ("cd", ["kirjuri", "watch"].map(str::to_owned).as_slice())
    );
    let memo = first.split('`').find(|word| word.ends_with(".pdf")).unwrap();
    let example = page("docs/officials/session-records.md");
    let file = example.split('`').find(|word| word.starts_with("records/")).unwrap();
    let record = between(&example, "```json\n", "```");
    let id = serde_json::from_str::<Value>(record).unwrap()["id"].as_str().unwrap().to_owned();
    // as printed, and with only the language added
    for words in [init.as_slice(), &init[..5]] {
        assert_eq!((words[0].as_str(), words[3].as_str()), ("kirjuri", "--language"));
        let desk = Desk::empty();
        let run = |folder: &str, words: &[String]| {
            let mut command = std::process::Command::new(PROGRAM);
            command.current_dir(desk.path(folder)).args(words).env("NO_COLOR", "1");
            command.env("KIRJURI_SPELLING", "off");
            let output = command.output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(output.status.success(), "{words:?}: {said}");
            assert!(!said.contains("virhe[") && !said.contains("varoitus["), "{words:?}: {said}");
        };
        run("", &words[1..]);
        let folder = enter[1].as_str();
        // the watcher does not end; a build is one round of it
        run(folder, &["build".to_owned()]);
        assert!(desk.path(&format!("{folder}/{memo}")).is_file(), "{memo}");
        desk.write(&format!("{folder}/{file}"), record);
        run(folder, &["check".to_owned()]);
        run(folder, &["build".to_owned()]);
        let made = desk.pdfs_in(&format!("{folder}/output"));
        assert!(made.contains_key(&format!("{id}-muistio.pdf")), "{:?}", made.keys());
        assert!(made.contains_key("malli-2026-koonti.pdf"), "{:?}", made.keys());
    }
}
