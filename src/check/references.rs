//! Rules about references in texts: attachments and slides by number, link texts, and
//! passages that repeat shared texts.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::patterns::{Pattern, pattern};
use super::prose::{Texts, last_step, sentence_at, without_addresses};
use super::{CheckContext, Report, similar_passages};
use crate::model::translation::Prose;
use crate::model::{Language, Record, markup};

/// All rules about references in texts.
pub fn references(texts: &Texts, context: &CheckContext<'_>, report: &mut Report<'_>) {
    let mut linked = BTreeSet::new();
    for prose in texts.written() {
        attachment_number(prose, report);
        slide_number(prose, texts.language, report);
        if prose.long {
            links(prose, texts.language, &mut linked, report);
        } else {
            bare_address(prose, report);
        }
    }
    same_link(texts, report);
    similar_passages::similar_passages(texts, context, report);
}

/// "Liite 3" of a document with two attachments.
fn attachment_number(prose: &Prose, report: &mut Report<'_>) {
    static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:liit(?:e|teen|teessä|teestä|teenä|teet|teissä|teistä|teinä|teiden)|bilag(?:a|an|or|orna)|attachments?|annex(?:es)?|appendix|appendices) (?:nro |nr |no\.? )?(\d{1,2})(?:(?: ?[–-] ?| (?:ja|och|and) )(\d{1,2}))?\b",
        )
        .if_begun(&["liit", "bilag", "attachment", "annex", "appendi"])
    });
    let count = match &*report.source.record {
        Record::Session(session) => session.attachments.len(),
        Record::Proposal(proposal) => proposal.attachments.len(),
        _ => return,
    };
    for found in NUMBER.captures_iter(&prose.text) {
        let number = |index| found.get(index).and_then(|n| n.as_str().parse::<usize>().ok());
        let number = number(1).max(number(2)).unwrap_or(0);
        if number == 0 || number > count {
            let range = found.get(0).map_or(0..0, |all| all.range());
            let problem = report.found("attachment-number", &prose.field).within(range);
            report.problems.push(problem.with("number", number).with("count", count));
        }
    }
}

/// A typed number of a slide or page, which is wrong as soon as anything is added before
/// it.
fn slide_number(prose: &Prose, language: Language, report: &mut Report<'_>) {
    static FI: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:dia(?:t|n|lla|lta|an)?|dioilla|dioihin|kalvo(?:t|n|lla)?|sivu(?:t|n|lla|lta)?|s\.) ?\d{1,3}\b",
        )
        .if_begun(&["dia", "dioi", "kalvo", "sivu", "s."])
    });
    static SV: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:bild(?:en|er|erna)?|sidan?|sidorna|diabild(?:en)?|s\.) ?\d{1,3}\b")
            .if_begun(&["bild", "sida", "sido", "diabild", "s."])
    });
    static EN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:slides?|pages?|pp?\.) ?\d{1,3}\b")
            .if_begun(&["slide", "page", "p.", "pp."])
    });
    let pattern = match language {
        Language::Fi => &*FI,
        Language::Sv => &*SV,
        Language::En => &*EN,
    };
    let text = without_addresses(&prose.text);
    // pages of an attachment do not move when this document changes
    let attached = |at: usize| {
        let sentence = text[sentence_at(&text, at)].to_lowercase();
        ["liit", "bilag", "annex", "appendix", "attachment"].iter().any(|w| sentence.contains(w))
    };
    if let Some(found) = pattern.find_iter(&text).find(|found| !attached(found.start())) {
        let problem = report.found("slide-number-typed", &prose.field).within(found.range());
        let problem = problem.with("ref", "{slides:goals}");
        report.problems.push(problem.with("words", found.as_str()));
    }
}

/// A long id, as file services generate them.
static LONG_ID: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}|[0-9A-Za-z_-]{28,}"));

/// True for link texts that do not describe the target.
fn says_nothing(text: &str, language: Language) -> bool {
    let empty: &[&str] = match language {
        Language::Fi => {
            &["tästä", "täältä", "täällä", "tässä", "linkki", "linkistä", "lue lisää", "klikkaa"]
        }
        Language::Sv => &["här", "länk", "länken", "läs mer", "klicka här"],
        Language::En => &["here", "link", "this link", "read more", "click here"],
    };
    empty.contains(&text.trim().to_lowercase().as_str())
}

/// Links whose text is an address, a long id or nondescript (EN 301 549, 10.2.4.4); plain
/// addresses; the same link twice.
fn links(prose: &Prose, language: Language, seen: &mut BTreeSet<String>, report: &mut Report<'_>) {
    static BARE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?:https?://|www\.)[^\s)\]>]+"));
    let (mut inside, mut said) = (None::<String>, String::new());
    for (event, range) in markup::located(&prose.text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                inside = Some(dest_url.into_string());
                said.clear();
            }
            Event::End(TagEnd::Link) => {
                let Some(address) = inside.take() else { continue };
                let bare = said.contains("://") || said.starts_with("www.") || said == address;
                if bare || LONG_ID.is_match(&said) || says_nothing(&said, language) {
                    let problem = report.found("link-text", &prose.field).within(range.clone());
                    report.problems.push(problem.with("text", &said));
                }
                if !seen.insert(address.clone()) {
                    let problem = report.found("link-repeated", &prose.field).within(range);
                    report.problems.push(problem.with("link", address));
                }
            }
            Event::Text(text) if inside.is_some() => said.push_str(&text),
            Event::Text(_) => {
                if let Some(found) = BARE.find(&prose.text[range.clone()]) {
                    let at = range.start + found.start()..range.start + found.end();
                    let problem = report.found("link-text", &prose.field).within(at);
                    report.problems.push(problem.with("text", found.as_str()));
                }
            }
            _ => {}
        }
    }
}

/// A title that is an address or a long id.
fn bare_address(prose: &Prose, report: &mut Report<'_>) {
    let address = prose.text.contains("://") || prose.text.starts_with("www.");
    if address || LONG_ID.is_match(&prose.text) {
        let problem = report.found("link-text", &prose.field).within(0..prose.text.len());
        report.problems.push(problem.with("text", &prose.text));
    }
}

/// The same link twice in one list.
fn same_link(texts: &Texts, report: &mut Report<'_>) {
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for prose in texts.all.iter().filter(|prose| last_step(&prose.field) == "link") {
        let list = prose.field.rsplit_once('[').map_or("", |(list, _)| list);
        if !seen.insert((list, &prose.text)) {
            let problem = report.found("link-repeated", &prose.field);
            report.problems.push(problem.with("link", &prose.text));
        }
    }
}
