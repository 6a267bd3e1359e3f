//! The characters of identifiers.

/// Whether an identifier can start with a character.
pub(crate) fn is_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a character can continue an identifier.
pub(crate) fn is_continue(c: char) -> bool {
    c == '_' || c == '-' || c.is_alphanumeric()
}
