//! Finds the row of headings, and the column of each kind of value. Refuses a column that
//! may mark secrecy and is not understood.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::column::{Column, ColumnNames};
use super::report::shown;
use super::worksheet::SheetRow;
use super::{ImportError, secrecy};

/// Most rows above the headings, and most rows of headings.
pub(super) const HEADING_ROWS: usize = 20;

/// Positions of the columns and their headings.
#[derive(Debug)]
pub(super) struct Header {
    places: BTreeMap<Column, usize>,
    /// All headings by position.
    headings: BTreeMap<usize, String>,
    /// Further positions that the merged heading of a column covers.
    covered_by: BTreeMap<Column, Vec<usize>>,
    /// Numbers of the first and last row of headings.
    pub first_row: usize,
    pub last_row: usize,
}

impl Header {
    /// Position of a column, from 0.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places.get(&column).copied()
    }

    /// The cell of a row in a column; `None` if there is no such column or cell.
    pub fn cell<'r>(&self, row: &'r SheetRow, column: Column) -> Option<&'r String> {
        self.place(column).and_then(|at| row.cells.get(&at))
    }

    /// The known columns with their positions.
    pub fn places(&self) -> impl Iterator<Item = (Column, usize)> {
        self.places.iter().map(|(column, at)| (*column, *at))
    }

    /// Further positions that the heading of a column covers.
    pub fn covered_by(&self, column: Column) -> impl Iterator<Item = usize> {
        self.covered_by.get(&column).into_iter().flatten().copied()
    }

    /// The known columns with their headings.
    pub fn found(&self) -> Vec<(Column, String)> {
        let heading = |at: &usize| self.headings.get(at).map(|text| shown(text));
        let found = self.places.iter();
        found.map(|(column, at)| (*column, heading(at).unwrap_or_default())).collect()
    }

    /// True if there is only one heading.
    pub fn is_alone(&self) -> bool {
        self.headings.len() == 1
    }

    /// Headings of the other columns; for a column with cells but no heading, its letters.
    pub fn ignored(&self, rows: &[SheetRow]) -> Vec<String> {
        self.others(rows).into_iter().map(|at| self.name(at)).collect()
    }

    fn others(&self, rows: &[SheetRow]) -> Vec<usize> {
        let cells = rows.iter().flat_map(|row| row.cells.keys());
        let all: BTreeSet<usize> = cells.chain(self.headings.keys()).copied().collect();
        all.into_iter().filter(|at| !self.places.values().any(|place| place == at)).collect()
    }

    /// The heading at a position, or the letters of the column.
    pub fn name(&self, at: usize) -> String {
        self.headings.get(&at).map_or_else(|| letters(at), |heading| shown(heading))
    }

    /// Refuses a column that may mark secrecy and is not understood.
    fn secrecy(&self, rows: &[SheetRow], words: &ColumnNames) -> Result<(), ImportError> {
        let known = words.of(Column::Secret);
        let doubtful = |at: &usize| self.headings.get(at).is_some_and(|h| secrecy::is_doubtful(h));
        if let Some(at) = self.place(Column::Secret).filter(|at| doubtful(at)) {
            return Err(ImportError::UnclearSecrecy { heading: self.name(at) });
        }
        for at in self.others(rows) {
            let tells = |heading: &String| {
                secrecy::may_tell(heading, &known)
                    || secrecy::mentions(heading, &known) && any(rows, at, secrecy::marks)
                    || secrecy::hints(heading) && any(rows, at, secrecy::replies)
            };
            if self.headings.get(&at).is_some_and(tells) {
                return Err(ImportError::UnclearSecrecy { heading: self.name(at) });
            }
            // without a heading, the meaning of yes and no is unknown
            let asked = any(rows, at, secrecy::answers);
            // columns under a wide heading are refused row by row
            let covered = self.covered_by.values().flatten().any(|place| *place == at);
            if asked && !covered && !self.headings.contains_key(&at) {
                return Err(ImportError::UnclearSecrecy { heading: self.name(at) });
            }
            let says =
                |row: &&SheetRow| row.cells.get(&at).is_some_and(|c| secrecy::names_secrecy(c));
            if let Some(row) = rows.iter().find(says) {
                let value = shown(&row.cells[&at]);
                let (heading, row) = (self.name(at), row.number);
                return Err(ImportError::SecretCell { heading, row, value });
            }
        }
        Ok(())
    }
}

