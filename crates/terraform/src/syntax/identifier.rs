//! The characters of identifiers.

use super::unicode::{CONTINUE, START};

/// Whether an identifier can start with a character.
pub fn is_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic() || (!c.is_ascii() && is_in(&START, c))
}

/// Whether a character can continue an identifier.
pub fn is_continue(c: char) -> bool {
    is_start(c) || c == '-' || c.is_ascii_digit() || (!c.is_ascii() && is_in(&CONTINUE, c))
}

/// Whether a character is in one of sorted ranges.
fn is_in(ranges: &[(u32, u32)], c: char) -> bool {
    let c = u32::from(c);
    let index = ranges.partition_point(|(_, last)| *last < c);
    ranges.get(index).is_some_and(|(first, _)| *first <= c)
}
