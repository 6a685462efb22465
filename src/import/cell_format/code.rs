//! The code of a number format taken apart. Knows no value.

use super::Token;

/// The sections of a code; `None` for what is not understood.
pub(super) fn sections(code: &str) -> Option<Vec<Vec<Token>>> {
    let mut sections = vec![Vec::new()];
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        let section = sections.last_mut()?;
        match c {
            ';' => sections.push(Vec::new()),
            '"' => loop {
                match chars.next()? {
                    '"' => break,
                    c => section.push(Token::Plain(c)),
                }
            },
            '\\' => section.push(Token::Plain(chars.next()?)),
            // a space as wide as the sign behind it
            '_' => {
                chars.next()?;
                section.push(Token::Plain(' '));
            }
            // a sign that fills the cell
            '*' => match chars.next()? {
                ' ' => section.push(Token::Plain(' ')),
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
            '0' | '#' | '?' => section.push(Token::Digit(c)),
            '.' => section.push(Token::Point),
            ',' => section.push(Token::Comma),
            '%' => section.push(Token::Percent),
            '@' => section.push(Token::Text),
            'G' | 'g' => {
                let rest: String = chars.by_ref().take(6).collect();
                if !rest.eq_ignore_ascii_case("eneral") {
                    return None;
                }
                section.push(Token::General);
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => {
                let mut count = 1;
                while chars.next_if(|next| next.eq_ignore_ascii_case(&c)).is_some() {
                    count += 1;
                }
                section.push(Token::Part(c.to_ascii_lowercase(), count));
            }
            // fractions, exponents, halves of the day
            '/' => return None,
            c if c.is_ascii_alphanumeric() => return None,
            c => section.push(Token::Plain(c)),
        }
    }
    Some(sections)
}

/// What stands in brackets: a currency, a language, a colour or elapsed time.
fn bracket(inside: &str, section: &mut Vec<Token>) -> Option<()> {
    // white is seen on no paper
    const COLOURS: [&str; 7] = ["black", "blue", "cyan", "green", "magenta", "red", "yellow"];
    if let Some(currency) = inside.strip_prefix('$') {
        let (sign, language) = currency.split_once('-').unwrap_or((currency, ""));
        // the long date and the time of the computer
        if matches!(language.to_ascii_uppercase().as_str(), "F800" | "F400") {
            return None;
        }
        section.extend(sign.chars().map(Token::Plain));
        return Some(());
    }
    let inside = inside.to_ascii_lowercase();
    match inside.as_str() {
        "h" | "hh" | "m" | "mm" | "s" | "ss" => {
            section.extend(inside.chars().next().map(Token::Elapsed));
            Some(())
        }
        colour if COLOURS.contains(&colour) => Some(()),
        _ => None,
    }
}