/// The row of headings and the rows below it: the row near the top with the most known
/// headings, including that of the text.
pub(super) fn header<'a>(
    rows: &'a [SheetRow],
    words: &ColumnNames,
) -> Result<(Header, &'a [SheetRow]), ImportError> {
    let first = rows.first().ok_or(ImportError::Empty)?;
    let has_text =
        |row: &SheetRow| row.cells.values().any(|cell| words.known(cell) == Some(Column::Text));
    let count = |row: &SheetRow| words.found(row.cells.values().map(String::as_str)).len();
    let top = rows.iter().take(HEADING_ROWS).enumerate().filter(|(_, row)| has_text(row));
    let Some((at, row)) = top.min_by_key(|(_, row)| Reverse(count(row))) else {
        let found: Vec<String> = first.cells.values().map(|cell| shown(cell)).collect();
        return Err(ImportError::NoTextColumn { found: found.join(", ") });
    };
    let mut row = row.clone();
    let (mut body, first_row, mut last_row) = (&rows[at + 1..], row.number, row.number);
    while let Some((lower, rest)) = body.split_first()
        && rows.len() - body.len() <= at + HEADING_ROWS
        && continues(&row, lower, words)
    {
        for (at, cell) in &lower.cells {
            let upper = row.cells.get(at).filter(|upper| *upper != cell);
            let heading = match upper {
                Some(upper) if words.known(cell).is_none() => format!("{upper} {cell}"),
                _ => cell.clone(),
            };
            row.cells.insert(*at, heading);
        }
        last_row = lower.number;
        body = rest;
    }
    let secret = words.of(Column::Secret);
    let other = row.cells.iter().filter(|(at, heading)| {
        secrecy::is_of_something_else(heading, &secret)
            && !any(body, **at, secrecy::marks)
            && body.iter().any(|row| row.cells.contains_key(*at))
    });
    let other: BTreeSet<usize> = other.map(|(at, _)| *at).collect();
    let places = places(&row, words, &other)?;
    let covered_by =
        places.iter().map(|(column, at)| (*column, covered_by(*at, &row, &places))).collect();
    let header = Header { places, headings: row.cells, covered_by, first_row, last_row };
    header.secrecy(body, words)?;
    Ok((header, body))
}

/// True if a row is part of the headings above it: some of them extend into it, and none of
/// its cells is below a known heading that ends above it.
fn continues(upper: &SheetRow, lower: &SheetRow, words: &ColumnNames) -> bool {
    let over = |column: usize| {
        let own = upper.merged.iter();
        own.filter(move |span| (span.columns.0..=span.columns.1).contains(&column))
    };
    let reaches = |column: usize| over(column).any(|span| span.rows.1 >= lower.number);
    let wide = |column: usize| over(column).any(|span| span.columns.0 < span.columns.1);
    let known = |column: usize| upper.cells.get(&column).and_then(|cell| words.known(cell));
    let free = |column: usize| reaches(column) || wide(column) || known(column).is_none();
    upper.merged.iter().any(|span| span.rows.1 >= lower.number)
        && lower.cells.keys().all(|column| free(*column))
}

/// Further positions that the heading at a position covers, and no other heading.
fn covered_by(at: usize, row: &SheetRow, places: &BTreeMap<Column, usize>) -> Vec<usize> {
    let spans = row.merged.iter().map(|span| span.columns);
    let over = spans.filter(|(first, last)| (*first..=*last).contains(&at));
    let others = over.flat_map(|(first, last)| first..=last);
    others.filter(|place| !places.values().any(|p| p == place)).collect()
}

/// True if any cell of the column satisfies the predicate.
fn any(rows: &[SheetRow], at: usize, such: fn(&str) -> bool) -> bool {
    rows.iter().filter_map(|row| row.cells.get(&at)).any(|cell| such(cell))
}

/// A heading that equals a name takes precedence over one that contains it. Those at the
/// positions `other` contain a word about secrecy but mean something else.
fn places(
    row: &SheetRow,
    words: &ColumnNames,
    other: &BTreeSet<usize>,
) -> Result<BTreeMap<Column, usize>, ImportError> {
    let matchers: [fn(&ColumnNames, &str) -> Option<Column>; 2] =
        [ColumnNames::exact, ColumnNames::within];
    let mut places: BTreeMap<Column, usize> = BTreeMap::new();
    for matches in matchers {
        for column in Column::ALL {
            if places.contains_key(&column) {
                continue;
            }
            let free = row.cells.iter().filter(|(at, _)| !places.values().any(|p| p == *at));
            let found: Vec<(&usize, &String)> = free
                .filter(|(_, cell)| matches(words, cell) == Some(column))
                .filter(|(at, _)| column != Column::Secret || !other.contains(*at))
                .collect();
            match found.as_slice() {
                [] => {}
                [(at, _)] => {
                    places.insert(column, **at);
                }
                several => {
                    let names: Vec<String> = several.iter().map(|(_, h)| shown(h)).collect();
                    return Err(ImportError::TwoColumns { column, names: names.join(", ") });
                }
            }
        }
    }
    assign_remaining(row, words, &mut places);
    Ok(places)
}

