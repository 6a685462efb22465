//! Reader of CSV files: separated by comma, semicolon, tab or bar, in UTF-8 with or without
//! a byte order mark. No other encoding is guessed: a wrong guess would put wrong letters
//! into records.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::report::shown;
use super::separator::{Separator, ranked, reader};
use super::worksheet::SheetRow;
use super::{ImportError, ROW_LIMIT, unreadable, unsupported_separators};
use crate::model::normal::composed;

/// The rows that are not empty.
pub(super) fn rows(
    bytes: &[u8],
    separator: Option<Separator>,
) -> Result<Vec<SheetRow>, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::Encoding)?;
    // Latin text in UTF-16 has a zero in every second byte
    if text.contains('\0') {
        return Err(ImportError::Encoding);
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let delimiter = match separator.or_else(|| named(text)) {
        Some(separator) => separator.byte(),
        None => match named_sign(text) {
            Some(sign) => {
                return Err(ImportError::OtherSeparator { sign: format!("`{}`", shown(sign)) });
            }
            None => find(text)?.byte(),
        },
    };
    if let Some(line) = open_quote(text, delimiter) {
        return Err(ImportError::OpenQuote { line });
    }
    let mut reader = reader(text, delimiter);
    let (mut rows, mut record, mut number) = (Vec::new(), StringRecord::new(), 0);
    while reader.read_record(&mut record).map_err(unreadable)? {
        let start = record.position().map_or(0, |position| position.byte());
        number += 1 + blank_lines(text, usize::try_from(start).unwrap_or(0));
        let cells = record.iter().map(composed).enumerate();
        let cells: BTreeMap<usize, String> =
            cells.filter(|(_, cell)| !cell.trim().is_empty()).collect();
        if !cells.is_empty() {
            rows.push(SheetRow { number, cells, ..SheetRow::default() });
        }
        // plus the row of headings
        if rows.len() > ROW_LIMIT + 1 {
            return Err(ImportError::TooManyRows);
        }
    }
    Ok(rows)
}

/// The separator in the first line, as in `sep=;` for Excel.
fn named(text: &str) -> Option<Separator> {
    let byte = named_sign(text)?.bytes().next().unwrap_or(b'\t');
    Separator::ALL.into_iter().find(|separator| separator.byte() == byte)
}

/// The separator in the first line, supported or not.
fn named_sign(text: &str) -> Option<&str> {
    let line = text.lines().next()?.trim().trim_matches('"');
    let start = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?;
    Some(&line[start.len()..])
}

/// Detects the separator: the one with which the rows have a heading for the texts and an
/// equal number of cells, or come closest to that.
fn find(text: &str) -> Result<Separator, ImportError> {
    let [(best, first), (next, second), ..] = ranked(text);
    if let Some(sign) = unsupported_separators::find(text, best.known, best.even && best.has_text) {
        return Err(ImportError::OtherSeparator { sign: sign.to_owned() });
    }
    // the separators are indistinguishable, and each would give other notes
    if best == next && best.has_text && best.several {
        let (first, second) = (first.as_str(), second.as_str());
        return Err(ImportError::TwoSeparators { first, second });
    }
    Ok(first)
}

/// The line of an opening quotation mark that is never closed, so that one cell would
/// contain all following rows.
fn open_quote(text: &str, delimiter: u8) -> Option<usize> {
    let (mut line, mut open, mut may_open) = (1, None, true);
    for c in text.chars() {
        if c == '"' && open.is_some() {
            // a second mark immediately after it is an escaped quotation mark
            (open, may_open) = (None, true);
        } else if c == '"' && may_open {
            open = Some(line);
        } else if open.is_none() {
            may_open = c == char::from(delimiter) || c == '\n' || c == '\r';
        }
        line += usize::from(c == '\n');
    }
    open
}

