//! Headings and cells about secrecy, and those about something else.

use super::*;

const KNOWN: [&str; 4] = ["salassa", "salassapidettävä", "sekretess", "secret"];

#[test]
fn headings_about_secrecy_are_told_in_three_languages() {
    for heading in [
        "Secrt",
        "Sceret",
        "Secret?",
        "SECRECY",
        "Salasa",
        "Slassa",
        "Salassapidetävä",
        "Salaista?",
        "Onko salainen",
        "Ei julkinen",
        "Julkisuus",
        "Saako julkaista?",
        "Sekretes",
        "Sekrettess",
        "Hemligt?",
        "Får publiceras",
        "Offentlighet",
        "Confidental",
        "Luottamuksellisuus",
        "Osittainsalassa",
        "Handlingssekretess",
        "Nonsecret",
        "S\u{430}lassa",
        "Arkaluonteinen",
        "Private",
        "Sekr.",
        "Näkyvyys",
        "Vain sisäiseen käyttöön",
        "TL IV",
    ] {
        assert!(may_tell(heading, &KNOWN), "{heading}");
    }
}

#[test]
fn a_heading_that_only_holds_such_a_word_is_told_by_its_cells() {
    for heading in [
        "Julkinen liikenne",
        "Salainen ystävä",
        "Julkiset hankinnat",
        "Julkinen sektori",
        "Offentlig upphandling",
        "Public transport",
        "Secret santa",
    ] {
        assert!(!may_tell(heading, &KNOWN) && mentions(heading, &KNOWN), "{heading}");
        assert!(is_of_something_else(heading, &KNOWN), "{heading}");
    }
    for heading in [
        "Secrt",
        "Salaine n",
        "Sal assa",
        "Salassa pidettävä?",
        "Salassa pidetävä",
        "Salasa pitettävä",
        "Ei julkinen",
        "SALAINEN (kyllä/ei)",
        "Salainen nosto",
        "Salassapidon peruste",
        "Onko nosto salassa pidettävä",
        "Secret (write yes)",
        "More Secrt",
        "Sekretessbelagd uppgift",
    ] {
        assert!(may_tell(heading, &KNOWN), "{heading}");
        assert!(!is_of_something_else(heading, &KNOWN), "{heading}");
    }
    assert!(!is_of_something_else("Salainen: kirjoita peruste tähän", &KNOWN));
}

#[test]
fn cells_that_may_mark_a_note_are_told_from_texts() {
    for cell in [
        "kyllä",
        "Ei",
        "x",
        "1",
        "✓",
        "☑",
        "S",
        "ei saa",
        "Kyllä, potilastieto",
        "JulkL 24 §",
        "salainen",
        "Vain sisäiseen käyttöön",
        "julkinen",
    ] {
        assert!(marks(cell), "{cell}");
    }
    for cell in ["Bussit kulkevat harvoin", "Ei kulje iltaisin", "Matti Malli", "–", "2025"] {
        assert!(!marks(cell), "{cell}");
    }
}

#[test]
fn other_headings_are_left_alone() {
    for heading in [
        "Sihteeri",
        "Sekreterare",
        "Secretary",
        "Section",
        "Sektori",
        "Kunta",
        "Aikaleima",
        "Vastaaja",
        "Svarstid",
        "Hemkommun",
        "Opinion",
        "Luottamushenkilö",
        "Start time",
        "Respondent",
        "ID",
        "Olen lukenut tietosuojaselosteen",
        "Salo",
        "Sakset",
        "Lisätietoja",
        "Tekijä",
        "Kommentti",
        "E-post",
        "Julkaisupäivä",
        "Julkaisija",
        "Salaatti",
    ] {
        assert!(!may_tell(heading, &KNOWN), "{heading}");
    }
}

#[test]
fn headings_that_may_mean_the_opposite_are_in_doubt() {
    for heading in
        ["Ei salassa", "Not secret", "Inte hemlig", "Julkinen vai salassa", "Public/secret"]
    {
        assert!(is_doubtful(heading), "{heading}");
    }
    for heading in [
        "Salassa",
        "Salassa (kyllä/ei)",
        "Secret (yes/no)",
        "Onko salassa pidettävä vai ei",
        "Salassa pidettävä (julkisuuslaki 24 §)",
        "Sekretess (offentlighetslagen)",
    ] {
        assert!(!is_doubtful(heading), "{heading}");
    }
}

#[test]
fn cells_that_call_a_note_secret_are_known() {
    assert!(calls_secret("Salassa pidettävä") && calls_secret(" SECRET! "));
    assert!(!calls_secret("kyllä") && !calls_secret("The secret of good work"));
}
