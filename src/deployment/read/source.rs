//! Reading a text file that a person keeps.

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::Source;

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
    /// It is neither a file nor a pipe: a device or a socket.
    NoFile,
    /// It is UTF-16, as some programs call "Unicode".
    Utf16 {
        /// The text.
        text: String,
    },
    /// It is not UTF-8.
    NotUtf8 {
        /// The text, with U+FFFD for what is none.
        text: String,
        /// The byte of the text from which on it is none.
        at: usize,
        /// The byte there.
        byte: u8,
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
            Self::NoFile => "is no regular file".to_owned(),
            Self::Utf16 { .. } => "is encoded in UTF-16".to_owned(),
            Self::NotUtf8 { byte, .. } => format!("is not UTF-8: the byte 0x{byte:02x} is no text there"),
            Self::Io(fault) => format!("cannot be read: {fault}"),
        }
    }

    /// What to do next, where there is something to do.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Utf16 { .. } | Self::NotUtf8 { .. } => Some("save the file as UTF-8"),
            Self::Missing | Self::Directory | Self::NoFile | Self::TooLarge | Self::Io(_) => None,
        }
    }

    /// The place of the fault in a text that is called `name`, where there is a text.
    pub fn place(&self, name: &str) -> Option<(Arc<Source>, Range<usize>)> {
        match self {
            Self::Utf16 { text } => Some((Source::new(name, text.as_str()), 0..0)),
            Self::NotUtf8 { text, at, .. } => {
                Some((Source::new(name, text.as_str()), *at..*at + '\u{fffd}'.len_utf8()))
            }
            _ => None,
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
    // Opening a named pipe would wait for somebody to write into it; standard input has its writer.
    let special = std::fs::metadata(path)?;
    if !special.is_file() && !is_standard_input(path) {
        return Err(ReadError::NoFile);
    }
    let mut bytes = Vec::new();
    // A pipe has no size: what counts is what comes out of it.
    File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(ReadError::TooLarge);
    }
    decode(bytes)
}

/// Whether a path is another name of this process's standard input or of a file that a shell handed over.
fn is_standard_input(path: &Path) -> bool {
    ["/dev/stdin", "/dev/fd", "/proc/self/fd"]
        .iter()
        .any(|known| path.starts_with(known))
}

fn decode(mut bytes: Vec<u8>) -> Result<String, ReadError> {
    let unit: Option<fn([u8; 2]) -> u16> = match bytes.get(..2) {
        Some([0xff, 0xfe]) => Some(u16::from_le_bytes),
        Some([0xfe, 0xff]) => Some(u16::from_be_bytes),
        _ => None,
    };
    if let Some(unit) = unit {
        let pairs = bytes.chunks_exact(2).skip(1);
        let units: Vec<u16> = pairs.filter_map(|pair| pair.try_into().ok().map(unit)).collect();
        return Err(ReadError::Utf16 {
            text: String::from_utf16_lossy(&units),
        });
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|fault| {
        let at = fault.utf8_error().valid_up_to();
        ReadError::NotUtf8 {
            text: String::from_utf8_lossy(fault.as_bytes()).into_owned(),
            at,
            byte: fault.as_bytes().get(at).copied().unwrap_or_default(),
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
    fn the_place_of_bytes_that_are_no_text_is_told() {
        let fault = decode(b"a\nb\xff\nc".to_vec()).unwrap_err();
        let (source, span) = fault.place("x").unwrap();
        assert_eq!(source.position(span.start), (2, 2));
        assert!(fault.what().contains("0xff"), "{}", fault.what());
        for bytes in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a"] {
            assert!(matches!(decode(bytes.to_vec()), Err(ReadError::Utf16 { text }) if text == "a"));
        }
    }

    /// Nobody writes into it: reading would never end.
    #[cfg(unix)]
    #[test]
    fn a_named_pipe_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(matches!(read_text(&path), Err(ReadError::NoFile)));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_before_it_is_decoded() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(100 * 1024 * 1024).unwrap();
        assert!(matches!(read_text(file.path()), Err(ReadError::TooLarge)));
    }
}
