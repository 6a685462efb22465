//! Mutations of records: sessions, rounds, other kinds, fields and values, JSON.

use super::Change::*;
use super::{Row, row};

pub const ROWS: &[Row] = &[
    // sessions against their round
    row("session-date-differs", Text("2025-10-24"), &["2025/session-jamsa date"]),
    row("session-date-differs", Text("2025-11-12"), &["2025/session-jyvaskyla date"]),
    row("session-date-differs", Text("2025-12-04"), &["2025/forum-yritykset date"]),
    row(
        "session-mode-differs",
        Text("hybrid"),
        &["2025/session-joutsa mode", "2025/forum-yritykset mode"],
    ),
    row(
        "session-time-differs",
        Text("12:00"),
        &[
            "2025/session-viitasaari start",
            "2025/round schedule[2].start > 2025/session-saarijarvi start",
        ],
    ),
    row(
        "session-unplanned",
        Text("Yritysten foorumi"),
        &["2025/forum-yritykset forum.title > forum"],
    ),
    row("times-order", Text("16:00"), &["2024/round schedule[1].end"]),
    row(
        "deadline-order",
        Text("2025-10-01"),
        &["2025/session-joutsa agreed[1].by", "2025/session-jyvaskyla agreed[0].by"],
    ),
    row(
        "deadline-order",
        Text("2026-02-01"),
        &["2026/toimenpiteet measures[3].by", "2026/seuranta measures[0].by"],
    ),
    row("held-after-document", Text("2025-10-22"), &["2025/session-jamsa issued > date"]),
    row(
        "held-after-document",
        Text("2025-12-20"),
        &["2025/session-jyvaskyla comments[0].received"],
    ),
    row(
        "distribution-incomplete",
        Gone,
        &[
            "2025/session-jamsa distribution[2] > distribution",
            "2025/session-viitasaari distribution[0] > distribution",
        ],
    ),
    row(
        "record-missing",
        Text("hyte-2023"),
        &["2025/paatos-hyte-2025 round", "2026/toimenpiteet round"],
    ),
    row("record-of-other-kind", Text("hyte-2025-koonti"), &["2026/seuranta round"]),
    row("record-of-other-kind", Text("hyte-2025"), &["2026/paatos-yhdyspinta sections[4].of"]),
    row(
        "priority-missing",
        Text("arjen-turva"),
        &["2025/session-jamsa notes[0].priority", "2025/session-saarijarvi notes[6].priority"],
    ),
    row(
        "area-missing",
        Text("nuoret"),
        &[
            "2025/session-viitasaari notes[0].service_area",
            "2025/session-joutsa notes[16].service_areas[0]",
        ],
    ),
    row(
        "group-missing",
        Text("muurame"),
        &["2025/summary highlights[4].groups[0]", "2024/round schedule[1].group"],
    ),
    row(
        "note-without-priority",
        Gone,
        &[
            "2025/session-aanekoski notes[1].priority > notes[1]",
            "2025/session-joutsa notes[17].priority > notes[17]",
        ],
    ),
    row("note-two-places", Add("sector", "parish"), &["2025/session-jamsa notes[1] > notes[1]"]),
    row(
        "note-two-areas",
        Add("service_areas", r#"["lapset"]"#),
        &["2025/session-saarijarvi notes[3]"],
    ),
    row(
        "count-and-name",
        Add("name", "Jokke Järjestöläinen"),
        &["2025/session-aanekoski present[8] > present[8]"],
    ),
    row("group-or-forum", Gone, &["2024/round schedule[0].forum > schedule[0]"]),
    row("secret-in-public", Add("secret", "true"), &["2025/session-jamsa notes[5]"]),
    row(
        "meeting-incomplete",
        Gone,
        &[
            "2025/round schedule[0].start > schedule[0]",
            "2025/round schedule[4].end > schedule[4]",
            "2024/round schedule[5].place > schedule[5]",
        ],
    ),
    row(
        "final-needs",
        Gone,
        &[
            "2025/session-jamsa chair",
            "2025/session-saarijarvi secretary",
            "2025/session-joutsa start",
            "2025/session-viitasaari end",
            "2025/forum-yritykset distribution",
            "2025/session-jyvaskyla present",
        ],
    ),
    // rounds, proposals, summaries, measures
    row("part-twice", Text("arjen-turvallisuus"), &["2024/round priorities[1].id"]),
    row(
        "goal-twice",
        Push(
            r#"{"priority": "arjen-turvallisuus", "service_area": "lapset", "goal": "Arki sujuu"}"#,
        ),
        &["2025/round goals > goals[15]"],
    ),
    row("years-order", Set("2024"), &["2025/round-14 years.to"]),
    row(
        "link-form",
        Text("hyvaks.fi/kortit"),
        &["2025/round materials[2].link", "2025/session-jamsa attachments[1].link"],
    ),
    row(
        "link-repeated",
        Text("https://hyte.pshyvinvointialue.fi/suunta"),
        &["2024/round survey.materials[2].link"],
    ),
    row(
        "link-text",
        Text("https://www.hyvaks.fi/kuntakortit"),
        &["2025/round materials[2].title", "2025/session-aanekoski attachments[1].title"],
    ),
    row(
        "link-text",
        End(" Katso [tästä](https://www.hyvaks.fi/hyte)."),
        &["2025/session-jyvaskyla follow_up"],
    ),
    row(
        "attachment-number",
        Swap("Sisältöä", "Liitteessä 2 kuvattua sisältöä"),
        &["2025/paatos-hyte-2025 sections[4].text"],
    ),
    row(
        "attachment-number",
        Swap("liitteenä olevan", "liitteen 3 mukaisen"),
        &["2026/paatos-yhdyspinta motion"],
    ),
    row("attachment-empty", Gone, &["2025/session-joutsa attachments[0].title > attachments[0]"]),
    row(
        "attachment-title-twice",
        Add("title", "Toimenpiteet"),
        &["2026/paatos-yhdyspinta attachments[0]"],
    ),
    row("attachment-missing", Text("hyte-2030"), &["2025/paatos-hyte-2025 attachments[0].record"]),
    row(
        "attachment-of-itself",
        Text("paatos-14-pykala"),
        &["2025/paatos-14-pykala attachments[0].record"],
    ),
    row(
        "attachment-draft",
        Text("draft"),
        &[
            "2026/toimenpiteet status > 2026/paatos-yhdyspinta attachments[0].record",
            "2025/round status > 2025/paatos-hyte-2025 attachments[0].record",
        ],
    ),
    row(
        "summary-of-drafts",
        Text("draft"),
        &[
            "2025/session-jamsa status > 2025/summary status",
            "2025/forum-yritykset status > 2025/summary status",
        ],
    ),
    row("appeal-forbidden", Add("appeal", "rectification"), &["2025/paatos-14-pykala"]),
    row("appeal-of-council", Text("Aluevaltuusto"), &["2026/paatos-yhdyspinta body"]),
    row("decision-before-meeting", Text("2025-10-06"), &["2025/paatos-14-pykala decision.date"]),
    row(
        "certified-before-decision",
        Text("2025-10-01"),
        &["2025/paatos-14-pykala decision.certified"],
    ),
    row(
        "certified-by-nobody",
        Gone,
        &["2025/paatos-14-pykala decision.certified_by > decision.certified"],
    ),
    row(
        "published-before-decision",
        Add("published", "2025-10-01"),
        &["2025/paatos-14-pykala decision"],
    ),
    row("year-future", Set("2199"), &["2024/round history[0].year"]),
    row("text-missing", Text("strategia-2030"), &["2025/paatos-hyte-2025 strategy_text"]),
    row("section-empty", Gone, &["2025/paatos-hyte-2025 sections[2].text > sections[2]"]),
    row(
        "office-acting-written",
        Text("vt. hyvinvointialuejohtaja"),
        &["2026/paatos-yhdyspinta presenter.title"],
    ),
    row(
        "office-acting-written",
        Text("Vt. Esko Esimerkki"),
        &["2025/paatos-hyte-2025 presenter.name"],
    ),
    row("slide-number-typed", Swap("{slides:goals}", "dia 6"), &["2025/summary general[1]"]),
    row("slide-number-typed", Swap("{slides:groups}", "diat 14–19"), &["2025/summary general[3]"]),
    row("slide-number-typed", End(" Ks. sivu 12."), &["2025/summary implementation[3]"]),
    row("slides-unknown", Swap("slides:groups", "slides:ryhmat"), &["2025/summary general[3]"]),
    row(
        "slides-outside",
        End(" {slides:goals}"),
        &["2025/session-jamsa agreed[0].what", "2025/paatos-hyte-2025 motion"],
    ),
    row("slide-stays", Add("omit", r#"["title"]"#), &["2025/summary > omit[0]"]),
    row("highlight-without-groups", Gone, &["2025/summary highlights[10].groups > highlights[10]"]),
    row(
        "highlight-twice",
        Text("jamsa"),
        &["2025/summary highlights[4].groups[0] > highlights[4]"],
    ),
    row("measure-twice", Set("1"), &["2026/toimenpiteet measures[1].number"]),
    row("measure-missing", Set("9"), &["2026/seuranta follow_up[3].measure"]),
    row("follow-up-twice", Set("1"), &["2026/seuranta follow_up[1].measure > follow_up[1]"]),
    row("correction-without-version", Add("corrects", "Korjattu päivä"), &["2025/session-jamsa"]),
    row("version-without-correction", Add("version", "2"), &["2025/paatos-hyte-2025"]),
    row("secrecy-basis-missing", Text("partly-secret"), &["2025/session-joutsa case.publicity"]),
    row(
        "retention-form",
        Add("permanent", "true"),
        &["2025/summary case.retention > case.retention"],
    ),
    row("retention-form", Gone, &["2026/seuranta case.retention.years > case.retention"]),
    row(
        "accept-unused",
        Add("accept", r#"[{"rule": "text-cut", "reason": "Otsikko loppuu näin"}]"#),
        &["2025/session-jamsa > accept[0].rule"],
    ),
    row(
        "accept-unknown",
        Add("accept", r#"[{"rule": "text-cutt", "reason": "Otsikko loppuu näin"}]"#),
        &["2026/seuranta > accept[0].rule"],
    ),
    row("language-twice", Add("also_in", r#"["fi"]"#), &["2025/summary > also_in[0]"]),
    row("translation-none", Add("also_in", r#"["sv"]"#), &["2026/toimenpiteet", "2024/round"]),
    row(
        "translation-unused",
        Set(r#"{"fi": "Yhdyspintasuunnitelma", "sv": "Plan"}"#),
        &["2026/toimenpiteet plan.title > plan.title.sv"],
    ),
    row(
        "character-unknown",
        End(" 漢"),
        &["2025/session-jamsa notes[5].text", "2025/round goals[6].background"],
    ),
    // fields and values
    row(
        "field-missing",
        Gone,
        &[
            "2024/round title",
            "2025/session-jamsa round",
            "2025/session-jamsa notes[0].text",
            "2025/session-joutsa mode",
        ],
    ),
    row("field-unknown", Add("weather", "sun"), &["2025/session-jamsa", "2025/round authority"]),
    row("field-misspelt", Add("palce", "Jämsä"), &["2025/session-joutsa"]),
    row("field-misspelt", Add("agred", "[]"), &["2025/session-saarijarvi"]),
    row("value-type", Set("12"), &["2025/session-jamsa chair.name", "2025/summary general[0]"]),
    row(
        "value-type",
        Text("12"),
        &["2025/paatos-hyte-2025 section", "2025/session-jyvaskyla notes[0].secret"],
    ),
    row(
        "value-unknown",
        Text("telepathy"),
        &["2025/session-jamsa mode", "2025/paatos-14-pykala action"],
    ),
    row(
        "value-misspelt",
        Text("remot"),
        &["2025/session-jamsa mode", "2025/round schedule[3].mode"],
    ),
    row("value-misspelt", Text("finall"), &["2026/toimenpiteet status"]),
    row("value-misspelt", Text("under-wey"), &["2026/seuranta follow_up[0].status"]),
    row("kind-missing", Gone, &["2026/seuranta kind > "]),
    row(
        "number-small",
        Set("0"),
        &["2025/session-aanekoski present[8].count", "2026/toimenpiteet measures[0].number"],
    ),
    row(
        "number-large",
        Set("20250"),
        &["2025/round years.from", "2025/session-aanekoski present[8].count"],
    ),
    row(
        "list-empty",
        Set("[]"),
        &["2025/round groups[1].municipalities", "2025/summary highlights[0].bullets"],
    ),
    row(
        "form-date",
        Text("23.10.2025"),
        &["2025/session-jamsa date", "2025/round schedule[0].date"],
    ),
    row("form-date", Text("2025-02-30"), &["2025/session-joutsa agreed[0].by"]),
    row("form-time", Text("13.00"), &["2025/session-jamsa start", "2025/round schedule[2].end"]),
    row("form-id", Text("Hyte 2025"), &["2025/session-jamsa round", "2026/seuranta id"]),
    row("text-blank", Text(" "), &["2025/session-jamsa notes[0].text", "2025/round title"]),
    row(
        "text-line-break",
        Text("Yksi\nkaksi"),
        &["2025/session-jamsa agreed[0].what", "2024/round preparation[0]"],
    ),
    row(
        "text-control",
        Text("Yksi\u{7}kaksi"),
        &["2025/session-jamsa notes[0].text", "2025/summary general[0]"],
    ),
    row(
        "text-markup",
        Text("Katso [ohje](www.thl.fi)"),
        &["2025/session-jamsa notes[0].text", "2025/paatos-hyte-2025 sections[1].text"],
    ),
    row(
        "text-too-long",
        Many("sana "),
        &["2025/session-jamsa agreed[0].what", "2025/round goals[0].goal"],
    ),
    // texts that are not JSON
    row("json-trailing-comma", Raw("\n  ]\n}", "\n  ],\n}", 0), &["2025/round"]),
    row("json-trailing-comma", Raw("\"remote\"\n    }", "\"remote\",\n    }", 0), &["2025/round"]),
    row(
        "json-missing-comma",
        Raw("\"status\": \"final\",", "\"status\": \"final\"", 1),
        &["2025/session-jamsa", "2026/toimenpiteet"],
    ),
    row(
        "json-missing-colon",
        Raw("\"status\": ", "\"status\" ", 0),
        &["2025/session-joutsa", "2025/paatos-14-pykala"],
    ),
    row(
        "json-comment",
        Raw("  \"status\"", "  // valmis\n  \"status\"", 0),
        &["2025/round-14", "2025/session-viitasaari"],
    ),
    row("json-quotes", Raw("\"final\"", "”final”", 0), &["2024/round", "2026/seuranta"]),
    row(
        "json-line-break",
        Raw("Keski-Suomen", "Keski-\nSuomen", 0),
        &["2025/round", "2026/toimenpiteet"],
    ),
    row("json-two-values", Tail("\n{}"), &["2025/summary", "2026/seuranta"]),
    row("json-cut", Half("\n  \"round\""), &["2025/session-jyvaskyla", "2025/summary"]),
    row("not-object", Whole("[]"), &["2026/seuranta"]),
    row("json-value-bare", Raw("\"remote\"", "remote", 0), &["2025/session-jamsa"]),
    row("json-value-bare", Raw("true", "True", 0), &["2026/paatos-yhdyspinta"]),
    row(
        "field-twice",
        Raw("  \"status\": \"final\",", "  \"status\": \"final\",\n  \"status\": \"final\",", 0),
        &["2025/session-jyvaskyla > status", "2025/summary > status"],
    ),
];
