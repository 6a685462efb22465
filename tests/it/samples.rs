//! Sample records: the documents of a clean build, a second build without changes, and
//! properties of each PDF.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::desk::{Desk, differences, names};
use crate::pdf::{Pdf, bare};

const SUMMARY: &str = "hyte-2025-koonti";
const JAMSA: &str = "records/2025/session-jamsa.json";

fn built() -> Desk {
    let desk = Desk::samples();
    desk.run(["build"]).exits(0);
    desk
}

fn every_pdf(desk: &Desk) -> Vec<(String, Pdf)> {
    desk.pdfs().into_iter().map(|(name, bytes)| (name, Pdf::open(&bytes))).collect()
}

#[test]
fn the_samples_build_without_a_warning() {
    let desk = Desk::samples();
    let build = desk.run(["build"]).exits(0);
    assert_eq!(build.stderr, "");
    let expected = names([
        "hyte-2024-suunnitelma",
        "hyte-2025-aanekoski-muistio",
        "hyte-2025-jamsa-muistio",
        "hyte-2025-joutsa-muistio",
        "hyte-2025-jyvaskyla-muistio",
        SUMMARY,
        "hyte-2025-saarijarvi-muistio",
        "hyte-2025-suunnitelma",
        "hyte-2025-viitasaari-muistio",
        "hyte-2025-yritykset-muistio",
        "paatos-14-pykala-paatosehdotus",
        "paatos-14-pykala-poytakirjanote",
        "paatos-hyte-2025-paatosehdotus",
        "paatos-yhdyspinta-paatosehdotus",
        "sopimus-2025-2029-suunnitelma",
        "yhdyspinta-2026-seuranta-toimenpiteet",
        "yhdyspinta-2026-toimenpiteet",
    ]);
    assert_eq!(build.issued(), expected);
    assert_eq!(desk.pdfs().into_keys().collect::<BTreeSet<_>>(), expected);
    let check = desk.run(["check"]).exits(0);
    assert_eq!(check.stdout, "Records checked 16: errors 0, warnings 0, notes 1\n");
    assert!(
        !check.stderr.contains("error[") && !check.stderr.contains("warning["),
        "{}",
        check.stderr
    );
}

#[test]
fn a_second_run_issues_nothing_and_writes_no_file() {
    let desk = built();
    let (bytes, times) = (desk.pdfs(), desk.times());
    let again = desk.run(["build"]).exits(0);
    assert!(again.issued().is_empty(), "{}", again.stdout);
    assert!(again.stdout.contains("issued 0, unchanged 17"), "{}", again.stdout);
    assert!(desk.pdfs() == bytes);
    assert_eq!(desk.times(), times);
}

#[test]
fn builds_in_clean_folders_give_the_same_bytes_whatever_the_workers() {
    let first = built().pdfs();
    for workers in [1, 4, 16] {
        let desk = Desk::samples();
        desk.write("kirjuri.toml", format!("workers = {workers}\n")).run(["build"]).exits(0);
        assert_eq!(differences(&first, &desk.pdfs()), BTreeSet::new(), "{workers} workers");
    }
}

#[test]
fn a_lost_or_altered_pdf_is_made_again_and_no_other() {
    let desk = built();
    let (bytes, times) = (desk.pdfs(), desk.times());
    let (lost, altered) = ("hyte-2025-jamsa-muistio", "paatos-yhdyspinta-paatosehdotus");
    desk.remove(&format!("output/{lost}.pdf"));
    let file = format!("output/{altered}.pdf");
    let mut changed = desk.bytes(&file);
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    desk.write(&file, changed);
    // a copy with only a new modification time is unchanged
    let touched = format!("output/{SUMMARY}.pdf");
    desk.write(&touched, desk.bytes(&touched));

    assert_eq!(desk.run(["build"]).exits(0).issued(), names([lost, altered]));
    assert!(desk.pdfs() == bytes);
    let rewritten = differences(&times, &desk.times());
    assert_eq!(rewritten, names([lost, altered, SUMMARY]));
    assert!(desk.run(["build"]).exits(0).issued().is_empty());
}

#[test]
fn a_lost_ledger_only_repeats_work() {
    let desk = built();
    let bytes = desk.pdfs();
    desk.remove("output/.kirjuri-ledger.json");
    assert_eq!(desk.run(["build"]).exits(0).issued().len(), 17);
    desk.write("output/.kirjuri-ledger.json", "{\"documents\": {\"x\": ");
    desk.run(["build"]).exits(0);
    assert!(desk.pdfs() == bytes);
}

