//! Robustness of the rules: no text makes a rule panic, and a rule that panics affects
//! only its record.

use std::path::Path;

use serde_json::Value;

use super::*;
use crate::bundle::Bundle;
use crate::model::translation::texts;
use crate::model::{Language, Short, guard, schema_of};
use crate::testdata::{self, SHAPES};

/// A dictionary that panics on one word.
struct Faulty;

impl Speller for Faulty {
    fn unknown<'a>(&self, _: Language, words: &[&'a str]) -> Vec<&'a str> {
        assert!(!words.contains(&"sammakko"), "a panic on one word");
        Vec::new()
    }
}

fn source(name: &str, value: &Value) -> Source {
    let path = format!("{name}.json");
    intake::parse(Path::new(&path), value.to_string().as_bytes()).unwrap()
}

/// The small records of the tests.
fn small() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/small/records");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap())
    };
    files.map(read).collect()
}

#[test]
fn a_panicking_rule_affects_only_its_record() {
    guard::hush_guarded_panics();
    let design = Design::new(Bundle::built_in()).unwrap();
    let mut records = small();
    for (_, value) in records.iter_mut().filter(|(name, _)| name == "north" || name == "south") {
        value["notes"][0]["text"] = "Family centres and".into();
    }
    let north = records.iter_mut().find(|(name, _)| name == "north").unwrap();
    north.1["notes"][1]["text"] = "sammakko".into();
    let sources: Vec<Source> = records.iter().map(|(name, value)| source(name, value)).collect();
    let intake = Intake { set: RecordSet::new(sources, Vec::new()), ..Intake::default() };
    let checked = check_records(
        intake,
        &design,
        CheckOptions { speller: Some(&Faulty), ..CheckOptions::default() },
    );
    let found: Vec<(&Path, &str)> =
        checked.problems.iter().map(|one| (one.place.file.as_path(), one.rule)).collect();
    let failed: Vec<&Problem> =
        checked.problems.iter().filter(|one| one.rule == "rule-failed").collect();
    assert_eq!(failed.len(), 1, "{found:?}");
    assert_eq!(failed[0].place.file, Path::new("north.json"));
    assert_eq!(failed[0].args["rules"], "spelling");
    assert!(failed[0].args["cause"].starts_with("a panic on one word"), "{:?}", failed[0]);
    assert_eq!(failed[0].severity, Severity::Error);
    // the findings of other rules stay, in this record and in others
    for file in ["north.json", "south.json"] {
        assert!(found.contains(&(Path::new(file), "text-cut")), "{file}: {found:?}");
    }
    let ids: Vec<&str> = checked.faulty.iter().map(Id::as_str).collect();
    assert_eq!(ids, ["talks-north"], "only its document is not made");
}

#[test]
fn a_panic_before_the_text_rules_affects_one_group_of_rules() {
    guard::hush_guarded_panics();
    let design = Design::new(Bundle::built_in()).unwrap();
    let (name, mut value) = small().into_iter().find(|(name, _)| name == "north").unwrap();
    value["notes"][0]["text"] = "Family \u{e000} centres and".into();
    let set = RecordSet::new(vec![source(&name, &value)], Vec::new());
    let shows = |c: char| -> bool {
        assert!(c != '\u{e000}', "a panic on one character");
        true
    };
    let slide_keys = document::slide_keys();
    let context = check_context(&design, &set, &slide_keys, &shows, CheckOptions::default());
    let found = check::check(set.iter().next().unwrap(), &set, &context);
    let rules: Vec<&str> = found.iter().map(|problem| problem.rule).collect();
    assert!(rules.contains(&"rule-failed") && rules.contains(&"text-cut"), "{rules:?}");
}

/// Characters of every block of every plane that a text may contain, with the digits of
/// all scripts.
fn characters() -> Vec<char> {
    // the blocks of the planes from the third on are mostly uniform
    let firsts = (0..0x2_0000).step_by(0x40).chain((0x2_0000..0x11_0000).step_by(0x400));
    // two of each block, at varying positions
    let blocks = firsts.flat_map(|first| {
        let block = first / 0x40;
        [first + block % 0x40, first + (block * 7 + 0x1f) % 0x40]
    });
    let digits = [
        0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
        0xa620, 0xaa50, 0xff10, 0x1_04a0, 0x1_1066, 0x1_d7ce, 0x1_d7f6, 0x1_e950, 0x1_fbf0,
    ];
    let digits = digits.into_iter().flat_map(|zero| zero..zero + 10);
    let others = [
        0xd7ff, 0xe000, 0xfffd, 0x301, 0x308, 0x30a, 0x200b, 0x200d, 0x202e, 0x2066, 0xfe0f,
        0x1f469, 0x1f1eb, 0xe0041, 0xe007f, 0x130, 0x131, 0xdf, 0x1e9e, 0x149, 0xfb01, 0x2160,
        0x1c5, 0x3f4, 0x212a, 0x17f, 0x2028, 0xa0, 0xad, 0x5d0, 0x627, 0xfdfa,
    ];
    let all = blocks.chain(digits).chain(others).filter_map(char::from_u32);
    all.filter(|c| Short::parse(&format!("a{c}b")).is_some()).collect()
}

