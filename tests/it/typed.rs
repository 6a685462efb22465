//! Typed text and printed text: punctuation, lists, letters, quotation marks, long words.

use serde_json::json;

use crate::desk::Desk;
use crate::pdf::{bare, letters};

fn small() -> Desk {
    Desk::fixture("small").without_judgement()
}

const MEMO: &str = "talks-north-memo";

/// Texts in which all characters are printed.
const TYPED: &[&str] = &[
    "The meetings:\n\n18. September 2026: Alder\n2. October 2026: Birch\n16. October 2026: Cedar",
    "7. form\n9. form",
    "For the year\n2026. It is followed.\n\n2027. is between.",
    "3*60 min and 2*45 min, 2*3*4 m, 2**3 and 4**5, 5 * 10",
    "Alder*, Birch* and Cedar\n\n*absent in part",
    "See https://a.example/a_b_c*d*e and a_b_c",
    "Change:\n\n+ 5 per cent in Alder\n- 3 per cent in Birch",
    "[1] says so.\n\n[1]: https://a.example/topic",
    "| Place | Count |\n|---|---|\n| Alder | 3 |",
    "> 65 and\n>65, <18, <70 kg>, <https://a.example> and <info@a.example>",
    "R&D, R&amp;D, &lt;, &copy; and &#8364;",
    "\\\\server\\share\\_1 and C:\\new\\",
    "# 5\n## 6\nAgreed\n---\nGo on\n===",
    "`code` ``` ~~~ ~~x~~ <b>bold</b> <!-- x -->",
    "[x] done\n[ ] open\n[a](b) ![",
    "one  \ntwo\\\nthree",
    "5. fifth\n6. sixth",
    "0. zeroth\n1. first",
    "1) first\n2) second",
];

#[test]
fn typed_text_is_printed_as_typed() {
    for part in TYPED.chunks(5) {
        let desk = small();
        desk.edit("records/north.json", |north| {
            north["follow_up"] = json!(part[0]);
            let note = |text: &&str| json!({"municipality": "Birch", "text": text});
            north["notes"] = part.iter().skip(1).map(note).collect();
        });
        desk.run(["build"]).exits(0);
        let page = bare(&desk.pdf(MEMO).text());
        for line in part.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty()) {
            assert!(page.contains(&bare(line)), "{line:?} is not in {page}");
        }
    }
}

#[test]
fn intended_markup_is_not_printed() {
    let desk = small();
    let text =
        "Three *words* and **more**:\n\n- a [link](https://a.example/x)\n- b\n\n1. one\n2. two";
    desk.edit("records/north.json", |north| north["follow_up"] = json!(text));
    desk.run(["build"]).exits(0);
    let page = bare(&desk.pdf(MEMO).text());
    assert!(page.contains("Threewordsandmore:•alink•b1.one2.two"), "{page}");
}

#[test]
fn quotation_marks_are_set_in_every_field() {
    let desk = small();
    desk.edit("records/north.json", |north| {
        north["agreed"] = json!([{"what": "\"'one' text\" —\"so\"", "who": "\"Group 'A'\""}]);
        north["chair"]["role"] = json!("\"head\"");
        north["follow_up"] = json!("\"*Health*\" and \"...so on\"");
    });
    desk.run(["build"]).exits(0);
    let page = desk.pdf(MEMO).letters();
    for set in ["“‘one’ text” —“so”", "“Group ‘A’”", "“head”", "“Health”", "“...so on”"]
    {
        assert!(page.contains(&letters(set)), "{set} is not in {page}");
    }
}