/// A heading that names several columns means the one without another heading, as in
/// "Priority that the note is about". A heading about secrecy is never guessed.
fn assign_remaining(row: &SheetRow, words: &ColumnNames, places: &mut BTreeMap<Column, usize>) {
    let mut claims: BTreeMap<Column, Vec<usize>> = BTreeMap::new();
    for (at, cell) in row.cells.iter().filter(|(at, _)| !places.values().any(|p| p == *at)) {
        let named = words.all_within(cell);
        let left: Vec<&Column> = named.iter().filter(|c| !places.contains_key(*c)).collect();
        if let ([column], false) = (left.as_slice(), named.contains(&Column::Secret)) {
            claims.entry(**column).or_default().push(*at);
        }
    }
    for (column, claims) in claims {
        if let [at] = claims.as_slice() {
            places.insert(column, *at);
        }
    }
}

/// The name of a column in spreadsheet programs: `A` to `Z`, then `AA`.
pub(super) fn letters(mut at: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + u8::try_from(at % 26).unwrap_or(0)));
        if at < 26 {
            return name;
        }
        at = at / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> SheetRow {
        let cells = cells.iter().map(|cell| (*cell).to_owned()).enumerate();
        SheetRow { number: 1, cells: cells.collect(), ..SheetRow::default() }
    }

    fn found(cells: &[&str]) -> Vec<Column> {
        let rows = [row(cells)];
        let (header, _) = header(&rows, &ColumnNames::built_in()).unwrap();
        header.places.into_keys().collect()
    }

    #[test]
    fn headings_are_found_in_three_languages_and_with_other_words_around_them() {
        let all = [Column::Group, Column::Priority, Column::Area, Column::Text];
        assert_eq!(found(&["Kuntaryhmä", "Painopiste", "Palvelukokonaisuus", "Nosto"]), all);
        assert_eq!(found(&["Kommungrupp", "TYNGDPUNKT", "servicehelhet", " Synpunkt "]), all);
        assert_eq!(found(&["Kommungrupp", "TYNGDPUNKT", "servicehelhet", " Lyft "]), all);
        assert_eq!(found(&["1. Group*", "2) Priority", "Choose a service area", "Notes:"]), all);
    }

    #[test]
    fn an_exact_name_takes_precedence() {
        let rows = [row(&["Municipality of the respondent", "Municipality", "Note"])];
        let (header, _) = header(&rows, &ColumnNames::built_in()).unwrap();
        assert_eq!(header.place(Column::Municipality), Some(1));
        assert_eq!(header.ignored(&rows), ["Municipality of the respondent"]);
    }

    #[test]
    fn a_heading_of_several_names_means_the_remaining_column() {
        let all = [Column::Group, Column::Priority, Column::Text];
        assert_eq!(found(&["Ryhmä", "Painopiste, jota nosto koskee", "Nosto"]), all);
        assert_eq!(found(&["Ryhmä", "Nosto ja painopiste", "Painopisteen nosto", "Nosto"]), all);
        let two = ["Nosto", "Kunta ja ryhmä", "Aihe tai teema, kunta"];
        assert!(!found(&two).contains(&Column::Municipality));
    }

    #[test]
    fn a_title_above_the_headings_is_skipped() {
        let rows = [row(&["Notes 2025"]), row(&["Group", "Note"]), row(&["north", "x"])];
        let (header, body) = header(&rows, &ColumnNames::built_in()).unwrap();
        assert_eq!((header.place(Column::Text), body.len()), (Some(1), 1));
    }

    #[test]
    fn ambiguous_headings_are_refused() {
        let rows = [row(&["Group", "Note 1", "Note 2"])];
        let refused = header(&rows, &ColumnNames::built_in());
        assert!(matches!(refused, Err(ImportError::TwoColumns { column: Column::Text, .. })));
        let rows = [row(&["Group", "Opinion"])];
        let refused = header(&rows, &ColumnNames::built_in());
        assert!(matches!(refused, Err(ImportError::NoTextColumn { .. })));
    }

    #[test]
    fn columns_without_a_heading_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
