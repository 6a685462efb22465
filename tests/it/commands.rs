//! All commands and settings: output, written files, and errors.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::desk::{Desk, PROGRAM, home, names, walk};

const COMMANDS: [&str; 10] = [
    "build",
    "watch",
    "status",
    "check",
    "import",
    "render",
    "schema",
    "init",
    "completions",
    "man",
];

#[test]
fn help_tells_what_there_is() {
    let desk = Desk::empty();
    let mut help = desk.run(["--help"]).exits(0).stdout;
    for command in COMMANDS {
        help.push_str(&format!(
            "\n=== {command}\n{}",
            desk.run([command, "--help"]).exits(0).stdout
        ));
    }
    insta::assert_snapshot!("help", help);
}

#[test]
fn schemas_match_the_repository() {
    let desk = Desk::empty();
    desk.run(["schema", "--write", "schemas"]).exits(0);
    let list = |folder: &Path| {
        let mut names = BTreeSet::new();
        walk(folder, &mut |path| {
            names.insert(path.file_name().unwrap().to_owned());
        });
        names
    };
    assert_eq!(list(&desk.path("schemas")), list(&home().join("schemas")));
    for name in list(&home().join("schemas")) {
        let name = format!("schemas/{}", name.to_str().unwrap());
        let committed = std::fs::read_to_string(home().join(&name)).unwrap();
        assert!(
            desk.read(&name) == committed,
            "{name} is old: run `kirjuri schema --write schemas`"
        );
    }
}

#[test]
fn one_schema_is_printed_as_it_is_written() {
    let desk = Desk::empty();
    desk.run(["schema", "--write", "."]).exits(0);
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let all = parse(&desk.run(["schema"]).exits(0).stdout);
    for kind in ["round", "session", "proposal", "summary", "measures"] {
        let printed = parse(&desk.run(["schema", kind]).exits(0).stdout);
        assert_eq!(printed, parse(&desk.read(&format!("{kind}.schema.json"))));
        assert_eq!(printed, all[kind]);
    }
    desk.run(["schema", "letter"]).exits(2);
}

#[test]
fn completions_and_the_manual_come_from_the_command_line() {
    let desk = Desk::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.run(["completions", shell]).exits(0).stdout;
        assert!(COMMANDS.iter().all(|command| script.contains(command)), "{shell}");
    }
    let man = desk.run(["man"]).exits(0).stdout;
    assert!(man.contains(".TH kirjuri 1") && COMMANDS.iter().all(|command| man.contains(command)));
}

#[test]
fn render_shows_what_build_issues() {
    let desk = Desk::fixture("small");
    desk.run(["build"]).exits(0);
    let typ = desk.run(["render", "talks-north", "--format", "typ"]).exits(0).stdout;
    assert!(typ.contains("#show: a4.with") && typ.contains("places are closing"), "{typ}");
    let said = desk
        .run(["render", "talks-north-memo", "--format", "typ", "--to", "looks"])
        .exits(0)
        .stdout;
    assert_eq!(said, "looks/talks-north-memo.typ\n");
    assert_eq!(desk.read("looks/talks-north-memo.typ").trim_end(), typ.trim_end());

    desk.run(["render", "talks-north", "--to", "looks"]).exits(0);
    assert!(desk.bytes("looks/talks-north-memo.pdf") == desk.bytes("output/talks-north-memo.pdf"));

    let pages = desk.pdf("talks-summary").pages().len();
    let said = desk
        .run(["render", "talks-summary", "--format", "png", "--to", "pictures"])
        .exits(0)
        .stdout;
    assert_eq!(said.lines().count(), pages);
    for path in said.lines() {
        assert!(desk.bytes(path).starts_with(b"\x89PNG\r\n\x1a\n"), "{path}");
    }
}

#[test]
fn render_lists_the_existing_documents() {
    let desk = Desk::fixture("small");
    desk.run(["render", "nothing"]).exits(2).complains("talks-north-memo");
    // without a summary record the round has both slide decks
    desk.remove("records/summary.json");
    let both = desk.run(["render", "talks", "--to", "seen"]).exits(0).stdout;
    assert_eq!(both, "seen/talks-plan.pdf\nseen/talks-summary.pdf\n");
    desk.run(["render", "talks", "--format", "typ"]).exits(2).complains("talks-summary");
}

#[test]
fn check_compares_named_files_with_all_others() {
    let desk = Desk::fixture("small").lay("group-missing").lay("links");
    desk.replace("records/item.json", "\"section\": 12,", "");
    let one = desk.run(["check", "records/item.json"]).exits(1).complains("final-needs");
    assert!(!one.stderr.contains("north.json"), "{}", one.stderr);
    desk.run(["check", "records/south.json"]).exits(0);
    desk.run(["check", "records/south.json", "records/item.json"]).exits(1);
    // a file outside the folder replaces the record with its id
    desk.write("draft.json", desk.bytes("records/south.json"))
        .run(["check", "draft.json"])
        .exits(0);
    desk.replace("draft.json", "\"south\"", "\"west\"")
        .run(["check", "draft.json"])
        .exits(1)
        .complains("group-missing");
    desk.run(["check", "no-such-file.json"]).exits(2).complains("no-such-file.json");
}