/// Compared exactly, with hyphens and the form of quotation marks.
#[test]
fn characters_without_meaning_are_printed_unchanged() {
    let lines = [
        "- - -",
        "* * *",
        "_ _ _",
        "-- --",
        "5'10\" tall, a 19\" screen (6\")",
        "change, - 5 %: - 3",
        "{{x}} {{{y}}} {{#if z}} {{> w}} {{!-- v --}} {slides:u",
        "#set text(red) $x$ @a <b> // c /* d */",
        "a[^1] ~~x~~ `y` &nbsp; &#45; <b>",
    ];
    let desk = small();
    desk.edit("records/north.json", |north| {
        north["follow_up"] = json!(lines.join("\n"));
        north["notes"][0]["text"] = json!("before\n- - -\nbehind");
        north["agreed"] = json!([{"what": lines[4], "who": "* * *"}]);
    });
    desk.run(["build"]).exits(0);
    let page = desk.pdf(MEMO).letters();
    for line in lines.into_iter().chain(["before\n- - -\nbehind"]) {
        assert!(page.contains(&letters(line)), "{line} is not in {page}");
    }
    assert_eq!(page.matches(&letters(lines[4])).count(), 2, "{page}");
    assert_eq!(page.matches("***").count(), 2, "{page}");
}

#[test]
fn a_copy_of_the_text_has_only_what_was_typed() {
    let desk = small();
    let link = "[wellbeing](https://a.example/x)";
    desk.edit("records/north.json", |north| {
        north["follow_up"] = json!(format!(
            "{link} goes on, {link}. {link}development and {link}:n, soft\u{ad} hy\u{ad}phen\u{ad}"
        ));
        north["attachments"] = json!([{"title": "Plan", "link": "https://a.example/plan"}]);
    });
    desk.run(["build"]).exits(0);
    let copied = desk.pdf(MEMO).copied();
    assert!(!copied.contains(['\u{2060}', '\u{200b}']), "{copied}");
    assert!(!copied.contains("soft\u{ad}") && !copied.contains("phen\u{ad}"), "{copied}");
    let page = letters(&copied);
    for said in ["wellbeing goes on, wellbeing.", "wellbeingdevelopment and wellbeing:n"] {
        assert!(page.contains(&letters(said)), "{said}: {page}");
    }
}

