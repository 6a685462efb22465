//! Inflected forms of Finnish names: the stems that case endings attach to, folded (`a` for
//! `ä`, `o` for `ö`). Generous: a form too many costs little, since given name and surname
//! must occur together.

/// The stems of a name.
#[derive(Debug, Clone)]
pub struct Forms {
    stems: Vec<String>,
}

/// Case endings after a stem, and the Swedish genitive.
const ENDINGS: &[&str] = &[
    "", "n", "a", "ta", "tta", "na", "ksi", "ssa", "sta", "lla", "lta", "lle", "t", "s", "en",
    "in", "an", "on", "un", "yn", "hin", "hen", "han", "hon", "hun", "hyn", "seen", "siin", "ien",
    "jen", "den", "ten", "tten", "ia", "ja", "iin", "ihin", "issa", "ista", "illa", "ilta", "ille",
    "ina", "iksi", "i", "ita", "ssaan", "staan", "lleen", "nsa", "ns",
];
/// Clitics after an ending.
const CLITICS: &[&str] = &["", "kin", "kaan", "ko", "han", "pa", "kohan"];

/// Strong consonants with their weak counterparts in a closed syllable (consonant
/// gradation).
const GRADES: &[(&str, &[&str])] = &[
    ("kk", &["k"]),
    ("pp", &["p"]),
    ("tt", &["t"]),
    ("nk", &["ng"]),
    ("nt", &["nn"]),
    ("mp", &["mm"]),
    ("lt", &["ll"]),
    ("rt", &["rr"]),
    ("lk", &["l", "lj"]),
    ("rk", &["r", "rj"]),
    ("hk", &["h", "hj"]),
    ("ht", &["hd"]),
    ("lp", &["lv"]),
    ("rp", &["rv"]),
    ("k", &["", "v", "j"]),
    ("t", &["d"]),
    ("p", &["v"]),
];

impl Forms {
    /// The forms of a folded name; of a hyphenated name, the last part is inflected.
    pub fn of(name: &str) -> Self {
        let (before, last) = match name.rsplit_once('-') {
            Some((before, last)) => (format!("{before}-"), last),
            None => (String::new(), name),
        };
        let mut stems = vec![last.to_owned()];
        add_stems(last, &mut stems);
        stems.sort();
        stems.dedup();
        stems.iter_mut().for_each(|stem| stem.insert_str(0, &before));
        Self { stems }
    }

    /// Whether a folded word is the name in any case.
    pub fn has(&self, word: &str) -> bool {
        self.stems.iter().any(|stem| word.strip_prefix(stem.as_str()).is_some_and(is_ending))
    }
}

fn is_ending(rest: &str) -> bool {
    CLITICS
        .iter()
        .any(|clitic| rest.strip_suffix(clitic).is_some_and(|ending| ENDINGS.contains(&ending)))
}

fn add_stems(name: &str, stems: &mut Vec<String>) {
    let (last, base) = match name.char_indices().last() {
        Some((at, last)) if name.chars().count() > 2 => (last, &name[..at]),
        _ => return,
    };
    if let Some(base) = name.strip_suffix("nen") {
        // Meikäläise-n, Meikäläis-tä
        stems.extend([format!("{base}se"), format!("{base}s")]);
        return;
    }
    match last {
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' => {
            let bases: Vec<String> = std::iter::once(base.to_owned()).chain(weak(base)).collect();
            for base in &bases {
                stems.push(format!("{base}{last}"));
                // Koski, Koske-n; Lahti, Lahde-n
                if last == 'i' {
                    stems.push(format!("{base}e"));
                }
            }
            match last {
                // Susi, Sude-n; Lapsi, Las-ta; Meri, Mer-ta
                'i' => {
                    let stem = base
                        .strip_suffix('s')
                        .map(|base| [format!("{base}de"), format!("{base}t")]);
                    stems.extend(stem.into_iter().flatten());
                    stems.push(base.to_owned());
                }
                // Lumme, Lumpee-n; Sade, Satee-n
                'e' => {
                    let strong = std::iter::once(base.to_owned()).chain(strong(base));
                    stems.extend(strong.map(|base| format!("{base}ee")));
                }
                // plural: Virta, Virto-ja
                'a' => stems.extend(bases.iter().map(|base| format!("{base}o"))),
                _ => {}
            }
        }
        's' => {
            // Markus, Markukse-n; Hyvyys, Hyvyyde-n
            stems.extend([format!("{base}kse"), format!("{base}de"), format!("{base}t")]);
            // Mallikas, Mallikkaa-n; Kangas, Kankaa-n; Seppäs…
            if let Some((at, vowel)) = base.char_indices().last() {
                let base = &base[..at];
                let strong = std::iter::once(base.to_owned()).chain(strong(base));
                stems.extend(strong.map(|base| format!("{base}{vowel}{vowel}")));
            }
        }
        // Kevyt, Kevye-n; Puhelin, Puhelime-n
        't' => stems.push(format!("{base}e")),
        'n' => stems.push(format!("{base}me")),
        _ => {}
    }
    // Askel, Askele-n; Sisar, Sisare-n; Erik, Eriki-n
    if !"aeiouy".contains(last) {
        stems.extend([format!("{name}e"), format!("{name}i")]);
    }
}

