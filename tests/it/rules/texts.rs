//! Cases of rules about writing, languages, secrecy and acceptances.

use super::{COPY, Case, FILE, SETTINGS, case};

const WEB: &str = r#"[registry]
web = true
number = "T-{year}-{number:3}"
checker = "Registry office"

[registry.all]
function = "00.01.02"
publicity = "public"
personal_data = "yes"
retention = { permanent = true, reason = "plan of the authority" }
"#;
const CLUB_MAN: &str = r#"{"sector": "organisation", "organisation": "Local clubs",
    "name": "Olli Ohjaaja"}"#;
const SHARED_IN_OTHER_WORDS: &str = "The strategy of the Wellbeing Services County of Central \
    Finland begins with the idea that services exist for people and are available when needed. \
    Every resident of the region receives good health, social and rescue services at the right \
    time. Partners take part in setting goals and in developing service chains.";
const SAID_ONCE: &str = "The negotiations were prepared together with the municipalities, the \
    clubs and the parishes in planning meetings of each group during the spring, and experience \
    gathered in earlier years guided both contents and arrangements.";
const SAID_AGAIN: &str = "The negotiations were prepared together with the municipalities, the \
    clubs and the parishes in joint planning meetings of each group during the spring, and the \
    experience gathered in earlier years guided contents and arrangements alike.";
const OF_40_WORDS: &str = "Family centres need a common way of working that the towns and the \
    county and the clubs and the schools and the parishes can all agree on before the winter \
    begins so that every family knows where help is given";
const OF_41_WORDS: &str = "Family centres need a common way of working that the towns and the \
    county and the clubs and the schools and the parishes can all agree on before the winter \
    begins so that every family knows where help is given soon";

