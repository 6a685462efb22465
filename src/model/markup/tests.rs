//! Tests of what is markup and what is printed as typed.

use super::*;

/// The events of a text in short: `p(…)`, `ul(…)`, `ol3(…)`, `li(…)`, `em(…)`,
/// `b(…)`, `a(…)`, `/` for a line break.
fn shape(text: &str) -> String {
    let mut out = String::new();
    for event in parser(text) {
        match event {
            Event::Text(part) => out.push_str(&part),
            Event::HardBreak => out.push('/'),
            Event::Start(Tag::Paragraph) => out.push_str("p("),
            Event::Start(Tag::List(None)) => out.push_str("ul("),
            Event::Start(Tag::List(Some(first))) => out.push_str(&format!("ol{first}(")),
            Event::Start(Tag::Item) => out.push_str("li("),
            Event::Start(Tag::Emphasis) => out.push_str("em("),
            Event::Start(Tag::Strong) => out.push_str("b("),
            Event::Start(Tag::Link { dest_url, .. }) => out.push_str(&format!("a {dest_url}(")),
            Event::End(_) => out.push(')'),
            other => panic!("{other:?}"),
        }
    }
    out
}

#[test]
fn references_are_found_in_all_forms() {
    assert_eq!(slide_references("{on-slides:a} {x} {slides:b} {slides:"), ["a", "b"]);
}

#[test]
fn markup_that_is_meant_is_taken() {
    for (text, expected) in [
        (
            "Kappale.\n\nToinen *painotus* ja **vahva**.",
            "p(Kappale.)p(Toinen em(painotus) ja b(vahva).)",
        ),
        ("- yksi\n- kaksi", "ul(li(yksi)li(kaksi))"),
        ("* yksi\n* kaksi", "ul(li(yksi)li(kaksi))"),
        ("- a\n  - b\n    - c\n- d", "ul(li(aul(li(bul(li(c)))))li(d))"),
        ("Asiat:\n- a\n- b", "p(Asiat:)ul(li(a)li(b))"),
        ("- a\n\n  b\n- c", "ul(li(p(a)p(b))li(p(c)))"),
        ("1. a\n2. b", "ol1(li(a)li(b))"),
        ("5. a\n6. b\n7. c", "ol5(li(a)li(b)li(c))"),
        ("0. a\n1. b", "ol0(li(a)li(b))"),
        ("1) a\n2) b", "ol1(li(a)li(b))"),
        ("1. a\n\n   b\n2. c", "ol1(li(p(a)p(b))li(p(c)))"),
        ("1. a\n  - b\n2. c", "ol1(li(aul(li(b)))li(c))"),
        ("9. a\n10. b\n    - c", "ol9(li(a)li(bul(li(c))))"),
        ("_a b_ ja __c__ ***d***", "p(em(a b) ja b(c) em(b(d)))"),
        ("(*a*), \"**b**\". *THL*:n *THL*-ohje", "p((em(a)), \"b(b)\". em(THL):n em(THL)-ohje)"),
        ("**a *b* c**", "p(b(a em(b) c))"),
        ("*a*, *b c* ja **d**", "p(em(a), em(b c) ja b(d))"),
        // runs of another length, or in another paragraph, are independent
        ("**Huom!** Keuruu* ja 2*3", "p(b(Huom!) Keuruu* ja 2*3)"),
        ("*a*\n\n*) b", "p(em(a))p(*) b)"),
        ("- *a*\n- b*", "ul(li(em(a))li(b*))"),
        ("a_b_c ja _d_", "p(a_b_c ja em(d))"),
        ("*\"a\"*", "p(em(\"a\"))"),
        ("[THL](https://thl.fi/a_b*c)", "p(a https://thl.fi/a_b*c(THL))"),
        (
            "a [x (y)](http://a.example/b(c)). [p](mailto:a@b.example)",
            "p(a a http://a.example/b(c)(x (y)). a mailto:a@b.example(p))",
        ),
        (
            "***[THL *uusi* sivu](https://thl.fi)***",
            "p(em(b(a https://thl.fi(THL em(uusi) sivu))))",
        ),
        ("[[1]](https://a.example)", "p(a https://a.example([1]))"),
        ("- Jämsä\n- 3 kuntaa", "ul(li(Jämsä)li(3 kuntaa))"),
        (
            "- 2025 aloitus\n- 23.10.2025 Jämsä\n- 13.00 avaus",
            "ul(li(2025 aloitus)li(23.10.2025 Jämsä)li(13.00 avaus))",
        ),
    ] {
        assert_eq!(shape(text), expected, "{text:?}");
        assert_eq!(forbidden(text), None, "{text:?}");
    }
}

