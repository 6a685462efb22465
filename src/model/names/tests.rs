//! Tests of names in fields and in running text.

use super::*;

fn named(field: &str, text: &str) -> bool {
    named_beside(field, text, &[])
}

fn named_beside(field: &str, text: &str, known: &[&str]) -> bool {
    let known: Vec<PersonName> = known.iter().flat_map(|name| people(name, None)).collect();
    let tokens = Tokens::of(text, &Seen::typed(text));
    people(field, Some("hallituksen puheenjohtaja"))
        .iter()
        .filter_map(|person| person.among(&known.iter().collect::<Vec<_>>()))
        .any(|wanted| wanted.named_in(&tokens).is_some())
}

#[test]
fn a_name_is_found_in_every_form() {
    for text in [
        "kertoi Maija Meikäläinen kokouksessa",
        "Maija Meikäläisen mukaan",
        "kuultiin Maija Meikäläistä",
        "annettiin Maija Meikäläiselle.",
        "Meikäläinen, Maija",
        "MEIKÄLÄINEN Maija",
        "Meikäläisen Maijan ehdotus",
        "Maija K. Meikäläinen",
        "Maija Kaarina Meikäläinen",
        "M. Meikäläinen sanoi",
        "M.K. Meikäläisen",
        "Meikäläinen M.",
        "MAIJA MEIKÄLÄINEN",
        "Maija Meikäläinens förslag",
        "Maija Meika\u{308}la\u{308}inen",
        "Maija Meikä\u{ad}\nläinen",
        "Maija\nMeikäläinen",
        "Maija Virtanen-Meikäläinen",
        "rouva Meikäläinen",
        "puheenjohtaja Meikäläinen",
        "Maija ja Matti Meikäläinen",
        "(Maija Meikäläinen)",
        "Maija&nbsp;Meikäläinen",
        "Maija%20Meik%C3%A4l%C3%A4inen",
        "maija meikäläinen",
        "https://a.example/maija-meikalainen.html",
        "maija.meikalainen@a.example",
        "mailto:m.meikalainen@a.example",
        "Meikäläinen (Maija) kertoi",
        "Meikäläisen (Maijan) ehdotus",
        "Maija (Meikäläinen)",
        "Maija (Liisa) Meikäläinen",
        "Maija \"Maikku\" Meikäläinen",
        // Cyrillic letters
        "M\u{430}ija Meik\u{e4}l\u{e4}in\u{435}n",
    ] {
        assert!(named("Maija Meikäläinen", text), "{text}");
    }
}

#[test]
fn a_name_is_found_however_it_was_recorded() {
    for field in [
        "Maija Meikäläinen",
        "Meikäläinen, Maija",
        "Meikäläinen Maija",
        "toiminnanjohtaja Maija Meikäläinen",
        "Toiminnanjohtaja Maija Meikäläinen",
        "Maija Meikäläinen, toiminnanjohtaja",
        "maija meikäläinen",
        "MEIKÄLÄINEN MAIJA",
        "Maija Kaarina Meikäläinen",
        "Maija K. Meikäläinen",
        "Pekka Esimerkki ja Maija Meikäläinen",
        "Pekka Esimerkki, Maija Meikäläinen ja Saara Sijainen",
        "Pekka Esimerkki & Maija Meikäläinen",
        "Pekka Esimerkki / Maija Meikäläinen",
        "Meikäläinen, Maija ja Esimerkki, Pekka",
        "Maija ja Pekka Meikäläinen",
        "Maija Meikäläinen (varajäsen)",
        "vetäjä, Maija Meikäläinen",
        "Toiminnanjohtaja, Maija Meikäläinen",
        "Hallitus: Maija Meikäläinen",
        "FT Maija Meikäläinen",
        "M. Meikäläinen",
        "Maija M.",
        "M., Maija",
        "toiminnanjohtaja Maija M.",
        "Meikäläinen (Maija)",
        "Meikäläinen (Maija Kaarina)",
        "Maija (Liisa) Meikäläinen",
        "Maija (Meikäläinen)",
    ] {
        assert!(named(field, "totesi Maija Meikäläinen, että"), "{field}");
    }
    for (field, text) in [
        ("toiminnanjohtaja Maija M.", "kertoi Maija M. kokouksessa"),
        ("M., Maija", "kertoi Maija M. kokouksessa"),
        ("Maija M.", "M., Maija"),
        ("Anna-Maija Mäki", "Anna-Maija Mäen"),
        ("Anna-Maija Mäki", "A-M. Mäki"),
        ("Maija Virtanen-Korhonen", "Maija Korhosen"),
        ("Carl von Essen", "Carl von Essens"),
        ("toiminnanjohtaja Maija Mäki", "toiminnanjohtaja Mäki"),
    ] {
        assert!(named(field, text), "{field}: {text}");
    }
}