#[test]
fn an_edited_session_changes_its_memo_and_the_summary_only() {
    let desk = built();
    let before = desk.pdfs();
    let text = "Koulukuljetukset ruuhkautuvat joka talvi";
    desk.edit(JAMSA, |record| {
        record["notes"].as_array_mut().unwrap().push(json!({
            "priority": "arjen-turvallisuus", "service_area": "lapset", "text": text
        }))
    });
    let run = desk.run(["build"]).exits(0);
    let expected = names(["hyte-2025-jamsa-muistio", SUMMARY]);
    assert_eq!(run.issued(), expected);
    assert_eq!(differences(&before, &desk.pdfs()), expected);
    assert!(desk.pdf("hyte-2025-jamsa-muistio").says(text));
    assert!(desk.pdf(SUMMARY).says(text), "the group's slide has the note");
}

#[test]
fn a_removed_record_leaves_its_pdf_and_is_reported_once() {
    let desk = built();
    desk.remove("records/2026/paatos-yhdyspinta.json");
    let file = "output/paatos-yhdyspinta-paatosehdotus.pdf";
    let run = desk.run(["build"]).exits(0);
    assert!(
        run.stdout.contains(&format!("{file}: no record calls for this document")),
        "{}",
        run.stdout
    );
    assert!(desk.path(file).exists());
    assert!(!desk.run(["build"]).exits(0).stdout.contains(file));
}

/// Changes the language of the samples, with the names of statutes.
fn translate(desk: &Desk, language: &str) {
    let statutes: Value =
        serde_json::from_str(include_str!("../../templates/data/statutes.json")).unwrap();
    for name in desk.records() {
        desk.edit(&name, |record| {
            record["language"] = language.into();
            for basis in record.get_mut("basis").and_then(Value::as_array_mut).into_iter().flatten()
            {
                basis["name"] = statutes[basis["statute"].as_str().unwrap()][language].clone();
            }
        });
    }
}

#[test]
fn every_document_exists_in_swedish_and_english() {
    for (language, lang, words) in
        [("sv", "sv", ["Promemoria", "Kirjuri"]), ("en", "en", ["Memo", "Points raised"])]
    {
        // Finnish texts under another language break its rules of writing
        let desk = Desk::samples().without_judgement();
        translate(&desk, language);
        let run = desk.run(["build"]).exits(0);
        assert_eq!((run.issued().len(), run.stderr.as_str()), (17, ""), "{}", run.stdout);
        for (name, pdf) in every_pdf(&desk) {
            let found = pdf.language().unwrap_or_default();
            assert!(found.starts_with(lang), "{name}: {found}");
            assert!(!pdf.text().contains('⟨'), "{name} lacks a label");
            if name.contains("jamsa") {
                assert!(pdf.says(words[0]), "{name}");
            }
        }
    }
}

#[test]
fn a_draft_is_marked_on_every_page_in_its_language() {
    for (language, mark) in [("fi", "LUONNOS"), ("sv", "UTKAST"), ("en", "DRAFT")] {
        // Finnish texts under another language break its rules of writing
        let desk = Desk::samples().without_judgement();
        translate(&desk, language);
        desk.run(["build"]).exits(0);
        for (name, pdf) in every_pdf(&desk) {
            assert!(!pdf.text().contains(mark), "{name} is final");
        }
        for name in desk.records() {
            desk.replace(&name, "\"status\": \"final\"", "\"status\": \"draft\"");
        }
        desk.run(["build"]).exits(0);
        for (name, pdf) in every_pdf(&desk) {
            let bare_pages: Vec<usize> = pdf
                .pages()
                .iter()
                .enumerate()
                .filter(|(_, text)| !text.contains(mark))
                .map(|(i, _)| i + 1)
                .collect();
            assert_eq!(bare_pages, [0; 0], "{name} ({language}): pages without {mark}");
        }
    }
}

/// Files of the records by id.
fn sources(desk: &Desk) -> BTreeMap<String, Vec<u8>> {
    let id = |name: &String| {
        let record: Value = serde_json::from_str(&desk.read(name)).unwrap();
        record["id"].as_str().unwrap().to_owned()
    };
    desk.records().iter().map(|name| (id(name), desk.bytes(name))).collect()
}