pub const CASES: &[Case] = &[
    case(
        "term-variant",
        "item sections[0].text",
        &[("item", "sections[0].text", "The welfare area decides.")],
        &[("item", "sections[0].text", "The wellbeing services county decides.")],
    ),
    case(
        "unit-two-names",
        "round authority.unit",
        &[
            ("before", COPY, "round"),
            ("before", "id", "talks-2024"),
            ("before", "years.from", "2024"),
            ("before", "authority.unit", "Wellbeing and partners"),
        ],
        &[
            ("before", COPY, "round"),
            ("before", "id", "talks-2024"),
            ("before", "years.from", "2024"),
        ],
    ),
    case(
        "abbreviation-unexplained",
        "item sections[0].text",
        &[("item", "sections[0].text", "The figures come from THL.")],
        &[(
            "item",
            "sections[0].text",
            "The figures come from the Finnish Institute for Health and Welfare (THL).",
        )],
    ),
    case(
        "abbreviation-unknown",
        "item sections[0].text",
        &[("item", "sections[0].text", "The figures come from the board (KSAC).")],
        &[(
            "item",
            "sections[0].text",
            "The figures come from the Keski-Suomi advisory council (KSAC).",
        )],
    ),
    case(
        "link-repeated",
        "round materials[1].link",
        &[(
            "round",
            "materials",
            r#"[{"title": "Figures", "link": "https://example.org/figures"},
                {"title": "More figures", "link": "https://example.org/figures"}]"#,
        )],
        &[(
            "round",
            "materials",
            r#"[{"title": "Figures", "link": "https://example.org/figures"},
                {"title": "More figures", "link": "https://example.org/more"}]"#,
        )],
    ),
    case(
        "link-text",
        "item sections[0].text",
        &[("item", "sections[0].text", "Figures are [here](https://example.org/figures).")],
        &[("item", "sections[0].text", "There are [figures](https://example.org/figures).")],
    ),
    case(
        "text-shared",
        "item sections[0].text",
        &[("item", "sections[0].text", SHARED_IN_OTHER_WORDS)],
        &[("item", "strategy_text", "strategia-2025")],
    ),
    case(
        "text-similar",
        "second sections[0].text",
        &[
            ("item", "sections[0].text", SAID_ONCE),
            ("second", COPY, "item"),
            ("second", "id", "item-2"),
            ("second", "meeting_date", "2026-09-08"),
            ("second", "sections[0].text", SAID_AGAIN),
        ],
        &[
            ("item", "sections[0].text", SAID_ONCE),
            ("second", COPY, "item"),
            ("second", "id", "item-2"),
            ("second", "meeting_date", "2026-09-08"),
            ("second", "sections[0].text", SAID_ONCE),
        ],
    ),
    case(
        "text-word-twice",
        "north notes[0].text",
        &[("north", "notes[0].text", "Family centres need need a common way of working")],
        &[("north", "notes[0].text", "What is needed is, is it not, a common way of working")],
    ),
    case(
        "text-word-broken",
        "north notes[0].text",
        &[("north", "language", "fi"), ("north", "notes[0].text", "Kiusaamiseen puuttum inen")],
        &[("north", "language", "fi"), ("north", "notes[0].text", "Kiusaamiseen puuttuminen")],
    ),
    case(
        "text-ruined",
        "north notes[0].text",
        &[
            ("north", "language", "fi"),
            (
                "north",
                "notes[0].text",
                "Jarjestot kehittavat yhteistyota, edistavat hyvinvointia ja jarjestavat tyota, \
                 jonka tuloksia kaytetaan",
            ),
        ],
        &[
            ("north", "language", "fi"),
            ("north", "notes[0].text", "Jarjestot kehittävät yhteistyötä"),
        ],
    ),
    case(
        "text-hyphen",
        "north notes[0].text",
        &[("north", "notes[0].text", "The follow- up is missing")],
        &[("north", "notes[0].text", "Pre- and after-school care and follow-up are missing")],
    ),
    case(
        "text-dash",
        "north notes[0].text",
        &[("north", "notes[0].text", "Families wait for help - for months")],
        &[("north", "notes[0].text", "Families wait for help – for 2–3 months in 2024–2025")],
    ),
    case(
        "text-spaces",
        "north notes[0].text",
        &[("north", "notes[0].text", "Family centres , clubs and schools")],
        &[("north", "notes[0].text", "Family centres (3.5 km away), clubs and schools")],
    ),
    case(
        "text-stops",
        "item sections[0].text",
        &[("item", "sections[0].text", "The groups meet as follows..")],
        &[("item", "sections[0].text", "The groups meet as follows...")],
    ),
    case(
        "text-cut",
        "item sections[0].text",
        &[("item", "sections[0].text", "The groups meet as follows. The towns choose and")],
        &[("item", "sections[0].text", "The groups meet as follows. The towns choose.")],
    ),
    case(
        "text-umlauts-lost",
        "north notes[0].text",
        &[("north", "language", "fi"), ("north", "notes[0].text", "Jarjestojen tilat loppuvat")],
        &[("north", "language", "fi"), ("north", "notes[0].text", "Järjestöjen tilat loppuvat")],
    ),
    case(
        "text-stray",
        "north notes[0].text",
        &[("north", "notes[0].text", "The cafÃ© is closing")],
        &[("north", "notes[0].text", "The café is closing")],
    ),
    case(
        "text-brackets",
        "north notes[0].text",
        &[("north", "notes[0].text", "Meeting places (clubs, cafés are closing")],
        &[("north", "notes[0].text", "Meeting places: a) clubs and b) cafés [both] are closing")],
    ),
    case(
        "sentence-long",
        "north notes[0].text",
        &[("north", "notes[0].text", OF_41_WORDS)],
        &[("north", "notes[0].text", OF_40_WORDS)],
    ),
    case(
        "text-untranslated",
        "north notes[0].text",
        &[
            ("north", "also_in", r#"["sv"]"#),
            ("north", "agreed[0].what", r#"{"en": "A network", "sv": "Ett nätverk"}"#),
        ],
        &[
            ("north", "also_in", r#"["sv"]"#),
            (
                "north",
                "notes[0].text",
                r#"{"en": "Family centres need a common way of working",
                    "sv": "Familjecentren behöver ett gemensamt arbetssätt"}"#,
            ),
        ],
    ),
    case(
        "round-untranslated",
        "north also_in",
        &[
            ("north", "also_in", r#"["sv"]"#),
            ("north", "agreed[0].what", r#"{"en": "A network", "sv": "Ett nätverk"}"#),
        ],
        &[
            ("north", "also_in", r#"["sv"]"#),
            ("north", "agreed[0].what", r#"{"en": "A network", "sv": "Ett nätverk"}"#),
            ("round", "also_in", r#"["sv"]"#),
            ("round", "title", r#"{"en": "Talks 2025", "sv": "Förhandlingarna 2025"}"#),
        ],
    ),
    case(
        "text-in-finnish",
        "north chair.role",
        &[("north", "language", "sv"), ("north", "chair.role", "kehittämispäällikkö")],
        &[("north", "language", "sv"), ("north", "chair.role", "utvecklingschef")],
    ),
    case(
        "records-untranslated",
        "north also_in",
        &[
            ("north", "also_in", r#"["sv"]"#),
            ("north", "agreed[0].what", r#"{"en": "A network", "sv": "Ett nätverk"}"#),
            ("north", "attachments", r#"[{"record": "plan"}]"#),
        ],
        &[("north", "attachments", r#"[{"record": "plan"}]"#)],
    ),
    case(
        "identity-code",
        "north notes[1].text",
        &[("north", "notes[1].text", "The code is 010190-900P and is nobody's")],
        &[("north", "notes[1].text", "The number is 010190-900R and is no code")],
    ),
    case(
        "text-decomposed",
        "north notes[1].text",
        &[("north", "notes[1].text", "Meeting places in Ja\u{308}msa\u{308} are closing")],
        &[("north", "notes[1].text", "Meeting places in Jämsä are closing")],
    ),
    case(
        "text-backslash",
        "north notes[1].text",
        &[("north", "notes[1].text", "Meeting places 2025\\. are closing")],
        &[("north", "notes[1].text", "Meeting places at C:\\places 2025. are closing")],
    ),
    case(
        "secret-in-title",
        "north agreed[0].what",
        &[
            ("north", "case.publicity", "partly-secret"),
            ("north", "case.secrecy_basis", "621/1999 24 § 1 mom. 25 k"),
            ("north", "notes[1].secret", "true"),
            ("north", "notes[1].text", "Neighbouring families threaten each other"),
            ("north", "agreed[0].what", "Help where neighbouring families threaten each other"),
        ],
        &[
            ("north", "case.publicity", "partly-secret"),
            ("north", "case.secrecy_basis", "621/1999 24 § 1 mom. 25 k"),
            ("north", "notes[1].secret", "true"),
            ("north", "notes[1].text", "Neighbouring families threaten each other"),
            ("north", "agreed[0].what", "Help where families need it"),
        ],
    ),
    case(
        "small-municipality",
        "north notes[1].text",
        &[("north", "notes[1].text", "Domestic violence in Kinnula is a worry")],
        &[("north", "notes[1].text", "Domestic violence in Jyväskylä is a worry")],
    ),
    case(
        "person-in-text",
        "north notes[1].text",
        &[
            (SETTINGS, FILE, WEB),
            ("north", "present[2]", CLUB_MAN),
            ("north", "notes[1].text", "Olli Ohjaaja says that meeting places are closing"),
        ],
        &[
            (SETTINGS, FILE, WEB),
            ("north", "present[2]", CLUB_MAN),
            ("north", "notes[1].text", "The clubs say that meeting places are closing"),
        ],
    ),
    case(
        "accept-unused",
        "north accept[0].rule",
        &[("north", "accept", r#"[{"rule": "text-cut", "reason": "It ends so"}]"#)],
        &[
            ("north", "accept", r#"[{"rule": "text-cut", "reason": "It ends so"}]"#),
            ("north", "notes[0].text", "Family centres and"),
        ],
    ),
    case(
        "accept-several",
        "north accept[0].rule",
        &[
            ("north", "accept", r#"[{"rule": "text-cut", "reason": "They end so"}]"#),
            ("north", "notes[0].text", "Family centres and"),
            ("north", "notes[1].text", "Meeting places and"),
        ],
        &[
            (
                "north",
                "accept",
                r#"[{"rule": "text-cut", "field": "notes[0].text", "reason": "It ends so"},
                    {"rule": "text-cut", "field": "notes[1].text", "reason": "It ends so"}]"#,
            ),
            ("north", "notes[0].text", "Family centres and"),
            ("north", "notes[1].text", "Meeting places and"),
        ],
    ),
];
