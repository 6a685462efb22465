//! Tests of signing and reading checkpoints; changed ones are refused.

use super::*;

#[test]
fn a_changed_checkpoint_is_refused() {
    let signatory = CheckpointSigner::new().unwrap();
    let signatory = CheckpointSigner::parse(&signatory.secret()).unwrap();
    let witness = CheckpointVerifier::parse(&signatory.verifier().text()).unwrap();
    for _ in 0..50 {
        // whatever characters a key is written with
        let other = CheckpointSigner::new().unwrap();
        assert_eq!(CheckpointSigner::parse(&other.secret()).unwrap().verifier(), other.verifier());
        assert_eq!(CheckpointVerifier::parse(&other.verifier().text()), Ok(other.verifier()));
    }
    let head = LogHead { sequence: 12, digest: Digest::of(b"x") };
    let checkpoint = Checkpoint { head, time: Moment::from_unix(0).unwrap() };
    let note = signatory.sign(&checkpoint);
    assert_eq!(witness.read(&note), Ok(checkpoint));
    let changed = note.replace("\n12\n", "\n11\n");
    assert_eq!(witness.read(&changed), Err(CheckpointError::Changed));
    // no digit and no letter may be another one, wherever it stands
    for (at, old) in note.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
        let new = if old == '1' { '2' } else { '1' };
        let changed = format!("{}{new}{}", &note[..at], &note[at + 1..]);
        assert!(witness.read(&changed).is_err(), "{changed}");
    }
    let other = CheckpointSigner::new().unwrap().verifier();
    assert_eq!(other.read(&note), Err(CheckpointError::OtherKey));
    assert_eq!(witness.read("x"), Err(CheckpointError::Form));
    assert_eq!(CheckpointVerifier::parse("kirjuri-registry+00+AA=="), Err(CheckpointError::Key));
}

#[test]
fn a_checkpoint_survives_the_mail() {
    let signatory = CheckpointSigner::new().unwrap();
    let witness = signatory.verifier();
    let head = LogHead { sequence: 12, digest: Digest::of(b"x") };
    let checkpoint = Checkpoint { head, time: Moment::from_unix(0).unwrap() };
    let note = signatory.sign(&checkpoint);
    let lines = |change: fn(&str) -> String| -> String { note.lines().map(change).collect() };
    let (begin, end) = note.trim_end().split_at(note.len() - 30);
    let quoted = note.replace('=', "=3D").replace('\u{2014}', "=E2=80=94");
    let (first, rest) = quoted.split_at(quoted.len() - 30);
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{note}").encode_utf16().flat_map(bytes).collect()
    };
    let texts: [String; 14] = [
        note.replace('\n', "\r\n"),
        format!("\u{feff}{note}"),
        lines(|line| format!("{line}  \n")),
        lines(|line| format!("{line}\u{a0}\t\r\n")),
        lines(|line| format!("> {line}\n")),
        lines(|line| format!(">> > {line}\n")),
        lines(|line| format!("    {line}\n")),
        lines(|line| format!("{line}\n\n")),
        format!("Hello,\n\nhere it is:\n\n{note}\n-- \nAnna Example, +358 00 000\n"),
        format!("{begin}\n{end}\n"),
        format!("{first}=\r\n{rest}"),
        note.replace('\u{2014}', "--"),
        note.trim_end().to_owned(),
        format!("{note}\nOn Monday somebody wrote:\n{}", lines(|line| format!("> {line}\n"))),
    ];
    for text in texts {
        assert_eq!(witness.read(&text), Ok(checkpoint.clone()), "{text}");
        let changed = text.replacen("12", "13", 1);
        assert!(witness.read(&changed).is_err() || text.matches("12\n").count() > 1, "{text}");
    }
    for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        assert_eq!(witness.read(&decode_text(&bytes)), Ok(checkpoint.clone()));
    }
    let key = witness.text();
    assert_eq!(
        CheckpointVerifier::parse(&format!("{}\r\n {}\n", &key[..40], &key[40..])),
        Ok(witness.clone())
    );
    let later = Checkpoint { time: Moment::from_unix(9).unwrap(), ..checkpoint };
    let both = format!("{note}\n{}", signatory.sign(&later));
    assert_eq!(witness.read(&both), Err(CheckpointError::Several));
}

/// Bytes in base64, in lines as mail has them.
fn base64_lines(bytes: &[u8]) -> String {
    let coded = BASE64.encode(bytes);
    let lines = coded.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line));
    lines.map(|line| format!("{line}\r\n")).collect()
}

/// A text in quoted-printable, in lines of at most 76 characters.
fn quoted_lines(text: &str) -> String {
    let mut coded = String::new();
    for line in text.lines() {
        let mut width = 0;
        for byte in line.bytes() {
            let plain = matches!(byte, b' '..=b'~') && byte != b'=';
            let piece = if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if width + piece.len() > 70 {
                coded.push_str("=\r\n");
                width = 0;
            }
            width += piece.len();
            coded.push_str(&piece);
        }
        coded.push_str("\r\n");
    }
    coded
}

fn part(kind: &str, coding: &str, body: &str) -> String {
    format!(
        "--=_b1\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n{body}\r\n"
    )
}

