//! CSV tables that spreadsheet programs open correctly in each language, without any cell
//! becoming a formula.

use csv::{Writer, WriterBuilder};

use crate::model::Language;
use crate::model::normal::is_invisible;

/// A CSV table.
pub struct CsvTable(Writer<Vec<u8>>);

impl CsvTable {
    /// An empty table. Where numbers have a decimal comma, spreadsheet programs expect
    /// semicolons between cells, and a byte order mark for UTF-8.
    pub fn new(language: Language) -> Self {
        let (separator, start) = match language {
            Language::Fi | Language::Sv => (b';', "\u{FEFF}"),
            Language::En => (b',', ""),
        };
        let bytes = start.as_bytes().to_vec();
        Self(WriterBuilder::new().delimiter(separator).from_writer(bytes))
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Fails if it has another number of cells than the first.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), csv::Error> {
        self.0.write_record(cells.into_iter().map(cell))
    }

    /// The table as text in UTF-8.
    ///
    /// # Errors
    /// Never: it is written to memory.
    pub fn finish(self) -> Result<Vec<u8>, csv::Error> {
        self.0.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

/// Escapes a cell: an apostrophe keeps spreadsheet programs from interpreting it, or a part
/// that they may split off, as a formula.
fn cell(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len());
    // whether only ignored characters precede, and whether a separator is among them
    let (mut at_start, mut split) = (true, false);
    for c in text.chars() {
        if begins_formula(c) && at_start {
            if split {
                guarded.push('\'');
            }
            if !guarded.starts_with('\'') && passed_over(&guarded) {
                guarded.insert(0, '\'');
            }
        }
        guarded.push(c);
        split |= separates(c);
        at_start = separates(c) || (at_start && is_blank(c));
        split &= at_start;
    }
    // older programs drop these and interpret what follows
    if guarded.starts_with(['\t', '\r']) {
        guarded.insert(0, '\'');
    }
    guarded
}

/// True if programs may see nothing in the text but blanks and separators.
fn passed_over(text: &str) -> bool {
    text.chars().all(|c| is_blank(c) || separates(c) || c == '\'')
}

fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// Separates cells or rows in some program.
fn separates(c: char) -> bool {
    matches!(
        c,
        ';' | ','
            | '\t'
            | '|'
            | '\n'
            | '\r'
            | '\u{0B}'
            | '\u{0C}'
            | '\u{85}'
            | '\u{2028}'
            | '\u{2029}'
    )
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c) || c == '"'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_becomes_a_formula() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1", "'-1"),
            (" +1", "' +1"),
            ("\u{A0}=1", "'\u{A0}=1"),
            ("\u{200B}=1", "'\u{200B}=1"),
            ("\"=1", "'\"=1"),
            ("＝1", "'＝1"),
            ("\tfoo", "'\tfoo"),
            ("\rfoo", "'\rfoo"),
            ("\t=1", "'\t'=1"),
            (";=1", "';'=1"),
            (" ; =1", "' ; '=1"),
            ("Title;=1+1", "Title;'=1+1"),
            ("Title\n=1+1", "Title\n'=1+1"),
            ("Title;\u{A0}\"@x", "Title;\u{A0}\"'@x"),
            ("a;=1;=2", "a;'=1;'=2"),
        ] {
            assert_eq!(cell(text), guarded, "{text:?}");
        }
    }

    #[test]
    fn other_cells_stay_as_they_are() {
        for text in
            ["", "Sosiaali- ja terveys", "1+1=2", "a; b", "2–3", "x@example.org", "'=1", "A, B"]
        {
            assert_eq!(cell(text), text);
        }
    }

    fn written(language: Language) -> String {
        let mut table = CsvTable::new(language);
        table.row(["number", "title"]).unwrap();
        table.row(["1", "A; b, \"c\""]).unwrap();
        String::from_utf8(table.finish().unwrap()).unwrap()
    }

    #[test]
    fn the_separator_depends_on_the_language() {
        let finnish = "\u{FEFF}number;title\n1;\"A; b, \"\"c\"\"\"\n";
        assert_eq!(written(Language::Fi), finnish);
        assert_eq!(written(Language::Sv), finnish);
        assert_eq!(written(Language::En), "number,title\n1,\"A; b, \"\"c\"\"\"\n");
    }
}
