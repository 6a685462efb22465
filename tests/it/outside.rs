//! Tampering outside the registry: forged ledgers and PDFs, links, missing or misnamed
//! settings. They are neither trusted, nor followed, nor silently ignored.

use serde_json::{Value, json};

use crate::desk::{Desk, walk};
use crate::proof::digest;
use crate::registry::{CONFIG, NEXT_DAY, NOW, at, built, numbers, office};

const LEDGER: &str = "output/.kirjuri-ledger.json";

/// The state of a file as the ledger stores it.
#[cfg(unix)]
fn stamp(desk: &Desk, name: &str) -> Value {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(desk.path(name)).unwrap();
    json!({
        "size": metadata.len(),
        "modified": metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec(),
        "changed": metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec(),
        "inode": metadata.ino(),
    })
}

/// Every file below the registry with its bytes.
fn archived(desk: &Desk) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    walk(&desk.path("registry/files"), &mut |path| {
        files.push((path.to_owned(), std::fs::read(path).unwrap()));
    });
    files
}

#[test]
fn a_ledger_cannot_name_files_of_the_archive() {
    let desk = built();
    let before = archived(&desk);
    let (pdf, _) = before.iter().find(|(path, _)| path.ends_with("talks-plan.pdf")).unwrap();
    let inside = pdf.strip_prefix(desk.path("")).unwrap().with_extension("");
    let name = format!("../../{}", inside.display());
    assert!(desk.path("output/corrections").join("..").join("..").join(inside).parent().is_some());
    std::fs::create_dir_all(desk.path("output/corrections")).unwrap();
    let state = json!({ "size": 1, "modified": 1, "changed": 1, "inode": 1 });
    desk.edit(LEDGER, |ledger| {
        ledger["sheets"] = json!({ name: {
            "made_from": digest(b"x"), "pdf": state, "html": state,
        } });
    });
    at(&desk, NOW, "build").exits(0);
    assert!(archived(&desk) == before);
    at(&desk, NOW, "registry verify").exits(0);
}

/// Replaces a PDF and forges the ledger accordingly.
#[cfg(unix)]
fn forge(desk: &Desk, document: &str) {
    let file = format!("output/{document}.pdf");
    let other = desk.bytes("output/item-proposal.pdf");
    assert!(desk.bytes(&file) != other);
    desk.write(&file, &other);
    let state = stamp(desk, &file);
    desk.edit(LEDGER, |ledger| {
        let entry = &mut ledger["documents"][document];
        assert!(entry.is_object(), "{document}");
        entry["pdf"] = json!(digest(&other));
        entry["stamp"] = state;
    });
}

#[cfg(unix)]
#[test]
fn the_registry_is_authoritative_over_the_ledger() {
    let desk = office();
    at(&desk, NOW, "build --web").exits(0);
    let issued = (desk.pdfs(), desk.pdfs_in("output/web"));
    for document in ["talks-plan", "web/talks-plan"] {
        forge(&desk, document);
        let run = at(&desk, NEXT_DAY, "build --web").exits(0);
        let line = format!("{document}.pdf: restored from");
        assert!(run.stdout.contains(&line), "{}", run.stdout);
        assert!((desk.pdfs(), desk.pdfs_in("output/web")) == issued, "{document}");
    }
    // the ledger is empty
    forge(&desk, "talks-plan");
    desk.remove(LEDGER);
    at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!((desk.pdfs(), desk.pdfs_in("output/web")) == issued);
    // unchanged PDFs are not rewritten
    let times = desk.times();
    desk.remove(LEDGER);
    let run = at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(run.stdout.contains("issued 0"), "{}", run.stdout);
    assert_eq!(desk.times(), times);
}

