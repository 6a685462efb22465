//! Mutations of texts: how they are written, terms, dates, statutes, municipalities.

use super::Change::*;
use super::{Row, row};

/// A sentence that is too long.
const LONG: &str = ". Sen lisäksi on sovittava siitä, miten kunnat ja hyvinvointialue \
    tiedottavat palveluista asukkaille ja järjestöille, kuka vastaa tiedon ajantasaisuudesta, \
    miten palautetta kerätään ja käsitellään, kuinka usein tilannetta arvioidaan yhdessä, \
    missä arviot julkaistaan ja kenelle niistä kerrotaan, kun toimintaa suunnitellaan \
    uudelleen seuraavia vaiheita varten.";

pub const ROWS: &[Row] = &[
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
    // terminology
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
];
