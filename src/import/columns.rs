//! Which column of a spreadsheet is what, told by its heading in Finnish,
//! Swedish or English. Knows nothing of what stands below the headings.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::sheet::Row;
use super::{ImportError, shown};
use crate::locale::Locale;

/// A column that notes have a use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Group,
    Priority,
    Area,
    Municipality,
    Sector,
    Topic,
    Text,
    Secret,
}

/// How many rows may stand above the headings.
const ABOVE: usize = 20;

/// A heading of more words than this is only taken when it is a name as a whole.
const LONGEST: usize = 12;

/// Names of the columns: letters and digits only, small, without spaces.
const WORDS: [(Column, &[&str]); 8] = [
    (
        Column::Group,
        &[
            "ryhmä",
            "kuntaryhmä",
            "neuvotteluryhmä",
            "ryhmätaifoorumi",
            "grupp",
            "kommungrupp",
            "förhandlingsgrupp",
            "gruppellerforum",
            "group",
            "municipalgroup",
            "groupofmunicipalities",
            "negotiationgroup",
            "grouporforum",
        ],
    ),
    (
        Column::Priority,
        &[
            "painopiste",
            "painopistealue",
            "tyngdpunkt",
            "tyngdpunktsområde",
            "insatsområde",
            "prioritet",
            "priority",
            "priorityarea",
            "focusarea",
        ],
    ),
    (
        Column::Area,
        &[
            "palvelukokonaisuus",
            "palvelukokonaisuudet",
            "palvelualue",
            "palvelualueet",
            "servicehelhet",
            "servicehelheter",
            "serviceområde",
            "serviceområden",
            "servicearea",
            "serviceareas",
        ],
    ),
    (Column::Municipality, &["kunta", "kaupunki", "kommun", "kommunen", "stad", "municipality"]),
    (Column::Sector, &["sektori", "taho", "toimijataho", "sektor", "aktör", "sector"]),
    (
        Column::Topic,
        &["aihe", "teema", "otsikko", "tema", "ämne", "rubrik", "topic", "theme", "subject"],
    ),
    (
        Column::Text,
        &[
            "nosto",
            "nostot",
            "teksti",
            "huomio",
            "havainto",
            "lyft",
            "text",
            "anteckning",
            "iakttagelse",
            "note",
            "notes",
            "remark",
        ],
    ),
    (
        Column::Secret,
        &[
            "salassa",
            "salassapidettävä",
            "salassapito",
            "salainen",
            "sekretess",
            "sekretessbelagd",
            "sekretessbelagt",
            "hemlig",
            "secret",
            "confidential",
        ],
    ),
];

impl Column {
    /// All columns, in the order of the empty spreadsheet.
    pub const ALL: [Column; 8] = [
        Column::Group,
        Column::Priority,
        Column::Area,
        Column::Municipality,
        Column::Sector,
        Column::Topic,
        Column::Text,
        Column::Secret,
    ];

    /// The column in English, for errors.
    pub fn as_str(self) -> &'static str {
        match self {
            Column::Group => "group",
            Column::Priority => "priority",
            Column::Area => "service area",
            Column::Municipality => "municipality",
            Column::Sector => "sector",
            Column::Topic => "topic",
            Column::Text => "text of the note",
            Column::Secret => "secrecy",
        }
    }

    /// Heading of the column in the empty spreadsheet.
    pub fn word(self, locale: &Locale) -> String {
        match self {
            Column::Group => locale.label("ui.import.column.group"),
            Column::Priority => locale.label("ui.import.column.priority"),
            Column::Area => locale.label("ui.import.column.area"),
            Column::Municipality => locale.label("ui.import.column.municipality"),
            Column::Sector => locale.label("ui.import.column.sector"),
            Column::Topic => locale.label("ui.import.column.topic"),
            Column::Text => locale.label("ui.import.column.text"),
            Column::Secret => locale.label("ui.import.column.secret"),
        }
    }
}

/// The names by which columns are known.
pub(super) struct Words(Vec<(Column, String)>);

impl Words {
    /// Those of all three languages.
    pub fn built_in() -> Self {
        let of = |(column, words): &(Column, &[&str])| {
            let column = *column;
            words.iter().map(move |word| (column, (*word).to_owned())).collect::<Vec<_>>()
        };
        Self(WORDS.iter().flat_map(of).collect())
    }

    /// Those, and the labels of a language, which may be an authority's own.
    pub fn new(locale: &Locale) -> Self {
        let mut words = Self::built_in();
        for column in Column::ALL {
            let own = parts(&column.word(locale)).concat();
            if !own.is_empty() {
                words.0.push((column, own));
            }
        }
        words
    }

    /// How many of the cells are headings.
    pub fn count<'a>(&self, cells: impl Iterator<Item = &'a str>) -> usize {
        let known = |cell: &str| self.exact(cell).or_else(|| self.within(cell));
        cells.filter_map(known).collect::<BTreeSet<_>>().len()
    }

    fn named(&self, name: &str) -> Option<Column> {
        self.0.iter().find(|(_, word)| word == name).map(|(column, _)| *column)
    }

    /// The column whose name the heading is.
    fn exact(&self, heading: &str) -> Option<Column> {
        self.named(&parts(heading).concat())
    }

    /// The one column that the heading names among other words, as in "Choose
    /// the service area".
    fn within(&self, heading: &str) -> Option<Column> {
        let parts = parts(heading);
        if parts.len() > LONGEST {
            return None;
        }
        let mut found = BTreeSet::new();
        for length in 1..=3 {
            found.extend(parts.windows(length).filter_map(|words| self.named(&words.concat())));
        }
        if found.len() == 1 { found.pop_first() } else { None }
    }
}

