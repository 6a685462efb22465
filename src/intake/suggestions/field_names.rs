//! Recognises Finnish, Swedish and other English names of fields.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::locale::folded;

/// The field of an object that a name in another language means, if it is unambiguous.
pub fn field<'a>(found: &str, accepted: &'a [String]) -> Option<&'a str> {
    // no field name is longer
    let wanted = if found.len() > 100 { return None } else { plain(found) };
    if let Some(same) = accepted.iter().find(|name| plain(name) == wanted) {
        return Some(same);
    }
    MEANINGS.get(&wanted).and_then(|meanings| one_of(meanings, accepted)).or_else(|| {
        let also = FALLBACKS.iter().filter(|(_, words)| words.contains(&wanted.as_str()));
        one_of(&also.map(|(name, _)| *name).collect::<Vec<_>>(), accepted)
    })
}

fn one_of<'a>(meanings: &[&str], accepted: &'a [String]) -> Option<&'a str> {
    let mut found = accepted.iter().filter(|name| meanings.contains(&name.as_str()));
    match (found.next(), found.next()) {
        (Some(name), None) => Some(name),
        _ => None,
    }
}

/// A name normalised for comparison: separators between words do not matter.
fn plain(name: &str) -> String {
    folded(&name.replace(['_', '-'], " "))
}

static MEANINGS: LazyLock<BTreeMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut meanings: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for (name, word) in words() {
        meanings.entry(plain(word)).or_default().push(name);
    }
    meanings
});

/// Words that mean a field only when no other field is meant by them.
const FALLBACKS: &[(&str, &[&str])] = &[("title", &["nimi", "namn", "name"])];

/// Names of the fields of records, one line for each, in Finnish, Swedish and English.
const FIELDS: &str = include_str!("field_names.txt");

/// Pairs of field and name.
fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIELDS
        .lines()
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(name, words)| words.split([',', ';']).map(move |word| (name, word.trim())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::intake::schema::property_names;
    use crate::model::Kind;

    /// The fields of every object of the schemas, with its path.
    fn objects(node: &Value, path: &str, found: &mut Vec<(String, Vec<String>)>) {
        let names = property_names(Some(node));
        if !names.is_empty() {
            found.push((path.to_owned(), names));
        }
        match node {
            Value::Object(inner) => {
                inner.iter().for_each(|(name, n)| objects(n, &format!("{path}/{name}"), found));
            }
            Value::Array(inner) => inner.iter().for_each(|n| objects(n, path, found)),
            _ => {}
        }
    }

    fn all() -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        for kind in Kind::ALL {
            objects(&kind.schema().to_value(), kind.as_str(), &mut found);
        }
        found
    }

    #[test]
    fn every_name_means_an_existing_field_and_every_field_has_names() {
        let objects = all();
        let there: BTreeSet<&str> =
            objects.iter().flat_map(|(_, names)| names).map(String::as_str).collect();
        let named: BTreeSet<&str> = words().map(|(name, _)| name).collect();
        assert_eq!(
            named.len(),
            FIELDS.lines().count(),
            "a field is listed twice, or without names"
        );
        for name in named.iter().chain(FALLBACKS.iter().map(|(name, _)| name)) {
            assert!(there.contains(name), "unknown field {name}");
        }
        for (name, word) in words() {
            assert!(folded(word) == word && !word.is_empty(), "{name}: {word}");
        }
        let mut unnamed: Vec<&str> = there.difference(&named).copied().collect();
        unnamed.retain(|name| *name != "$schema");
        assert_eq!(unnamed, Vec::<&str>::new(), "fields without names");
        for (path, names) in &objects {
            for name in names.iter().filter(|name| *name != "$schema") {
                let mut own = words().filter(|(own, _)| own == name);
                let means = own.any(|(_, word)| field(word, names) == Some(name.as_str()));
                assert!(means, "{path}: no word means only {name}");
            }
        }
    }

    #[test]
    fn common_names_mean_the_fields_of_their_object() {
        let objects = all();
        let suggestion = |path: &str, found| {
            let own = objects.iter().find(|(own, _)| own == path);
            own.and_then(|(_, names)| field(found, names)).map(str::to_owned)
        };
        for (path, found, name) in [
            ("session", "päivä", "date"),
            ("session", "Päivämäärä", "date"),
            ("session", "paikka", "place"),
            ("session", "puheenjohtaja", "chair"),
            ("session", "läsnä", "present"),
            ("session", "poissa", "absent"),
            ("session", "alkaa", "start"),
            ("session", "datum", "date"),
            ("session", "slut", "end"),
            ("session", "språk", "language"),
            ("session", "slag", "kind"),
            ("session", "synpunkter", "notes"),
            ("session", "skriftliga synpunkter", "comments"),
            ("session", "laji", "kind"),
            ("session", "tyyppi", "kind"),
            ("session", "Date", "date"),
            ("session/$defs/Note", "teksti", "text"),
            ("session/$defs/Note", "service area", "service_area"),
            ("session/$defs/Participant", "antal", "count"),
            ("session/$defs/Recipient", "mottagare", "recipient"),
            ("session/$defs/Person", "nimi", "name"),
            ("session/$defs/Attachment", "nimi", "title"),
            ("proposal", "titel", "title"),
            ("proposal", "päivä", "meeting_date"),
            ("proposal/$defs/Preparer", "namn", "name"),
            ("proposal/$defs/Preparer", "e-post", "email"),
            ("summary", "nostot", "highlights"),
            ("summary", "synpunkter", "highlights"),
        ] {
            assert_eq!(suggestion(path, found).as_deref(), Some(name), "{path}: {found}");
        }
        // an ambiguous word means no field
        assert_eq!(suggestion("session/$defs/Participant", "taho"), None);
        assert_eq!(suggestion("session", "hölynpöly"), None);
    }
}
