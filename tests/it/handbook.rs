//! Links of the documentation: every linked file and heading exists, and every page of
//! the handbook is in its table of contents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::desk::home;

/// Anchors and links of a page.
#[derive(Default)]
struct Page {
    /// Anchors of its headings.
    anchors: BTreeSet<String>,
    /// Targets of its links and images.
    links: Vec<String>,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(home().join(path)).unwrap();
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    page.anchors.insert(anchor(&heading.take().unwrap()));
                }
                Event::Text(text) | Event::Code(text) => {
                    heading.iter_mut().for_each(|heading| heading.push_str(&text));
                }
                _ => {}
            }
        }
        page
    }
}

/// The anchor of a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

/// Every page of the handbook, and the documents at the root of the repository.
fn pages() -> BTreeMap<PathBuf, Page> {
    let files = ["docs", "tests/README.md"].map(|name| walkdir::WalkDir::new(home().join(name)));
    let root = walkdir::WalkDir::new(home()).max_depth(1);
    let files = files.into_iter().chain([root]).flatten().map(|entry| entry.unwrap().into_path());
    let paths = files.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let paths = paths.map(|path| path.strip_prefix(home()).unwrap().to_owned());
    paths.map(|path| (path.clone(), Page::read(&path))).collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// What a page links to inside the repository: file and anchor.
fn targets(path: &Path, page: &Page) -> Vec<(PathBuf, String)> {
    let inside = page.links.iter().filter(|link| !link.contains(':'));
    let target = |link: &String| {
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        let file = match file {
            "" => path.to_owned(),
            file => plain(&path.with_file_name("").join(file)),
        };
        (file, anchor.to_owned())
    };
    inside.map(target).collect()
}

#[test]
fn every_link_has_a_target() {
    let pages = pages();
    assert!(pages.len() > 100);
    let mut wrong = Vec::new();
    for (path, page) in &pages {
        for (file, anchor) in targets(path, page) {
            let from = path.display();
            if !home().join(&file).is_file() {
                wrong.push(format!("{from}: there is no {}", file.display()));
            } else if path.starts_with("docs") && !file.starts_with("docs") {
                wrong.push(format!("{from}: {} is not in the handbook", file.display()));
            } else if !anchor.is_empty() && !pages[&file].anchors.contains(&anchor) {
                wrong.push(format!("{from}: {} has no heading #{anchor}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_page_of_the_handbook_is_in_its_contents() {
    let contents = Path::new("docs/SUMMARY.md");
    let pages = pages();
    let listed: Vec<PathBuf> =
        targets(contents, &pages[contents]).into_iter().map(|(file, _)| file).collect();
    let own = pages.keys().filter(|path| path.starts_with("docs") && *path != contents);
    assert_eq!(listed.iter().collect::<BTreeSet<_>>(), own.collect::<BTreeSet<_>>());
    assert_eq!(listed.len(), listed.iter().collect::<BTreeSet<_>>().len(), "listed twice");
}

#[test]
fn the_readme_is_short() {
    let text = std::fs::read_to_string(home().join("README.md")).unwrap();
    assert!(text.split_whitespace().count() <= 1000);
}