/// The stem with its last consonants in the weak grade.
fn weak(base: &str) -> Vec<String> {
    let strong = GRADES.iter().find(|(strong, _)| base.ends_with(strong));
    let (strong, weak) = strong.copied().unwrap_or_default();
    // "st", "sk" and the like have no weak grade
    let kept = &base[..base.len() - strong.len()];
    if strong.is_empty() || kept.is_empty() || strong.len() == 1 && kept.ends_with('s') {
        return Vec::new();
    }
    weak.iter().map(|weak| format!("{kept}{weak}")).collect()
}

/// The stem with its last consonants in the strong grade.
fn strong(base: &str) -> Vec<String> {
    let grades =
        GRADES.iter().flat_map(|(strong, weak)| weak.iter().map(move |weak| (*strong, *weak)));
    let fits = grades.filter(|(_, weak)| base.ends_with(weak));
    fits.map(|(strong, weak)| format!("{}{strong}", &base[..base.len() - weak.len()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finnish_names_are_known_in_their_cases() {
        for (name, forms) in [
            (
                "meikalainen",
                "meikalaisen meikalaista meikalaiselle meikalaisella meikalaisena meikalaisten meikalaisille meikalaiseen meikalaisetkin",
            ),
            ("virtanen", "virtasen virtasta virtaselta virtasesta virtasia virtasten"),
            ("korhonen", "korhosen korhosta korhoselle"),
            ("maki", "maen makea maelle makeen maesta makena"),
            ("lahti", "lahden lahtea lahdelle lahteen lahdin lahtia"),
            ("koski", "kosken koskea koskelle koskeen"),
            ("niemi", "niemen niemea niemelle"),
            ("jarvi", "jarven jarvea jarvella"),
            ("virta", "virran virtaa virralle virtaan"),
            ("lehto", "lehdon lehtoa lehdolle"),
            ("ranta", "rannan rantaa rannalta"),
            ("kangas", "kankaan kangasta kankaalle kankaaseen"),
            ("mallikas", "mallikkaan mallikasta mallikkaalle"),
            ("kallas", "kallaksen kallasta kallakselle"),
            ("lumme", "lumpeen lummetta lumpeelle"),
            ("kurki", "kurjen kurkea kurjelle kurken"),
            ("joki", "joen jokea joelle"),
            ("lampi", "lammen lampea lammin"),
            ("aho", "ahon ahoa aholle ahoon"),
            ("susi", "suden sutta sudelle"),
            ("erkki", "erkin erkkia erkille"),
            ("pekka", "pekan pekkaa pekalle pekankin"),
            ("satu", "sadun satua sadulle"),
            ("maija", "maijan maijaa maijalle maijalta"),
            ("markus", "markuksen markusta markukselle"),
            ("hannes", "hanneksen hannesta"),
            ("lindstrom", "lindstromin lindstromia lindstromille lindstroms"),
            ("anna-maija", "anna-maijan anna-maijalle"),
            ("ville", "villen villea villelle"),
            ("esimerkki", "esimerkin esimerkkia esimerkille"),
        ] {
            let known = Forms::of(name);
            assert!(known.has(name), "{name}");
            for form in forms.split(' ') {
                assert!(known.has(form), "{name}: {form}");
            }
        }
    }

    #[test]
    fn other_names_are_not_forms() {
        for (name, other) in [
            ("meikalainen", "meikalaisuus"),
            ("virtanen", "virta"),
            ("maki", "makela"),
            ("lahti", "lahtinen"),
            ("korhonen", "korhola"),
            ("koski", "koskinen"),
            ("aho", "ahonen"),
        ] {
            assert!(!Forms::of(name).has(other), "{name}: {other}");
        }
    }
}
