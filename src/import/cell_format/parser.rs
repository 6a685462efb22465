//! Parser of number format codes.

use super::FormatToken;

/// The sections of a format code; `None` if it is not supported.
pub(super) fn sections(code: &str) -> Option<Vec<Vec<FormatToken>>> {
    let mut sections = vec![Vec::new()];
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        let section = sections.last_mut()?;
        match c {
            ';' => sections.push(Vec::new()),
            '"' => loop {
                match chars.next()? {
                    '"' => break,
                    c => section.push(FormatToken::Plain(c)),
                }
            },
            '\\' => section.push(FormatToken::Plain(chars.next()?)),
            // a space as wide as the next character
            '_' => {
                chars.next()?;
                section.push(FormatToken::Plain(' '));
            }
            // a character that fills the cell
            '*' => match chars.next()? {
                ' ' => section.push(FormatToken::Plain(' ')),
                _ => return None,
            },
            '[' => {
                let mut inside = String::new();
                loop {
                    match chars.next()? {
                        ']' => break,
                        c => inside.push(c),
                    }
                }
                bracket(&inside, section)?;
            }
            '0' | '#' | '?' => section.push(FormatToken::Digit(c)),
            '.' => section.push(FormatToken::Point),
            ',' => section.push(FormatToken::Comma),
            '%' => section.push(FormatToken::Percent),
            '@' => section.push(FormatToken::Text),
            'G' | 'g' => {
                let rest: String = chars.by_ref().take(6).collect();
                if !rest.eq_ignore_ascii_case("eneral") {
                    return None;
                }
                section.push(FormatToken::General);
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => {
                let mut count = 1;
                while chars.next_if(|next| next.eq_ignore_ascii_case(&c)).is_some() {
                    count += 1;
                }
                section.push(FormatToken::Part(c.to_ascii_lowercase(), count));
            }
            // fractions, exponents, AM/PM
            '/' => return None,
            c if c.is_ascii_alphanumeric() => return None,
            c => section.push(FormatToken::Plain(c)),
        }
    }
    Some(sections)
}

/// Content of brackets: currency, locale, colour or elapsed time.
fn bracket(inside: &str, section: &mut Vec<FormatToken>) -> Option<()> {
    // white is invisible on paper
    const COLOURS: [&str; 7] = ["black", "blue", "cyan", "green", "magenta", "red", "yellow"];
    if let Some(currency) = inside.strip_prefix('$') {
        let (sign, language) = currency.split_once('-').unwrap_or((currency, ""));
        // long date and time in the system's format
        if matches!(language.to_ascii_uppercase().as_str(), "F800" | "F400") {
            return None;
        }
        section.extend(sign.chars().map(FormatToken::Plain));
        return Some(());
    }
    let inside = inside.to_ascii_lowercase();
    match inside.as_str() {
        "h" | "hh" | "m" | "mm" | "s" | "ss" => {
            section.extend(inside.chars().next().map(FormatToken::Elapsed));
            Some(())
        }
        colour if COLOURS.contains(&colour) => Some(()),
        _ => None,
    }
}
