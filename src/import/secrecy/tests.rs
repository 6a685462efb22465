//! Tests of headings and cells about secrecy, and of those about something else.

use super::*;

const KNOWN: [&str; 4] = ["salassa", "salassapidettävä", "sekretess", "secret"];

#[test]
fn headings_about_secrecy_are_recognized_in_three_languages() {
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
fn the_cells_decide_about_a_heading_with_a_word_about_secrecy() {
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
fn cells_that_may_mark_a_note_are_distinguished_from_texts() {
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
fn cells_that_mark_a_note_as_secret_are_recognized() {
    assert!(calls_secret("Salassa pidettävä") && calls_secret(" SECRET! "));
    assert!(!calls_secret("kyllä") && !calls_secret("The secret of good work"));
}

#[test]
fn markings_are_distinguished_from_sentences_about_secrecy() {
    for text in [
        "SALAINEN: potilaan tilanne",
        "(salassa) Potilaan tilanne",
        "[Salassa pidettävä] Potilaan tilanne",
        "Salassa pidettävät:",
        "SALAINEN potilaan tilanne",
        "**Salainen** potilaan tilanne",
        "Salainen – potilaan tilanne",
        "Salassa pidettävä (JulkL 24 § 1 mom. 25 k): potilaan tilanne",
        "JulkL 24 § 1 mom. 25 k: potilaan tilanne",
        "TL IV: varautumisen tilat",
        "ST III – varautumisen tilat",
        "Ei julkinen: potilaan tilanne",
        "EI JULKAISTA! Potilaan tilanne",
        "Potilaan tilanne (salassa pidettävä)",
        "Potilaan tilanne. Luottamuksellinen.",
        "Potilaan tilanne (OffL 24 § 1 mom. 25 punkten)",
        "SEKRETESS: patientens situation",
        "SEKRETESS",
        "Hemligt: patientens situation",
        "Ej offentlig: patientens situation",
        "Endast för myndigheter: lokaler",
        "Confidential: a patient's matter",
        "SECRET a patient's matter",
        "Not for publication. Do not publish!",
        "For official use only: rooms",
    ] {
        assert!(marking(text).is_some(), "{text}");
    }
    for text in [
        "Salassapito vaikeuttaa yhteistyötä",
        "Salassapitosäännökset hidastavat tiedonkulkua",
        "Salaisuudet: miten perheessä puhutaan",
        "Salaattibaari: avataan kouluun",
        "Salainen ystävä: kampanja nuorille",
        "Secret santa: a campaign",
        "Sekretessen försvårar samarbetet",
        "Sekreterare: en till behövs",
        "Sihteeri: tarvitaan toinen",
        "Ei salassa pidettävä: tilat",
        "Inte hemligt: lokaler",
        "Not secret: rooms",
        "Julkinen: tilat",
        "Julkinen liikenne: bussit kulkevat harvoin",
        "Public: rooms",
        "Perustuslain 19 §: oikeus huolenpitoon",
        "TL;DR: tilat puuttuvat",
        "ST1: asema suljetaan",
        "KYLÄTALOT auki iltaisin",
        "Yhteistyö (lasten palvelut) sujuu",
        "24",
        "",
    ] {
        assert!(marking(text).is_none(), "{text}");
    }
}

#[test]
fn only_what_calls_a_note_secret_contradicts_a_no() {
    for text in ["Salassa pidettävä", "SALAINEN: a", "Hemligt: a", "TL IV: a"] {
        assert!(marking(text).is_some_and(|marking| marking.firm), "{text}");
    }
    for text in ["Salassapito", "Sekretess", "Secrecy", "Laki muuttuu (JulkL 24 §)"] {
        assert!(marking(text).is_some_and(|marking| !marking.firm), "{text}");
    }
}

#[test]
fn cells_that_cite_a_secrecy_law_are_recognized() {
    for cell in [
        "JulkL 24 § 1 mom. 25 k",
        "OffL 24 § 1 mom. 25 punkten",
        "24 § 1 mom. 25 k",
        "24.1 §:n 25 kohta, JulkL",
        "Julkisuuslain 24 §:n nojalla, koska potilas tunnistetaan",
        "TL IV",
        "TL I",
        "ST IV",
        "TLIII",
        "Turvallisuusluokka IV",
        "Viranomaiskäyttö",
        "vain viranomaiskäyttöön",
        "Vain viranomaisille",
        "Luottamuksellinen",
        "Luottamuksellinen, ei saa levittää",
        "Sekretessbelagd uppgift",
        "Restricted",
    ] {
        assert!(names_secrecy(cell), "{cell}");
    }
    for cell in [
        "Bussit kulkevat harvoin",
        "Sosiaalihuoltolaki 14 §",
        "12 §",
        "Tiina Lehto",
        "TL",
        "Julkinen",
        "Ei luottamuksellinen",
        "Jämsä",
        "1.10.2025",
        "–",
        "x",
    ] {
        assert!(!names_secrecy(cell), "{cell}");
    }
}

#[test]
fn the_cells_decide_about_headings_of_authorities_and_the_web() {
    for heading in [
        "Vain viranomaisille",
        "Ei nettiin",
        "Onko tämä arka asia?",
        "Saako näyttää verkossa",
        "Luokitus",
        "Endast för myndigheter",
        "Publiceras inte på nätet",
        "Authorities only",
        "Sensitive",
        "Not online",
        "Sisältää henkilötietoja",
    ] {
        assert!(hints(heading) || mentions(heading, &KNOWN), "{heading}");
    }
    for cell in ["x", "kyllä", "Ei", "✓", "ja", "Kyllä, osittain", "julkinen"] {
        assert!(replies(cell), "{cell}");
    }
    for cell in ["THL", "AVI", "https://www.example.fi", "Poliisi", "–", "5 A"] {
        assert!(!replies(cell), "{cell}");
    }
    for heading in ["Turvallisuusluokka", "Viranomaiskäyttö", "Tjänstebruk"] {
        assert!(may_tell(heading, &KNOWN), "{heading}");
    }
}
