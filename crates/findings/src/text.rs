//! Text of files in messages.

use std::borrow::Cow;

use crate::source::floor_boundary;

/// Messages repeat what stands in the file; nobody reads a megabyte of it. Cuts the middle out of a long one.
pub fn clip(mut text: String) -> String {
    const LONGEST: usize = 1_000;
    const KEPT: usize = 400;
    if text.len() > LONGEST {
        let end = floor_boundary(&text, text.len() - KEPT);
        text.replace_range(floor_boundary(&text, KEPT)..end, " … ");
    }
    text
}

/// The text on one line and without anything that a terminal would obey: what comes out of a checked file must not be
/// able to move the cursor or change the order of letters.
pub fn one_line(text: &str) -> Cow<'_, str> {
    harmless(text, false)
}

/// As [`one_line`], with its line breaks.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    harmless(text, true)
}

fn harmless(text: &str, keeps_lines: bool) -> Cow<'_, str> {
    if !text
        .chars()
        .any(|letter| is_control(letter) && !(keeps_lines && letter == '\n'))
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' if keeps_lines => out.push(letter),
            '\n' | '\t' => out.push(' '),
            '\r' => {}
            letter if is_control(letter) => out.extend(letter.escape_unicode()),
            letter => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// Control characters, those that turn the direction of writing, and those that nobody sees.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(letter, '\u{feff}' | '\u{fff9}'..='\u{fffc}')
}

/// A number with its noun.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_is_cut_in_the_middle() {
        let text = format!("begin{}end", "ä".repeat(1_000_000));
        let short = clip(text);
        assert!(short.len() < 1_000, "{}", short.len());
        assert!(short.starts_with("begin") && short.ends_with("end") && short.contains(" … "));
        assert_eq!(clip("short".to_owned()), "short");
    }

    #[test]
    fn a_terminal_obeys_nothing_of_a_file() {
        assert_eq!(one_line("a\u{1b}[31mb\r\nc\u{202e}d"), "a\\u{1b}[31mb c\\u{202e}d");
        assert_eq!(lines("a\n\u{7}"), "a\n\\u{7}");
        assert_eq!(one_line("arn:\u{fffc}\u{200b}"), "arn:\\u{fffc}\\u{200b}");
        assert!(matches!(one_line("plain ä 漢"), Cow::Borrowed(_)));
    }
}
