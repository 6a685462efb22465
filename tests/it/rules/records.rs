//! Cases of rules about records: statutes, municipalities, dates, sessions, offices.

use super::{COPY, Case, FILE, GONE, SETTINGS, case};

const UNTIL_SUMMER: &str = r#"[[check.office]]
title = "director"
name = "Dana Demo"
until = "2025-06-30"
"#;
pub const UNTIL_WINTER: &str = r#"[[check.office]]
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

pub const CASES: &[Case] = &[
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
];
