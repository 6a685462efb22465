//! Quotation marks, dashes, spaces and sorting, as they are set.

use super::*;

#[test]
fn quotes_and_ranges_follow_the_language() {
    for (typed, fi, en) in [
        ("\"Sydämellä\" alkaa", "”Sydämellä” alkaa", "“Sydämellä” alkaa"),
        ("(\"a b\").", "(”a b”).", "(“a b”)."),
        ("don't 'x'", "don’t ’x’", "don’t ‘x’"),
        ("vuosina 2026-2029, 6-7 §", "vuosina 2026–2029, 6–7 §", "vuosina 2026–2029, 6–7 §"),
        ("klo 17.30-19.30", "klo 17.30–19.30", "klo 17.30–19.30"),
        ("1.3.-31.5.2026", "1.3.–31.5.2026", "1.3.–31.5.2026"),
        ("kunnat - alue", "kunnat – alue", "kunnat – alue"),
        (
            "2025-10-23 040-123456 12-vuotias a-b 00-01",
            "2025-10-23 040-123456 12-vuotias a-b 00-01",
            "2025-10-23 040-123456 12-vuotias a-b 00-01",
        ),
        ("- alku", "- alku", "- alku"),
        (
            "8-16.30 5,5-6,5 % 7-9-vuotiaat",
            "8–16.30 5,5–6,5 % 7–9-vuotiaat",
            "8–16.30 5,5–6,5 % 7–9-vuotiaat",
        ),
        ("\"§ 5\" '90", "”§ 5” ’90", "“§ 5” ’90"),
    ] {
        assert_eq!(set(None, typed, None, Language::Fi), fi);
        assert_eq!(set(None, typed, None, Language::Sv), fi);
        assert_eq!(set(None, typed, None, Language::En), en);
    }
}

#[test]
fn numbers_codes_and_addresses_are_not_touched() {
    for text in [
        "HVA-12-34 D/12-34 12-34/2025 VN/12-13 STM-120-130 FI12-34 AB-1-2",
        "+358 40-123 4567 +358 14-266 000 040-123456 014-266000",
        "EN 301-549 12-345 1.2.3-4.5.6 10.0.0.1-10.0.0.9 2025-10-23 3-0 00-01",
        "raportti 1-2.pdf tiedosto_1-2.pdf C:\\a\\1-2 a-b@1-2.fi",
        "https://e.fi/d'Or?x=\"q\" http://palvelu/1-2 www.e.fi/1-2",
    ] {
        assert_eq!(set(None, text, None, Language::Fi), text);
        assert_eq!(set(None, text, None, Language::En), text);
    }
}

#[test]
fn english_quotes_open_and_close_where_they_should() {
    for (typed, expected) in [
        ("\"'Health for all' is the aim,\" and", "“‘Health for all’ is the aim,” and"),
        ("'\"Health\" first'", "‘“Health” first’"),
        ("\"...and so on\"", "“...and so on”"),
        ("\"…and so on…\"", "“…and so on…”"),
        ("a —\"so\" – and –\"so\"", "a —“so” – and –“so”"),
        ("**.\u{a0}\"After NBSP\".", "**.\u{a0}“After NBSP”."),
        ("a\n\"b\"\t'c'", "a\n“b”\t‘c’"),
        ("\"Group 'A'\"", "“Group ‘A’”"),
        ("(THL)'s view; the authors' own", "(THL)’s view; the authors’ own"),
        ("'It's good!' he laughed", "‘It’s good!’ he laughed"),
        ("The '90s. \"Thus: 'tis a day.\"", "The ’90s. “Thus: ’tis a day.”"),
        ("[\"a\"] {'b'} \"c\"/\"d\"", "[“a”] {‘b’} “c”/“d”"),
    ] {
        assert_eq!(set(None, typed, None, Language::En), expected);
    }
    // parts of a text that has emphasis
    assert_eq!(set(Some(' '), "\"", Some('a'), Language::En), "“");
    assert_eq!(set(Some('a'), "\" b", None, Language::En), "” b");
    assert_eq!(set(Some('a'), "- b", None, Language::En), "- b");
    assert_eq!(set(Some('a'), " -", Some('b'), Language::En), " -");
}

