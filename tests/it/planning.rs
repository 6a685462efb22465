//! `build --dry-run`: it shows what `build` then does, and changes nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::registry::{NOW, at, office};

/// Every file below the workspace, with its bytes.
fn files(desk: &Desk) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    crate::desk::walk(&desk.path(""), &mut |path| {
        files.insert(path.display().to_string(), std::fs::read(path).unwrap());
    });
    files
}

/// Document, action, reason and number of each action of the plan.
fn plan(desk: &Desk) -> Vec<(String, String, String, Option<String>)> {
    let before = files(desk);
    let run = at(desk, NOW, "build --dry-run --format json");
    assert_eq!(files(desk), before, "a plan writes nothing");
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |action: &Value, name: &str| action[name].as_str().map(str::to_owned);
    let actions = answer["actions"].as_array().unwrap().iter();
    actions
        .map(|action| {
            let [document, what, why] =
                ["document", "action", "reason"].map(|name| text(action, name).unwrap());
            (document, what, why, text(action, "number"))
        })
        .collect()
}

fn actions_of(desk: &Desk) -> BTreeMap<String, String> {
    plan(desk)
        .into_iter()
        .map(|(document, what, why, _)| (document, format!("{what}: {why}")))
        .collect()
}

#[test]
fn the_plan_of_a_first_build_is_what_the_build_does() {
    let desk = office();
    let planned = plan(&desk);
    assert_eq!(planned.len(), 6);
    at(&desk, NOW, "build").exits(0);
    let issued = crate::registry::numbers(&desk);
    for (document, what, why, number) in planned {
        assert_eq!((what.as_str(), why.as_str()), ("register", "new"), "{document}");
        assert_eq!(issued.get(&document), number.as_ref(), "{document}");
    }
    let again = plan(&desk);
    assert!(
        again.iter().all(|(_, what, why, _)| what == "keep" && why == "unchanged"),
        "{again:?}"
    );
}

#[test]
fn each_action_has_its_reason() {
    let desk = office();
    desk.edit("records/north.json", |north| north["status"] = json!("draft"));
    let actions = actions_of(&desk);
    let of = |what: &str| actions.values().filter(|action| *action == what).count();
    assert!(of("publish: new") >= 1, "{actions:?}");
    at(&desk, NOW, "build");
    // a missing PDF and an invalid record
    let registered = actions.iter().find(|(_, action)| *action == "register: new").unwrap().0;
    desk.remove(&format!("output/{registered}.pdf"));
    assert_eq!(actions_of(&desk)[registered], "restore: pdf-missing");
    let draft = actions.iter().find(|(_, action)| *action == "publish: new").unwrap().0;
    desk.edit("records/north.json", |north| north["place"] = json!("Town hall"));
    assert_eq!(actions_of(&desk)[draft], "publish: changed");
    desk.edit("records/north.json", |north| north["start"] = json!("25.99"));
    let run = at(&desk, NOW, "build --dry-run").exits(1);
    assert!(run.stdout.contains("Nothing was written"), "{}", run.stdout);
}

#[test]
fn a_plan_is_made_while_another_process_holds_the_folders() {
    let desk = office();
    at(&desk, NOW, "build").exits(0);
    let held =
        std::fs::File::options().write(true).open(desk.path("output/.kirjuri.lock")).unwrap();
    held.lock().unwrap();
    at(&desk, NOW, "build --dry-run").exits(0);
    at(&desk, NOW, "build").exits(2);
}