/// Texts that trigger rules, with these characters inserted.
fn odd_texts(characters: &[char]) -> Vec<String> {
    let six = |c: &char| c.to_string().repeat(6);
    let forms: [&dyn Fn(&char) -> String; 12] = [
        &|c| format!("{}-{c}{c}{c}{c} {}A12{c}{c}", six(c), six(c)),
        &|c| format!("perjantaina{c}23.10.2025 ja {c}{c}.{c}{c}.2025 {c}. tammikuuta 2025"),
        &|c| format!("lain (612/2021) 6{c}§ {c}mom, {c}{c}{c}/2021 {c} § ja 4.2.2025 ({c}{c} §)"),
        &|c| format!("tämän vuo{c}den, {c}viime vuonna ja,{c} – {c}–"),
        &|c| format!("HYTE{c} hyte-{c}työ kehittämis-{c}suunnitelma Hyte- {c}työ"),
        &|c| format!("Luhangassa{c} on huostaanotto{c}ja ja {c}THL ({c}) {c}(THL)"),
        &|c| format!("liite {c}3, dia{c}7, [täältä{c}](https://a.example/{c}) www.{c}.fi {c}@a.fi"),
        &|c| format!("edistami{c}nen{c}edistaminen Jarjest{c}o llmo{c}itus puuttum {c}iseen"),
        &|c| format!("suunnitelm {c} suunnitelm a{c} tavoi tteet{c} {c} {c}{c}  {c} ,{c}.."),
        &|c| format!("({c}[{c}”{c} sana sana{c} {c}sana sana {c}"),
        &|c| format!("{c}- a\n- {c}b\n\n{c}1. {c}\n{c}x{c}: klo {c}{c}-{c}{c}, 13{c}-15"),
        &|c| {
            format!("samoissa ryhmissä{c} Alder, {c}Birch ja Alder{c} xxx{c} ??{c} {{slides:{c}}}")
        },
    ];
    characters
        .iter()
        .enumerate()
        .map(|(index, c)| forms[index % forms.len()](c))
        .chain(characters.chunks(40).map(|chunk| chunk.iter().collect()))
        .filter(|text| Short::parse(text).is_some())
        .collect()
}

/// Replaces the text of a field.
fn put(value: &mut Value, field: &str, text: &str) {
    let pointer = format!("/{}", field.replace('[', "/").replace(']', "").replace('.', "/"));
    if let Some(place) = value.pointer_mut(&pointer) {
        *place = text.into();
    }
}

#[test]
fn no_text_of_any_plane_makes_a_rule_panic() {
    guard::hush_guarded_panics();
    let design = Design::new(Bundle::built_in()).unwrap();
    let odd = odd_texts(&characters());
    assert!(odd.len() > 4_000, "{}", odd.len());
    let shape = SHAPES.iter().find(|shape| shape.name == "usual").unwrap();
    let mut next = 0;
    let mut kinds = BTreeSet::new();
    for language in Language::ALL {
        let set = testdata::records(shape, language).unwrap();
        // until every text was used
        while next / odd.len() <= language as usize {
            let mut sources = Vec::new();
            for own in set.iter() {
                let mut value: Value = serde_json::from_str(&own.text).unwrap();
                for prose in texts(&value.clone(), schema_of(own.record.kind())) {
                    put(&mut value, &prose.field, &odd[next % odd.len()]);
                    next += 1;
                }
                // some texts have a required format
                let text = value.to_string();
                if let Ok(odd) = intake::parse(&own.file, text.as_bytes()) {
                    kinds.insert(own.record.kind().as_str());
                    sources.push(odd);
                }
            }
            assert!(!sources.is_empty());
            let intake = Intake { set: RecordSet::new(sources, Vec::new()), ..Intake::default() };
            let check_options =
                CheckOptions { today: Date::new(2026, 1, 1), ..CheckOptions::default() };
            let checked = check_records(intake, &design, check_options);
            let failed = checked.problems.iter().find(|one| one.rule == "rule-failed");
            assert!(failed.is_none(), "{failed:?}");
        }
    }
    assert_eq!(kinds.len(), Kind::ALL.len(), "{kinds:?}");
}

#[test]
fn correct_records_have_no_problems_and_mistakes_are_found() {
    let design = Design::new(Bundle::built_in()).unwrap();
    let rules = |fixture: &str| -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let folder = folder.join(fixture).join("records");
        let intake = intake::scan(&folder, &mut intake::Memory::default()).unwrap();
        let checked = check_records(intake, &design, CheckOptions::default());
        checked.problems.iter().map(|one| format!("{} {}", one.rule, one.place.field)).collect()
    };
    assert_eq!(rules("mistakes-19-none"), Vec::<String>::new());
    assert_eq!(
        rules("mistakes-18-attendance"),
        ["attendance-twice present[2]", "attendance-twice present[3]", "attendance-both absent[0]"]
    );
    assert_eq!(
        rules("mistakes-17-scanned-throughout"),
        ["text-ruined sections[0].text", "text-ruined sections[1].text"]
    );
}
