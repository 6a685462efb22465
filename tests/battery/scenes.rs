//! Scenes: two builds that are disturbed at each of their calls, the first one, which
//! creates the registry, and a later one with a correction and a new document.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::accounts::Books;
use crate::calls::{Call, seen, undisturbed};
use crate::desk::Desk;
use crate::is_broken;
use crate::kills::{issued, plan};
use crate::tree::Tree;

/// The run.
pub const BUILD: &[&str] = &["build", "--web"];

/// A build with its initial state and its expected result.
pub struct Scene {
    pub name: &'static str,
    /// All files of the workspace.
    before: Tree,
    /// System calls of the undisturbed run.
    pub calls: Vec<Call>,
    /// Published PDFs, before and after.
    old: BTreeMap<PathBuf, Vec<u8>>,
    new: BTreeMap<PathBuf, Vec<u8>>,
    /// Latest version by document.
    wanted: BTreeMap<String, u16>,
}

/// Both runs.
pub fn scenes() -> [Scene; 2] {
    let desk = Desk::new("workers = 1");
    write(&desk, 0);
    write(&desk, 1);
    let first = Scene::of("first run", &desk, &[("plan-0", 1), ("plan-1", 1)]);
    desk.edit("records/plan-0.json", |record| {
        record["version"] = 2.into();
        record["corrects"] = "The title was wrong.".into();
        record["measures"][0]["title"] = "A corrected title".into();
    });
    write(&desk, 2);
    let later = Scene::of("later run", &desk, &[("plan-0", 2), ("plan-1", 1), ("plan-2", 1)]);
    [first, later]
}

fn write(desk: &Desk, number: usize) {
    let id = format!("plan-{number}");
    desk.write(&format!("records/{id}.json"), serde_json::to_vec_pretty(&plan(&id)).unwrap());
}

impl Scene {
    /// Traces one undisturbed run.
    fn of(name: &'static str, desk: &Desk, wanted: &[(&str, u16)]) -> Self {
        let (before, old) = (Tree::of(&desk.folder()), desk.pdfs());
        // a copy, like those that are disturbed: the program examines files with unknown
        // inodes more closely
        let copy = Desk::new("");
        before.put(&copy.folder());
        let (ran, calls) = seen(&copy, BUILD);
        ran.well();
        undisturbed(desk, BUILD).well();
        let wanted = wanted.iter().map(|(id, version)| (format!("{id}-measures"), *version));
        let scene = Self { name, before, calls, old, new: desk.pdfs(), wanted: wanted.collect() };
        assert_eq!(scene.new.len(), 2 * scene.wanted.len(), "{name}: not everything was issued");
        scene
    }

    /// A workspace for a run.
    pub fn desk(&self) -> Desk {
        let desk = Desk::new("");
        self.before.put(&desk.folder());
        desk
    }

    /// Published PDFs that are neither the old ones nor the new ones.
    pub fn partial(&self, desk: &Desk) -> Vec<String> {
        let known = |path: &PathBuf, bytes: &Vec<u8>| {
            self.old.get(path) == Some(bytes) || self.new.get(path) == Some(bytes)
        };
        // a correction sheet is not a document
        let strange = desk
            .pdfs()
            .into_iter()
            .filter(|(path, bytes)| !path.starts_with("corrections") && !known(path, bytes));
        strange.map(|(path, _)| format!("{} is not whole", path.display())).collect()
    }

    /// True when everything is published.
    pub fn is_complete(&self, desk: &Desk) -> bool {
        desk.pdfs() == self.new
    }

    /// Runs it again, undisturbed, and returns deviations from the expected result.
    /// `said` is the output of the disturbed run.
    pub fn resume(&self, desk: &Desk, said: &str) -> Vec<String> {
        let ran = undisturbed(desk, BUILD);
        if ran.code != Some(0) {
            return vec![format!("the next run: {}", ran.said())];
        }
        if is_broken() {
            let (path, bytes) = self.new.last_key_value().unwrap();
            std::fs::write(desk.path("output").join(path), &bytes[..bytes.len() / 2]).unwrap();
        }
        let now = desk.pdfs();
        let differs = |path: &&PathBuf| now.get(*path) != self.new.get(*path);
        let paths: BTreeSet<&PathBuf> = now.keys().chain(self.new.keys()).collect();
        let other = paths.into_iter().filter(differs);
        let mut failures: Vec<String> =
            other.map(|path| format!("{} is not as undisturbed", path.display())).collect();
        // a truncated line reports nothing
        let whole = said.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let promises = whole.filter_map(|line| issued(line.trim_end()));
        let said: BTreeMap<String, String> =
            promises.map(|(document, number)| (number, document)).collect();
        let (wanted, withdrawn) = (&self.wanted, &BTreeSet::new());
        let (sums, found) = Books { wanted, withdrawn, said: &said }.check(desk, false);
        failures.extend(found);
        if sums.voided > 0 {
            failures.push(format!("{} numbers were voided", sums.voided));
        }
        failures
    }
}
