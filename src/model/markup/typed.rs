//! Random texts: what is printed is held against what was typed.

use proptest::prelude::*;

use super::*;

/// Texts as nobody would type them.
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

/// Holds a printed line against the typed one. Only these may be missing: marks
/// of emphasis at the borders of words, in pairs, and what makes a link of words.
/// Written without a look at the parser.
fn differs(typed: &str, printed: &str) -> Option<String> {
    let typed: Vec<char> = typed.chars().collect();
    let printed: Vec<char> = printed.chars().collect();
    let (mut at, mut out) = (0, 0);
    let mut open: Vec<(char, usize, usize)> = Vec::new();
    // ends of the words of links, and where the link ends
    let mut links: Vec<(usize, usize)> = Vec::new();
    while at < typed.len() {
        let c = typed[at];
        if let Some((end, after)) = links.last().copied()
            && end == at
        {
            links.pop();
            at = after;
            continue;
        }
        let length = typed[at..].iter().take_while(|other| **other == c).count();
        let same =
            printed[out.min(printed.len())..].iter().take_while(|other| **other == c).count();
        if matches!(c, '*' | '_') && same < length {
            // this run is missing
            let before = at.checked_sub(1).map(|before| typed[before]);
            let after = typed.get(at + length).copied();
            let partner = open.iter().rposition(|(sign, size, _)| (*sign, *size) == (c, length));
            let ends = before.is_some_and(|c| !c.is_whitespace())
                && !after.is_some_and(char::is_alphanumeric);
            let begins = after.is_some_and(|c| !c.is_whitespace())
                && !before.is_some_and(char::is_alphanumeric);
            match partner {
                Some(partner) if ends => {
                    let (_, _, from) = open[partner];
                    if !typed[from..at].iter().any(|c| c.is_alphanumeric())
                        || partner + 1 != open.len()
                    {
                        return Some(format!("a pair around nothing at {at}"));
                    }
                    open.pop();
                }
                _ if begins => open.push((c, length, at + length)),
                _ => return Some(format!("{c} inside a word at {at}")),
            }
            at += length;
        } else if printed.get(out) == Some(&c) {
            (at, out) = (at + 1, out + 1);
        } else if c == '[' {
            let rest: String = typed[at..].iter().collect();
            let Some(middle) =
                ["](https://", "](http://", "](mailto:"].iter().filter_map(|m| rest.find(m)).min()
            else {
                return Some(format!("[ missing at {at}"));
            };
            let end = at + rest[..middle].chars().count();
            let Some(close) = typed[end..].iter().position(|c| *c == ')') else {
                return Some(format!("[ missing at {at}"));
            };
            links.push((end, end + close + 1));
            at += 1;
        } else {
            return Some(format!("{c:?} missing at {at}"));
        }
    }
    if out != printed.len() {
        return Some(format!("printed more than was typed, from {out}"));
    }
    (!open.is_empty()).then(|| "half a pair is missing".to_owned())
}

/// As [`differs`], over all lines; the sign of a bullet may be printed as one.
fn first_difference(typed: &str, printed: &str) -> Option<String> {
    let lines = |text: &'_ str| -> Vec<String> {
        text.split('\n')
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
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
        differs(typed_rest, printed_rest).map(|how| format!("{typed:?} became {printed:?}: {how}"))
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
