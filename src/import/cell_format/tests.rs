//! Tests of number formats: numbers, dates and texts.

use super::*;
use crate::model::Language::{En, Fi, Sv};

fn number(code: &str, number: f64, language: Language) -> Option<String> {
    CellFormat::of(code)?.number(number, language)
}

#[test]
fn numbers_are_shown_as_in_the_sheet() {
    for (code, value, shown) in [
        ("0%", 0.15, "15 %"),
        ("0 %", 0.15, "15 %"),
        ("0.0\\ %", 0.155, "15,5 %"),
        ("0.00%", 1.0, "100,00 %"),
        ("0%", 0.145, "15 %"),
        ("General", 2.5, "2,5"),
        ("", 2.5, "2,5"),
        ("@", 7.0, "7"),
        ("0", 2.5, "3"),
        ("0.00", 1.005, "1,01"),
        ("0000", 7.0, "0007"),
        ("#,##0", 1_234_567.0, "1 234 567"),
        ("#,##0.00\\ \"€\"", 1234.5, "1 234,50 €"),
        ("#,##0.00\\ [$€-40B]", 1234.5, "1 234,50 €"),
        ("#,##0\\ [$kr-41D]", 1234.0, "1 234 kr"),
        ("#,##0.00\" \"[$€-40B];[RED]-#,##0.00\" \"[$€-40B]", -3.0, "-3,00 €"),
        (
            "_-* #,##0.00\\ \"€\"_-;\\-* #,##0.00\\ \"€\"_-;_-* \"-\"??\\ \"€\"_-;_-@_-",
            1234.5,
            "1 234,50 €",
        ),
        ("_-* #,##0.00\\ \"€\"_-;\\-* #,##0.00\\ \"€\"_-;_-* \"-\"??\\ \"€\"_-;_-@_-", 0.0, "- €"),
        ("0.##", 1.5, "1,5"),
        ("0", -5.0, "-5"),
        ("\"€\" 0", -5.0, "-€ 5"),
        ("0;[Red](0)", -5.0, "(5)"),
        ("\"kyllä\";;\"ei\"", 1.0, "kyllä"),
        ("\"kyllä\";;\"ei\"", 0.0, "ei"),
        ("\"salainen\";;\"salainen\"", 0.0, "salainen"),
        ("0\" kpl\"", 3.0, "3 kpl"),
    ] {
        assert_eq!(number(code, value, Fi).as_deref(), Some(shown), "{code}, {value}");
    }
    assert_eq!(number("0%", 0.15, Sv).as_deref(), Some("15 %"));
    assert_eq!(number("0%", 0.15, En).as_deref(), Some("15%"));
    assert_eq!(number("0 %", 0.15, En).as_deref(), Some("15 %"));
    assert_eq!(number("#,##0.0", 1234.5, En).as_deref(), Some("1,234.5"));
}

#[test]
fn unknown_formats_are_not_guessed() {
    for (code, value) in [
        ("0.00E+00", 12.5),
        ("# ?/?", 0.5),
        (";;;", 1.0),
        ("0;-0;;@", 0.0),
        ("[White]0", 1.0),
        ("[>100]0;\"x\"", 1.0),
        ("0,", 12000.0),
        ("000-000", 123_456.0),
        ("0.0", -0.01),
        ("General", 1.0 / 3.0),
        ("General", 123_456_789_012.0),
        ("General", 1e-7),
        ("General", f64::INFINITY),
        ("0", f64::NAN),
        ("\"open", 1.0),
        ("yyyy", 3.0),
    ] {
        assert_eq!(number(code, value, Fi), None, "{code}, {value}");
    }
}

#[test]
fn texts_are_shown_as_in_the_sheet() {
    let text = |code: &str| CellFormat::of(code)?.text("Talot");
    for code in ["General", "@", "0.00", "", "0;-0;;@"] {
        assert_eq!(text(code).as_deref(), Some("Talot"), "{code}");
    }
    assert_eq!(text("@\" (salassa)\"").as_deref(), Some("Talot (salassa)"));
    assert_eq!(text("0;0;0;\"salassa\"").as_deref(), Some("salassa"));
    assert_eq!(text(";;;"), None);
    let typed = " a  b\n\nc ";
    assert_eq!(CellFormat::of("@").and_then(|look| look.text(typed)).as_deref(), Some(typed));
    assert!(CellFormat::of(";;;").is_some_and(|look| look.hides()));
    assert!(!CellFormat::of("General").is_some_and(|look| look.hides()));
}

#[test]
fn dates_and_times_are_shown_as_in_the_sheet() {
    let moment = |code: &str, value: f64, language| {
        CellFormat::of(code)?.moment(value, (2025, 10, 3, 9, 5, 7, 0), language)
    };
    for (code, shown) in [
        ("d.m.yyyy", "3.10.2025"),
        ("dd\\.mm\\.yyyy;@", "03.10.2025"),
        ("[$-40B]d\\.m\\.yy", "3.10.25"),
        ("yyyy-mm-dd", "2025-10-03"),
        ("d.m.yyyy \"klo\" h:mm", "3.10.2025 klo 9.05"),
        ("hh:mm:ss", "09.05.07"),
        ("mm:ss", "05.07"),
    ] {
        assert_eq!(moment(code, 45933.4, Fi).as_deref(), Some(shown), "{code}");
    }
    assert_eq!(moment("h:mm", 0.4, En).as_deref(), Some("9:05"));
    assert_eq!(moment("[h]:mm", 1.5, En).as_deref(), Some("36:05"));
    for code in ["d. mmmm yyyy", "dddd", "h:mm AM/PM", "m/d/yyyy", "[$-F800]dddd", "General"] {
        assert_eq!(moment(code, 45933.4, Fi), None, "{code}");
    }
    assert_eq!(moment("d.m.yyyy", 0.4, Fi), None, "an hour of no day");
    assert_eq!(moment("d.m.yyyy", -4.0, Fi), None);
}
