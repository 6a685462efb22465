//! Records broken in one way each: every mutation of the table is done to a
//! fresh copy of the sample records, and the program has to find it, in the
//! right file and on the right line, and nothing beside it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::desk::Desk;
use crate::registry::at;

use Change::*;

/// 1 October 2025, before any of the sessions of 2025.
const NOW: &str = "1759276800";

/// What dictionary there is on the machine must not matter.
const SETTINGS: &str = "[check.rules]\nspelling = \"off\"\n";

/// One way to break a record.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// A word of the text stands twice; words are counted from 0.
    Twice(usize),
    /// Two spaces behind a word of the text.
    Wide(usize),
    /// The text ends behind a word, with "ja".
    Cut(usize),
    /// A part of the text becomes another.
    Swap(&'static str, &'static str),
    /// Something more at the end of the text.
    End(&'static str),
    /// Another text.
    Text(&'static str),
    /// A text far too long.
    Many(&'static str),
    /// Another value, as JSON.
    Set(&'static str),
    /// One more field of the object: its name and its value.
    Add(&'static str, &'static str),
    /// One more element of the list.
    Push(&'static str),
    /// Two elements of the list change places.
    Trade(usize, usize),
    /// The field or element goes.
    Gone,
    /// A part of the file becomes another; the fault is so many lines below
    /// the first line that differs.
    Raw(&'static str, &'static str, usize),
    /// Something more at the end of the file, which is the fault.
    Tail(&'static str),
    /// The file ends where this begins.
    Half(&'static str),
    /// The file has nothing but this.
    Whole(&'static str),
}

/// One change at several places, all of which break the same rule.
#[derive(Debug, Clone, Copy)]
struct Row {
    rule: &'static str,
    change: Change,
    /// `file field`, and behind `>` the field that is wrong then, where it is
    /// another, if need be in another file.
    places: &'static [&'static str],
}

const fn row(rule: &'static str, change: Change, places: &'static [&'static str]) -> Row {
    Row { rule, change, places }
}

/// A sentence that is too long.
const LONG: &str = ". Sen lisäksi on sovittava siitä, miten kunnat ja hyvinvointialue \
    tiedottavat palveluista asukkaille ja järjestöille, kuka vastaa tiedon ajantasaisuudesta, \
    miten palautetta kerätään ja käsitellään, kuinka usein tilannetta arvioidaan yhdessä, \
    missä arviot julkaistaan ja kenelle niistä kerrotaan, kun toimintaa suunnitellaan \
    uudelleen seuraavia vaiheita varten.";

const TABLE: &[Row] = &[
    // how texts are written
    row(
        "text-word-twice",
        Twice(1),
        &[
            "2024/round preparation[0]",
            "2025/round-14 goal_sets[3].text",
            "2025/session-jamsa notes[1].text",
            "2025/session-saarijarvi agreed[0].what",
            "2025/session-viitasaari follow_up",
            "2025/paatos-14-pykala motion",
        ],
    ),
    row(
        "text-spaces",
        Wide(1),
        &[
            "2024/round history[0].bullets[1]",
            "2025/round priorities[2].name",
            "2025/round-14 phases[1].bullets[0]",
            "2025/session-joutsa notes[7].topic",
            "2025/session-jyvaskyla notes[1].text",
            "2025/session-jamsa agreed[1].what",
        ],
    ),
    row("text-spaces", Swap(", ", " , "), &["2025/round history[0].bullets[1]"]),
    row("text-spaces", Swap(", ", ","), &["2025/session-joutsa notes[7].text"]),
    row("text-spaces", Swap(". ", " . "), &["2024/round preparation[7]"]),
    row("text-spaces", Swap(". ", "."), &["2026/toimenpiteet measures[4].purpose"]),
    row(
        "text-stops",
        End("."),
        &[
            "2024/round themes[0].bullets[0]",
            "2025/round history[0].bullets[4]",
            "2025/session-aanekoski follow_up",
            "2025/paatos-14-pykala sections[5].text",
        ],
    ),
    row("text-stops", Swap(", ", ",, "), &["2025/session-saarijarvi notes[0].text"]),
    row(
        "text-cut",
        Cut(4),
        &[
            "2024/round preparation[2]",
            "2025/round goals[1].goal",
            "2025/round-14 phases[0].bullets[1]",
            "2025/session-aanekoski notes[11].text",
            "2025/session-jyvaskyla agreed[0].what",
        ],
    ),
    row("text-cut", Swap(" saakka.", ","), &["2025/forum-yritykset follow_up"]),
    row("text-umlauts-lost", Swap("syrjäyt", "syrjayt"), &["2025/session-jamsa notes[8].text"]),
    row("text-umlauts-lost", Swap("tärkeää", "tarkeaa"), &["2025/session-aanekoski notes[5].text"]),
    row(
        "text-umlauts-lost",
        Swap("Järjestöjen", "Jarjestojen"),
        &["2025/session-joutsa notes[11].text", "2025/session-aanekoski notes[29].topic"],
    ),
    row(
        "text-umlauts-lost",
        Swap("päihteiden", "paihteiden"),
        &["2025/session-jyvaskyla notes[9].text"],
    ),
    row("text-umlauts-lost", Swap("käsiteltiin", "kasiteltiin"), &["2025/round preparation[2]"]),
    row("text-umlauts-lost", Swap("läsnä", "lasna"), &["2025/summary general[3]"]),
    row("text-umlauts-lost", Swap("Työryhmä", "Tyoryhma"), &["2026/seuranta follow_up[0].text"]),
    row(
        "text-word-broken",
        Swap("puuttumista", "puuttum ista"),
        &["2025/session-jyvaskyla notes[9].text"],
    ),
    row(
        "text-word-broken",
        Swap("poistuminen", "poistum inen"),
        &["2025/session-aanekoski notes[16].text"],
    ),
    row(
        "text-word-broken",
        Swap("osallistumista", "osallistum ista"),
        &["2025/session-jamsa notes[10].text"],
    ),
    row("text-word-broken", Swap("edistämisen", "edistä misen"), &["2025/paatos-hyte-2025 motion"]),
    row(
        "text-word-broken",
        Swap("hyödyntäminen", "hyödyntäm inen"),
        &["2025/paatos-hyte-2025 sections[3].text"],
    ),
    row(
        "text-hyphen",
        Swap("Webropol-lomakkeella", "Webropol- lomakkeella"),
        &["2025/session-jyvaskyla follow_up", "2025/forum-yritykset follow_up"],
    ),
    row(
        "text-hyphen",
        Swap("Tavoite-esitykset", "Tavoite- esitykset"),
        &["2025/round preparation[1]"],
    ),
    row(
        "text-dash",
        Swap("2026–2029", "2026-2029"),
        &["2025/round programme[1].bullets[0]", "2025/round materials[0].title"],
    ),
    row(
        "text-dash",
        Swap("; lääkityksen", " - lääkityksen"),
        &["2025/session-joutsa notes[3].text"],
    ),
    row(
        "text-brackets",
        Swap("2021)", "2021"),
        &["2025/round history[0].bullets[0]", "2025/paatos-14-pykala motion"],
    ),
    row("text-brackets", Swap("§ 89)", "§ 89"), &["2026/paatos-yhdyspinta sections[0].text"]),
    row(
        "sentence-long",
        End(LONG),
        &["2025/session-viitasaari notes[6].text", "2025/round goals[2].goal"],
    ),
    row(
        "text-stray",
        Swap("Iltapäivän", "lltapäivän"),
        &["2025/paatos-14-pykala sections[2].text", "2025/round-14 preparation[4]"],
    ),
    row("text-stray", Swap("jä", "jÃ¤"), &["2025/session-jamsa notes[8].text"]),
    row(
        "text-placeholder",
        Text("Paikka avoin"),
        &["2024/round schedule[1].place", "2025/round-14 schedule[0].place"],
    ),
    row("text-placeholder", End(" (TODO)"), &["2025/session-joutsa agreed[0].what"]),
    row("text-placeholder", Text("XX"), &["2025/session-jamsa secretary.name"]),
    row(
        "text-placeholder",
        Swap("Hallintosääntö 17 §", "Hallintosääntö ?? §"),
        &["2026/paatos-yhdyspinta competence"],
    ),
    // words of the trade
    row(
        "term-variant",
        Swap("Webropol", "webropol"),
        &["2025/session-joutsa follow_up", "2025/session-aanekoski follow_up"],
    ),
    row(
        "term-variant",
        Swap("Hyvinvointialueen", "Hyvinvointi-alueen"),
        &["2024/round history[0].bullets[2]"],
    ),
    row(
        "term-variant",
        Swap("hyvinvointialueelta", "hyvinvointi-alueelta"),
        &["2025/session-aanekoski notes[16].text"],
    ),
    row(
        "unit-two-names",
        Text("Hyvinvointi ja terveys"),
        &["2025/round authority.unit", "2025/round-14 authority.unit"],
    ),
    row(
        "abbreviation-unexplained",
        Swap("Suomen Punaisen Ristin", "SPR:n"),
        &["2025/session-viitasaari notes[23].text"],
    ),
    row(
        "abbreviation-unexplained",
        Swap("Kansaneläkelaitoksen", "THL:n"),
        &["2025/session-jamsa notes[11].text"],
    ),
    row("abbreviation-unexplained", End(" ja MLL"), &["2025/session-joutsa agreed[2].what"]),
    row(
        "abbreviation-unexplained",
        Swap("Vertaisohjaajien", "NEET-nuorten"),
        &["2025/session-joutsa notes[18].text"],
    ),
    row(
        "abbreviation-unexplained",
        Swap("kuntakokouksessa", "VM:ssä"),
        &["2026/toimenpiteet measures[0].indicators[1]"],
    ),
    row(
        "abbreviation-unexplained",
        Swap("Kansaneläkelaitoksen", "DVV:n"),
        &["2025/session-jamsa notes[11].text"],
    ),
    row("abbreviation-unknown", Swap("Työkyvyn", "KSTY:n"), &["2025/session-jamsa notes[4].topic"]),
    // dates in texts
    row(
        "date-weekday",
        Swap("19.12.2025", "maanantaina 19.12.2025"),
        &["2025/session-jamsa follow_up", "2025/forum-yritykset follow_up"],
    ),
    row(
        "date-weekday",
        Swap("24.10.2025", "ke 24.10.2025"),
        &["2025/round-14 phases[0].bullets[0]"],
    ),
    row(
        "date-impossible",
        Swap("19.12.2025", "31.11.2025"),
        &["2025/session-viitasaari follow_up"],
    ),
    row("date-impossible", Swap("31.12.2024", "32.12.2024"), &["2024/round themes[1].bullets[1]"]),
    row("date-without-year", Swap("19.12.2025", "19.12."), &["2025/session-saarijarvi follow_up"]),
    row("date-without-year", Swap("5.9.2024.", "5.9."), &["2025/round history[1].bullets[2]"]),
    row(
        "date-without-year",
        Swap("24.10.2025", "24. lokakuuta"),
        &["2025/round-14 phases[0].bullets[0]"],
    ),
    row("date-without-year", Swap("7.10.2026.", "7.10."), &["2026/seuranta follow_up[1].text"]),
    row(
        "date-relative",
        Swap("vuoden 2026", "ensi vuoden"),
        &["2025/session-joutsa follow_up", "2025/session-jyvaskyla follow_up"],
    ),
    row(
        "date-relative",
        Swap("Syksyn 2025", "Tämän syksyn"),
        &["2025/paatos-hyte-2025 sections[1].text"],
    ),
    row(
        "date-repeated",
        Swap("19.12.2025", "19.12.2025 (19.12.2025)"),
        &["2025/session-viitasaari follow_up"],
    ),
    row("date-repeated", Swap("7.10.2026", "18.2.2026"), &["2026/seuranta follow_up[1].text"]),
    row(
        "text-held-later",
        Swap("18.2.2026", "28.2.2026"),
        &["2026/paatos-yhdyspinta sections[3].text"],
    ),
    row("text-held-later", Swap("6.5.2024", "6.5.2025"), &["2024/round preparation[2]"]),
    // statutes
    row(
        "statute-unknown",
        Text("612/2024"),
        &["2024/round basis[0].statute", "2025/round basis[0].statute"],
    ),
    row("statute-unknown", Text("611/2024"), &["2025/round-14 basis[0].statute"]),
    row(
        "statute-unknown",
        Swap("612/2021", "612/2024"),
        &["2025/paatos-hyte-2025 sections[0].text"],
    ),
    row("statute-unknown", Swap("611/2021", "611/2024"), &["2024/round history[0].bullets[0]"]),
    row(
        "statute-mixed",
        Text("611/2021"),
        &["2024/round basis[0].statute", "2025/round basis[0].statute"],
    ),
    row("statute-mixed", Swap("611/2021", "612/2021"), &["2025/round history[0].bullets[0]"]),
    row(
        "statute-name",
        Text("Laki sosiaalihuollon järjestämisestä"),
        &["2025/round basis[0].name"],
    ),
    row("statute-name", Text("Hyvinvointialueista annettu laki"), &["2025/round-14 basis[0].name"]),
    row(
        "statute-section-missing",
        Swap("14 §", "214 §"),
        &["2025/paatos-14-pykala motion", "2024/round history[0].bullets[0]"],
    ),
    row(
        "citation-style",
        Swap("14 §", "14§"),
        &["2025/round history[0].bullets[0]", "2025/round-14 history[0].bullets[0]"],
    ),
    row(
        "citation-style",
        Swap("4 mom.", "4mom"),
        &["2025/paatos-hyte-2025 sections[0].text", "2025/round basis[0].sections[0].text"],
    ),
    row("citation-style", Swap("(§ 89)", "(89 §)"), &["2026/paatos-yhdyspinta sections[0].text"]),
    row("form-statute", Text("612-2021"), &["2025/round basis[0].statute"]),
    // municipalities
    row(
        "municipality-nowhere",
        Gone,
        &[
            "2025/round groups[0].municipalities[2] > municipalities[13]",
            "2024/round groups[1].municipalities[1] > municipalities[12]",
        ],
    ),
    row(
        "municipality-twice",
        Push("Äänekoski"),
        &["2024/round groups[1].municipalities > groups[5].municipalities[3]"],
    ),
    row(
        "municipality-unknown",
        Push("Ähtäri"),
        &["2024/round groups[0].municipalities > groups[0].municipalities[5]"],
    ),
    row(
        "municipality-of-other-group",
        Text("Viitasaari"),
        &[
            "2025/session-jamsa notes[22].municipality",
            "2025/session-jyvaskyla notes[23].municipality",
        ],
    ),
    row(
        "municipalities-order",
        Trade(0, 1),
        &[
            "2024/round municipalities > municipalities[1]",
            "2024/round groups[2].municipalities > groups[2].municipalities[1]",
            "2025/round groups[5].municipalities > groups[5].municipalities[1]",
        ],
    ),
    row(
        "municipalities-order",
        Swap("Keuruu, Multia", "Multia, Keuruu"),
        &["2025/session-jamsa attachments[1].title"],
    ),
    row(
        "groups-not-same",
        End(" Neuvottelut käydään samoissa kuntaryhmissä kuin vuonna 2024."),
        &["2025/paatos-hyte-2025 sections[1].text"],
    ),
    row(
        "groups-not-same",
        Text("Kuntaryhmät säilyvät ennallaan vuodesta 2024."),
        &["2025/round preparation[0]", "2025/summary implementation[1]"],
    ),
    row(
        "small-municipality",
        Text("Lastensuojelun avopalvelut lähelle perhettä"),
        &["2025/session-viitasaari notes[25].text"],
    ),
    row(
        "small-municipality",
        Swap(
            "Palvelujen",
            "Palvelujen on Luhangassa autettava itsemurhan tehneen omaisia, ja niiden",
        ),
        &["2025/session-viitasaari notes[6].text"],
    ),
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
    // texts that are no JSON
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

/// What the program says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    rule: String,
    file: String,
    field: String,
    line: usize,
}

impl Finding {
    /// True when both are the same, but for the line.
    fn same(&self, other: &Self) -> bool {
        (&self.rule, &self.file, &self.field) == (&other.rule, &other.file, &other.field)
    }
}

/// A mutation at one place.
#[derive(Debug, Clone)]
struct Mutation {
    rule: &'static str,
    change: Change,
    file: String,
    field: String,
    /// File and field of the finding.
    found: (String, String),
}

impl Mutation {
    fn new(row: &Row, place: &str) -> Self {
        let (left, right) = match place.split_once(" >") {
            Some((left, right)) => (left, Some(right.trim_start())),
            None => (place, None),
        };
        let (file, field) = left.split_once(' ').unwrap_or((left, ""));
        let own = match row.change {
            Add(name, _) if field.is_empty() => name.to_owned(),
            Add(name, _) => format!("{field}.{name}"),
            _ => field.to_owned(),
        };
        let found = match right.map(|right| right.split_once(' ').ok_or(right)) {
            None => (file.to_owned(), own),
            Some(Err(field)) => (file.to_owned(), field.to_owned()),
            Some(Ok((file, field))) => (file.to_owned(), field.to_owned()),
        };
        let (file, field) = (file.to_owned(), field.to_owned());
        Self { rule: row.rule, change: row.change, file, field, found }
    }

    /// The text of the file with the change, and the line of the fault where
    /// only the change knows it.
    fn done_to(&self, text: &str) -> (String, Option<usize>) {
        let last = |text: &str| text.matches('\n').count() + 1;
        match self.change {
            Raw(from, to, below) => {
                assert!(text.contains(from), "{self:?}");
                let new = text.replacen(from, to, 1);
                let line = text.lines().zip(new.lines()).position(|(a, b)| a != b).unwrap();
                (new, Some(line + 1 + below))
            }
            Tail(more) => {
                let new = format!("{text}{more}");
                let line = last(&new);
                (new, Some(line))
            }
            Half(end) => {
                let new = text[..text.find(end).unwrap()].to_owned();
                let line = last(&new);
                (new, Some(line))
            }
            Whole(new) => (new.to_owned(), Some(1)),
            _ => {
                let mut record = serde_json::from_str(text).unwrap();
                self.change_value(&mut record);
                (pretty(&record), None)
            }
        }
    }

    fn change_value(&self, record: &mut Value) {
        let pointer = pointer(&self.field);
        let old = record.pointer(&pointer).and_then(Value::as_str).unwrap_or_default();
        let new = match self.change {
            Twice(number) => {
                let end = end_of_word(old, number);
                let start = old[..end].rfind(' ').map_or(0, |at| at + 1);
                let word = old[start..end].trim_end_matches(['.', ',', ';', ':']);
                format!("{}{word} {}", &old[..start], &old[start..])
            }
            Wide(number) => {
                let end = end_of_word(old, number);
                format!("{} {}", &old[..end], &old[end..])
            }
            Cut(number) => {
                let kept = old[..end_of_word(old, number)].trim_end_matches(['.', ',', ';', ':']);
                format!("{kept} ja")
            }
            Swap(from, to) => {
                assert!(old.contains(from), "{self:?}: {old}");
                old.replacen(from, to, 1)
            }
            End(more) => format!("{old}{more}"),
            Text(new) => new.to_owned(),
            Many(word) => word.repeat(20_000),
            Gone => return take_out(record, &pointer),
            Set(new) => return put(record, &pointer, value(new)),
            Add(name, new) => return put(record, &format!("{pointer}/{name}"), value(new)),
            Push(new) => return list(record, &pointer).push(value(new)),
            Trade(a, b) => return list(record, &pointer).swap(a, b),
            Raw(..) | Tail(_) | Half(_) | Whole(_) => unreachable!("changes of the text"),
        };
        put(record, &pointer, new.into());
    }
}

/// `/notes/0/text` for `notes[0].text`.
fn pointer(field: &str) -> String {
    let path = field.replace('[', "/").replace(']', "").replace('.', "/");
    if path.is_empty() { path } else { format!("/{path}") }
}

/// A word is JSON, or else a text.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn pretty(record: &Value) -> String {
    serde_json::to_string_pretty(record).unwrap()
}

fn end_of_word(text: &str, number: usize) -> usize {
    let gaps = text.match_indices(' ').map(|(at, _)| at);
    gaps.chain([text.len()]).nth(number).unwrap()
}

fn list<'a>(record: &'a mut Value, pointer: &str) -> &'a mut Vec<Value> {
    record.pointer_mut(pointer).and_then(Value::as_array_mut).unwrap()
}

fn put(record: &mut Value, pointer: &str, new: Value) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap() {
        Value::Object(fields) => _ = fields.insert(last.to_owned(), new),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = new,
        other => panic!("{pointer} in {other}"),
    }
}

fn take_out(record: &mut Value, pointer: &str) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap() {
        Value::Object(fields) => assert!(fields.shift_remove(last).is_some(), "{pointer}"),
        Value::Array(items) => _ = items.remove(last.parse().unwrap()),
        other => panic!("{pointer} in {other}"),
    }
}

/// The line on which the value of a field stands, or else what is around it.
fn line_of(text: &str, field: &str) -> usize {
    const HERE: &str = "⚑ here";
    let mut record: Value = serde_json::from_str(text).unwrap();
    assert_eq!(pretty(&record).trim_end(), text.trim_end(), "the lines would be others");
    let mut pointer = pointer(field);
    while record.pointer(&pointer).is_none() {
        pointer.truncate(pointer.rfind('/').unwrap());
    }
    if pointer.is_empty() {
        return 1;
    }
    *record.pointer_mut(&pointer).unwrap() = HERE.into();
    pretty(&record).lines().position(|line| line.contains(HERE)).unwrap() + 1
}

fn check(desk: &Desk) -> Vec<Finding> {
    let run = at(desk, NOW, "check --format json");
    let answer: Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr));
    let word = |problem: &Value, name: &str| problem[name].as_str().unwrap().to_owned();
    let finding = |problem: &Value| Finding {
        rule: word(problem, "rule"),
        file: word(problem, "file"),
        field: word(problem, "field"),
        line: problem["line"].as_u64().map_or(0, |line| usize::try_from(line).unwrap()),
    };
    answer["problems"].as_array().unwrap().iter().map(finding).collect()
}

