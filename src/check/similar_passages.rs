//! Rules about similar passages: the content of a shared text, or of an earlier proposal,
//! in other words. Words are compared by their beginnings, without diacritics, so that
//! inflection and scan errors make no difference.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::prose::{Texts, is_name};
use super::{CheckContext, Report};
use crate::model::translation::texts;
use crate::model::{Date, Id, Record, RecordSet, schema_of};

/// Share of the smaller passage's words that must occur in the shared text.
const SHARED_LIKENESS: f64 = 0.5;
/// Share of the words of two passages that must be common.
const SIMILARITY: f64 = 0.7;
/// Fewest different long words for which a passage is compared.
const FEWEST: usize = 12;
/// Number of words from which a passage may be a shared text of several paragraphs.
const WHOLE: usize = 40;
/// Number of letters by which words are compared.
const STEM: usize = 5;
/// Most places that are kept per sketch: boilerplate of thousands of records is found by
/// the first of them.
const PLACES: usize = 16;
/// Number of sketches per passage.
const SKETCHES: u64 = 12;
/// Most passages that are compared per record.
const MOST: usize = 200;

/// The passages of all proposals, indexed by sketches of their words.
#[derive(Debug, Clone, Default)]
pub struct Passages {
    all: Vec<Passage>,
    by_sketch: BTreeMap<u64, Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Passage {
    record: Id,
    day: Date,
    stems: BTreeSet<u64>,
}

impl Passages {
    /// Collects the passages of all proposals of a set.
    pub fn of(set: &RecordSet) -> Self {
        let mut passages = Self::default();
        let mut proposals: Vec<_> = set
            .iter()
            .filter_map(|source| match &*source.record {
                Record::Proposal(proposal) => Some((source, proposal)),
                _ => None,
            })
            .collect();
        // the earliest first, since later ones are compared with them
        proposals.sort_by_key(|(_, proposal)| (proposal.meeting_date, proposal.id.clone()));
        for (source, proposal) in proposals {
            let value = serde_json::to_value(&*source.record).unwrap_or_default();
            let all = texts(&value, schema_of(source.record.kind()));
            let written = all.iter().filter(|prose| prose.long && !is_name(&prose.field));
            for stems in written.flat_map(|prose| paragraphs(&prose.text)).take(MOST) {
                let index = passages.all.len();
                for sketch in sketches(&stems) {
                    let places = passages.by_sketch.entry(sketch).or_default();
                    if places.len() < PLACES {
                        places.push(index);
                    }
                }
                let (record, day) = (proposal.id.clone(), proposal.meeting_date);
                passages.all.push(Passage { record, day, stems });
            }
        }
        passages
    }

    /// The earlier record with a nearly identical passage.
    fn like(&self, stems: &BTreeSet<u64>, own: (&Id, Date)) -> Option<&Id> {
        let near = sketches(stems).into_iter().filter_map(|sketch| self.by_sketch.get(&sketch));
        let near: BTreeSet<usize> = near.flatten().copied().collect();
        let earlier = |passage: &&Passage| (passage.day, &passage.record) < (own.1, own.0);
        let others = near.into_iter().filter_map(|index| self.all.get(index)).filter(earlier);
        let similar = |passage: &&Passage| {
            let common = passage.stems.intersection(stems).count();
            let either = passage.stems.len() + stems.len() - common;
            // identical words are a single wording already
            common < either && common as f64 / either as f64 >= SIMILARITY
        };
        others.filter(similar).map(|passage| &passage.record).next()
    }
}

/// Reports passages with the content of a shared text, or of an earlier proposal, in
/// other words.
pub fn similar_passages(texts: &Texts, context: &CheckContext<'_>, report: &mut Report<'_>) {
    let record = report.source.record.clone();
    let Record::Proposal(proposal) = &*record else { return };
    let own = context.shared_texts.iter().filter(|(_, language, _)| *language == texts.language);
    let own: Vec<SharedText<'_>> = own
        .map(|&(id, _, text)| SharedText { id, whole: stems(text), parts: paragraphs(text) })
        .collect();
    let mut similar: BTreeMap<Id, String> = BTreeMap::new();
    let mut left = MOST;
    for prose in texts.written().filter(|prose| prose.long) {
        let mut said = BTreeSet::new();
        for wanted in paragraphs(&prose.text) {
            left = left.saturating_sub(1);
            if let Some(known) = own.iter().find(|known| known.is_similar(&wanted)) {
                if said.insert(known.id) {
                    let problem = report.found("text-shared", &prose.field);
                    report.problems.push(problem.with("id", known.id));
                }
            } else if left > 0
                && let Some(other) =
                    context.passages.like(&wanted, (&proposal.id, proposal.meeting_date))
            {
                similar.entry(other.clone()).or_insert_with(|| prose.field.clone());
            }
        }
    }
    // one finding per record: proposals of a kind have many passages in common
    if let Some(field) = similar.values().next() {
        let others: Vec<String> = similar.keys().take(3).map(|id| format!("`{id}`")).collect();
        let problem = report.found("text-similar", field);
        report.problems.push(problem.with("other", others.join(", ")));
    }
}

/// A shared text, prepared for comparison.
struct SharedText<'a> {
    id: &'a str,
    whole: BTreeSet<u64>,
    parts: Vec<BTreeSet<u64>>,
}

