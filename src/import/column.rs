//! Columns of the spreadsheet and their names in Finnish, Swedish and English.

use std::collections::BTreeSet;

use crate::locale::Locale;
use crate::model::normal::folded;

/// A column that can be imported.
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

    /// The English name, for errors.
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

/// Maximum number of words of a heading that contains the name of a column among other
/// words.
const LONGEST: usize = 12;

/// Names of the columns: lower-case letters and digits, without spaces.
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
            "synpunkt",
            "synpunkter",
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

/// The names of the columns.
pub(super) struct ColumnNames(Vec<(Column, String)>);

impl ColumnNames {
    /// The built-in names in all three languages.
    pub fn built_in() -> Self {
        let of = |(column, words): &(Column, &[&str])| {
            let column = *column;
            words.iter().map(move |word| (column, (*word).to_owned())).collect::<Vec<_>>()
        };
        Self(WORDS.iter().flat_map(of).collect())
    }

    /// The built-in names and the labels of a language, which an authority may have
    /// changed.
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

    /// The names of a column.
    pub fn of(&self, column: Column) -> Vec<&str> {
        let own = self.0.iter().filter(|(of, _)| *of == column);
        own.map(|(_, word)| word.as_str()).collect()
    }

    /// The columns whose headings are among the cells.
    pub fn found<'a>(&self, cells: impl Iterator<Item = &'a str>) -> BTreeSet<Column> {
        cells.filter_map(|cell| self.known(cell)).collect()
    }

    /// The column that the heading names.
    pub fn known(&self, heading: &str) -> Option<Column> {
        self.exact(heading).or_else(|| self.within(heading))
    }

    fn named(&self, name: &str) -> Option<Column> {
        self.0.iter().find(|(_, word)| word == name).map(|(column, _)| *column)
    }

    /// The column whose name equals the heading.
    pub fn exact(&self, heading: &str) -> Option<Column> {
        self.named(&parts(heading).concat())
    }

    /// The only column that the heading names among other words, as in "Choose the service
    /// area".
    pub fn within(&self, heading: &str) -> Option<Column> {
        let mut found = self.all_within(heading);
        if found.len() == 1 { found.pop_first() } else { None }
    }

    /// All columns that the heading names, as in "Priority that the note is about".
    pub fn all_within(&self, heading: &str) -> BTreeSet<Column> {
        let parts = parts(heading);
        if parts.len() > LONGEST {
            return BTreeSet::new();
        }
        let windows = (1..=3).flat_map(|length| parts.windows(length));
        windows.filter_map(|words| self.named(&words.concat())).collect()
    }
}

/// Normalized words of a heading, without the number of a question.
pub(super) fn parts(heading: &str) -> Vec<String> {
    let heading = folded(heading);
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
    words.skip_while(number).map(str::to_owned).collect()
}