fn samples() -> Desk {
    let desk = Desk::samples();
    desk.write("kirjuri.toml", SETTINGS);
    desk
}

/// Does one mutation to a fresh copy; what went otherwise than it should.
fn attempt(mutation: &Mutation, usual: &[Finding]) -> Option<String> {
    let desk = samples();
    let path = |file: &str| format!("records/{file}.json");
    let name = path(&mutation.file);
    let old = desk.read(&name);
    let (new, line) = mutation.done_to(&old);
    assert_ne!(new.trim_end(), old.trim_end(), "nothing changes: {mutation:?}");
    desk.write(&name, new);
    let (file, field) = &mutation.found;
    let line = line.unwrap_or_else(|| line_of(&desk.read(&path(file)), field));
    let wanted =
        Finding { rule: mutation.rule.into(), file: path(file), field: field.clone(), line };
    let mut usual = usual.to_vec();
    let mut found = check(&desk);
    found.retain(|one| match usual.iter().position(|other| other.same(one)) {
        Some(at) => {
            usual.remove(at);
            false
        }
        None => true,
    });
    (found != [wanted.clone()])
        .then(|| format!("{mutation:?}\n  wanted {wanted:?}\n  found  {found:?}\n"))
}

fn mutations() -> Vec<Mutation> {
    let each = |row: &'static Row| row.places.iter().map(move |place| Mutation::new(row, place));
    TABLE.iter().flat_map(each).collect()
}

#[test]
fn the_table_is_large_enough() {
    let mutations = mutations();
    assert!(mutations.len() >= 200, "{}", mutations.len());
    let rules: BTreeSet<&str> = mutations.iter().map(|mutation| mutation.rule).collect();
    assert!(rules.len() >= 60, "{}", rules.len());
}

#[test]
fn every_mutation_is_found_in_its_place_and_nothing_beside_it() {
    let (mutations, usual) = (mutations(), check(&samples()));
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(mutation) = mutations.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(failure) = attempt(mutation, &usual) {
                        failed.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), mutations.len(), failed.join("\n"));
}
