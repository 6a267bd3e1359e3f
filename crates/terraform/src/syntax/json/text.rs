//! Strings, and which of their characters stands where.

use std::borrow::Cow;

use super::read::Fault;
use crate::ast::Span;

/// A string of the source.
#[derive(Debug)]
pub(super) struct Text<'s> {
    /// What it says.
    pub(super) value: Cow<'s, str>,
    /// Where it stands, with its quotes.
    pub(super) span: Span,
    /// From which byte of the value on the source is how far ahead of it: a pair per escape.
    shifts: Vec<(usize, usize)>,
}

impl Text<'_> {
    /// The place without the quotes.
    pub(super) fn inner(&self) -> Span {
        self.span.start + 1..self.span.end - 1
    }

    /// Where a byte of the value stands in the source.
    pub(super) fn place(&self, at: usize) -> usize {
        let index = self.shifts.partition_point(|(from, _)| *from <= at);
        let shift = index.checked_sub(1).and_then(|index| self.shifts.get(index));
        self.span.start + 1 + at + shift.map_or(0, |(_, shift)| *shift)
    }
}

/// Reads the string whose opening quote stands at an offset.
pub(super) fn unquote(source: &str, start: usize) -> Result<Text<'_>, Fault> {
    let body = source.get(start + 1..).unwrap_or_default();
    let mut value = Cow::Borrowed("");
    let mut shifts = Vec::new();
    let mut from = 0;
    loop {
        let rest = body.get(from..).unwrap_or_default();
        let plain = rest
            .find(|c: char| c == '"' || c == '\\' || c < ' ')
            .unwrap_or(rest.len());
        let text = rest.get(..plain).unwrap_or_default();
        match &mut value {
            Cow::Borrowed("") if from == 0 => value = Cow::Borrowed(text),
            value => value.to_mut().push_str(text),
        }
        let at = from + plain;
        let rest = rest.get(plain..).unwrap_or_default();
        match rest.chars().next() {
            Some('"') => {
                return Ok(Text {
                    value,
                    span: start..start + at + 2,
                    shifts,
                });
            }
            Some('\\') => {
                let (c, length) = escape(rest).map_err(|length| {
                    let message = "invalid escape; JSON has \\\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\uXXXX";
                    (start + 1 + at..start + 1 + at + length, message.to_owned())
                })?;
                value.to_mut().push(c);
                from = at + length;
                shifts.push((value.len(), from - value.len()));
            }
            Some(_) => {
                let message = "a line break or other control character cannot stand in a string; write it as an escape";
                return Err((start + 1 + at..start + 2 + at, message.to_owned()));
            }
            None => {
                return Err((
                    start..start + 1,
                    "the string that starts here has no closing quote".to_owned(),
                ));
            }
        }
    }
}

/// The character of an escape and its length in the source; or the length of what is wrong. Half a surrogate pair is
/// U+FFFD.
fn escape(rest: &str) -> Result<(char, usize), usize> {
    let selector = rest.chars().nth(1);
    let c = match selector {
        Some(c @ ('"' | '\\' | '/')) => c,
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => {
            let high = unit(rest).ok_or(2usize)?;
            let pair = rest.get(6..).and_then(unit).and_then(|low| {
                let is_pair = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
                is_pair.then(|| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            });
            return Ok(match pair.and_then(char::from_u32) {
                Some(c) => (c, 12),
                None => (char::from_u32(high).unwrap_or('\u{fffd}'), 6),
            });
        }
        other => return Err(1 + other.map_or(0, char::len_utf8)),
    };
    Ok((c, 2))
}

/// The number of `\uXXXX` at the start of a text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn every_character_has_its_place() {
        let source = r#"  "a\n\u00e9b\ud83d\ude00c\"""#;
        let text = unquote(source, 2).unwrap();
        assert_eq!(text.value, "a\néb😀c\"");
        let places: Vec<_> = text.value.char_indices().map(|(at, _)| text.place(at)).collect();
        assert_eq!(places, [3, 4, 6, 12, 13, 25, 26]);
        assert_eq!(text.place(text.value.len()), source.len() - 1);
        assert_eq!((text.span.clone(), text.inner()), (2..29, 3..28));
    }

    #[test]
    fn broken_strings_are_errors() {
        for (source, span) in [
            (r#""a\qb""#, 2..4),
            ("\"a\nb\"", 2..3),
            (r#""\u12""#, 1..3),
            ("\"abc", 0..1),
            ("\"\\", 1..2),
        ] {
            assert_eq!(unquote(source, 0).unwrap_err().0, span, "{source}");
        }
        assert_eq!(unquote(r#""\ud800x""#, 0).unwrap().value, "\u{fffd}x");
    }
}
