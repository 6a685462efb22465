//! Parser of emphasis and links. Delimiters that are not at word boundaries, or are
//! unmatched in their line, are text. So are all runs of the same number of stars in a
//! paragraph where one is unmatched or pairs are nested: such stars mark footnotes.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::{LITERAL, Parsed, is_web_address};

/// Characters after which emphasis may begin, as at a word boundary.
const OPENING: &str = "([{\"'“”„«»‘’–—";
/// Characters before which emphasis may end.
const CLOSING: &str = ".,;:!?)]}\"'“”«»‘’–—…";

/// Parses a part of a line; `lone` are the runs of stars in its paragraph that are text.
pub(super) fn inline<'a>(text: &'a str, range: Range<usize>, lone: Lone, parsed: &mut Parsed<'a>) {
    let links = links(text, range.clone(), parsed);
    write(text, range, &links, lone, parsed);
}

/// Runs of stars that are not emphasis, by their length minus one, because some in the
/// paragraph do not clearly belong together.
pub(super) type Lone = [bool; 3];

/// The runs of stars in a paragraph that are text.
pub(super) fn lone_stars(text: &str, lines: impl Iterator<Item = Range<usize>>) -> Lone {
    let mut lone = Lone::default();
    for line in lines.filter(|line| text[line.clone()].contains('*')) {
        // unsupported links are reported when the line is parsed
        let links = links(text, line.clone(), &mut Parsed::default());
        mark_lone(text, line, &links, &mut lone);
        for link in &links {
            mark_lone(text, link.label.clone(), &[], &mut lone);
        }
    }
    lone
}

fn mark_lone(text: &str, range: Range<usize>, links: &[Link], lone: &mut Lone) {
    let (pairs, singles) = paired(text, range, links);
    let stars = |run: &DelimiterRun| run.sign == b'*';
    for run in singles.iter().filter(|run| stars(run)) {
        lone[run.len() - 1] = true;
    }
    // "*Jämsä, *Joutsa ja Laukaa* sekä Toivakka*" is ambiguous. Pairs are in the order of
    // their ends, so that a nested pair precedes the outer one
    let mut before = [None::<usize>; 3];
    for (open, _) in pairs.iter().filter(|(open, _)| stars(open)) {
        let class = open.len() - 1;
        lone[class] |= before[class].is_some_and(|start| start > open.start);
        before[class] = Some(open.start);
    }
}

/// A link: its range, label and address.
struct Link {
    all: Range<usize>,
    label: Range<usize>,
    address: Range<usize>,
}

fn links(text: &str, range: Range<usize>, parsed: &mut Parsed<'_>) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    let mut open = Vec::new();
    for (at, c) in text[range.clone()].char_indices() {
        let at = range.start + at;
        if found.last().is_some_and(|link| at < link.all.end) || is_literal(text, at) {
            continue;
        }
        match c {
            '[' => open.push(at),
            ']' => {
                let Some(start) = open.pop() else { continue };
                let label = start + 1..at;
                let Some(address) = target(text, at + 1, range.end) else { continue };
                let before = text[range.start..start].chars().next_back();
                // links are not nested, and "\[" begins none
                let holds = found.last().is_some_and(|link| link.all.start >= start);
                let empty = text[label.clone()].trim().is_empty();
                if holds || empty || before == Some('\\') || text[label.clone()].ends_with('\\') {
                    continue;
                }
                let all = start..address.end + 1;
                match sort(&text[address.clone()]) {
                    LinkTarget::Web if before == Some('!') => refuse(parsed, "image"),
                    LinkTarget::Web => found.push(Link { all, label, address }),
                    LinkTarget::Other if before == Some('!') => refuse(parsed, "image"),
                    LinkTarget::Other => refuse(parsed, "link"),
                    LinkTarget::Words => {}
                }
            }
            _ => {}
        }
    }
    found
}

fn refuse(parsed: &mut Parsed<'_>, construct: &'static str) {
    parsed.refused = parsed.refused.or(Some(construct));
}