/// Number of empty lines before a record: the CSV reader skips them, spreadsheet programs
/// count them.
fn blank_lines(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    // the second half of the previous line break
    let rest = match text.as_bytes().get(start.wrapping_sub(1)) {
        Some(b'\r') => rest.strip_prefix('\n').unwrap_or(rest),
        _ => rest,
    };
    let breaks = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    rest[..breaks].replace("\r\n", "\n").len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<usize> {
        rows(text.as_bytes(), None).unwrap().iter().map(|row| row.number).collect()
    }

    #[test]
    fn rows_are_numbered_as_spreadsheet_programs_do() {
        assert_eq!(numbers("a,b\n1,2\n3,4\n"), [1, 2, 3]);
        assert_eq!(numbers("a,b\r\n1,2\r\n\r\n3,4\r\n"), [1, 2, 4]);
        assert_eq!(numbers("\n\na,b\n\"1\n1\",2\n,\n3,4"), [3, 4, 6]);
    }

    #[test]
    fn the_separator_is_found() {
        for (text, separator) in [
            ("Group;Note, long;Priority\nnorth;a, b, c, d;x", ";"),
            ("Group,Note\nnorth,\"a; b; c; d\"", ","),
            ("Ryhmä\tNosto\nx\ty", "tab"),
            ("Ryhmä|Nosto\nx|y; z, a", "|"),
            // commas in the headings
            (
                "Ryhmä, johon kuulutte;Painopiste, jota nosto koskee;Nosto, omin sanoin\na;b;c\n",
                ";",
            ),
            (
                "Aikaleima;Kunta, jota edustatte;Nosto (yksi, lyhyt, oma)\n1.10.2025;Jämsä;Sujuu\n",
                ";",
            ),
            // as many commas as semicolons, but those of sentences
            ("Kunta, jota edustatte;Nosto, vapaa\nJämsä, Himos;a, b\n", ";"),
            ("Kunta;Huomautus, kunta;Nosto\nJämsä;a, b;c\n", ";"),
            // one column, with commas in its rows
            ("Nosto\nA, b\nC, d, e\n", ";"),
            // cells at the end left out
            ("Group;Note;Topic\nnorth;Rooms\nsouth;Halls;x\n", ";"),
            ("Aika;Nosto;Muu\n1.1.;Rooms\n", ";"),
            ("Answers 2025\n1. Group,2. \"Note, in your own words\"\nnorth,\"a, b\"\n", ","),
            ("Group;\"Note; all, words\"\nnorth;\"two\nlines, and; more\"\n", ";"),
        ] {
            assert_eq!(find(text).unwrap().as_str(), separator, "{text}");
        }
    }

    #[test]
    fn an_ambiguous_separator_is_refused() {
        for text in ["Group,a;Note,b\nnorth,c;Rooms,d\n", "Group;a|Note|b;x\nnorth;c|d|e;f\n"] {
            let refused = find(text);
            assert!(matches!(refused, Err(ImportError::TwoSeparators { .. })), "{refused:?}");
        }
        let given = rows(b"Group;a|Note|b;x\nnorth;c|d|e;f\n", Some(Separator::Bar)).unwrap();
        assert_eq!(given[0].cells[&1], "Note");
    }

    #[test]
    fn the_first_line_may_name_the_separator() {
        assert_eq!(named("sep=;\r\na,b"), Some(Separator::Semicolon));
        assert_eq!(named("\"sep=,\"\na;b"), Some(Separator::Comma));
        assert_eq!(named("Group;Note\n"), None);
        assert_eq!(
            rows("sep=|\nNote|Group, or forum".as_bytes(), None).unwrap()[1].cells[&0],
            "Note"
        );
    }

    #[test]
    fn an_unsupported_separator_is_named() {
        for (text, sign) in [
            ("Group^Note^Secret\nnorth^Rooms, halls^yes\n", "`^`"),
            ("Group#Note#Secret\nnorth#Rooms, halls#yes\n", "`#`"),
            ("Group~Note~Secret\nnorth~Rooms; a note, group~yes\n", "`~`"),
            ("Group*Note*Secret\nnorth*Rooms*yes\n", "`*`"),
            ("Group:Note:Secret\nnorth:Rooms:yes\n", "`:`"),
            ("Group   Note   Secret\nnorth   Rooms, halls   yes\n", "`␣␣`"),
            ("Group     Note          Secret\nnorth     Rooms, halls  yes\n", "`␣␣`"),
            // unknown headings, and a row that looks like headings
            ("Wer^Was\nnorth^Note, group\nsouth^a, b\n", "`^`"),
        ] {
            match rows(text.as_bytes(), None) {
                Err(ImportError::OtherSeparator { sign: said }) => assert_eq!(said, sign, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        let named = rows("sep=^\nGroup^Note\nnorth^a\n".as_bytes(), None);
        assert!(matches!(named, Err(ImportError::OtherSeparator { .. })), "{named:?}");
        for text in [
            "Ryhmä *;Nosto *\nnorth;a *b* c\n",
            "#;Ryhmä;Nosto\n1;north;a\n",
            "Ryhmä / Grupp;Nosto / Lyft\nnorth;a\n",
            "Ryhmä:;Nosto:\nnorth;12:30: a\n",
            "Kirjoita ryhmä, kunta ja nosto\nRyhmä;Nosto\nnorth;a\n",
        ] {
            assert_eq!(find(text).unwrap().as_str(), ";", "{text}");
        }
    }

    #[test]
    fn an_open_quotation_mark_is_found() {
        assert_eq!(open_quote("a,\"b \"\"c\"\" d\"\ne,5\" pipe\n", b','), None);
        assert_eq!(open_quote("a,b\nc,\"d\ne,f\n", b','), Some(2));
    }

    #[test]
    fn other_encodings_are_refused() {
        assert!(matches!(rows(b"Ryhm\xE4,Nosto", None), Err(ImportError::Encoding)));
        assert!(matches!(rows(b"a\0,\0b\0", None), Err(ImportError::Encoding)));
    }
}
