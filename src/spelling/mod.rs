//! Dictionaries that are installed on the computer: Voikko for Finnish,
//! Hunspell's for Swedish and English. Where there is none, every word is known.
//! Knows no record and no rule.

mod voikko;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use spellbook::Dictionary;

use crate::fs;
use crate::model::Language;
use voikko::Voikko;

/// Folders in which systems keep Hunspell's dictionaries.
pub const FOLDERS: [&str; 4] = [
    "/usr/share/hunspell",
    "/usr/share/myspell/dicts",
    "/usr/local/share/hunspell",
    "/Library/Spelling",
];

/// Names of the dictionaries of a language, best first.
fn names(language: Language) -> &'static [&'static str] {
    match language {
        Language::Fi => &["fi_FI"],
        Language::Sv => &["sv_FI", "sv_SE"],
        Language::En => &["en_GB", "en_US"],
    }
}

/// Largest dictionary file that is read, in bytes.
const LIMIT: u64 = 64 * 1024 * 1024;

/// A dictionary is there and cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: PathBuf,
    pub cause: String,
}

/// The dictionaries, each opened when it is first asked.
pub struct Dictionaries {
    folders: Vec<PathBuf>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    /// `None` inside when there is none.
    voikko: Option<Option<Voikko>>,
    hunspell: BTreeMap<Language, Option<Dictionary>>,
    faults: Vec<Fault>,
    known: HashMap<(Language, String), bool>,
}

impl Dictionaries {
    /// Looks for dictionaries in these folders, and for Voikko on the path.
    pub fn new(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { folders: folders.into_iter().collect(), open: Mutex::new(Open::default()) }
    }

    /// Knows no dictionary, and so every word.
    pub fn none() -> Self {
        let open = Open { voikko: Some(None), ..Open::default() };
        Self { folders: Vec::new(), open: Mutex::new(open) }
    }

    /// Dictionaries that were asked for so far, are there and cannot be used.
    pub fn faults(&self) -> Vec<Fault> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).faults.clone()
    }

    /// The words that the language's dictionary does not have; none when there
    /// is no dictionary.
    pub fn unknown<'a>(&self, language: Language, words: &[&'a str]) -> Vec<&'a str> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |word: &str| (language, word.to_owned());
        let new: Vec<&str> =
            words.iter().filter(|word| !open.known.contains_key(&of(word))).copied().collect();
        let verdicts = open.ask(language, &new, &self.folders);
        open.known.extend(new.iter().map(|word| of(word)).zip(verdicts));
        let is_unknown = |word: &&&str| open.known.get(&of(word)) == Some(&false);
        words.iter().filter(is_unknown).copied().collect()
    }
}

impl Open {
    /// Whether each word is known.
    fn ask(&mut self, language: Language, words: &[&str], folders: &[PathBuf]) -> Vec<bool> {
        if language == Language::Fi {
            let voikko = self.voikko.get_or_insert_with(Voikko::start);
            if let Some(known) = voikko.as_mut().and_then(|voikko| voikko.know(words)) {
                return known;
            }
            // a program that does not answer is asked no more
            *voikko = None;
        }
        let (dictionary, faults) = (self.hunspell.entry(language), &mut self.faults);
        let dictionary = dictionary.or_insert_with(|| load(language, folders, faults));
        let knows = |word: &&str| dictionary.as_ref().is_none_or(|known| known.check(word));
        words.iter().map(knows).collect()
    }
}

/// The first dictionary of a language that is there and can be read; what is
/// there and cannot be is put down in `faults`.
fn load(language: Language, folders: &[PathBuf], faults: &mut Vec<Fault>) -> Option<Dictionary> {
    let places = folders.iter().flat_map(|f| names(language).iter().map(move |n| f.join(n)));
    for place in places {
        let (rules, words) = (place.with_extension("aff"), place.with_extension("dic"));
        let opened = text(&rules).and_then(|rules| Ok(rules.zip(text(&words)?)));
        let dictionary = opened.and_then(|texts| {
            let opened = texts.map(|(rules, words)| Dictionary::new(&rules, &words));
            opened.transpose().map_err(|error| Fault { file: rules, cause: error.to_string() })
        });
        match dictionary {
            Ok(Some(dictionary)) => return Some(dictionary),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    None
}

/// The text of a dictionary file, UTF-8 or the Latin-1 of older ones; `None` when
/// there is no such file.
fn text(path: &Path) -> Result<Option<String>, Fault> {
    let fault = |cause: String| Fault { file: path.to_owned(), cause };
    if fs::stamp(path).map_err(|error| fault(error.source.to_string()))?.is_none() {
        return Ok(None);
    }
    // systems link one dictionary to another
    let bytes = fs::real_path(path).and_then(|real| fs::read(&real, LIMIT));
    let bytes = bytes.map_err(|error| fault(error.source.to_string()))?;
    let bytes = bytes.ok_or_else(|| fault(format!("> {} MiB", LIMIT / 1024 / 1024)))?;
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(other) => other.into_bytes().into_iter().map(char::from).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_dictionary_every_word_is_known() {
        let none = Dictionaries::new([]);
        assert!(none.unknown(Language::Sv, &["hus", "hxs"]).is_empty());
    }

    #[test]
    fn a_dictionary_knows_its_words_in_either_encoding() {
        for (encoding, word) in [("UTF-8", "hälsa".as_bytes()), ("ISO8859-1", b"h\xe4lsa")] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("sv_FI.aff"), format!("SET {encoding}\n")).unwrap();
            let words = [b"2\nkommun\n", word, b"\n"].concat();
            std::fs::write(folder.path().join("sv_FI.dic"), words).unwrap();
            let own = Dictionaries::new([folder.path().to_owned()]);
            let unknown = own.unknown(Language::Sv, &["hälsa", "hallsa", "kommun", "hallsa"]);
            assert_eq!(unknown, ["hallsa", "hallsa"], "{encoding}");
        }
    }

    #[test]
    fn a_dictionary_that_is_there_and_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let own = || Dictionaries::new([folder.path().to_owned()]);
        let unknown = |own: &Dictionaries| own.unknown(Language::Sv, &["hallsa"]).len();
        assert_eq!((unknown(&own()), own().faults()), (0, Vec::new()));
        std::fs::write(file("sv_FI.aff"), "SET UTF-8\n").unwrap();
        let large = std::fs::File::create(file("sv_FI.dic")).unwrap();
        large.set_len(LIMIT + 1).unwrap();
        let dictionaries = own();
        assert_eq!(unknown(&dictionaries), 0);
        let faults = dictionaries.faults();
        assert_eq!(faults.len(), 1);
        assert_eq!((&faults[0].file, &*faults[0].cause), (&file("sv_FI.dic"), "> 64 MiB"));
        // another one of the language takes its place
        std::fs::write(file("sv_SE.aff"), "SET UTF-8\n").unwrap();
        std::fs::write(file("sv_SE.dic"), "1\nkommun\n").unwrap();
        let dictionaries = own();
        assert_eq!((unknown(&dictionaries), dictionaries.faults().len()), (1, 1));
    }
}