#[cfg(unix)]
#[test]
fn a_forged_document_is_found_while_its_record_is_refused_or_gone() {
    let desk = office();
    at(&desk, NOW, "build --web").exits(0);
    let issued = (desk.pdfs(), desk.pdfs_in("output/web"));
    let record = desk.read("records/plan.json");
    let changed = record.replace("\"title\": \"", "\"title\": \"Other ");
    assert!(changed != record);
    for change in ["{", "", &*changed] {
        desk.write("records/plan.json", change);
        for document in ["plan-measures", "web/plan-measures"] {
            forge(&desk, document);
            let run = at(&desk, NEXT_DAY, "build --web").exits(1);
            if document.starts_with("web/") && change.len() < 2 {
                // the secrets of an unreadable record are unknown
                run.complains("error[web-changed]");
                desk.write("output/web/plan-measures.pdf", &issued.1["plan-measures.pdf"]);
            }
            let now = (desk.pdfs(), desk.pdfs_in("output/web"));
            assert!(now == issued, "{document}, {change}");
        }
    }
    desk.remove("records/plan.json");
    desk.write("output/plan-measures.pdf", "forged");
    let run = at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(run.stdout.contains("restored from"), "{}", run.stdout);
    assert!((desk.pdfs(), desk.pdfs_in("output/web")) == issued);
    // only a record shows what may be on the web
    desk.write("output/web/plan-measures.pdf", "forged");
    at(&desk, NEXT_DAY, "build --web").exits(1).complains("error[web-changed]");
    assert_eq!(desk.bytes("output/web/plan-measures.pdf"), b"forged");
    desk.remove("output/web/plan-measures.pdf");
    // a PDF deleted while no record called for it stays deleted
    desk.remove("output/plan-measures.pdf");
    at(&desk, NEXT_DAY, "build --web").exits(0);
    assert!(!desk.path("output/plan-measures.pdf").exists());
}

