//! The values of literal texts.

use crate::ast::Span;

/// The value of a text between quotes that starts at an offset, with its invalid escapes.
pub(super) fn quoted(source: &str, offset: usize) -> (String, Vec<(Span, String)>) {
    let mut value = String::with_capacity(source.len());
    let mut errors = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['\\', '$', '%']) {
        let (before, from) = rest.split_at(at);
        value.push_str(before);
        let length = if from.starts_with('\\') {
            match escape(from) {
                Ok((c, length)) => {
                    value.push(c);
                    length
                }
                Err((length, message)) => {
                    let start = offset + source.len() - from.len();
                    errors.push((start..start + length, message));
                    length
                }
            }
        } else {
            marker(from, &mut value)
        };
        rest = from.get(length..).unwrap_or_default();
    }
    value.push_str(rest);
    (value, errors)
}

/// The value of a text in a heredoc: only `$${` and `%%{` stand for something else.
pub(super) fn unquoted(source: &str) -> String {
    let mut value = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find(['$', '%']) {
        let (before, from) = rest.split_at(at);
        value.push_str(before);
        rest = from.get(marker(from, &mut value)..).unwrap_or_default();
    }
    value.push_str(rest);
    value
}

/// Adds a `$` or `%`, or what an escaped marker stands for; how many bytes it takes in the source.
fn marker(from: &str, value: &mut String) -> usize {
    if from.starts_with("$${") || from.starts_with("%%{") {
        value.extend(from.chars().skip(1).take(2));
        return 3;
    }
    value.extend(from.chars().take(1));
    1
}

/// The character of an escape and the length of that; or the length of what is wrong, and why.
fn escape(from: &str) -> Result<(char, usize), (usize, String)> {
    let selector = from.chars().nth(1);
    let digits = match selector {
        Some('n') => return Ok(('\n', 2)),
        Some('r') => return Ok(('\r', 2)),
        Some('t') => return Ok(('\t', 2)),
        Some(c @ ('"' | '\\')) => return Ok((c, 2)),
        Some('u') => 4,
        Some('U') => 8,
        other => {
            let message = "invalid escape; valid are \\n, \\r, \\t, \\\", \\\\, \\uXXXX and \\UXXXXXXXX";
            return Err((1 + other.map_or(0, char::len_utf8), message.to_owned()));
        }
    };
    let text: String = from
        .chars()
        .skip(2)
        .take(digits)
        .take_while(char::is_ascii_hexdigit)
        .collect();
    if text.len() < digits {
        let message = format!("the escape needs {digits} hexadecimal digits");
        return Err((2 + text.len(), message));
    }
    match u32::from_str_radix(&text, 16).ok().and_then(char::from_u32) {
        Some(c) => Ok((c, 2 + digits)),
        None => Err((2 + digits, format!("{text} is the number of no character"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, unquoted};

    #[test]
    fn escapes_are_resolved() {
        let (value, errors) = quoted(r#"a\n\t\"\\\u00e4\U0001f600$${x}%%{y}$$z"#, 0);
        assert_eq!(value, "a\n\t\"\\ä😀${x}%{y}$$z");
        assert!(errors.is_empty());
        assert_eq!(unquoted(r"a\n$$${x} 5%"), r"a\n$${x} 5%");
    }

    #[test]
    fn each_invalid_escape_is_an_error_of_its_own() {
        let spans = |source| {
            let (_, errors) = quoted(source, 10);
            errors.into_iter().map(|(span, _)| span).collect::<Vec<_>>()
        };
        assert_eq!(spans(r"a\q\n\é"), [11..13, 15..18]);
        assert_eq!(spans(r"\u12 \UFFFFFFFF \uD800"), [10..14, 15..25, 26..32]);
        assert_eq!(spans(r"a\"), vec![11..12; 1]);
    }
}
