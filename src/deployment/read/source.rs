//! Reading a text file that a person keeps.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Largest file that is read: 20,000 developers take about a tenth of it.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// Why a file could not be read as text.
#[derive(Debug)]
pub enum ReadError {
    /// There is no such file.
    Missing,
    /// It is a directory.
    Directory,
    /// It is larger than [`LARGEST_FILE`].
    TooLarge,
    /// It is UTF-16, as some programs call "Unicode".
    Utf16,
    /// It is not UTF-8 from this line on.
    NotUtf8 {
        /// Line, from 1.
        line: usize,
    },
    /// The operating system refused.
    Io(io::Error),
}

impl ReadError {
    /// What is wrong, as the second half of a sentence that begins with the file's name.
    pub fn what(&self) -> String {
        match self {
            Self::Missing => "does not exist".to_owned(),
            Self::Directory => "is a directory".to_owned(),
            Self::TooLarge => format!("is larger than {} MiB", LARGEST_FILE / 1024 / 1024),
            Self::Utf16 => "is encoded in UTF-16".to_owned(),
            Self::NotUtf8 { line } => format!("is not UTF-8: line {line} has bytes that are no text"),
            Self::Io(fault) => format!("cannot be read: {fault}"),
        }
    }

    /// What to do next, where there is something to do.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Utf16 | Self::NotUtf8 { .. } => Some("save the file as UTF-8"),
            Self::Missing | Self::Directory | Self::TooLarge | Self::Io(_) => None,
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(fault: io::Error) -> Self {
        match fault.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::IsADirectory => Self::Directory,
            _ => Self::Io(fault),
        }
    }
}

/// Reads a text file, without its byte order mark.
///
/// # Errors
/// When there is no such file, or it is too large, or no UTF-8.
pub fn read_text(path: &Path) -> Result<String, ReadError> {
    // A path ending in a slash, or a directory on Windows, does not open as a file; ask first to say it plainly.
    if path.is_dir() {
        return Err(ReadError::Directory);
    }
    let mut bytes = Vec::new();
    // A pipe has no size: what counts is what comes out of it.
    File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(ReadError::TooLarge);
    }
    decode(bytes)
}

fn decode(mut bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(ReadError::Utf16);
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|fault| {
        let good = fault.utf8_error().valid_up_to();
        let before = &fault.as_bytes()[..good];
        ReadError::NotUtf8 {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(decode(b"\xef\xbb\xbfname".to_vec()).unwrap(), "name");
    }

    #[test]
    fn the_line_of_bytes_that_are_no_text_is_told() {
        assert!(matches!(
            decode(b"a\nb\xff".to_vec()),
            Err(ReadError::NotUtf8 { line: 2 })
        ));
        assert!(matches!(decode(b"\xff\xfea\0".to_vec()), Err(ReadError::Utf16)));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_before_it_is_decoded() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(100 * 1024 * 1024).unwrap();
        assert!(matches!(read_text(file.path()), Err(ReadError::TooLarge)));
    }
}
