//! A text that findings point into.

use std::sync::{Arc, OnceLock};

/// A text that findings point into.
#[derive(Debug)]
pub struct Source {
    /// Name as the user knows it: the path that was given, with `/` between its parts.
    pub name: String,
    /// Content, byte for byte, except that what is not UTF-8 is replaced.
    pub text: String,
    /// Byte at which each line starts: a file of many findings is asked for as many positions.
    line_starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// A source that findings can share.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
        })
    }

    /// Line and column of a byte offset, both from 1; columns count characters. A byte order mark has no column.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = floor_boundary(&self.text, offset);
        let starts = self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|index| starts.get(index))
            .copied()
            .unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.trim_start_matches('\u{feff}').chars().count() + 1)
    }
}

/// The offset, or the start of the character that it lies in.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