fn mail(parts: &str) -> String {
    format!(
        "From: Anna Example <anna@example.fi>\r\nTo: arkisto@example.fi\r\nSubject: \
         =?utf-8?B?VGFya2lzdHVzcGlzdGU=?=\r\nMIME-Version: 1.0\r\nContent-Type: \
         multipart/alternative; boundary=\"=_b1\"\r\n\r\n{parts}--=_b1--\r\n"
    )
}

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// A note in the forms in which it can come back.
fn forms(note: &str) -> Vec<(&'static str, Vec<u8>)> {
    let lines = |each: fn(&str) -> String| -> String { note.lines().map(each).collect() };
    let greeted = format!("Hei,\n\ntässä se on:\n\n{note}\n-- \nAnna Example, arkisto\n");
    let html = format!(
        "<html><head><style>p > a {{ margin: 0 }}</style></head><body><p>Hei,&nbsp;t&auml;ss&auml;:\
         </p>\n{}</body></html>\n",
        lines(|line| format!("<div><span lang=\"fi\">{line}&nbsp;</span></div>\n"))
            .replace('\u{2014}', "&mdash;")
            .replace('+', "&#43;")
    );
    let broken = format!("<p>{}</p>", note.trim_end().replace('\n', "<br>\n"));
    let split: String = note
        .lines()
        .map(|line| match line.len() {
            64 => format!("{}<wbr>{}<br/>", &line[..30], &line[30..]),
            _ => format!("{line}<br/>"),
        })
        .collect();
    let quotes: String = greeted.lines().map(|line| format!("&gt; {line}<br>")).collect();
    let plain = part("text/plain; charset=utf-8", "base64", &base64_lines(greeted.as_bytes()));
    let with_html = part("text/html; charset=utf-8", "quoted-printable", &quoted_lines(&html));
    let html_coded = part("text/html; charset=utf-8", "base64", &base64_lines(html.as_bytes()));
    let attached =
        part("application/octet-stream; name=c.note", "base64", &base64_lines(note.as_bytes()));
    let wide_part = base64_lines(&wide(&greeted, u16::to_le_bytes));
    let inner = mail(&plain);
    let wrapped: String = note
        .lines()
        .map(|line| {
            let cut = line.char_indices().nth(50).map_or(line.len(), |(at, _)| at);
            format!("> {}\n> {}\n", &line[..cut], &line[cut..])
        })
        .collect();
    vec![
        ("base64 body", base64_lines(greeted.as_bytes()).into_bytes()),
        ("base64 body of one line", BASE64.encode(&greeted).into_bytes()),
        ("quoted-printable body", quoted_lines(&greeted).into_bytes()),
        ("mail in base64", mail(&plain).into_bytes()),
        ("mail in quoted-printable", {
            mail(&part("text/plain", "quoted-printable", &quoted_lines(&greeted))).into_bytes()
        }),
        ("mail of two parts", mail(&format!("{plain}{with_html}")).into_bytes()),
        ("mail of HTML only", mail(&with_html).into_bytes()),
        ("mail of HTML in base64", mail(&html_coded).into_bytes()),
        ("mail with an attachment", mail(&attached).into_bytes()),
        ("mail in a mail", {
            mail(&part("message/rfc822", "base64", &base64_lines(inner.as_bytes()))).into_bytes()
        }),
        ("mail in UTF-16", mail(&part("text/plain; charset=utf-16", "base64", &wide_part)).into()),
        ("HTML", html.clone().into_bytes()),
        ("HTML with line breaks", broken.into_bytes()),
        ("HTML that may break words", split.into_bytes()),
        ("HTML of a reply", quotes.into_bytes()),
        ("UTF-16 little-endian", wide(&greeted, u16::to_le_bytes)),
        ("UTF-16 big-endian", wide(&greeted, u16::to_be_bytes)),
        ("UTF-16 with a mark", wide(&format!("\u{feff}{greeted}"), u16::to_be_bytes)),
        ("UTF-16 of HTML", wide(&html, u16::to_le_bytes)),
        ("reply", greeted.lines().flat_map(|line| format!("> {line}\r\n").into_bytes()).collect()),
        ("reply without spaces", lines(|line| format!(">>{line}\n")).into_bytes()),
        ("reply with wrapped lines", wrapped.into_bytes()),
        ("one line", note.replace('\n', " ").into_bytes()),
        ("Windows-1252", note.chars().map(|c| u8::try_from(c).unwrap_or(0x97)).collect()),
        ("no-break spaces of Latin-1", {
            let bytes = note.lines().flat_map(|line| [line.as_bytes(), b"\xa0\r\n"].concat());
            bytes.collect()
        }),
    ]
}

#[test]
fn a_checkpoint_is_read_in_every_encoding_of_mail() {
    let signatory = CheckpointSigner::new().unwrap();
    let witness = signatory.verifier();
    let head = LogHead { sequence: 4711, digest: Digest::of(b"x") };
    let checkpoint = Checkpoint { head, time: Moment::from_unix(1_764_000_000).unwrap() };
    let note = signatory.sign(&checkpoint);
    for (form, bytes) in forms(&note) {
        assert_eq!(witness.read(&decode_text(&bytes)), Ok(checkpoint.clone()), "{form}");
    }
    let digest = checkpoint.head.digest.to_string();
    let other = Digest::of(b"y").to_string();
    for changed in [note.replace(&digest, &other), note.replace("4711", "4710")] {
        for (form, bytes) in forms(&changed) {
            let read = witness.read(&decode_text(&bytes));
            assert_eq!(read, Err(CheckpointError::Changed), "{form}");
        }
    }
    for (form, bytes) in forms("Nothing of the kind,\nonly a long letter that somebody wrote.\n") {
        assert_eq!(witness.read(&decode_text(&bytes)), Err(CheckpointError::Form), "{form}");
    }
}
