//! Compares two names: whether they may belong to the same person.

use super::{NameWord, PersonName};

/// Similarity of two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same surname, and matching initials: possibly the same person.
    Initials,
    /// The same name, possibly in another order, or with an additional title or second
    /// name.
    Same,
}

impl PersonName {
    /// The words of the name except initials.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.all().filter(|name| !name.is_initial()).map(|name| name.text.as_str())
    }

    /// Whether the other name may belong to the same person.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let (few, many) =
            if self.given.len() <= other.given.len() { (self, other) } else { (other, self) };
        let is_in =
            |names: &[NameWord], name: &NameWord| names.iter().any(|one| one.text == name.text);
        let within = |few: &[NameWord], many: &[NameWord]| few.iter().all(|name| is_in(many, name));
        let surname = within(&few.surname, &many.surname) && within(&many.surname, &few.surname);
        // a record may not tell which of two names is the surname
        let turned = within(&few.surname, &many.given) && within(&many.surname, &few.given);
        let same = few.all().all(|name| many.all().any(|one| one.text == name.text));
        if same && (surname || turned) || self.parts_in_order() == other.parts_in_order() {
            return Some(Likeness::Same);
        }
        let fits = |few: &[NameWord], many: &[NameWord]| {
            few.iter().all(|name| many.iter().any(|one| name.fits(one)))
        };
        let in_order = fits(&few.given, &many.given) && fits(&few.surname, &many.surname);
        let turned = fits(&few.given, &many.surname) && fits(&few.surname, &many.given);
        let initials =
            (in_order || turned) && few.words().any(|word| many.words().any(|other| word == other));
        initials.then_some(Likeness::Initials)
    }

    /// All words of the name, hyphenated names split: "Maija-Liisa" equals "Maija Liisa".
    fn parts_in_order(&self) -> Vec<&str> {
        let mut parts: Vec<&str> = self.all().flat_map(|name| name.text.split('-')).collect();
        parts.sort_unstable();
        parts
    }

    fn all(&self) -> impl Iterator<Item = &NameWord> {
        self.given.iter().chain(&self.surname)
    }
}

impl NameWord {
    /// The same name, or its initial.
    pub(super) fn fits(&self, other: &Self) -> bool {
        let short = self.is_initial() || other.is_initial();
        self.text == other.text || short && self.text.chars().next() == other.text.chars().next()
    }
}

#[cfg(test)]
mod tests {
    use super::super::people;
    use super::*;

    fn likeness(one: &str, other: &str) -> Option<Likeness> {
        let (one, other) = (people(one, None), people(other, None));
        one.iter().flat_map(|a| other.iter().filter_map(|b| a.likeness(b))).max()
    }

    #[test]
    fn one_person_is_known_under_every_name() {
        for other in [
            "Maija Meikäläinen",
            "Meikäläinen, Maija",
            "Meikäläinen Maija",
            "MAIJA MEIKÄLÄINEN",
            "Maija Liisa Meikäläinen",
            "Meikäläinen Maija Liisa",
            "toimitusjohtaja Maija Meikäläinen",
            "Toimitusjohtaja Maija Meikäläinen",
            "Maija Meikäläinen, toimitusjohtaja",
            "Antti Aalto ja Maija Meikäläinen",
        ] {
            assert_eq!(likeness("Maija Meikäläinen", other), Some(Likeness::Same), "{other}");
        }
        assert_eq!(likeness("Virta Maija", "Maija Virta"), Some(Likeness::Same));
        for other in
            ["Maija Liisa Meikäläinen", "Meikäläinen, Maija Liisa", "MAIJA-LIISA MEIKÄLÄINEN"]
        {
            assert_eq!(likeness("Maija-Liisa Meikäläinen", other), Some(Likeness::Same), "{other}");
        }
        assert_eq!(likeness("Virta M.", "Maija Virta"), Some(Likeness::Initials));
        for other in ["M. Meikäläinen", "Meikäläinen M.", "Maija M.", "Maija M. ja Antti A."] {
            assert_eq!(likeness("Maija Meikäläinen", other), Some(Likeness::Initials), "{other}");
        }
    }

    #[test]
    fn others_are_others() {
        for (one, other) in [
            ("Maija Meikäläinen", "Matti Meikäläinen"),
            ("Maija Meikäläinen", "Maija Malli"),
            ("Maija Meikäläinen", "A. Meikäläinen"),
            ("Maija Liisa Meikäläinen", "Maija Kaarina Meikäläinen"),
            ("Maija Meikäläinen", "M. M."),
            ("Anna-Maija Malli", "Anna Malli"),
            ("Anna-Maija Malli", "Anna Liisa Malli"),
            ("Maija Meikäläinen", "Matti M."),
            ("Maija Meikäläinen", "Meikäläinen"),
        ] {
            assert_eq!(likeness(one, other), None, "{one}, {other}");
        }
    }
}
