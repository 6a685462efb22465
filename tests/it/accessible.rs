//! Accessibility of the PDFs: headings, tables with header cells, lists, alternative
//! texts, links, bookmarks, reading order. veraPDF, which checks only the form, is run
//! separately.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;
use typst::syntax::{SyntaxKind, SyntaxNode, parse};

use crate::desk::Desk;
use crate::pdf::{Pdf, bare};
use crate::tags::{Tag, artifacts, tags};

/// Every sample document with its tags, its bytes and its Typst source.
struct Document {
    tags: Tag,
    bytes: Vec<u8>,
    typst: String,
}

fn documents() -> &'static BTreeMap<String, Document> {
    static DOCUMENTS: OnceLock<BTreeMap<String, Document>> = OnceLock::new();
    DOCUMENTS.get_or_init(|| {
        let desk = Desk::samples();
        desk.run(["build"]).exits(0);
        let document = |(file, bytes): (String, Vec<u8>)| {
            let name = file.trim_end_matches(".pdf").to_owned();
            let typst = desk.run(["render", &name, "--format", "typ"]).exits(0).stdout;
            (name, Document { tags: tags(&bytes), bytes, typst })
        };
        desk.pdfs().into_iter().map(document).collect()
    })
}

fn record(path: &str) -> Value {
    serde_json::from_str(&Desk::samples().read(path)).unwrap()
}

const SUMMARY: &str = "hyte-2025-koonti";

#[test]
fn headings_have_one_title_and_no_skipped_level() {
    for (name, document) in documents() {
        let mut levels = Vec::new();
        document.tags.visit(&mut |tag| {
            if let Some(level) = tag.kind.strip_prefix('H').and_then(|l| l.parse::<u8>().ok()) {
                assert!(!tag.text().trim().is_empty(), "{name}: an empty heading");
                levels.push(level);
            }
        });
        assert_eq!(levels.first(), Some(&1), "{name}");
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}: {levels:?}");
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{name}: {levels:?}");
        }
    }
}

#[test]
fn tables_have_row_and_column_headers_with_scope() {
    let mut tables = 0;
    for (name, document) in documents() {
        for table in document.tags.all("Table") {
            tables += 1;
            let heads = table.all("TH");
            let with = |scope: &str| heads.iter().any(|head| head.scope.as_deref() == Some(scope));
            assert!(with("Column"), "{name}: {}", table.text());
            // a slide of one priority has it as its title, not as a row
            let one_priority = ["Arjen", "Mielen", "Liikunnallinen"];
            let page = table.pages.first().copied().unwrap_or(1);
            let text = Pdf::open(&document.bytes).pages()[page - 1].clone();
            let alone = name == SUMMARY && one_priority.iter().any(|word| text.starts_with(word));
            assert!(with("Row") || alone, "{name}: no row has a header in {}", table.text());
            let names: Vec<&String> = heads.iter().filter_map(|head| head.id.as_ref()).collect();
            for cell in table.all("TD") {
                assert!(
                    !cell.headers.is_empty(),
                    "{name}: a cell without headers: {}",
                    cell.text()
                );
                assert!(cell.headers.iter().all(|header| names.contains(&header)), "{name}");
            }
        }
    }
    assert!(tables > 40, "{tables}");
}