#[test]
fn every_pdf_is_archival_accessible_and_carries_its_record() {
    let desk = built();
    let sources = sources(&desk);
    for (name, pdf) in every_pdf(&desk) {
        is_archival(&name, &pdf, 3);
        assert_eq!(pdf.language().as_deref(), Some("fi-FI"), "{name}");
        for key in ["Title", "Author", "Keywords"] {
            assert!(pdf.info(key).is_some_and(|text| !text.trim().is_empty()), "{name}: {key}");
        }
        assert!(!pdf.bookmarks().is_empty(), "{name}: no bookmarks");
        let files = pdf.files();
        let [(file, bytes)] = files.as_slice() else {
            panic!("{name} carries {} files", files.len())
        };
        let id = file.strip_suffix(".json").unwrap();
        assert!(sources.get(id) == Some(bytes), "{name}: {file} is not the record");
    }
}

#[test]
fn memos_have_titles_of_their_own() {
    let desk = built();
    let memos = every_pdf(&desk).into_iter().filter(|(name, _)| name.ends_with("-muistio.pdf"));
    let keywords: Vec<String> = memos.map(|(_, pdf)| pdf.info("Keywords").unwrap()).collect();
    let different: BTreeSet<&String> = keywords.iter().collect();
    assert_eq!(different.len(), 7, "{keywords:?}");
}

fn is_archival(name: &str, pdf: &Pdf, part: u8) {
    let metadata = pdf.metadata();
    for wanted in [
        format!("<pdfaid:part>{part}</pdfaid:part>"),
        "<pdfaid:conformance>A</pdfaid:conformance>".to_owned(),
        "<pdfuaid:part>1</pdfuaid:part>".to_owned(),
    ] {
        assert!(metadata.contains(&wanted), "{name}: {wanted} is not in {metadata}");
    }
    assert!(pdf.is_tagged(), "{name} is not tagged");
}

#[test]
fn a_setting_keeps_the_records_out_of_the_pdfs() {
    let desk = Desk::samples();
    desk.write("kirjuri.toml", "attach_source = false\n").run(["build"]).exits(0);
    for (name, pdf) in every_pdf(&desk) {
        is_archival(&name, &pdf, 2);
        assert_eq!(pdf.files(), [], "{name}");
    }
    // and back: the setting affects the PDF
    desk.write("kirjuri.toml", "attach_source = true\n");
    assert_eq!(desk.run(["build"]).exits(0).issued().len(), 17);
}

#[test]
fn a_secret_note_stays_in_its_memo() {
    let secret = "Perheen tilanne on salassa pidettävä asia";
    let desk = built();
    let before = desk.pdfs();
    desk.edit(JAMSA, |record| {
        record["case"]["publicity"] = "partly-secret".into();
        record["case"]["secrecy_basis"] = "JulkL 24 § 1 mom. 25 k".into();
        record["notes"].as_array_mut().unwrap().push(json!({
            "priority": "arjen-turvallisuus", "service_area": "lapset", "text": secret, "secret": true
        }));
    });
    desk.run(["build"]).exits(0);
    let carriers = names(["hyte-2025-jamsa-muistio", SUMMARY]);
    assert!(differences(&before, &desk.pdfs()).is_superset(&carriers));
    for (name, pdf) in every_pdf(&desk) {
        let draws = carriers.contains(&name);
        is_archival(&name, &pdf, if draws { 2 } else { 3 });
        assert_eq!(pdf.files().is_empty(), draws, "{name}");
        let own = name == "hyte-2025-jamsa-muistio.pdf";
        assert_eq!(pdf.says(secret), own, "{name}");
    }
    let memo = desk.pdf("hyte-2025-jamsa-muistio");
    assert!(memo.says("Osittain salassa pidettävä, JulkL 24 § 1 mom. 25 k"));
    let whole = desk.bytes(&format!("output/{SUMMARY}.pdf"));
    assert!(!String::from_utf8_lossy(&whole).contains("tilanne on salassa"));
}

#[test]

fn nothing_of_a_secret_session_reaches_the_summary() {
    let desk = Desk::samples();
    desk.edit(JAMSA, |record| {
        record["case"]["publicity"] = "secret".into();
        record["case"]["secrecy_basis"] = "JulkL 24 § 1 mom. 25 k".into();
    });
    desk.run(["build"]).exits(0);
    let note = "Moniammatilliset tiimit kokoavat lapsen ja perheen tuen";
    assert!(desk.pdf("hyte-2025-jamsa-muistio").says(note));
    assert!(!desk.pdf(SUMMARY).says(note));
}