/// A word that continues after a link is not broken there, at any width: tagged PDF would
/// fail.
#[test]
fn a_word_continues_after_its_link_at_every_width() {
    let desk = small();
    let lines = (0..60).map(|length| {
        let before = "i".repeat(length + 20);
        format!("{before} [wellbeing](https://a.example/x)developments")
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    desk.edit("records/north.json", |north| {
        north["follow_up"] = json!(text);
        // its column is hyphenated
        north["notes"][0]["text"] = json!(text);
    });
    desk.run(["build"]).exits(0);
}

/// Unlikely texts, apart from numbers and addresses; even so nothing may overlap or leave
/// the page.
#[test]
fn no_row_of_letters_or_signs_leaves_its_box() {
    let words = [
        "9".repeat(220),
        "W".repeat(220),
        "ab".repeat(110),
        ".".repeat(220),
        "-".repeat(220),
        "(".repeat(150),
        "x)".repeat(100),
        format!("https://a.example/{}", "x".repeat(200)),
    ];
    for word in &words {
        let desk = small();
        desk.edit("records/north.json", |north| {
            north["follow_up"] = json!(word);
            north["notes"][0]["text"] = json!(word);
            north["notes"][1]["text"] = json!(format!("- {word}"));
            north["agreed"] = json!([{"what": word, "who": word, "by": "2026-03-31"}]);
            north["attachments"] = json!([{"title": word}]);
            north["present"][0]["organisation"] = json!(word);
            north["present"][0]["role"] = json!(word);
            north["chair"] = json!({"name": word, "role": word});
            north["place"] = json!(word);
        });
        desk.edit("records/round.json", |round| {
            round["title"] = json!(word);
            round["authority"] = json!({"name": word, "unit": word});
            round["priorities"][0]["name"] = json!(word);
            round["service_areas"][0]["name"] = json!(word);
            round["goals"][0]["goal"] = json!(word);
            round["goals"][0]["background"] = json!(word);
            round["preparation"] = json!([word]);
            round["programme"] = json!([{"heading": word, "bullets": [word]}]);
        });
        let ran = desk.run(["build"]);
        assert!(!ran.stderr.contains("layout-"), "{word}: {}", ran.stderr);
        ran.exits(0);
        let sign = word.chars().next_back().unwrap();
        let printed = desk.pdf(MEMO).copied().matches(sign).count();
        let typed = word.matches(sign).count();
        assert!(printed >= 11 * typed, "{word}: {printed} of {typed}");
    }
}

/// Words wider than any column, and long addresses.
const LONG: [&str; 5] = [
    "hyvinvointialuekuntayhteistyöneuvottelukuntapuheenjohtajistokokousvalmisteluryhmänsihteeristö",
    "firstname.lastname-second@unitforhealthandwellbeingpromotioninthecounty.county-of-example.example",
    "Plan_for_wellbeing_2026_2029_attachment_3_measures_and_indicators_final_version_corrected_once_more.pdf",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\\\\server\\share\\wellbeing\\2026\\minutes_and_attachments\\final\\version_for_the_registry\\minutes.docx",
];

#[test]
fn long_words_end_their_lines_inside_their_box() {
    for word in LONG {
        let desk = small();
        desk.edit("records/north.json", |north| {
            north["follow_up"] = json!(word);
            north["notes"][0]["text"] = json!(word);
            north["notes"][1]["text"] = json!(word);
            north["notes"][2]["text"] = json!(format!("- {word}"));
            north["agreed"] = json!([{"what": word, "who": word, "by": "2026-03-31"}]);
            north["attachments"] = json!([{"title": word}]);
            north["distribution"][0]["recipient"] = json!(word);
            north["distribution"][0]["email"] = json!(word);
            north["present"][0]["organisation"] = json!(word);
            north["present"][0]["role"] = json!(word);
            north["place"] = json!(word);
        });
        desk.edit("records/round.json", |round| round["title"] = json!(word));
        let ran = desk.run(["build"]);
        assert!(!ran.stderr.contains("layout-"), "{}", ran.stderr);
        let ran = ran.exits(0);
        let page = bare(&desk.pdf(MEMO).text());
        assert!(page.matches(&bare(word)).count() >= 9, "{word}: {page}\n{}", ran.stdout);
        // no other hyphen than its own: the typesetter inserts soft hyphens at line ends
        if word.contains(['@', '_']) {
            let text = desk.pdf(MEMO).text();
            let lines = text.lines().filter(|line| line.ends_with('\u{ad}'));
            let broken: Vec<&str> = lines.filter(|line| line.contains(['@', '_', '\\'])).collect();
            assert_eq!(broken, [""; 0], "{word}");
        }
    }
}

#[test]
fn decomposed_letters_are_composed() {
    let texts = [
        "Ähtäri, Čáhppe, Élise, Ñandu, Nuõrttsääʹmǩiõll Ǩ Ǧǧ Ǥǥ Ǯǯ Ʒʒ ʹ",
        "A\u{308}hta\u{308}ri, C\u{30c}a\u{301}hppe, E\u{301}lise, N\u{303}andu, Nuo\u{303}rttsa\u{308}a\u{308}ʹmk\u{30c}io\u{303}ll K\u{30c} G\u{30c}g\u{30c} Ǥǥ Ʒ\u{30c}ʒ\u{30c} Ʒʒ ʹ",
    ];
    for text in texts {
        let desk = small();
        desk.edit("records/north.json", |north| {
            north["follow_up"] = json!(format!("{text} 1. *{text}* 2. **{text}** 3."));
            north["agreed"] = json!([{"what": text, "who": "Alder"}]);
        });
        desk.run(["build"]).exits(0);
        let page = bare(&desk.pdf(MEMO).text());
        assert_eq!(page.matches(&bare(texts[0])).count(), 4, "{page}");
    }
    let desk = small();
    desk.edit("records/north.json", |north| north["follow_up"] = json!("q\u{30c}"));
    desk.run(["build"]).exits(1).complains("U+030C").complains("follow_up");
}