/// The address in parentheses at a position: `(https://thl.fi/a(b))`.
fn target(text: &str, at: usize, end: usize) -> Option<Range<usize>> {
    let inside = text[at..end].strip_prefix('(')?;
    let mut depth = 0;
    for (offset, c) in inside.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at + 1..at + 1 + offset),
            ')' => depth -= 1,
            c if c.is_whitespace() || c == LITERAL => return None,
            _ => {}
        }
    }
    None
}

enum LinkTarget {
    /// An address that a document may link to.
    Web,
    /// Another address.
    Other,
    /// Not an address.
    Words,
}

fn sort(target: &str) -> LinkTarget {
    if is_web_address(target) {
        return LinkTarget::Web;
    }
    let scheme = target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    });
    let other = scheme || target.contains('@') || target.contains('/') || is_site(target);
    if other { LinkTarget::Other } else { LinkTarget::Words }
}

/// `www.thl.fi`.
fn is_site(target: &str) -> bool {
    target.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
}

/// A run of `*` or `_`.
#[derive(Clone, Copy)]
struct DelimiterRun {
    start: usize,
    end: usize,
    sign: u8,
}

impl DelimiterRun {
    fn len(self) -> usize {
        self.end - self.start
    }
}

/// Writes the events of a part of a line, with links and emphasis.
fn write<'a>(
    text: &'a str,
    range: Range<usize>,
    links: &[Link],
    lone: Lone,
    parsed: &mut Parsed<'a>,
) {
    let mut marks: Vec<(usize, InlineMark<'_>)> = Vec::new();
    let (pairs, _) = paired(text, range.clone(), links);
    let meant =
        |(open, _): &(DelimiterRun, DelimiterRun)| open.sign != b'*' || !lone[open.len() - 1];
    for (open, close) in pairs.into_iter().filter(meant) {
        marks.push((open.start, InlineMark::Open(open, close)));
        marks.push((close.start, InlineMark::Close(open, close)));
    }
    marks.extend(links.iter().map(|link| (link.all.start, InlineMark::Link(link))));
    marks.sort_by_key(|(at, _)| *at);
    let mut at = range.start;
    for (start, mark) in marks {
        visible(text, at..start, parsed);
        at = match mark {
            InlineMark::Open(open, close) => {
                let all = open.start..close.end;
                if open.len() != 2 {
                    parsed.push(Event::Start(Tag::Emphasis), all.clone());
                }
                if open.len() > 1 {
                    parsed.push(Event::Start(Tag::Strong), all);
                }
                open.end
            }
            InlineMark::Close(open, close) => {
                let all = open.start..close.end;
                if open.len() > 1 {
                    parsed.push(Event::End(TagEnd::Strong), all.clone());
                }
                if open.len() != 2 {
                    parsed.push(Event::End(TagEnd::Emphasis), all);
                }
                close.end
            }
            InlineMark::Link(link) => {
                let tag = Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url: CowStr::Borrowed(&text[link.address.clone()]),
                    title: CowStr::Borrowed(""),
                    id: CowStr::Borrowed(""),
                };
                parsed.push(Event::Start(tag), link.all.clone());
                write(text, link.label.clone(), &[], lone, parsed);
                parsed.push(Event::End(TagEnd::Link), link.all.clone());
                link.all.end
            }
        };
    }
    visible(text, at..range.end, parsed);
}

enum InlineMark<'a> {
    Open(DelimiterRun, DelimiterRun),
    Close(DelimiterRun, DelimiterRun),
    Link(&'a Link),
}

/// Writes text without escape characters.
fn visible<'a>(text: &'a str, range: Range<usize>, parsed: &mut Parsed<'a>) {
    let mut start = range.start;
    for (at, mark) in text[range.clone()].match_indices(LITERAL) {
        parsed.text(text, start..range.start + at);
        start = range.start + at + mark.len();
    }
    parsed.text(text, start..range.end);
}