/// The numbers that follow a text, `dia 7` or `diat 11–13`, as first and last.
fn slides_after(text: &str, before: &str) -> (usize, usize) {
    let rest =
        text.split_once(&bare(before)).unwrap_or_else(|| panic!("no `{before}` in {text}")).1;
    let rest = rest.strip_prefix("diat").or_else(|| rest.strip_prefix("dia")).unwrap();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '–').unwrap();
    let (first, last) = rest[..end].split_once('–').unwrap_or((&rest[..end], &rest[..end]));
    (first.parse().unwrap(), last.parse().unwrap())
}

#[test]
fn references_between_slides_agree_with_the_pages() {
    let desk = built();
    let pages = desk.pdf(SUMMARY).pages();
    let page = |number: usize| pages[number - 1].as_str();
    let general = pages.iter().find(|text| text.starts_with("Yleisiänostoja")).unwrap();

    let goals = slides_after(general, "Neuvottelujen pohjana olleet tavoitteet taustoineen: ");
    assert!(page(goals.0).starts_with("Tavoitteetpainopisteittäin") && goals.0 == goals.1);

    let (first, last) = slides_after(general, "tarpeet kolmen painopisteen mukaan: ");
    let titles = ["Arjen turvallisuus", "Mielen hyvinvointi", "Liikunnallinen elämäntapa"];
    assert_eq!(last - first + 1, titles.len());
    for (number, title) in (first..).zip(titles) {
        assert!(page(number).starts_with(&bare(title)), "slide {number}");
    }

    let (first, last) = slides_after(general, "nostot ja ryhmien väliset erot: ");
    let of_group =
        |number: usize| page(number).contains("Neuvottelu") && page(number).contains(",muistio");
    assert!((first..=last).all(of_group), "slides {first}–{last} are of groups");
    assert!(!of_group(first - 1) && !of_group(last + 1), "and no others are");
    let groups: Value = serde_json::from_str(&desk.read("records/2025/round.json")).unwrap();
    for group in groups["groups"].as_array().unwrap() {
        let town = bare(group["municipalities"][0].as_str().unwrap());
        assert!(
            (first..=last).any(|number| page(number)
                .split("Neuvottelu")
                .next()
                .unwrap()
                .contains(&town)),
            "{town}"
        );
    }

    for (before, title) in [
        ("Järjestöjen ja seurakuntien näkökulma: ", "Järjestöt ja seurakunnat"),
        ("pidetty palveluntuottajafoorumi: ", "Yksityiset yritykset"),
    ] {
        let (first, last) = slides_after(general, before);
        assert!((first..=last).all(|number| page(number).starts_with(&bare(title))), "{title}");
    }
}

#[test]
fn pages_are_numbered_and_counted() {
    let desk = built();
    for (name, pdf) in every_pdf(&desk) {
        let pages = pdf.pages();
        let deck = ["suunnitelma.pdf", "koonti.pdf"].iter().any(|end| name.ends_with(end));
        for (index, text) in pages.iter().enumerate() {
            let number = index + 1;
            if deck {
                assert!(text.ends_with(&number.to_string()), "{name}, slide {number}");
            } else {
                assert!(
                    text.contains(&format!("{number}({})", pages.len())),
                    "{name}, page {number}"
                );
            }
        }
    }
}

#[test]
fn notes_of_several_groups_are_one_note_with_their_names() {
    let desk = built();
    let pages = desk.pdf(SUMMARY).pages();
    let slide = pages.iter().find(|text| text.starts_with("Liikunnallinenelämäntapa")).unwrap();
    let note = bare("Move!-mittausten tulokset ja yhteistyö koulujen kanssa");
    assert_eq!(slide.matches(&note).count(), 1);
    assert!(slide.contains(&format!("{note}(Saarijärvi,Viitasaari)")), "{slide}");
}

#[test]
fn the_summary_needs_no_editor() {
    let desk = Desk::samples();
    desk.remove("records/2025/summary.json").run(["build"]).exits(0);
    let summary = desk.pdf(SUMMARY);
    let pages = summary.pages();
    assert!(pages.iter().all(|text| text.contains("LUONNOS")), "nobody has said that it is final");
    for title in [
        "Lakitausta",
        "Aikataulu",
        "Yleisiä nostoja",
        "Arjen turvallisuus",
        "Järjestöt ja seurakunnat",
        "Yksityiset yritykset",
    ] {
        assert!(pages.iter().any(|text| text.contains(&bare(title))), "{title}");
    }
}
