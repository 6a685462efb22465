//! Letters of other scripts that look like Latin letters, after Unicode's `confusables.txt`
//! (UTS 39).

/// The lower-case Latin letter that a letter looks like. Capital and small letters may look
/// like different ones: `Ν` like `N`, `ν` like `v`.
pub fn latin(c: char) -> Option<char> {
    let letter = match c {
        // Cyrillic, Greek, Latin letters of other alphabets, Armenian, Cherokee
        '\u{430}' | '\u{410}' | '\u{3b1}' | '\u{391}' | '\u{251}' | '\u{1d00}' | '\u{13aa}' => 'a',
        '\u{432}' | '\u{412}' | '\u{44c}' | '\u{42c}' | '\u{3b2}' | '\u{392}' | '\u{299}'
        | '\u{185}' | '\u{13f4}' => 'b',
        '\u{441}' | '\u{421}' | '\u{3c2}' | '\u{1d04}' | '\u{13df}' => 'c',
        '\u{501}' | '\u{500}' | '\u{111}' | '\u{110}' | '\u{1d05}' | '\u{13a0}' => 'd',
        '\u{435}' | '\u{415}' | '\u{3b5}' | '\u{395}' | '\u{1d07}' | '\u{13ac}' => 'e',
        '\u{192}' => 'f',
        '\u{261}' | '\u{262}' | '\u{581}' | '\u{13c0}' => 'g',
        '\u{43d}' | '\u{41d}' | '\u{4bb}' | '\u{4ba}' | '\u{397}' | '\u{127}' | '\u{126}'
        | '\u{29c}' | '\u{570}' | '\u{13bb}' => 'h',
        '\u{456}' | '\u{406}' | '\u{3b9}' | '\u{399}' | '\u{269}' | '\u{26a}' => 'i',
        '\u{458}' | '\u{408}' | '\u{3f3}' | '\u{1d0a}' | '\u{575}' | '\u{13ab}' => 'j',
        '\u{43a}' | '\u{41a}' | '\u{3ba}' | '\u{39a}' | '\u{1d0b}' | '\u{13e6}' => 'k',
        '\u{4cf}' | '\u{4c0}' | '\u{142}' | '\u{141}' | '\u{26b}' | '\u{1c0}' | '\u{29f}'
        | '\u{53c}' | '\u{13de}' => 'l',
        '\u{43c}' | '\u{41c}' | '\u{39c}' | '\u{1d0d}' | '\u{13b7}' => 'm',
        '\u{43f}' | '\u{3b7}' | '\u{39d}' | '\u{274}' | '\u{578}' => 'n',
        '\u{43e}' | '\u{41e}' | '\u{4e9}' | '\u{4e8}' | '\u{3bf}' | '\u{39f}' | '\u{3c3}'
        | '\u{f8}' | '\u{d8}' | '\u{275}' | '\u{1d0f}' | '\u{585}' | '\u{555}' => 'o',
        '\u{440}' | '\u{420}' | '\u{3c1}' | '\u{3a1}' | '\u{1d18}' | '\u{13e2}' => 'p',
        '\u{51b}' | '\u{51a}' | '\u{566}' => 'q',
        '\u{433}' | '\u{280}' | '\u{13a1}' => 'r',
        '\u{455}' | '\u{405}' | '\u{a731}' | '\u{54f}' | '\u{13da}' => 's',
        '\u{442}' | '\u{422}' | '\u{3c4}' | '\u{3a4}' | '\u{167}' | '\u{166}' | '\u{1d1b}'
        | '\u{13a2}' => 't',
        '\u{3bc}' | '\u{3c5}' | '\u{28b}' | '\u{1d1c}' | '\u{57d}' => 'u',
        '\u{475}' | '\u{474}' | '\u{3bd}' | '\u{1d20}' | '\u{13d9}' => 'v',
        '\u{51d}' | '\u{51c}' | '\u{3c9}' | '\u{1d21}' | '\u{13d4}' => 'w',
        '\u{445}' | '\u{425}' | '\u{3c7}' | '\u{3a7}' => 'x',
        '\u{443}' | '\u{423}' | '\u{4af}' | '\u{4ae}' | '\u{3b3}' | '\u{3a5}' | '\u{28f}' => 'y',
        '\u{3b6}' | '\u{396}' | '\u{1d22}' | '\u{13c3}' => 'z',
        _ => return None,
    };
    Some(letter)
}

/// Writes the skeleton of a folded word: words that look alike have the same one (0 and o;
/// 1, l and I; m and rn; w and vv).
pub fn skeleton(word: &str, out: &mut String) {
    for c in word.chars() {
        match c {
            '0' => out.push('o'),
            '1' | 'i' => out.push('l'),
            'm' => out.push_str("rn"),
            'w' => out.push_str("vv"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_latin_letters() {
        let text =
            "\u{430}\u{435}\u{43e}\u{440}\u{441}\u{445}\u{443}\u{39f}\u{3bf}\u{391}\u{3b1}\u{41a}";
        let seen: Option<String> = text.chars().map(latin).collect();
        assert_eq!(seen.as_deref(), Some("aeopcxyooaak"));
        assert_eq!(latin('a').or(latin('\u{436}')).or(latin('5')), None);
    }

    #[test]
    fn words_that_look_alike_have_one_skeleton() {
        let of = |word: &str| {
            let mut out = String::new();
            skeleton(word, &mut out);
            out
        };
        for (one, other) in [("koulu", "k0u1u"), ("liitto", "iiitt0"), ("moderni", "rnodemi")] {
            assert_eq!(of(one), of(other), "{one}");
        }
        assert_ne!(of("koulu"), of("kuolu"));
    }
}