/// The error message of a command in a language.
#[cfg(unix)]
fn in_language(desk: &Desk, language: &str, args: &str) -> String {
    let mut command = std::process::Command::new(crate::desk::PROGRAM);
    command.current_dir(desk.path("")).env("SOURCE_DATE_EPOCH", NOW).env("NO_COLOR", "1");
    let output = command.args(["--language", language]).args(args.split(' ')).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[cfg(unix)]
#[test]
fn links_where_something_is_written_are_named_in_each_language() {
    use std::os::unix::fs::symlink;
    let words = [("en", "is a link"), ("fi", "on linkki"), ("sv", "är en länk")];
    for name in [
        "output/web",
        "output/corrections",
        "output/.kirjuri.lock",
        LEDGER,
        "output/.kirjuri-status.json",
        "registry/files",
        "registry/staging",
        "registry/.lock",
        "registry/registry.sqlite3",
        "registry/export.json",
    ] {
        let desk = office();
        let place = desk.path(name);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::create_dir(desk.path("victim")).unwrap();
        desk.write("victim/.kirjuri-x.tmp", "kept");
        symlink(desk.path("victim"), &place).unwrap();
        for (language, word) in words {
            let said = in_language(&desk, language, "build --web");
            assert!(said.contains(name) && said.contains(word), "{said}");
        }
        assert_eq!(desk.read("victim/.kirjuri-x.tmp"), "kept", "{name}");
        assert_eq!(std::fs::read_dir(desk.path("victim")).unwrap().count(), 1, "{name}");
    }
    let desk = built();
    std::fs::rename(desk.path("registry/files"), desk.path("elsewhere")).unwrap();
    symlink(desk.path("elsewhere"), desk.path("registry/files")).unwrap();
    for command in ["registry export --to bag", "registry recover"] {
        let said = in_language(&desk, "fi", command);
        assert!(said.contains("on linkki"), "{said}");
    }
    assert!(!desk.path("bag").exists());
}

#[cfg(unix)]
#[test]
fn an_output_folder_and_a_registry_may_be_links_as_a_whole() {
    use std::os::unix::fs::symlink;
    let desk = office();
    for name in ["output", "registry"] {
        std::fs::create_dir_all(desk.path(&format!("share/{name}"))).unwrap();
        symlink(desk.path(&format!("share/{name}")), desk.path(name)).unwrap();
    }
    at(&desk, NOW, "build --web").exits(0);
    assert_eq!(numbers(&desk).len(), 6);
    assert!(desk.path("share/output/web/talks-plan.pdf").exists());
    at(&desk, NOW, "registry verify").exits(0);
}

#[cfg(unix)]
#[test]
fn files_that_are_asked_for_are_not_written_through_links() {
    use std::os::unix::fs::symlink;
    let desk = built();
    let kept = |name: &str| {
        desk.write("victim", "kept");
        let path = desk.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = std::fs::remove_file(&path);
        symlink(desk.path("victim"), path).unwrap();
    };
    for (file, command) in [
        ("schemas/round.schema.json", "schema --write schemas"),
        ("got/talks-plan_v1.pdf", "registry get talks-plan --to got --force"),
        ("made/talks-plan.pdf", "render talks-plan --format pdf --to made"),
        ("note", "registry checkpoint --to note"),
        ("kirjuri-checkpoint.key", "registry checkpoint"),
        ("empty.xlsx", "import --template --round talks --to empty.xlsx"),
        ("new/kirjuri.toml", "init new"),
        ("output/talks-plan.pdf", "build"),
        (".kirjuri-bag.partial", "registry export --to bag"),
        ("bag", "registry export --to bag"),
    ] {
        kept(file);
        at(&desk, NOW, command);
        assert_eq!(desk.read("victim"), "kept", "{command}");
    }
}

/// Replaces the settings file.
#[cfg(unix)]
type Make<'a> = &'a dyn Fn(&Desk);

#[cfg(unix)]
#[test]
fn settings_are_read_or_the_program_stops() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let file = "kirjuri.toml";
    let settings: [(&str, Make<'_>); 6] = [
        ("too large", &|desk| {
            desk.write(file, CONFIG.to_owned() + &"# x\n".repeat(300_000));
        }),
        ("not UTF-8", &|desk| {
            desk.write(file, [CONFIG.as_bytes(), b"# \xe4\n"].concat());
        }),
        ("a folder", &|desk| std::fs::create_dir(desk.path(file)).unwrap()),
        ("a pipe", &|desk| {
            let made = std::process::Command::new("mkfifo").arg(desk.path(file)).status();
            assert!(made.unwrap().success());
        }),
        ("a link to nowhere", &|desk| symlink("nowhere", desk.path(file)).unwrap()),
        ("unreadable", &|desk| {
            desk.write(file, CONFIG);
            let rights = std::fs::Permissions::from_mode(0o000);
            std::fs::set_permissions(desk.path(file), rights).unwrap();
        }),
    ];
    for (name, make) in settings {
        let desk = Desk::fixture("small");
        make(&desk);
        // root can read it anyway
        if name == "unreadable" && std::fs::read(desk.path(file)).is_ok() {
            continue;
        }
        for command in ["build", "check", "registry list", "status"] {
            let run = at(&desk, NOW, command).exits(2).complains(file);
            assert!(run.stderr.len() > 30, "{name}: {}", run.stderr);
        }
        assert!(!desk.path("output").exists(), "{name}");
    }
    let desk = office();
    std::fs::rename(desk.path(file), desk.path("elsewhere.toml")).unwrap();
    symlink("elsewhere.toml", desk.path(file)).unwrap();
    at(&desk, NOW, "build").exits(0);
    assert_eq!(numbers(&desk).len(), 6, "a link to settings leads to them");
}

#[test]
fn settings_without_their_registry_section_issue_nothing() {
    let desk = office();
    desk.replace("kirjuri.toml", "[registry]\n", "[registry]\nfolder = \"own/place\"\n");
    at(&desk, NOW, "build").exits(0);
    desk.write("kirjuri.toml", "workers = 2\n");
    at(&desk, NOW, "build").exits(2).complains("has no `[registry]`");
}

#[test]
fn settings_that_are_empty_or_have_another_name_issue_nothing() {
    for name in ["Kirjuri.toml", "kirjuri.toml.txt", "kirjuri.toml.toml"] {
        let desk = office();
        std::fs::rename(desk.path("kirjuri.toml"), desk.path(name)).unwrap();
        // a case-insensitive disk has the file anyway
        if !desk.path("kirjuri.toml").exists() {
            at(&desk, NOW, "build").exits(2).complains(name).complains("rename it");
            assert!(!desk.path("output").exists(), "{name}");
        }
    }
    for nothing in ["", "\n \r\n"] {
        let desk = office();
        desk.write("kirjuri.toml", nothing);
        at(&desk, NOW, "build").exits(2).complains("`kirjuri.toml` is empty");
        assert!(!desk.path("output").exists());
    }
    // without any settings nothing is to be registered
    let desk = office();
    desk.remove("kirjuri.toml");
    at(&desk, NOW, "build").exits(0);
}

#[test]
fn a_file_in_place_of_a_folder_is_an_error() {
    for (folder, commands) in [
        (
            "records",
            vec![
                "build",
                "check",
                "render talks-plan",
                "templates pages",
                "import --round talks --template",
            ],
        ),
        ("templates", vec!["build", "check", "registry list"]),
        ("output", vec!["build"]),
        ("registry", vec!["build"]),
    ] {
        let desk = office();
        desk.write("file", "[]");
        let key = if folder == "registry" { "folder" } else { folder };
        match folder {
            "registry" => {
                desk.replace("kirjuri.toml", "[registry]", "[registry]\nfolder = \"file\"")
            }
            _ => desk.write("kirjuri.toml", format!("{key} = \"file\"\n{CONFIG}")),
        };
        for command in commands {
            at(&desk, NOW, command).exits(2).complains("file");
        }
        assert!(!desk.path("output/talks-plan.pdf").exists());
    }
}

#[test]
fn an_unusable_template_is_not_replaced_by_the_built_in_one() {
    let large = vec![b' '; 33 * 1024 * 1024];
    for name in ["theme.json", "labels/en.json", "data/terms.json", "memo.typ.hbs"] {
        let desk = Desk::fixture("small");
        desk.write(&format!("templates/{name}"), &large);
        desk.run(["build"]).exits(2).complains(name);
        desk.remove(&format!("templates/{name}"));
        std::fs::create_dir(desk.path(&format!("templates/{name}"))).unwrap();
        desk.run(["build"]).exits(2).complains(name);
    }
}

#[test]
fn folders_are_compared_as_the_system_will_find_them() {
    let desk = built();
    #[cfg(unix)]
    for (link, target) in [("to-registry", "registry"), ("to-records", "records/sub")] {
        std::os::unix::fs::symlink(target, desk.path(link)).unwrap();
    }
    let before = archived(&desk);
    let mut places = vec![
        "x/../registry/y",
        "./x/y/../../registry/y",
        "records/y",
        "output/../records/y",
        "output/web/y",
        "templates/y",
    ];
    if cfg!(unix) {
        places.extend(["to-registry/y", "to-registry/files/../y", "to-records/y"]);
    }
    for to in &places {
        for command in [
            format!("registry export --to {to}"),
            format!("registry checkpoint --to {to}"),
            format!("render talks-plan --format pdf --to {to}"),
        ] {
            at(&desk, NOW, &command).exits(2).complains(to);
        }
    }
    at(&desk, NOW, "registry get talks-plan --to x/../registry/y").exits(2);
    assert!(archived(&desk) == before);
    let top: Vec<_> = std::fs::read_dir(desk.path("registry")).unwrap().collect();
    assert!(top.iter().all(|entry| entry.as_ref().unwrap().file_name() != "y"));
    assert!(!desk.path("x").exists() && !desk.path("records/y").exists());
    for (key, value) in [
        ("output", "x/../records/out"),
        ("output", "records/../registry/out"),
        ("output", "x/../templates/out"),
        ("records", "output/../registry/files"),
        ("templates", "x/../output/t"),
    ] {
        let desk = built();
        std::fs::create_dir_all(desk.path("templates")).unwrap();
        desk.write("kirjuri.toml", format!("{key} = \"{value}\"\n{CONFIG}"));
        at(&desk, NOW, "build").exits(2).complains("must");
    }
    let desk = office();
    desk.replace("kirjuri.toml", "[registry]", "[registry]\nfolder = \"x/../records/r\"");
    at(&desk, NOW, "build").exits(2).complains("must not be inside each other");
    assert!(!desk.path("records/r").exists());
}

#[test]
fn an_interrupted_export_is_reported_and_cleaned_up() {
    let desk = built();
    let place = std::fs::canonicalize(desk.path("")).unwrap().join("bag");
    desk.write(".kirjuri-bag.partial/data/half.pdf", "%PDF");
    desk.write("registry/export.json", json!({ "to": place, "after": 99 }).to_string());
    at(&desk, NOW, "registry verify --no-log").exits(0);
    assert!(desk.path(".kirjuri-bag.partial").exists(), "to look over changes nothing");
    let run = at(&desk, NOW, "registry export --to bag").exits(0);
    assert!(run.stdout.contains("was interrupted"), "{}", run.stdout);
    assert!(desk.path("bag/tagmanifest-sha256.txt").exists());
    assert!(!desk.path(".kirjuri-bag.partial").exists());
    assert!(!desk.path("registry/export.json").exists());
    // an unannounced package is from another program
    desk.write(".kirjuri-own.partial/file", "own");
    at(&desk, NOW, "registry export --to own").exits(2).complains(".kirjuri-own.partial");
    assert_eq!(desk.read(".kirjuri-own.partial/file"), "own");
    at(&desk, NOW, "registry verify").exits(0);
}

#[test]
fn no_output_is_written_into_the_workspace_folders() {
    let desk = built();
    let all = || {
        let mut files = Vec::new();
        for folder in ["records", "templates", "output", "registry"] {
            let folder = desk.path(folder);
            if folder.is_dir() {
                walk(&folder, &mut |path| files.push(path.to_owned()));
            }
        }
        files
    };
    let before = all();
    for folder in ["records", "records/old", "templates/x", "output", "output/web", "registry/x"] {
        for command in [
            format!("registry get talks-plan --to {folder}"),
            format!("registry get talks-plan --what records --to {folder} --force"),
            format!("registry export --to {folder}/bag"),
            format!("registry checkpoint --to {folder}/note"),
            format!("render talks-plan --to {folder}"),
            format!("render talks-plan --format typ --to {folder}"),
            format!("schema --write {folder}"),
            format!("import --template --round talks --to {folder}/t.xlsx"),
            format!("templates check --keep {folder}"),
            format!("init {folder}/new"),
        ] {
            at(&desk, NOW, &command).exits(2).complains("results would be written into");
            assert_eq!(all(), before, "{command}");
        }
    }
    assert!(!desk.path("kirjuri-checkpoint.key").exists());
    // the working folder equals the same folder by name
    let inside = desk
        .command()
        .current_dir(desk.path("output"))
        .args(["--config"])
        .arg(desk.path("kirjuri.toml"))
        .args(["render", "talks-plan"])
        .output()
        .unwrap();
    assert_eq!(inside.status.code(), Some(2));
    assert_eq!(all(), before);
    at(&desk, NOW, "registry get talks-plan --to got").exits(0);
    at(&desk, NOW, "schema --write schemas").exits(0);
    // nor is a key in such a folder
    let inside = "checkpoint_key = \"output/web/a.key\"\nchecker";
    desk.write("kirjuri.toml", CONFIG.replacen("checker", inside, 1));
    at(&desk, NOW, "registry checkpoint").exits(2).complains("results would be written into");
    assert!(!desk.path("output/web/a.key").exists());
}