#[test]
fn measures_keep_their_marks() {
    for text in ["5'10\"", "19\" ja 24\"", "(6\"), 5' tall", "'90 and 5'", "12.5\"."] {
        let set = set(None, text, None, Language::En);
        assert_eq!(set.replace("’90", "'90"), text);
    }
    for (typed, expected) in [
        ("\"size 5\" and 5\"", "“size 5” and 5\""),
        ("'group 2' and 2'", "‘group 2’ and 2'"),
        ("the 1990's", "the 1990’s"),
    ] {
        assert_eq!(set(None, typed, None, Language::En), expected);
    }
}

#[test]
fn only_hyphens_between_words_become_dashes() {
    for text in
        ["- - -", "-- --", "a -", "- a -", "x, - 5 %", "x: - 5", "* - *", "- - a", "a + - b", "-"]
    {
        assert_eq!(set(None, text, None, Language::Fi), text);
    }
    for (typed, expected) in
        [("a - b", "a – b"), ("a -- b", "a – b"), ("5 - 3", "5 – 3"), ("(a) - \"b\"", "(a) – ”b”")]
    {
        assert_eq!(set(None, typed, None, Language::Fi), expected);
    }
    // parts of a text that has emphasis
    assert_eq!(set(Some('a'), " - b", None, Language::Fi), " – b");
    assert_eq!(set(None, "a - ", Some('b'), Language::Fi), "a – ");
}

#[test]
fn letters_with_marks_are_sorted_as_without_save_the_nordic_ones() {
    let key = |name: &str| collation_key(name);
    for (a, b) in [
        ("Alta", "Áltá"),
        ("Áltá", "Altb"),
        ("Cahppi", "Čáhppi"),
        ("Čáhppi", "Citta"),
        ("Ena", "Éna"),
        ("Éna", "Enb"),
        ("Kunta2", "Kunta10"),
        ("Kunta10", "Kunta10b"),
        ("Kunta 9", "Kunta 10"),
        ("Đorđe", "Dox"),
        ("Ŋalla", "Nb"),
        ("Sakki", "Šakki"),
        ("Šakki", "Salo"),
        ("Zaitsevo", "Ženja"),
        ("Ženja", "Zorro"),
        ("Zorro", "Åbo"),
        ("Åbo", "Äetsä"),
        ("Äetsä", "Ähtäri"),
        ("Ähtäri", "Öja"),
        ("Ühtri", "Yli"),
        ("Vihti", "Wiitasaari"),
        ("Õnne", "Oulu"),
        ("Ala-Tuuri", "Alatornio"),
        ("Koski Tl", "Koskue"),
        ("Kolttasääʹm", "Kolttasääst"),
    ] {
        assert!(key(a) < key(b), "{a} {b}");
    }
    assert_eq!(key("A\u{308}hta\u{308}ri"), key("Ähtäri"));
}

#[test]
fn numbers_stay_with_their_signs() {
    for (plain, tied) in [
        ("6 § 4 mom. mukaan", "6~§~4~mom. mukaan"),
        ("JulkL 24 § 1 mom. 25 k", "JulkL 24~§~1~mom. 25~k"),
        ("klo 13.00", "klo~13.00"),
        ("hinta 1 000 € kuussa", "hinta 1~000~€ kuussa"),
        ("(§ 80).", "(§~80)."),
        ("7 §:n 4 momentin", "7~§:n 4~momentin"),
        ("vuonna 2025 kunnat", "vuonna 2025 kunnat"),
        ("a\nb  c", "a\nb  c"),
        ("", ""),
        (" ", " "),
        ("25 000 asukasta", "25~000 asukasta"),
    ] {
        assert_eq!(tie(plain).replace(NBSP, "~"), tied, "{plain}");
    }
}
