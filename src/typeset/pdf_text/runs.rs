//! Runs of text on a PDF page, with position and marked content (ISO 32000-1, 9.4
//! and 14.6).

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, Object, ObjectId};

/// The text shown by one operator.
#[derive(Debug, Clone)]
pub struct TextRun {
    /// Page, from 0.
    pub page: usize,
    /// Number of its marked content on the page.
    pub mark: Option<i64>,
    /// True for headers, footers and ornaments.
    pub artifact: bool,
    pub text: String,
    /// Replacement text that the file gives for its glyphs, as for a hyphen at a
    /// line end.
    pub actual: Option<String>,
    from: (f64, f64),
    to: (f64, f64),
    size: f64,
}

/// Largest content of a page, decompressed.
const LIMIT: usize = 256 << 20;
/// From which part of the font size a gap is a space, and a step a new line.
const SPACE: f64 = 0.12;
const LINE: f64 = 0.3;

/// Coefficients of a transformation, as in PDF.
type Coefficients = [f64; 6];
const IDENTITY: Coefficients = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `a` applied before `b`.
fn times(a: Coefficients, b: Coefficients) -> Coefficients {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

struct Font<'a> {
    encoding: Encoding<'a>,
    widths: BTreeMap<u32, f64>,
    default: f64,
    /// Whether its codes have two bytes.
    wide: bool,
}

enum ContentMark {
    Content(i64),
    Artifact,
    Actual(String),
    Other,
}

struct ContentReader<'a> {
    document: &'a Document,
    fonts: BTreeMap<Vec<u8>, Font<'a>>,
    page: usize,
    matrix: Coefficients,
    saved: Vec<Coefficients>,
    text: Coefficients,
    line: Coefficients,
    leading: f64,
    font: Option<Vec<u8>>,
    size: f64,
    marks: Vec<ContentMark>,
    runs: Vec<TextRun>,
    others: Vec<String>,
}

/// The runs of a page in their order, and other texts in its marks.
pub fn of_page(
    document: &Document,
    id: ObjectId,
    page: usize,
) -> Result<(Vec<TextRun>, Vec<String>), lopdf::Error> {
    let mut fonts = BTreeMap::new();
    for (name, font) in document.get_page_fonts(id)? {
        fonts.insert(name, Font::of(document, font)?);
    }
    let content = Content::decode(&document.get_page_content_with_limit(id, LIMIT)?)?;
    let mut reader = ContentReader {
        document,
        fonts,
        page,
        matrix: IDENTITY,
        saved: Vec::new(),
        text: IDENTITY,
        line: IDENTITY,
        leading: 0.0,
        font: None,
        size: 1.0,
        marks: Vec::new(),
        runs: Vec::new(),
        others: Vec::new(),
    };
    for operation in &content.operations {
        reader.apply(operation)?;
    }
    Ok((reader.runs, reader.others))
}

impl<'a> Font<'a> {
    fn of(document: &'a Document, font: &'a Dictionary) -> Result<Self, lopdf::Error> {
        let encoding = font.get_font_encoding_with_limit(document, LIMIT)?;
        let below = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array);
        let below = below.ok().and_then(|fonts| fonts.first());
        let below = below.and_then(|font| document.dereference(font).ok()?.1.as_dict().ok());
        let list = |dict: &'a Dictionary, key: &[u8]| {
            dict.get_deref(key, document).and_then(Object::as_array).ok()
        };
        let mut widths = BTreeMap::new();
        let mut default = 500.0;
        if let Some(below) = below {
            default = below.get(b"DW").map_or(1000.0, number);
            compound_widths(document, list(below, b"W").map_or(&[], |w| w), &mut widths);
        } else if let Some(all) = list(font, b"Widths") {
            let first = font.get(b"FirstChar").and_then(Object::as_i64).unwrap_or_default();
            let first = u32::try_from(first).unwrap_or_default();
            widths.extend((first..).zip(all.iter().map(number)));
        }
        Ok(Self { encoding, widths, default, wide: below.is_some() })
    }

    /// Width of a text in thousandths of the font size.
    fn width(&self, bytes: &[u8]) -> f64 {
        let codes = bytes.chunks(if self.wide { 2 } else { 1 });
        let code = |bytes: &[u8]| bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        codes.map(|bytes| self.widths.get(&code(bytes)).copied().unwrap_or(self.default)).sum()
    }
}

/// `[3 [500 600] 10 20 700]`: one width each from 3 on, the same width for 10 to 20.
fn compound_widths(document: &Document, list: &[Object], widths: &mut BTreeMap<u32, f64>) {
    let code = |object: &Object| object.as_i64().ok().and_then(|code| u32::try_from(code).ok());
    let mut rest = list;
    while let [first, second, behind @ ..] = rest {
        let Some(first) = code(first) else { return };
        let second = document.dereference(second).map_or(second, |(_, object)| object);
        match (second.as_array(), behind) {
            (Ok(each), _) => {
                widths.extend((first..).zip(each.iter().map(number)));
                rest = behind;
            }
            (Err(_), [width, behind @ ..]) => {
                let last = code(second).unwrap_or(first).min(first.saturating_add(0xffff));
                widths.extend((first..=last).map(|code| (code, number(width))));
                rest = behind;
            }
            _ => return,
        }
    }
}

fn number(object: &Object) -> f64 {
    object.as_float().map_or(0.0, f64::from)
}