/// Words of a heading in small letters, without the number of a question.
fn parts(heading: &str) -> Vec<String> {
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
    words.skip_while(number).map(str::to_lowercase).collect()
}

/// Where the columns are.
pub(super) struct Header {
    places: BTreeMap<Column, usize>,
    /// Every heading by its place.
    headings: BTreeMap<usize, String>,
}

impl Header {
    /// Place of a column, from 0.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places.get(&column).copied()
    }

    /// The columns that there are, each with its heading.
    pub fn taken(&self) -> Vec<(Column, String)> {
        let heading = |at: &usize| self.headings.get(at).map(|text| shown(text));
        let taken = self.places.iter();
        taken.map(|(column, at)| (*column, heading(at).unwrap_or_default())).collect()
    }

    /// Headings of the columns that are none of these; of one that has cells
    /// but no heading, its letters.
    pub fn left_out(&self, rows: &[Row]) -> Vec<String> {
        let cells = rows.iter().flat_map(|row| row.cells.keys());
        let all: BTreeSet<usize> = cells.chain(self.headings.keys()).copied().collect();
        let others = all.into_iter().filter(|at| !self.places.values().any(|place| place == at));
        let name = |at: usize| self.headings.get(&at).map_or_else(|| letters(at), |h| shown(h));
        others.map(name).collect()
    }
}

/// The row of the headings, and the rows below it. It is the row near the top
/// that has most known headings, the text's among them.
pub(super) fn header<'a>(
    rows: &'a [Row],
    words: &Words,
) -> Result<(Header, &'a [Row]), ImportError> {
    let first = rows.first().ok_or(ImportError::Empty)?;
    let has_text = |row: &Row| {
        let known = |cell: &String| words.exact(cell).or_else(|| words.within(cell));
        row.cells.values().any(|cell| known(cell) == Some(Column::Text))
    };
    let count = |row: &Row| words.count(row.cells.values().map(String::as_str));
    let top = rows.iter().take(ABOVE).enumerate().filter(|(_, row)| has_text(row));
    let Some((at, row)) = top.min_by_key(|(_, row)| Reverse(count(row))) else {
        let found: Vec<String> = first.cells.values().map(|cell| shown(cell)).collect();
        return Err(ImportError::NoTextColumn { found: found.join(", ") });
    };
    let header = Header { places: places(row, words)?, headings: row.cells.clone() };
    Ok((header, &rows[at + 1..]))
}

/// A heading that is a name as a whole goes before one that holds it.
fn places(row: &Row, words: &Words) -> Result<BTreeMap<Column, usize>, ImportError> {
    let looks: [fn(&Words, &str) -> Option<Column>; 2] = [Words::exact, Words::within];
    let mut places: BTreeMap<Column, usize> = BTreeMap::new();
    for look in looks {
        for column in Column::ALL {
            if places.contains_key(&column) {
                continue;
            }
            let free = row.cells.iter().filter(|(at, _)| !places.values().any(|p| p == *at));
            let found: Vec<(&usize, &String)> =
                free.filter(|(_, cell)| look(words, cell) == Some(column)).collect();
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
    Ok(places)
}

/// `A` to `Z`, then `AA`, as spreadsheet programs name columns.
fn letters(mut at: usize) -> String {
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

    fn row(cells: &[&str]) -> Row {
        let cells = cells.iter().map(|cell| (*cell).to_owned()).enumerate();
        Row { number: 1, cells: cells.collect(), broken: Vec::new() }
    }

    fn found(cells: &[&str]) -> Vec<Column> {
        let rows = [row(cells)];
        let (header, _) = header(&rows, &Words::built_in()).unwrap();
        header.places.into_keys().collect()
    }

    #[test]
    fn headings_are_found_in_three_languages_and_with_other_words_around_them() {
        let all = [Column::Group, Column::Priority, Column::Area, Column::Text];
        assert_eq!(found(&["Kuntaryhmä", "Painopiste", "Palvelukokonaisuus", "Nosto"]), all);
        assert_eq!(found(&["Kommungrupp", "TYNGDPUNKT", "servicehelhet", " Lyft "]), all);
        assert_eq!(found(&["1. Group*", "2) Priority", "Choose a service area", "Notes:"]), all);
    }

    #[test]
    fn a_name_as_a_whole_goes_first() {
        let rows = [row(&["Municipality of the respondent", "Municipality", "Note"])];
        let (header, _) = header(&rows, &Words::built_in()).unwrap();
        assert_eq!(header.place(Column::Municipality), Some(1));
        assert_eq!(header.left_out(&rows), ["Municipality of the respondent"]);
    }

    #[test]
    fn a_title_above_the_headings_is_passed_over() {
        let rows = [row(&["Notes 2025"]), row(&["Group", "Note"]), row(&["north", "x"])];
        let (header, body) = header(&rows, &Words::built_in()).unwrap();
        assert_eq!((header.place(Column::Text), body.len()), (Some(1), 1));
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        let rows = [row(&["Group", "Note 1", "Note 2"])];
        let refused = header(&rows, &Words::built_in());
        assert!(matches!(refused, Err(ImportError::TwoColumns { column: Column::Text, .. })));
        let rows = [row(&["Group", "Opinion"])];
        let refused = header(&rows, &Words::built_in());
        assert!(matches!(refused, Err(ImportError::NoTextColumn { .. })));
    }

    #[test]
    fn columns_without_a_heading_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