#[test]
fn check_prints_json() {
    let desk = Desk::fixture("small").lay("session-not-as-planned");
    let run = desk.run(["check", "--format", "json"]).exits(0);
    assert_eq!(run.stderr, "");
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&answer["records"], &answer["errors"], &answer["warnings"]),
        (&6.into(), &0.into(), &2.into())
    );
}

#[test]
fn check_makes_nothing() {
    let desk = Desk::fixture("small");
    desk.run(["check"]).exits(0);
    assert!(!desk.path("output").exists());
}

#[test]
fn quiet_prints_only_problems() {
    let desk = Desk::fixture("small");
    let run = desk.run(["build", "--quiet"]).exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let desk = desk.lay("links");
    let run = desk.run(["build", "--quiet"]).exits(1).complains("link-form");
    assert_eq!(run.stdout, "");
}

#[test]
fn messages_come_in_three_languages() {
    let desk = Desk::fixture("small").lay("links");
    let said = |locale: &str| {
        let mut command = std::process::Command::new(PROGRAM);
        command.arg("check").current_dir(desk.path("")).env("LC_ALL", locale).env("NO_COLOR", "1");
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    assert!(said("fi_FI.UTF-8").contains("virhe"), "{}", said("fi_FI.UTF-8"));
    assert!(said("sv_FI.UTF-8").contains("fel"), "{}", said("sv_FI.UTF-8"));
    assert!(said("en_GB.UTF-8").contains("error"));
    desk.write("kirjuri.toml", "language = \"sv\"\n");
    assert!(said("fi_FI.UTF-8").contains("fel"), "the configuration goes before the environment");
}

#[test]
fn invalid_arguments_and_settings_exit_with_2() {
    let desk = Desk::fixture("small");
    desk.run(["build", "--nonsense"]).exits(2);
    desk.run(["make"]).exits(2);
    desk.run(["build", "--config", "none.toml"]).exits(2).complains("none.toml");
    for (settings, named) in [
        ("wokers = 2\n", "wokers"),
        ("workers = 0\n", "workers"),
        ("workers = \"two\"\n", "workers"),
        ("[watch]\ninterval = 1\n", "interval"),
        ("[watch]\npolling = true\n", "polling"),
        ("language = \"se\"\n", "language"),
        ("workers = \n", "kirjuri.toml"),
    ] {
        desk.write("kirjuri.toml", settings);
        desk.run(["build"]).exits(2).complains(named);
        desk.run(["check"]).exits(2).complains(named);
    }
    assert!(!desk.path("output").exists());
}

#[test]
fn the_records_folder_must_exist() {
    let desk = Desk::empty();
    desk.run(["build"]).exits(2).complains("records");
    desk.run(["check"]).exits(2).complains("records");
    desk.run(["watch"]).exits(2).complains("records");
    desk.run(["render", "x"]).exits(2).complains("records");
    assert!(!desk.path("output").exists());
}

#[test]
fn a_folder_without_records_is_reported_with_help() {
    let desk = Desk::empty();
    let steps: [fn(&Desk); 3] = [
        |_| {},
        |desk| std::fs::write(desk.path("kirjuri.toml"), "workers = 2\n").unwrap(),
        |desk| std::fs::create_dir(desk.path("records")).unwrap(),
    ];
    for make in steps {
        make(&desk);
        for (language, wanted) in
            [("en", "kirjuri init DIR"), ("fi", "kirjuri init KANSIO"), ("sv", "kirjuri init MAPP")]
        {
            for command in [&["check"][..], &["check", "--fix"], &["check", "--format", "json"]] {
                let args = ["--language", language].into_iter().chain(command.iter().copied());
                let mut program = std::process::Command::new(PROGRAM);
                let ran = program.args(args).current_dir(desk.path("")).output().unwrap();
                let said = String::from_utf8(ran.stderr).unwrap();
                assert_eq!(ran.status.code(), Some(2), "{said}");
                assert!(said.contains(wanted) && said.contains("records"), "{said}");
            }
        }
    }
    // a file that is not a record is reported
    desk.write("records/talks.json.txt", "{}");
    desk.run(["check"]).exits(0).complains("file-misnamed");
}

#[test]
fn output_and_records_are_never_inside_each_other() {
    let desk = Desk::fixture("small");
    for output in ["records", "records/output", ".", "records/../records/deep/er"] {
        desk.run(["build", "--output", output]).exits(2).complains("must not be inside");
        assert!(desk.pdfs_in(output).is_empty());
    }
    std::os::unix::fs::symlink(desk.path("records"), desk.path("elsewhere")).unwrap();
    desk.run(["build", "--output", "elsewhere/output"]).exits(2).complains("must not be inside");
}

#[test]

fn a_refused_output_folder_is_not_created() {
    let desk = Desk::fixture("small");
    desk.run(["build", "--output", "records/output"]).exits(2);
    assert!(!desk.path("records/output").exists());
}

#[test]
fn folders_come_from_the_configuration_and_the_command_line() {
    let desk = Desk::fixture("small");
    std::fs::create_dir(desk.path("office")).unwrap();
    std::fs::rename(desk.path("records"), desk.path("office/talks")).unwrap();
    desk.write("office/settings.toml", "records = \"talks\"\noutput = \"papers\"\n");
    desk.run(["build", "--config", "office/settings.toml"]).exits(0);
    assert_eq!(desk.pdfs_in("office/papers").len(), 6, "paths in the file are relative to it");
    desk.run(["build", "--config", "office/settings.toml", "--output", "own"]).exits(0);
    assert_eq!(desk.pdfs_in("own").len(), 6, "the command line goes first");
}

#[test]
fn records_are_found_at_any_depth_and_backups_are_skipped() {
    let desk = Desk::fixture("small");
    std::fs::create_dir_all(desk.path("records/a/b/c d/ä")).unwrap();
    std::fs::rename(desk.path("records/south.json"), desk.path("records/a/b/c d/ä/Etelä (1).JSON"))
        .unwrap();
    for name in [
        ".hidden.json",
        "~lock.json",
        "north.json~",
        "north.json.part",
        ".git/x.json",
        "#north.json#",
        "notes.txt",
    ] {
        desk.write(&format!("records/{name}"), "{");
    }
    let run = desk.run(["build"]).exits(0);
    assert!(
        run.issued().is_superset(&names(["talks-south-memo", "talks-summary"])),
        "{}",
        run.stdout
    );
}

#[test]
fn irregular_files_are_refused_without_blocking() {
    let desk = Desk::fixture("small");
    std::os::unix::fs::symlink("/etc/passwd", desk.path("records/link.json")).unwrap();
    let made =
        std::process::Command::new("mkfifo").arg(desk.path("records/pipe.json")).status().unwrap();
    assert!(made.success());
    let run = desk.run(["build"]).exits(1).complains("file-irregular");
    // the summary may lack the notes of unreadable files
    assert!(!run.issued().contains("talks-summary.pdf"), "{}", run.stdout);
    assert!(run.issued().contains("talks-south-memo.pdf"), "{}", run.stdout);
    desk.run(["check", "records/link.json"]).exits(1).complains("records/link.json");
}

#[test]

fn check_counts_unreadable_files() {
    let desk = Desk::fixture("small");
    desk.write("records/notes.txt", "not a record").write("records/.north.json", "{");
    let made =
        std::process::Command::new("mkfifo").arg(desk.path("records/pipe.json")).status().unwrap();
    assert!(made.success());
    for file in ["records/pipe.json", "records/notes.txt", "records/.north.json", "records"] {
        let run = desk.run(["check", file]);
        assert_ne!(run.code, Some(0), "{file}: {}", run.stdout);
    }
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let desk = Desk::fixture("small");
    desk.write("records/large.json", vec![b' '; 4 * 1024 * 1024 + 1]);
    desk.run(["build"]).exits(1).complains("file-too-large");
    assert!(desk.pdfs().contains_key("talks-north-memo.pdf"));
}

#[test]
fn deep_nesting_is_refused() {
    let desk = Desk::fixture("small");
    let deep = |field: &str| {
        let (open, close) = ("[".repeat(200_000), "]".repeat(200_000));
        format!("{{\"kind\": \"session\",\n\"{field}\": {open}{close}}}")
    };
    desk.write("records/deep.json", deep("x"));
    let run = desk.run(["build"]).exits(1).complains("error[json-deep]");
    assert!(run.issued().contains("talks-north-memo.pdf"), "{}", run.stdout);
    desk.write("records/deep.json", deep("kind"));
    desk.run(["check"]).exits(1).complains("records/deep.json:2:");
}

#[test]
fn init_makes_a_workspace_that_builds() {
    let desk = Desk::empty();
    desk.run(["init", "talks"]).exits(0);
    let settings = ["--config", "talks/kirjuri.toml"];
    let build = desk.run(["build"].into_iter().chain(settings)).exits(0);
    assert_eq!(build.stderr, "");
    let plain = desk.pdfs_in("talks/output");
    assert!(plain.len() >= 2, "{}", build.stdout);
    assert_eq!(build.issued(), plain.keys().cloned().collect());

    // with all templates copied, the documents are the same
    desk.run(["init", "own", "--all-templates"]).exits(0);
    desk.run(["build", "--config", "own/kirjuri.toml"]).exits(0);
    assert!(desk.pdfs_in("own/output") == plain);
    assert_eq!(
        desk.read("own/templates/memo.typ.hbs"),
        std::fs::read_to_string(home().join("templates/memo.typ.hbs")).unwrap()
    );
}

#[test]
fn init_writes_over_nothing() {
    let desk = Desk::empty();
    desk.write("talks/notes.txt", "mine");
    desk.run(["init", "talks"]).exits(2).complains("not empty");
    let mut files = Vec::new();
    walk(&desk.path("talks"), &mut |path| files.push(path.to_owned()));
    assert_eq!(files, [desk.path("talks/notes.txt")]);
}
