//! Block labels in their canonical spelling.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// The text of a quoted label, without the quotes, spelled as Terraform spells it: characters in their composed form,
/// escapes only where needed.
pub(super) fn canonical(source: &str) -> String {
    // Terraform drops a label that holds one of these; that would change the meaning of the file, so it stays as it is.
    if source.contains(['$', '%']) {
        return source.to_owned();
    }
    let mut text = String::with_capacity(source.len());
    for c in unescape(source).nfc() {
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            c if is_printable(c) => text.push(c),
            // Writing to a string does not fail.
            c if u32::from(c) < 0x10000 => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(text, "\\U{:08x}", u32::from(c));
            }
        }
    }
    text
}

/// The value of a quoted text. Its escapes are known to be valid.
fn unescape(source: &str) -> String {
    let mut value = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        let digits = match chars.next() {
            Some('n') => {
                value.push('\n');
                continue;
            }
            Some('r') => {
                value.push('\r');
                continue;
            }
            Some('t') => {
                value.push('\t');
                continue;
            }
            Some('u') => 4,
            Some('U') => 8,
            other => {
                value.extend(other);
                continue;
            }
        };
        let number: String = chars.by_ref().take(digits).collect();
        value.extend(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32));
    }
    value
}

/// Whether a character is shown as itself: no control, format, private or unassigned character, and no blank but the
/// space.
fn is_printable(c: char) -> bool {
    let hidden = matches!(
        c,
        '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..='\u{10ffff}'
    );
    c == ' ' || !(c.is_control() || c.is_whitespace() || hidden)
}