/// Pairs of delimiter runs that are emphasis, and unmatched runs.
fn paired(
    text: &str,
    range: Range<usize>,
    links: &[Link],
) -> (Vec<(DelimiterRun, DelimiterRun)>, Vec<DelimiterRun>) {
    let mut singles = Vec::new();
    if !text[range.clone()].contains(['*', '_']) {
        return (Vec::new(), singles);
    }
    let addresses = addresses(text, range.clone(), links);
    let mut inside = links.iter().map(|link| &link.all).chain(&addresses).collect::<Vec<_>>();
    inside.sort_by_key(|part| part.start);
    let mut next = inside.into_iter().peekable();
    let (mut open, mut found): (Vec<DelimiterRun>, Vec<(DelimiterRun, DelimiterRun)>) =
        (Vec::new(), Vec::new());
    let mut at = range.start;
    while let Some(offset) = text[at..range.end].find(['*', '_']) {
        let start = at + offset;
        let sign = text.as_bytes()[start];
        let length = text.as_bytes()[start..range.end].iter().take_while(|b| **b == sign).count();
        let run = DelimiterRun { start, end: start + length, sign };
        at = run.end;
        while next.next_if(|part| part.end <= start).is_some() {}
        if let Some(part) = next.peek()
            && part.contains(&start)
        {
            at = part.end;
            continue;
        }
        if length > 3 || is_literal(text, start) {
            continue;
        }
        let before = text[range.start..start].chars().next_back();
        let mut behind = text[run.end..range.end].chars();
        let (after, second) = (behind.next(), behind.next());
        if closes(run, before, after, second) {
            let same = |other: &DelimiterRun| other.sign == sign && other.len() == length;
            let partner = open.iter().rposition(same);
            let says = |start: usize| text[start..run.start].chars().any(char::is_alphanumeric);
            if let Some(partner) = partner.filter(|partner| says(open[*partner].end)) {
                found.push((open[partner], run));
                singles.extend(open.drain(partner..).skip(1));
                continue;
            }
        }
        let times = || {
            let number =
                text[range.start..start].trim_end().ends_with(|c: char| c.is_ascii_digit());
            number && after.is_some_and(|c| c.is_ascii_digit())
        };
        if opens(run, before, after) && !times() && open.len() < MOST_OPEN {
            open.push(run);
        } else {
            singles.push(run);
        }
    }
    singles.extend(open);
    (found, singles)
}

/// Maximum number of open runs in one line.
const MOST_OPEN: usize = 64;

fn opens(run: DelimiterRun, before: Option<char>, after: Option<char>) -> bool {
    let border = before
        .is_none_or(|c| c.is_whitespace() || OPENING.contains(c) || is_other_sign(c, run.sign));
    border && after.is_some_and(|c| !c.is_whitespace() && !".,;:!?)]}".contains(c))
}

fn closes(
    run: DelimiterRun,
    before: Option<char>,
    after: Option<char>,
    second: Option<char>,
) -> bool {
    let border = after.is_none_or(|c| match c {
        // `_a_.pdf` is a file name
        '.' => !second.is_some_and(char::is_alphanumeric),
        // `*THL*-ohje`
        '-' => run.sign == b'*',
        c => c.is_whitespace() || CLOSING.contains(c) || is_other_sign(c, run.sign),
    });
    border && before.is_some_and(|c| !c.is_whitespace() && !"([{".contains(c))
}

fn is_other_sign(c: char, sign: u8) -> bool {
    matches!((c, sign), ('*', b'_') | ('_', b'*'))
}

/// True after the escape character.
fn is_literal(text: &str, at: usize) -> bool {
    text[..at].ends_with(LITERAL)
}

/// Addresses outside links: delimiters inside them are text.
fn addresses(text: &str, range: Range<usize>, links: &[Link]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = range.start;
    let ends = links.iter().map(|link| (link.all.start, link.all.end));
    for (end, next) in ends.chain([(range.end, range.end)]) {
        for word in text[start..end].split_whitespace() {
            let core = word.trim_matches(|c: char| "*_([{)]}\"'“”„«»‘’.,;:!?–—".contains(c));
            if core.contains("://") || core.contains('@') || is_site(core) {
                let at = core.as_ptr() as usize - text.as_ptr() as usize;
                found.push(at..at + core.len());
            }
        }
        start = next;
    }
    found
}
