//! From the bytes of a file to its text.

use super::SyntaxError;

/// The longest source that is read into a tree, in bytes: 16 MiB. Measured, the tree of ordinary Terraform takes twenty
/// times the length of its source, and of the densest possible (`[1,1,1,…]`) sixty times, in JSON eighty-five while it
/// is read.
pub const MAX_SIZE: usize = 16 << 20;

/// The text of a file.
///
/// # Errors
/// Where the bytes are not UTF-8. Line and column count what stands before them; the span is that of the bytes.
pub fn decode(bytes: &[u8]) -> Result<&str, SyntaxError> {
    str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |length| start + length);
        let valid = bytes.get(..start).unwrap_or_default();
        let before = str::from_utf8(valid).unwrap_or_default();
        let wrong: Vec<_> = bytes
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let message = format!(
            "not UTF-8: the bytes {} are no character; save the file as UTF-8",
            wrong.join(" ")
        );
        SyntaxError::new(before, start..end, message)
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn invalid_bytes_have_a_place() {
        assert_eq!(decode("a = \"é\"\n".as_bytes()), Ok("a = \"é\"\n"));
        let error = decode(b"a = 1\nb = \"\xc3\xa9\xff\"\n").unwrap_err();
        assert_eq!((error.line, error.column, error.span), (2, 7, 13..14));
        let error = decode(b"a\xe2\x82").unwrap_err();
        assert_eq!((error.line, error.column, error.span), (1, 2, 1..3));
    }
}