#[test]
fn a_name_is_found_where_it_is_joined_to_others() {
    for text in [
        "Liite 1. lausunto_Liisa_Virtanen.pdf, 3 s.",
        "Liite 1. LiisaVirtanen_lausunto.pdf",
        "Liite 1. Lausunto.Liisa.Virtanen",
        "Kunta toimii: liisa_virtanen",
        "Kunta toimii: LiisaVirtanen",
        "Kunta toimii: VIRTANENLiisa2025",
        "lausunto-liisa-virtanen",
        "Lausunto+Virtanen+Liisa",
        "Liite lausunto_liisa_virtasen_2025",
        "Liite lausunto_Liisa_\nVirtanen.pdf",
        "Liite lausunto_Liisa\n_Virtanen.pdf",
        "Liite L.Virtanen",
        "https://a.example/LiisaVirtanen",
        "LiisaVirtanen2@a.example",
    ] {
        assert!(named("Liisa Virtanen", text), "{text}");
    }
    for text in [
        "lausunto_Liisa.pdf Virtanen_lausunto.pdf",
        "Kertoi Liisa.\nVirtanen vastasi",
        "LiisaMeikäläinen, PekkaVirtanen",
        "Kunta-Liisa. Virtanen-talo",
        "AnnaLiisa Virtanen_talo",
    ] {
        assert!(!named("Liisa Virtanen", text), "{text}");
    }
    assert!(named("Anna McDonald", "anna.McDonald@a.example"));
}

#[test]
fn everyday_words_are_no_names() {
    for (field, text) in [
        ("Toivo Vuori", "Meillä on toivo vuoresta"),
        ("Toivo Vuori", "Toivo vuoresta elää"),
        ("Ilona Piha", "Lasten ilona piha ja leikki"),
        ("Rauha Kunta", "Halutaan että rauha kunnassa säilyy"),
        ("Tuuli Lahti", "Kova tuuli lahdessa haittaa Keuruulla"),
    ] {
        assert!(!named(field, text), "{field}: {text}");
    }
    for (field, text) in [
        ("Toivo Vuori", "toivo vuori"),
        ("Toivo Vuori", "lausunto: toivo vuoren"),
        ("Toivo Vuori", "Meille kertoi toivo.vuori@a.example"),
        ("Ilona Piha", "Paikalla oli Ilona Piha"),
        ("Tuuli Lahti", "Tuuli Lahdessa on kova"),
    ] {
        assert!(named(field, text), "{field}: {text}");
    }
}

#[test]
fn others_are_not_taken_for_the_person() {
    for text in [
        "Maija kertoi",
        "Meikäläinen kertoi",
        "Maija Mallikas, Pekka Meikäläinen",
        "Pekka Meikäläinen",
        "Maija. Meikäläinen vastasi",
        "Anna-Maija Meikäläinen",
        "Maija ja Meikäläinen",
        "Maijan koti on Meikäläisen talossa",
        "Maija Mallikas (Pekka Meikäläinen)",
        "Meikäläinen (Pekka) ja Maija",
    ] {
        assert!(!named("Maija Meikäläinen", text), "{text}");
    }
    assert!(!named("Lauri Mäki", "Mäki on lauri"));
    assert!(!named_beside("Maija Meikäläinen", "Maija Meikäläinen", &["Meikäläinen, Maija"]));
    assert!(!named_beside("Maija Meikäläinen", "M. Meikäläinen", &["Matti Meikäläinen"]));
    assert!(named_beside("Maija Meikäläinen", "Maija Meikäläinen", &["Matti Meikäläinen"]));
    assert!(!named_beside("Maija M.", "Maija Mallikas", &["Maija Mallikas"]));
    assert!(named_beside("Maija Meikäläinen", "Maija Meikäläinen", &["M M", "Kerho M", "Maija"]));
}

#[test]
fn a_field_of_several_people_has_them_all() {
    let count = |field: &str| people(field, None).len();
    assert_eq!(count("Pekka Esimerkki, Maija Meikäläinen ja Saara Sijainen"), 3);
    assert_eq!(count("Maija ja Pekka Meikäläinen"), 2);
    assert_eq!(count("Meikäläinen, Maija"), 1);
    assert_eq!(count("Maija"), 0);
    assert_eq!(count("Maija Meikäläinen (varajäsen)"), 1);
    assert_eq!(count("toiminnanjohtaja"), 0);
}

#[test]
fn which_of_two_names_is_the_surname_need_not_be_told() {
    let all = people("Mäkikko Anna", None);
    let person = all.first().and_then(|person| person.among(&[])).unwrap();
    for text in
        ["Anna Mäkikko", "Mäkikko Anna", "Mäkikko, Anna", "Anna, Mäkikko", "Anna K. Mäkikko"]
    {
        let text = format!("Paikalla oli {text} seurasta");
        assert!(person.named_in(&Tokens::of(&text, &Seen::typed(&text))).is_some(), "{text}");
    }
    let text = "Paikalla oli Anna ja Mäkikko tuli myöhemmin";
    assert!(person.named_in(&Tokens::of(text, &Seen::typed(text))).is_none());
}

#[test]
fn a_name_recorded_in_the_other_order_is_found_by_its_initial() {
    assert!(named("Virtasalo Maija", "kertoi M. Virtasalo kokouksessa"));
    assert!(named("Mallis Pekka", "enligt P. Malliss förslag"));
    assert!(named("Mallis Pekka", "P. Mallis"));
    assert!(!named("Virtasalo Maija", "kertoi A. Virtasalo kokouksessa"));
    assert!(!named("Virtasalo Maija", "Virtasalo on kylä, ja M on kirjain"));
}