impl ContentReader<'_> {
    fn apply(&mut self, operation: &Operation) -> Result<(), lopdf::Error> {
        let operands = &operation.operands;
        let six = || -> Option<Coefficients> {
            let numbers: Vec<f64> = operands.iter().map(number).collect();
            numbers.try_into().ok()
        };
        let at = |place: usize| operands.get(place).map_or(0.0, number);
        match operation.operator.as_str() {
            "q" => self.saved.push(self.matrix),
            "Q" => self.matrix = self.saved.pop().unwrap_or(self.matrix),
            "cm" => self.matrix = six().map_or(self.matrix, |m| times(m, self.matrix)),
            "BT" => (self.text, self.line) = (IDENTITY, IDENTITY),
            "Tm" => {
                self.line = six().unwrap_or(self.line);
                self.text = self.line;
            }
            "Td" => self.step(at(0), at(1)),
            "TD" => {
                self.leading = -at(1);
                self.step(at(0), at(1));
            }
            "TL" => self.leading = at(0),
            "T*" => self.step(0.0, -self.leading),
            "Tf" => {
                self.font =
                    operands.first().and_then(|name| name.as_name().ok()).map(<[u8]>::to_vec);
                self.size = at(1);
            }
            "Tj" | "TJ" => self.show(operands)?,
            "'" | "\"" => {
                self.step(0.0, -self.leading);
                self.show(&operands[operands.len().saturating_sub(1)..])?;
            }
            "BMC" | "BDC" => {
                let mark = self.mark(operands);
                self.marks.push(mark);
            }
            "EMC" => {
                self.marks.pop();
            }
            _ => {}
        }
        Ok(())
    }

    fn step(&mut self, x: f64, y: f64) {
        self.line = times([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn mark(&mut self, operands: &[Object]) -> ContentMark {
        let fields = operands.get(1).and_then(|fields| fields.as_dict().ok());
        for (name, value) in fields.into_iter().flat_map(|fields| fields.iter()) {
            if let Object::String(bytes, _) = value
                && name != b"Lang"
            {
                self.others.push(super::text_of(value, bytes));
            }
        }
        let actual = fields.and_then(|fields| fields.get(b"ActualText").ok());
        if let Some(Object::String(bytes, _)) = actual {
            return actual.map_or(ContentMark::Other, |text| {
                ContentMark::Actual(super::text_of(text, bytes))
            });
        }
        let number = fields.and_then(|fields| fields.get(b"MCID").and_then(Object::as_i64).ok());
        match (operands.first().and_then(|tag| tag.as_name().ok()), number) {
            (Some(b"Artifact"), _) => ContentMark::Artifact,
            (_, Some(number)) => ContentMark::Content(number),
            _ => ContentMark::Other,
        }
    }

    fn place(&self) -> (f64, f64) {
        let place = times(self.text, self.matrix);
        (place[4], place[5])
    }

    fn show(&mut self, operands: &[Object]) -> Result<(), lopdf::Error> {
        let Some(font) = self.font.as_ref().and_then(|name| self.fonts.get(name)) else {
            return Ok(());
        };
        let (mut text, mut width) = (String::new(), 0.0);
        let parts = operands.iter().flat_map(|operand| match operand {
            Object::Array(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        });
        for part in parts {
            match self.document.dereference(part).map_or(part, |(_, part)| part) {
                Object::String(bytes, _) => {
                    text.push_str(&Document::decode_text(&font.encoding, bytes)?);
                    width += font.width(bytes);
                }
                shift => {
                    let shift = number(shift);
                    width -= shift;
                    if shift < -1000.0 * SPACE {
                        text.push(' ');
                    }
                }
            }
        }
        let from = self.place();
        let width = width / 1000.0 * self.size;
        self.text = times([1.0, 0.0, 0.0, 1.0, width, 0.0], self.text);
        let scale = times(self.text, self.matrix);
        let size = self.size * (scale[0].powi(2) + scale[1].powi(2)).sqrt();
        let mark = self.marks.iter().rev().find_map(|mark| match mark {
            ContentMark::Content(number) => Some(*number),
            _ => None,
        });
        let artifact = self.marks.iter().any(|mark| matches!(mark, ContentMark::Artifact));
        let actual = self.marks.iter().rev().find_map(|mark| match mark {
            ContentMark::Actual(text) => Some(text.clone()),
            _ => None,
        });
        let to = self.place();
        self.runs.push(TextRun { page: self.page, mark, artifact, text, actual, from, to, size });
        Ok(())
    }
}

/// Joins runs into one text, with a space for a gap and a line break for a new
/// line.
pub fn joined<'a>(runs: impl Iterator<Item = (&'a TextRun, &'a str)>) -> String {
    let mut out = String::new();
    let mut last: Option<&TextRun> = None;
    for (run, text) in runs {
        if let Some(last) = last {
            out.push_str(between(last, run));
        }
        out.push_str(text);
        last = Some(run);
    }
    out
}

/// The separator between two runs.
pub fn between(last: &TextRun, run: &TextRun) -> &'static str {
    let size = last.size.max(run.size).max(1.0);
    let (right, up) = (run.from.0 - last.to.0, (run.from.1 - last.to.1).abs());
    if last.page != run.page || up > size * LINE || right < -size {
        "\n"
    } else if right > size * SPACE {
        " "
    } else {
        ""
    }
}
