//! Property tests: random texts are printed as they were typed.

use proptest::prelude::*;

use super::*;

/// Texts that nobody would type.
fn typed() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "*",
        "**",
        "***",
        "_",
        "__",
        "[",
        "]",
        "(",
        ")",
        "](",
        "!",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "2. ",
        "3) ",
        "18. ",
        "> ",
        "# ",
        "`",
        "~~",
        "<",
        ">",
        "&amp;",
        "&",
        "\\",
        "|",
        "---",
        "===",
        "\n",
        "\n\n",
        "  ",
        " ",
        "\t",
        "    ",
        "a",
        "bc",
        "Ä",
        "ǩ",
        "kunta",
        "Jämsä",
        "3",
        "60",
        "2026",
        ".",
        ",",
        ":",
        "\"",
        "'",
        "”",
        "–",
        "/",
        "@",
        "_a_",
        "*b*",
        "**c**",
        "[d](https://d.example/e_f*g)",
        "[x](https://x.example)",
        "https://a.example/b_c*d",
        "{",
        "}",
        "{slides",
        "%",
        "€",
        "\u{a0}",
        "漢",
        "😀",
        "\u{301}",
        "\r",
    ]);
    let part = prop_oneof![
        6 => pieces.prop_map(str::to_owned),
        1 => any::<char>().prop_filter("inside programs only", |c| *c != LITERAL).prop_map(String::from),
        1 => "[ -~]{1,3}",
    ];
    prop::collection::vec(part, 1..24).prop_map(|parts| parts.concat())
}

/// Compares a printed line with the typed one. Only pairs of emphasis marks at word
/// boundaries, and link syntax, may be missing in print. Independent of the parser.
#[derive(Clone)]
struct Pair<'a> {
    typed: &'a [char],
    printed: &'a [char],
    at: usize,
    out: usize,
    /// Missing runs that await their counterpart: character, length, end.
    open: Vec<(char, usize, usize)>,
    /// End of the label of a link, and end of the link.
    links: Vec<(usize, usize)>,
}

impl Pair<'_> {
    /// True if nothing else is missing from here on.
    fn agrees(mut self) -> bool {
        while let Some(c) = self.typed.get(self.at).copied() {
            if let Some((end, after)) = self.links.last().copied()
                && end == self.at
            {
                self.links.pop();
                self.at = after;
                continue;
            }
            let run = |text: &[char]| text.iter().take_while(|other| **other == c).count();
            let length = run(&self.typed[self.at..]);
            let kept = run(self.printed.get(self.out..).unwrap_or_default());
            if matches!(c, '*' | '_') {
                let without = self.clone().without(c, length);
                if kept < length {
                    return without.is_some_and(Self::agrees);
                }
                if without.is_some_and(Self::agrees) {
                    return true;
                }
                (self.at, self.out) = (self.at + length, self.out + length);
            } else if kept > 0 {
                (self.at, self.out) = (self.at + 1, self.out + 1);
            } else if c == ' ' && self.is_at_blank() {
                self.at += 1;
            } else if let Some((end, after)) = self.link().filter(|_| c == '[') {
                self.links.push((end, after));
                self.at += 1;
            } else {
                return false;
            }
        }
        self.out == self.printed.len() && self.open.is_empty()
    }

    /// True where a further space is invisible.
    fn is_at_blank(&self) -> bool {
        let before = self.out.checked_sub(1).and_then(|before| self.printed.get(before));
        self.out == self.printed.len() || before.is_none_or(|c| *c == ' ')
    }

    /// Skips a missing run of marks, where one may be.
    fn without(mut self, sign: char, length: usize) -> Option<Self> {
        let before = self.at.checked_sub(1).map(|before| self.typed[before]);
        let after = self.typed.get(self.at + length).copied();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let last = self.open.last().copied();
        let (begins, ends) = (!word(before) && !blank(after), !blank(before) && !word(after));
        match last {
            Some((open, size, from)) if ends && (open, size) == (sign, length) => {
                self.typed[from..self.at].iter().find(|c| c.is_alphanumeric())?;
                self.open.pop();
            }
            _ if begins => self.open.push((sign, length, self.at + length)),
            _ => return None,
        }
        self.at += length;
        Some(self)
    }

    /// End of the label of the link that begins here, and end of the link.
    fn link(&self) -> Option<(usize, usize)> {
        let rest: String = self.typed[self.at..].iter().collect();
        let middles = ["](https://", "](http://", "](mailto:"];
        let middle = middles.iter().filter_map(|middle| rest.find(middle)).min()?;
        let end = self.at + rest[..middle].chars().count();
        let close = self.typed[end..].iter().position(|c| *c == ')')?;
        Some((end, end + close + 1))
    }
}

fn agree(typed: &str, printed: &str) -> bool {
    let (typed, printed): (Vec<char>, Vec<char>) =
        (typed.chars().collect(), printed.chars().collect());
    let (open, links) = (Vec::new(), Vec::new());
    Pair { typed: &typed, printed: &printed, at: 0, out: 0, open, links }.agrees()
}

/// The first line with missing text; the marker of a bullet may be printed.
fn first_difference(typed: &str, printed: &str) -> Option<String> {
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = |text: &str| -> Vec<String> {
        text.split('\n').map(line).filter(|line| !line.is_empty()).collect()
    };
    let (typed, printed) = (lines(typed), lines(printed));
    if typed.len() != printed.len() {
        return Some("lines are missing or new".to_owned());
    }
    typed.iter().zip(&printed).find_map(|(typed, printed)| {
        let bullet = typed.strip_prefix(['-', '*']).filter(|rest| rest.starts_with([' ', '\t']));
        let without = printed.strip_prefix("• ");
        let (typed_rest, printed_rest) = match (bullet, without) {
            (Some(rest), Some(without)) if !typed.starts_with('•') => {
                (rest.trim(), without.trim())
            }
            _ => (typed.as_str(), printed.as_str()),
        };
        (!agree(typed_rest, printed_rest)).then(|| format!("{typed:?} became {printed:?}"))
    })
}

#[test]
fn the_comparison_sees_what_is_lost() {
    for (typed, printed) in [
        ("3*60 ja 2*45", "360 ja 245"),
        ("18. a\n2. b", "18. a\n19. b"),
        ("&lt;", "<"),
        ("\\*", "*"),
        ("*a", "a"),
        ("a\nb", "a b"),
        ("+ 5", "• 5"),
        ("[1]: https://a.example", ""),
        ("a", "ab"),
    ] {
        assert!(first_difference(typed, printed).is_some(), "{typed:?} {printed:?}");
    }
    assert_eq!(first_difference("- *a* [b](https://c.example)", "• a b"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_typed_is_printed(text in typed()) {
        let seen = printed(&text);
        prop_assert_eq!(first_difference(&text, &seen), None, "{:?}", text);
    }

    #[test]
    fn events_are_nested_and_in_order(text in typed()) {
        let (mut open, mut last) = (0_i32, 0);
        for (event, range) in located(&text) {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Text(part) => {
                    prop_assert_eq!(&*part, &text[range.clone()]);
                    prop_assert!(range.start >= last);
                    last = range.end;
                }
                _ => {}
            }
            prop_assert!(open >= 0);
        }
        prop_assert_eq!(open, 0);
    }
}
