//! Every rule of judgement: a record that breaks it and a similar one that
//! does not, what the settings make of it, and what it is to accept a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::registry::{NOW, at};

/// File, field and its new value: JSON, or else a text.
type Edit = (&'static str, &'static str, &'static str);

/// In the place of a value: the field or the file goes.
const GONE: &str = "\u{1}gone";
/// In the place of a field: the value is the whole file.
const FILE: &str = "\u{1}file";
/// In the place of a field: the file is a copy of the one that the value names.
const COPY: &str = "\u{1}copy";
/// In the place of a file: the settings.
const SETTINGS: &str = "\u{1}settings";

/// A rule with what breaks it and what does not.
#[derive(Debug, Clone, Copy)]
struct Case {
    rule: &'static str,
    /// `file field` of the finding, the only one of this rule.
    found: &'static str,
    bad: &'static [Edit],
    good: &'static [Edit],
}

const fn case(
    rule: &'static str,
    found: &'static str,
    bad: &'static [Edit],
    good: &'static [Edit],
) -> Case {
    Case { rule, found, bad, good }
}

/// Rules that have a test elsewhere: `spelling` needs a dictionary, which not
/// every machine has.
const ELSEWHERE: &[&str] = &["spelling"];

const UNTIL_SUMMER: &str = r#"[[check.office]]
title = "director"
name = "Dana Demo"
until = "2025-06-30"
"#;
const UNTIL_WINTER: &str = r#"[[check.office]]
title = "director"
name = "Dana Demo"
acting = true
from = "2025-01-01"
until = "2025-12-31"
"#;
const PAT: &str = r#"[[check.office]]
title = "director"
name = "Pat Proof"
"#;
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

const CASES: &[Case] = &[
    case(
        "statute-unknown",
        "round basis[0].statute",
        &[("round", "basis[0].statute", "612/2024")],
        &[("round", "basis[0].statute", "612/2021")],
    ),
    case(
        "statute-mixed",
        "round basis[0].statute",
        &[("round", "basis[0].statute", "611/2021")],
        &[
            ("round", "basis[0].statute", "611/2021"),
            ("round", "basis[0].name", "Act on Wellbeing Services Counties"),
        ],
    ),
    case(
        "statute-name",
        "round basis[0].name",
        &[("round", "basis[0].name", "Act on Arranging Healthcare")],
        &[("round", "basis[0].name", "act on organising healthcare and social welfare services")],
    ),
    case(
        "statute-untranslated",
        "round basis[0].name",
        &[
            ("round", "also_in", r#"["sv"]"#),
            ("round", "title", r#"{"en": "Talks 2025", "sv": "Förhandlingarna 2025"}"#),
        ],
        &[
            ("round", "also_in", r#"["sv"]"#),
            ("round", "title", r#"{"en": "Talks 2025", "sv": "Förhandlingarna 2025"}"#),
            (
                "round",
                "basis[0].name",
                r#"{"en": "Act on Organising Healthcare and Social Welfare Services",
                    "sv": "Lag om ordnande av social- och hälsovård"}"#,
            ),
        ],
    ),
    case(
        "statute-section-missing",
        "round basis[0].sections[0].section",
        &[("round", "basis[0].sections[0].section", "63")],
        &[("round", "basis[0].sections[0].section", "62")],
    ),
    case(
        "citation-style",
        "item sections[0].text",
        &[("item", "sections[0].text", "The talks rest on 7§ of the act.")],
        &[("item", "sections[0].text", "The talks rest on 7 § of the act.")],
    ),
    case(
        "municipality-nowhere",
        "round municipalities[1]",
        &[("round", "groups[0].municipalities[1]", GONE)],
        &[
            ("round", "groups[0].municipalities[1]", GONE),
            ("round", "groups[1].municipalities", r#"["Birch", "Cedar"]"#),
        ],
    ),
    case(
        "municipality-twice",
        "round groups[1].municipalities[0]",
        &[("round", "groups[1].municipalities", r#"["Birch", "Cedar"]"#)],
        &[("round", "groups[1].municipalities", r#"["Cedar"]"#)],
    ),
    case(
        "municipalities-order",
        "round municipalities[1]",
        &[("round", "municipalities", r#"["Birch", "Alder", "Cedar"]"#)],
        &[("round", "municipalities", r#"["Alder", "Birch", "Cedar"]"#)],
    ),
    case(
        "groups-not-same",
        "item sections[0].text",
        &[
            ("before", COPY, "round"),
            ("before", "id", "talks-2024"),
            ("before", "years.from", "2024"),
            ("before", "groups[0].municipalities", r#"["Alder"]"#),
            ("before", "groups[1].municipalities", r#"["Birch", "Cedar"]"#),
            ("item", "sections[0].text", "The same groups meet as the year before."),
        ],
        &[
            ("before", COPY, "round"),
            ("before", "id", "talks-2024"),
            ("before", "years.from", "2024"),
            ("item", "sections[0].text", "The same groups meet as the year before."),
        ],
    ),
    case(
        "date-weekday",
        "item sections[0].text",
        &[("item", "sections[0].text", "The talks begin on Monday 23 October 2025.")],
        &[("item", "sections[0].text", "The talks begin on Thursday 23 October 2025.")],
    ),
    case(
        "date-impossible",
        "item sections[0].text",
        &[("item", "sections[0].text", "Comments can be sent until 31 November 2025.")],
        &[("item", "sections[0].text", "Comments can be sent until 30 November 2025.")],
    ),
    case(
        "date-without-year",
        "item sections[0].text",
        &[("item", "sections[0].text", "Comments can be sent until 30 November.")],
        &[("item", "sections[0].text", "Comments can be sent until 30 November 2025.")],
    ),
    case(
        "date-relative",
        "item sections[0].text",
        &[("item", "sections[0].text", "The plan is written next year.")],
        &[("item", "sections[0].text", "The plan is written in 2026.")],
    ),
    case(
        "date-repeated",
        "item sections[0].text",
        &[("item", "sections[0].text", "North meets on 23.10.2025 and South on 23.10.2025.")],
        &[("item", "sections[0].text", "North meets on 23.10.2025. South meets on 23.10.2025.")],
    ),
    case(
        "deadline-order",
        "north agreed[0].by",
        &[("north", "agreed[0].by", "2025-10-22")],
        &[("north", "agreed[0].by", "2025-10-23")],
    ),
    case(
        "held-after-document",
        "north date",
        &[("north", "issued", "2025-10-22")],
        &[("north", "issued", "2025-10-23")],
    ),
    case(
        "text-held-later",
        "item sections[0].text",
        &[("item", "sections[0].text", "The plan was approved on 3 September 2025.")],
        &[("item", "sections[0].text", "The plan was approved on 2 September 2025.")],
    ),
    case(
        "session-date-differs",
        "north date",
        &[("north", "date", "2025-10-24")],
        &[("north", "date", "2025-10-24"), ("round", "schedule[0].date", "2025-10-24")],
    ),
    case(
        "session-mode-differs",
        "north mode",
        &[("north", "mode", "hybrid")],
        &[("north", "mode", "remote")],
    ),
    case(
        "session-time-differs",
        "north start",
        &[("north", "start", "12:30")],
        &[("north", "start", "12:30"), ("round", "schedule[0].start", GONE)],
    ),
    case(
        "session-unplanned",
        "north group",
        &[("round", "schedule[0]", GONE)],
        &[("round", "schedule", "[]")],
    ),
    case(
        "session-overdue",
        "round schedule[0].date",
        &[("north", FILE, GONE)],
        &[("north", FILE, GONE), ("round", "schedule[0].date", "2025-11-24")],
    ),
    case(
        "group-without-session",
        "summary round",
        &[("north", FILE, GONE)],
        &[("north", FILE, GONE), ("summary", "status", "draft")],
    ),
    case(
        "summary-of-drafts",
        "summary status",
        &[("north", "status", "draft")],
        &[("north", "status", "draft"), ("summary", "status", "draft")],
    ),
    case(
        "goal-missing",
        "north notes[0]",
        &[("north", "notes[0].service_area", "adults")],
        &[("north", "notes[0].service_area", "children")],
    ),
    case(
        "final-needs",
        "item competence",
        &[("item", "competence", GONE)],
        &[("item", "competence", GONE), ("item", "status", "draft")],
    ),
    case(
        "sender-other",
        "round authority.name",
        &[("round", "authority.name", "Wellbeing Services County of Tests")],
        &[
            ("round", "authority.name", "Wellbeing Services County of Tests"),
            ("round", "status", "draft"),
        ],
    ),
    case(
        "text-unfilled",
        "north chair.name",
        &[("north", "chair.name", "[Name]")],
        &[("north", "chair.name", "[Name]"), ("north", "status", "draft")],
    ),
    case(
        "meeting-incomplete",
        "round schedule[0]",
        &[("round", "schedule[0].start", GONE)],
        &[("round", "schedule[0].start", GONE), ("round", "status", "draft")],
    ),
    case(
        "distribution-incomplete",
        "north distribution",
        &[("north", "distribution[1]", GONE)],
        &[("north", "distribution[1]", GONE), ("north", "status", "draft")],
    ),
    case(
        "text-placeholder",
        "item sections[0].text",
        &[("item", "sections[0].text", "The place is TBD.")],
        &[("item", "sections[0].text", "See the [plan](https://example.org/plan).")],
    ),
    case(
        "appeal-of-council",
        "item body",
        &[("item", "body", "County council"), ("item", "action", "approve")],
        &[
            ("item", "body", "County council"),
            ("item", "action", "approve"),
            ("item", "appeal", "complaint"),
        ],
    ),
    case(
        "attachment-draft",
        "item attachments[0].record",
        &[("item", "attachments", r#"[{"record": "plan"}]"#), ("plan", "status", "draft")],
        &[("item", "attachments", r#"[{"record": "plan"}]"#)],
    ),
    case(
        "attachment-number",
        "item sections[0].text",
        &[
            ("item", "attachments", r#"[{"record": "plan"}]"#),
            ("item", "sections[0].text", "The measures are in attachment 2."),
        ],
        &[
            ("item", "attachments", r#"[{"record": "plan"}]"#),
            ("item", "sections[0].text", "The measures are in attachment 1."),
        ],
    ),
    case(
        "slide-number-typed",
        "summary general[0]",
        &[("summary", "general[0]", "The goals are shared: slide 6.")],
        &[("summary", "general[0]", "The goals are shared: {slides:goals}.")],
    ),
    case(
        "highlight-without-groups",
        "summary highlights[0]",
        &[(
            "summary",
            "highlights",
            r#"[{"priority": "mind", "service_area": "children", "bullets": ["Places to meet"]}]"#,
        )],
        &[(
            "summary",
            "highlights",
            r#"[{"groups": ["north"], "priority": "mind", "service_area": "children",
                "bullets": ["Places to meet"]}]"#,
        )],
    ),
    case(
        "highlight-replaces",
        "summary highlights[0]",
        &[(
            "summary",
            "highlights",
            r#"[{"groups": ["north"], "priority": "safety", "service_area": "children",
                "bullets": ["Family centres"]}]"#,
        )],
        &[(
            "summary",
            "highlights",
            r#"[{"groups": ["north"], "priority": "mind", "service_area": "children",
                "bullets": ["Family centres"]}]"#,
        )],
    ),
    case(
        "attendance-twice",
        "north present[1]",
        &[(
            "north",
            "present",
            r#"[{"sector": "municipality", "organisation": "Alder", "name": "Pat Proof"},
                {"sector": "municipality", "organisation": "alder", "name": "Proof, Pat"}]"#,
        )],
        &[(
            "north",
            "present",
            r#"[{"sector": "municipality", "organisation": "Alder", "name": "Pat Proof"},
                {"sector": "organisation", "organisation": "Clubs", "name": "Pat Proof"}]"#,
        )],
    ),
    case(
        "attendance-both",
        "north absent[0]",
        &[
            (
                "north",
                "present",
                r#"[{"sector": "municipality", "organisation": "Alder", "name": "Pat Proof"}]"#,
            ),
            (
                "north",
                "absent",
                r#"[{"sector": "municipality", "organisation": "Alder", "name": "Pat Proof"}]"#,
            ),
        ],
        &[
            (
                "north",
                "present",
                r#"[{"sector": "municipality", "organisation": "Alder", "count": 3}]"#,
            ),
            (
                "north",
                "absent",
                r#"[{"sector": "municipality", "organisation": "Alder", "count": 2}]"#,
            ),
        ],
    ),
    case(
        "office-expired",
        "item presenter.name",
        &[(SETTINGS, FILE, UNTIL_SUMMER)],
        &[(SETTINGS, FILE, UNTIL_SUMMER), ("item", "meeting_date", "2025-06-30")],
    ),
    case(
        "office-other",
        "item presenter.name",
        &[(SETTINGS, FILE, PAT)],
        &[(SETTINGS, FILE, PAT), ("item", "presenter.name", "Proof Pat")],
    ),
    case(
        "office-acting",
        "item presenter.acting",
        &[(SETTINGS, FILE, UNTIL_WINTER)],
        &[(SETTINGS, FILE, UNTIL_WINTER), ("item", "presenter.acting", "true")],
    ),
    case(
        "office-acting-written",
        "item presenter.title",
        &[("item", "presenter.title", "acting director")],
        &[("item", "presenter.acting", "true")],
    ),
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

fn change(desk: &Desk, edits: &[Edit]) {
    for (file, field, new) in edits {
        let name = format!("records/{file}.json");
        match (*file, *field, *new) {
            (SETTINGS, ..) => _ = desk.write("kirjuri.toml", new),
            (_, FILE, GONE) => _ = desk.remove(&name),
            (_, FILE, text) => _ = desk.write(&name, text),
            (_, COPY, from) => {
                let text = desk.read(&format!("records/{from}.json"));
                desk.write(&name, text);
            }
            _ => _ = desk.edit(&name, |record| change_field(record, field, new)),
        }
    }
}

/// Gives a field such as `notes[0].text` its new value.
fn change_field(record: &mut Value, field: &str, new: &str) {
    let path = field.replace('[', ".").replace(']', "");
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path.as_str()));
    let steps = parent.split('.').filter(|step| !step.is_empty());
    let pointer: String = steps.map(|step| format!("/{step}")).collect();
    let value = || serde_json::from_str(new).unwrap_or_else(|_| Value::from(new));
    match (record.pointer_mut(&pointer).unwrap(), new) {
        (Value::Object(fields), GONE) => assert!(fields.shift_remove(last).is_some(), "{field}"),
        (Value::Object(fields), _) => _ = fields.insert(last.to_owned(), value()),
        (Value::Array(items), GONE) => _ = items.remove(last.parse().unwrap()),
        (Value::Array(items), _) => items[last.parse::<usize>().unwrap()] = value(),
        (other, _) => panic!("{field} in {other}"),
    }
}

/// All that `check` says of the small records with these changes.
fn findings(edits: &[Edit]) -> Vec<Value> {
    let desk = Desk::fixture("small");
    change(&desk, edits);
    problems(&desk)
}

fn problems(desk: &Desk) -> Vec<Value> {
    let run = at(desk, NOW, "check --format json");
    let answer: Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr));
    answer["problems"].as_array().unwrap().clone()
}

/// `file field` of every finding of a rule.
fn places(rule: &str, findings: &[Value]) -> Vec<String> {
    let of_rule = findings.iter().filter(|finding| finding["rule"] == rule);
    let place = |finding: &Value| {
        let word = |name: &str| finding[name].as_str().unwrap().to_owned();
        let file = word("file");
        let file = file.trim_start_matches("records/").trim_end_matches(".json");
        format!("{file} {}", word("field"))
    };
    of_rule.map(place).collect()
}

/// Tries one case; what went otherwise than it should.
fn attempt(case: &Case) -> Option<String> {
    let (bad, good) = (findings(case.bad), findings(case.good));
    let (broken, kept) = (places(case.rule, &bad), places(case.rule, &good));
    if broken == [case.found] && kept.is_empty() {
        return None;
    }
    let all: Vec<&Value> = bad.iter().map(|finding| &finding["rule"]).collect();
    let rule = case.rule;
    Some(format!("{rule}: broken at {broken:?}, all {all:?}; found in good records at {kept:?}"))
}

#[test]
fn the_table_has_every_rule_and_no_other() {
    let tried: BTreeSet<&str> =
        CASES.iter().map(|case| case.rule).chain(ELSEWHERE.iter().copied()).collect();
    let rules: BTreeSet<&str> = kirjuri::model::lint::configurable().map(|lint| lint.key).collect();
    assert_eq!(tried, rules);
}

#[test]
fn every_rule_finds_what_breaks_it_and_leaves_alone_what_does_not() {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) = CASES.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(failure) = attempt(case) {
                        failed.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "\n{}\n", failed.join("\n"));
}

#[test]
fn every_rule_is_as_serious_as_the_table_of_the_program_says() {
    let desk = Desk::fixture("small");
    let usual: BTreeMap<&str, String> = kirjuri::model::lint::configurable()
        .map(|lint| (lint.key, json!(lint.severity).as_str().unwrap().to_owned()))
        .collect();
    // broken at once, as far as one does not hide another
    let together = [
        "citation-style",
        "date-weekday",
        "slide-number-typed",
        "highlight-without-groups",
        "session-mode-differs",
        "goal-missing",
        "link-repeated",
        "statute-section-missing",
    ];
    for case in CASES.iter().filter(|case| together.contains(&case.rule)) {
        change(&desk, case.bad);
    }
    desk.replace("records/item.json", "Monday 23", "the 7§ day, Monday 23");
    let found = problems(&desk);
    for finding in &found {
        let rule = finding["rule"].as_str().unwrap();
        if let Some(severity) = usual.get(rule) {
            assert_eq!(finding["severity"].as_str().unwrap(), severity, "{rule}");
        }
    }
    let rules: BTreeSet<&str> = found.iter().map(|one| one["rule"].as_str().unwrap()).collect();
    let missing: Vec<&str> = together.into_iter().filter(|rule| !rules.contains(rule)).collect();
    assert!(missing.is_empty(), "{missing:?} not in {rules:?}");
}

/// Where the tests of settings and acceptances cut a text short.
const CUT: &[Edit] = &[("north", "notes[0].text", "Family centres and")];
/// Where they break a rule that is an error.
const WEEKDAY: &[Edit] =
    &[("item", "sections[0].text", "The talks begin on Monday 23 October 2025.")];

/// The findings of a rule with these settings of the rules.
fn graded(rule: &str, edits: &[Edit], grade: &str) -> (Option<i32>, Vec<Value>) {
    let desk = Desk::fixture("small");
    change(&desk, edits);
    desk.write("kirjuri.toml", format!("[check.rules]\n{rule} = \"{grade}\"\n"));
    let code = at(&desk, NOW, "check").code;
    let mut found = problems(&desk);
    found.retain(|finding| finding["rule"] == rule);
    (code, found)
}

#[test]
fn a_rule_is_switched_off_or_graded_anew() {
    for (rule, edits) in [("text-cut", CUT), ("date-weekday", WEEKDAY)] {
        assert_eq!(graded(rule, edits, "off"), (Some(0), Vec::new()), "{rule}");
        for (grade, code) in [("hint", 0), ("warning", 0), ("error", 1)] {
            let (ended, found) = graded(rule, edits, grade);
            assert_eq!(ended, Some(code), "{rule} as {grade}");
            assert_eq!(found.len(), 1, "{rule} as {grade}");
            assert_eq!(found[0]["severity"], grade, "{rule}");
        }
    }
}

#[test]
fn every_rule_can_be_switched_off() {
    let desk = Desk::fixture("small");
    for edits in [CUT, WEEKDAY] {
        change(&desk, edits);
    }
    let off = kirjuri::model::lint::configurable().map(|lint| format!("{} = \"off\"\n", lint.key));
    desk.write("kirjuri.toml", format!("[check.rules]\n{}", off.collect::<String>()));
    at(&desk, NOW, "check").exits(0);
    assert_eq!(problems(&desk), Vec::<Value>::new());
}

#[test]
fn a_rule_graded_as_an_error_holds_back_the_final_document() {
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    let run = at(&desk, NOW, "build").exits(0);
    assert!(run.issued().contains("talks-north-memo.pdf"));
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    desk.write("kirjuri.toml", "[check.rules]\ntext-cut = \"error\"\n");
    let run = at(&desk, NOW, "build").exits(1);
    assert!(!run.issued().contains("talks-north-memo.pdf"), "{}", run.stdout);
    assert!(run.issued().contains("talks-south-memo.pdf"), "{}", run.stdout);
}

#[test]
fn settings_that_name_no_rule_of_judgement_are_refused() {
    for (settings, said) in [
        ("[check.rules]\ntext-cutt = \"off\"\n", "did you mean `text-cut`?"),
        // what keeps documents from being wrong is no matter of judgement
        ("[check.rules]\njson-cut = \"off\"\n", "no rule `json-cut`"),
        ("[check.rules]\ntext-cut = \"loud\"\n", "the value `loud` is not known"),
        ("[check.rule]\ntext-cut = \"off\"\n", "there is no setting `rule`"),
    ] {
        let desk = Desk::fixture("small");
        desk.write("kirjuri.toml", settings);
        at(&desk, NOW, "check").exits(2).complains(said);
    }
}

#[test]
fn settings_with_an_office_that_ends_before_it_begins_are_refused() {
    let desk = Desk::fixture("small");
    desk.write("kirjuri.toml", UNTIL_WINTER.replace("2025-01-01", "2026-01-01"));
    at(&desk, NOW, "check").exits(2).complains("Dana Demo");
}

/// Lets a record accept findings.
fn accept(desk: &Desk, file: &str, acceptances: Value) {
    desk.edit(&format!("records/{file}.json"), |record| record["accept"] = acceptances);
}

#[test]
fn an_accepted_finding_stays_visible_with_its_reason() {
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    change(&desk, &[("north", "notes[1].text", "Meeting places and")]);
    accept(
        &desk,
        "north",
        json!([{ "rule": "text-cut", "field": "notes[0].text", "reason": "The group said it so" }]),
    );
    let found = problems(&desk);
    let of = |field: &str| found.iter().find(|finding| finding["field"] == field).unwrap();
    assert_eq!(of("notes[0].text")["severity"], "hint");
    assert_eq!(of("notes[0].text")["accepted"], "The group said it so");
    assert_eq!(of("notes[1].text")["severity"], "warning", "another field is not accepted");
    assert!(of("notes[1].text")["accepted"].is_null());
    assert_eq!(found.len(), 2);
    at(&desk, NOW, "check").exits(0).complains("The group said it so");
}

#[test]
fn without_a_field_the_only_finding_of_a_rule_is_accepted() {
    let desk = Desk::fixture("small");
    change(&desk, CUT);
    accept(&desk, "north", json!([{ "rule": "text-cut", "reason": "The group said it so" }]));
    let found = problems(&desk);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["accepted"], "The group said it so");
}

#[test]
fn a_rule_that_is_not_known_or_not_of_judgement_is_not_accepted() {
    let desk = Desk::fixture("small");
    change(&desk, &[("item", "round", "nowhere")]);
    accept(
        &desk,
        "item",
        json!([
            { "rule": "record-missing", "reason": "It comes later" },
            { "rule": "text-cutt", "reason": "It ends so" },
        ]),
    );
    let found = problems(&desk);
    assert_eq!(places("accept-refused", &found), ["item accept[0].rule"]);
    assert_eq!(places("accept-unknown", &found), ["item accept[1].rule"]);
    assert_eq!(places("record-missing", &found), ["item round"]);
    at(&desk, NOW, "check").exits(1).complains("did you mean `text-cut`?");
}

#[test]
fn a_judgement_holds_back_final_documents_and_no_drafts() {
    let desk = Desk::fixture("small");
    change(&desk, WEEKDAY);
    let run = at(&desk, NOW, "build").exits(1).complains("date-weekday");
    assert!(!run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
    assert!(run.issued().contains("talks-plan.pdf"), "{}", run.stdout);
    change(&desk, &[("item", "status", "draft")]);
    let run = at(&desk, NOW, "build").complains("date-weekday");
    assert!(run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
    assert!(desk.pdf("item-proposal").says("DRAFT"));
    // what is wrong in a round holds back what draws on it
    let desk = Desk::fixture("small");
    change(&desk, &[("round", "basis[0].statute", "612/2024"), ("south", "status", "draft")]);
    let issued = at(&desk, NOW, "build").exits(1).issued();
    assert!(!issued.contains("talks-north-memo.pdf") && !issued.contains("talks-plan.pdf"));
    assert!(issued.contains("talks-south-memo.pdf"), "{issued:?}");
}

#[test]
fn an_accepted_judgement_lets_the_final_document_be_issued() {
    let desk = Desk::fixture("small");
    change(&desk, WEEKDAY);
    accept(
        &desk,
        "item",
        json!([{ "rule": "date-weekday", "field": "sections[0].text", "reason": "It is a quote" }]),
    );
    let run = at(&desk, NOW, "build").exits(0);
    assert!(run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
    let pdf = desk.pdf("item-proposal");
    assert!(!pdf.says("It is a quote"), "what was accepted is nothing for readers");
}

#[test]
fn an_error_behind_a_hundred_warnings_still_holds_the_final_document_back() {
    let desk = Desk::fixture("small");
    desk.edit("records/item.json", |item| {
        let warned = json!({ "text": "Comments can be sent until 23 October." });
        let mut sections = vec![warned; 101];
        sections.push(json!({ "text": "The place is TBD." }));
        item["sections"] = sections.into();
    });
    at(&desk, NOW, "check").exits(1).complains("text-placeholder");
    let run = at(&desk, NOW, "build").exits(1);
    assert!(!run.issued().contains("item-proposal.pdf"), "{}", run.stdout);
}