#[test]
fn everything_else_is_text() {
    for text in [
        "<18-vuotiaat",
        "Alle painon <70 kg> raja",
        "R&D",
        "R&amp;D ja &copy; &#8364; &nbsp;",
        "\\",
        "C:\\uusi\\*.*",
        "\\\\palvelin\\jako\\_1",
        "&lt;",
        "3*60 min ja 2*45 min",
        "2*3*4 m",
        "2**3 ja 4**5",
        "5 * 3 * 2",
        "5 *3 ja 6* 2",
        "a_b_c*d*e",
        "https://thl.fi/a_b_c*d*e ja *",
        "https://a.example/(*a*)",
        "etu_suku_nimi",
        "_a_.pdf",
        "__init__.py",
        "+ 5 prosenttia",
        "> x",
        ">65",
        "# x",
        "### x",
        "`x`",
        "```x```",
        "---",
        "***",
        "===",
        "* * *",
        "- - -",
        "-",
        "*",
        "1986. vuosi",
        "3. luokka",
        "1. 5. 2026 alkaen",
        "01. a",
        "| a | b |",
        "|---|---|",
        "[1]: https://thl.fi/aiheet",
        "Katso [1].",
        "[x] valmis",
        "[ ] kesken",
        "[](https://thl.fi)",
        "[a](b)",
        "[a](https://a.example \"b\")",
        "<https://thl.fi/aiheet> ja <info@thl.fi>",
        "<b>x</b>",
        "<script>",
        "<!-- x -->",
        "Keuruu*, Multia* ja Jämsä",
        "*poissa osan aikaa",
        "Mukana *Jämsä, *Joutsa ja Laukaa* sekä Toivakka*",
        "Mukana *Jämsä, *Joutsa ja Laukaa sekä *Toivakka*",
        "*tähti * sekä 2*3 *4* 5",
        "Keuruu* ja *Multia*",
        "**Keuruu ja **Multia**",
        "*) huomautus (*) ja *",
        "**a*",
        "****a****",
        "a * b *",
        "_ a _",
        "a*b*c",
        "*a*b",
        "b*a*",
        "\\*a\\*",
        "\\[a\\](https://a.example)",
        "~~a~~",
        "a^2^",
        "$x$",
        "#let x = 1",
        "~",
        "...",
        "--",
        "{{x}}",
        "@a",
    ] {
        assert_eq!(shape(text), format!("p({text})"), "{text:?}");
        assert_eq!(printed(text), text, "{text:?}");
        assert_eq!(forbidden(text), None, "{text:?}");
    }
}

#[test]
fn lines_that_are_no_lists_are_printed_line_by_line() {
    for text in [
        "18. syyskuuta\n2. lokakuuta\n16. lokakuuta",
        "7. luokan oppilaat\n9. luokan oppilaat",
        "16. ja\n17. päivä\n2. lokakuuta",
        "1. a\n1. b\n1. c",
        "3. a\n2. b\n1. c",
        "1. a\nteksti\n2. b",
        "Tavoite on asetettu vuodelle\n2026. Sitä seurataan.",
        "2026. Sitä\n2027. vuosi",
        "+ 5 prosenttia Jämsässä\n- 3 prosenttia Keuruulla",
        "- 3 prosenttia Jämsässä\n- 5 prosenttia Keuruulla",
        "- 0,5 %",
        "+ 5 prosenttia\n- 3 prosenttia\n- ennallaan",
        "| Kunta | Määrä |\n|---|---|\n| Jämsä | 3 |",
        "Sovittiin seuraavasta\n---\nKunnat jatkavat.",
        "rivi yksi\nrivi kaksi\\\nrivi neljä",
        "*a\nb*",
        "Mukana *Jämsä*, Joutsa*\n*poissa osan aikaa",
    ] {
        assert_eq!(shape(text), format!("p({})", text.replace('\n', "/")), "{text:?}");
        assert_eq!(printed(text), text, "{text:?}");
    }
    // spaces at line ends and beginnings are not printed
    assert_eq!(shape("a  \n    b\tc"), "p(a/b\tc)");
    assert_eq!(shape("    a"), "p(a)");
    assert_eq!(shape("2027. a\n\n2028. b"), "p(2027. a)p(2028. b)");
    assert_eq!(shape("1. a\n2. b\n\n7. luokka"), "ol1(li(a)li(b))p(7. luokka)");
}