impl SharedText<'_> {
    /// True for a passage that is similar to one of its paragraphs, or to all of it.
    fn is_similar(&self, wanted: &BTreeSet<u64>) -> bool {
        let whole = || wanted.len() >= WHOLE && is_similar(wanted, &self.whole);
        whole() || self.parts.iter().any(|part| is_similar(wanted, part))
    }
}

/// True when most words of the smaller passage occur in the other.
fn is_similar(wanted: &BTreeSet<u64>, known: &BTreeSet<u64>) -> bool {
    let smaller = wanted.len().min(known.len());
    let common = wanted.intersection(known).count();
    smaller >= FEWEST && common as f64 / smaller as f64 >= SHARED_LIKENESS
}

/// The paragraphs of a text that are long enough to be compared.
fn paragraphs(text: &str) -> Vec<BTreeSet<u64>> {
    let all = text.split("\n\n").map(stems);
    all.filter(|stems| stems.len() >= FEWEST).collect()
}

/// Hashes of the beginnings of a text's words.
fn stems(text: &str) -> BTreeSet<u64> {
    let words = text.split(|c: char| !(c.is_alphabetic() || is_combining_mark(c)));
    let long = words.filter(|word| word.chars().count() > 3);
    let stem = |word: &str| {
        let letters = word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
        hash(letters.take(STEM))
    };
    long.map(stem).collect()
}

fn hash(letters: impl Iterator<Item = char>) -> u64 {
    // FNV-1a: the same on every computer
    letters
        .fold(0xcbf2_9ce4_8422_2325, |hash, c| (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3))
}

/// A few numbers that similar sets of words mostly have in common: the least of their
/// hashes, mixed differently each time (MinHash), two in one.
fn sketches(stems: &BTreeSet<u64>) -> Vec<u64> {
    let least = |round: u64| {
        let mixed = stems.iter().map(|stem| mix(stem ^ mix(round + 1)));
        mixed.min().unwrap_or_default()
    };
    (0..SKETCHES)
        .map(|band| mix(least(2 * band) ^ least(2 * band + 1).rotate_left(17) ^ band))
        .collect()
}

fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "Keski-Suomen hyvinvointialueen päivitetyn strategian lähtökohta on, että \
        palvelut ovat ihmisiä varten ja niitä saa silloin, kun niitä tarvitsee. Maakunnan \
        jokaiselle asukkaalle turvataan hyvät sosiaali- ja terveyspalvelut oikeaan aikaan.";

    #[test]
    fn the_same_in_other_words_is_told_from_something_else() {
        let own = stems(OWN);
        for text in [
            "Hyvinvointialueen päivitetyn strategian lähtökohtana on ajatus, että palvelut ovat \
             ihmistä varten ja niitä saadaan silloin, kun niitä tarvitaan. Jokaiselle maakunnan \
             asukkaalle turvataan hyvät terveyspalvelut oikeaan aikaan.",
            // scanned: dots are lost
            "Keski-Suomen hyvinvointialueen paivitetyn strategian lahtokohta on, etta palvelut \
             ovat ihmista varten ja niita saa, kun tarvitsee. Jokaiselle turvataan hyvat \
             palvelut oikeaan aikaan.",
        ] {
            assert!(is_similar(&stems(text), &own), "{text}");
        }
        let other = "Neuvottelut keskittyivät yhteisten tavoitteiden sopimiseen alueelliseen \
            hyvinvointisuunnitelmaan. Keskustelun pohjana oli laajan hyvinvointikertomuksen \
            tietopohjaan perustuvat esitykset terveyden ja turvallisuuden edistämisestä.";
        assert!(!is_similar(&stems(other), &own));
    }

    #[test]
    fn similar_passages_share_a_sketch() {
        let own = stems(OWN);
        let near = stems(&OWN.replace("lähtökohta", "ajatus").replace("hyvät", "laadukkaat"));
        let of = |stems| sketches(stems).into_iter().collect::<BTreeSet<u64>>();
        assert!(!of(&own).is_disjoint(&of(&near)));
        let far = stems(
            "Kunnat ja järjestöt sopivat toimenpiteistä, vastuista ja seurannasta \
            vuosittain pidettävissä neuvotteluissa, joihin kutsutaan myös seurakuntien edustajat.",
        );
        assert!(of(&own).is_disjoint(&of(&far)));
    }
}
