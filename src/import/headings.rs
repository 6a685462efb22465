//! Names of the columns in Finnish, Swedish and English, and which of them a
//! heading is. Knows no row and no place.

use std::collections::BTreeSet;

use super::Column;
use crate::locale::Locale;
use crate::model::normal::folded;

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

    /// The names of a column.
    pub fn of(&self, column: Column) -> Vec<&str> {
        let own = self.0.iter().filter(|(of, _)| *of == column);
        own.map(|(_, word)| word.as_str()).collect()
    }

    /// The columns that the cells are headings of.
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

    /// The column whose name the heading is.
    pub fn exact(&self, heading: &str) -> Option<Column> {
        self.named(&parts(heading).concat())
    }

    /// The one column that the heading names among other words, as in "Choose
    /// the service area".
    pub fn within(&self, heading: &str) -> Option<Column> {
        let mut found = self.all_within(heading);
        if found.len() == 1 { found.pop_first() } else { None }
    }

    /// Every column that the heading names, as in "Priority that the note is about".
    pub fn all_within(&self, heading: &str) -> BTreeSet<Column> {
        let parts = parts(heading);
        if parts.len() > LONGEST {
            return BTreeSet::new();
        }
        let windows = (1..=3).flat_map(|length| parts.windows(length));
        windows.filter_map(|words| self.named(&words.concat())).collect()
    }
}

/// Words of a heading in normal form, without the number of a question.
pub(super) fn parts(heading: &str) -> Vec<String> {
    let heading = folded(heading);
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
    words.skip_while(number).map(str::to_owned).collect()
}