#[test]
fn cells_of_the_goal_matrix_name_their_service_area_and_follow_their_priority() {
    let round = record("records/2025/round.json");
    let tags = &documents()[SUMMARY].tags;
    let table = tags.all("Table").into_iter().find(|table| {
        let text = bare(&table.text());
        text.contains("Tavoite:") && text.contains("Tausta:")
    });
    let table = table.unwrap();
    let heads: BTreeMap<&str, String> = table
        .all("TH")
        .iter()
        .filter_map(|head| Some((head.id.as_deref()?, bare(&head.text()))))
        .collect();
    let named = |list: &str, id: &Value| {
        let items = round[list].as_array().unwrap();
        let item = items.iter().find(|item| item["id"] == *id).unwrap();
        bare(item["name"].as_str().unwrap())
    };
    let text = bare(&table.text());
    for goal in round["goals"].as_array().unwrap() {
        let goal_text = bare(goal["goal"].as_str().unwrap());
        let cells = table.all("TD");
        let cell = cells.iter().find(|cell| bare(&cell.text()).contains(&goal_text)).unwrap();
        let headers: Vec<&String> = cell.headers.iter().map(|id| &heads[id.as_str()]).collect();
        let area = named("service_areas", &goal["service_area"]);
        assert!(headers.contains(&&area), "{goal_text}: {headers:?} has no {area}");
        // the last priority that is read before the goal is its own
        let before = &text[..text.find(&goal_text).unwrap()];
        let priorities = round["priorities"].as_array().unwrap().iter();
        let last = priorities.max_by_key(|p| before.rfind(&bare(p["name"].as_str().unwrap())));
        assert_eq!(last.unwrap()["id"], goal["priority"], "{goal_text}");
    }
}

/// Calls that lay out their parts in another order: a matrix row by row, people of one
/// organisation in one row, a name before its role, the corner of a table before its
/// columns.
const REORDERS: [&str; 4] = ["slide(dense: true", "coverage(", "attendance(", "approval("];

/// The words printed by a source, in order; words that one call reorders are marked.
fn printed(typst: &str) -> Vec<(bool, Vec<String>)> {
    let body = &typst[typst.find("#show: ").unwrap()..];
    let body = body.split_once('\n').unwrap().1;
    let mut texts = vec![(false, String::new())];
    gather(&parse(body), &mut texts);
    let words = |text: &str| {
        let words = text.split_whitespace().map(bare);
        words.filter(|word| word.contains(char::is_alphanumeric)).collect()
    };
    texts.iter().map(|(reorders, text)| (*reorders, words(text))).collect()
}

/// Text of a syntax tree, leaf by leaf; string arguments are not printed by a call.
fn gather(node: &SyntaxNode, texts: &mut Vec<(bool, String)>) {
    let text = &mut texts.last_mut().unwrap().1;
    match node.kind() {
        SyntaxKind::Text | SyntaxKind::Space => text.push_str(node.leaf_text()),
        SyntaxKind::Parbreak => text.push(' '),
        SyntaxKind::Escape => text.push_str(&node.leaf_text()[1..]),
        SyntaxKind::ContentBlock => {
            text.push(' ');
            node.children().for_each(|child| gather(child, texts));
            texts.last_mut().unwrap().1.push(' ');
        }
        // the words of a matrix or table are in its cells
        SyntaxKind::Named
            if ["words:", "empty:"].iter().any(|n| node.full_text().starts_with(n)) => {}
        SyntaxKind::FuncCall if REORDERS.iter().any(|c| node.full_text().starts_with(c)) => {
            texts.push((true, String::new()));
            node.children().for_each(|child| gather(child, texts));
            texts.push((false, String::new()));
        }
        _ => node.children().for_each(|child| gather(child, texts)),
    }
}

#[test]
fn reading_order_is_that_of_the_view() {
    for (name, document) in documents() {
        let text = bare(&document.tags.text());
        let mut at = 0;
        let mut count = 0;
        for (dense, words) in printed(&document.typst) {
            let start = at;
            for word in words {
                let from = if dense { start } else { at };
                let found = text[from..].find(&word).unwrap_or_else(|| {
                    let (before, after) = (&text[..from], &text[from..]);
                    let tail: String = before
                        .chars()
                        .rev()
                        .take(80)
                        .collect::<Vec<_>>()
                        .into_iter()
                        .rev()
                        .collect();
                    let head: String = after.chars().take(120).collect();
                    panic!("{name}: `{word}` is not read after …{tail}| but: {head}…")
                });
                at = at.max(from + found + word.len());
                count += 1;
            }
        }
        assert!(count > 100, "{name}: only {count} words");
        // all words are covered
        assert!(text.len() - at < 40, "{name}: {} is read after the last word", &text[at..]);
    }
}