#[test]
fn a_line_that_is_not_set_in_ends_its_list() {
    assert_eq!(shape("- a\n- b\nKunnat"), "ul(li(a)li(b))p(Kunnat)");
    assert_eq!(shape("- a\n  jatkuu\n- b"), "ul(li(a/jatkuu)li(b))");
    assert_eq!(shape("- 1. a\n- - b"), "ul(li(1. a)li(- b))");
}

#[test]
fn readers_see_bullets_and_numbers() {
    assert_eq!(
        printed("Asiat:\n\n- *a*\n  - b\n- [c](https://c.example)"),
        "Asiat:\n• a\n• b\n• c"
    );
    assert_eq!(printed("5) a\n6) b\n\nx\ny"), "5) a\n6) b\nx\ny");
    assert_eq!(printed("1. a\n\n   b\n2. c"), "1. a\nb\n2. c");
}

#[test]
fn what_would_be_misread_is_named() {
    for (text, name) in [
        ("![kuva](https://a.example/x.png)", "image"),
        ("[x](javascript:alert(1))", "link"),
        ("[x](file:///etc/passwd)", "link"),
        ("[x](www.thl.fi)", "link"),
        ("[x](a@b.example)", "link"),
        ("[x](../a)", "link"),
        ("- a\n  - b\n    - c\n      - d\n        - e\n          - f\n            - g", "nesting"),
    ] {
        assert_eq!(forbidden(text), Some(name), "{text}");
    }
}

#[test]
fn plain_text_says_just_itself() {
    for text in
        ["# a", "1. b", "2025. vuosi", "- e", "*f* [g](https://g.example) \\i", "> j", "    k"]
            .into_iter()
            .chain([
                "1. a\n2. b",
                "- a\n- b",
                "**a** _b_",
                "[a](javascript:b)",
                "[Salassa pidettävä]",
                "* a",
            ])
    {
        let escaped = plain(text);
        let expected = text.trim_start();
        assert_eq!(shape(&escaped), format!("p({})", expected.replace('\n', "/")), "{text}");
        assert_eq!(forbidden(&escaped), None);
        assert_eq!(printed(&format!("{escaped}: *a*")), format!("{expected}: a"));
    }
}

/// CommonMark gives the same for texts with unambiguous markup.
#[test]
fn meant_markup_reads_as_in_commonmark() {
    for text in [
        "Kappale.\n\nToinen *painotus* ja **vahva**, ***molemmat***.",
        "- yksi\n- kaksi\n  - alakohta\n    - syvempi\n- kolme",
        "1. yksi\n2. kaksi\n   - a\n   - b\n3. kolme",
        "- a\n\n  jatko\n\n- b",
        "[THL](https://thl.fi/aiheet) ja [posti](mailto:a@b.example)",
        "Lista:\n\n- *a* b\n- **c** [d](https://d.example)\n\nLoppu.",
    ] {
        let own: Vec<Event<'_>> = parser(text).collect();
        let whole = |event| if event == Event::SoftBreak { Event::HardBreak } else { event };
        let other: Vec<Event<'_>> = pulldown_cmark::Parser::new(text).map(whole).collect();
        assert_eq!(own, other, "{text}");
    }
}