#[test]
fn headers_and_footers_contain_nothing_unique() {
    for (name, document) in documents() {
        let read = bare(&document.tags.text());
        let runs = artifacts(&document.bytes);
        // a footer may be shortened, and lists its parts one by one
        for text in runs.iter().flat_map(|text| text.split(['·', '…'])) {
            // without page numbers and "(continued)"
            let letters = text.chars().any(char::is_alphabetic);
            let repeated = read.contains(&bare(text)) || text.contains("(jatkuu)");
            assert!(!letters || repeated, "{name}: `{text}` is not read");
        }
    }
}

#[test]
fn every_picture_has_a_text() {
    for (name, document) in documents() {
        let figures = document.tags.all("Figure");
        assert!(!figures.is_empty(), "{name} has no logo");
        for figure in figures {
            let alt = figure.alt.as_deref().unwrap_or_default();
            assert!(alt.chars().count() > 10, "{name}: {alt:?}");
        }
    }
}

#[test]
fn charts_have_a_table_of_their_figures() {
    let tags = &documents()[SUMMARY].tags;
    let tables = tags.all("Table");
    let people = tables.iter().find(|table| table.text().contains("Osallistumisia")).unwrap();
    let alt = people.all("Figure").first().and_then(|figure| figure.alt.clone()).unwrap();
    let rows = people.all("TR");
    let mut figures = 0;
    for row in &rows[1..] {
        let sector = row.all("TH").first().map(|head| head.text()).unwrap();
        let number = row.all("TD").first().map(|cell| cell.text()).unwrap();
        assert!(number.trim().parse::<u32>().is_ok(), "{sector}: {number}");
        assert!(bare(&alt).contains(&bare(&format!("{sector} {number}"))), "{alt}");
        figures += 1;
    }
    assert!(figures >= 5, "{figures}");
}

#[test]
fn links_have_descriptions_and_printed_addresses() {
    let mut links = 0;
    for (name, document) in documents() {
        for link in document.tags.all("Link") {
            links += 1;
            let text = bare(&link.text());
            assert!(!text.is_empty(), "{name}: an empty link");
            // a printed address links to itself
            let address = link.address.as_deref().unwrap_or_else(|| panic!("{name}: {text}"));
            if text.starts_with("http") {
                assert_eq!(text, bare(address), "{name}");
            }
        }
    }
    assert!(links > 20, "{links}");
    // the address of every material of the round is printed in the summary
    let seen: String = Pdf::open(&documents()[SUMMARY].bytes).pages().concat();
    for material in record("records/2025/round.json")["materials"].as_array().unwrap() {
        if let Some(link) = material["link"].as_str() {
            assert!(seen.contains(&bare(link)), "{link}");
        }
    }
}

#[test]
fn bookmarks_name_every_heading() {
    for (name, document) in documents() {
        let bookmarks: Vec<String> =
            Pdf::open(&document.bytes).bookmarks().iter().map(|title| bare(title)).collect();
        let mut headings = Vec::new();
        document.tags.visit(&mut |tag| {
            if tag.kind.len() == 2 && tag.kind.starts_with('H') {
                headings.push(bare(&tag.text()));
            }
        });
        assert_eq!(bookmarks, headings, "{name}");
    }
}

#[test]
fn slide_titles_name_the_priority_or_the_group() {
    let round = record("records/2025/round.json");
    let titles: Vec<String> =
        documents()[SUMMARY].tags.all("H2").iter().map(|title| bare(&title.text())).collect();
    for priority in round["priorities"].as_array().unwrap() {
        let short = priority["short"].as_str().unwrap_or(priority["name"].as_str().unwrap());
        assert!(titles.contains(&bare(short)), "{short}: {titles:?}");
    }
    for group in round["groups"].as_array().unwrap() {
        let names: Vec<String> = group["municipalities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| bare(n.as_str().unwrap()))
            .collect();
        let named = |title: &&String| names.iter().all(|name| title.contains(name.as_str()));
        assert!(titles.iter().any(|title| named(&title)), "{names:?}: {titles:?}");
    }
}
