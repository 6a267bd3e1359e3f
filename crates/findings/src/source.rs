//! A text that findings point into.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// What Windows programs write at the start of a text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Where a place begins and ends, as people and their tools count: lines and columns from 1, columns in characters
/// (Unicode code points). A byte order mark has no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    /// Line of its first character.
    pub line: usize,
    /// Column of its first character.
    pub column: usize,
    /// Line on which it ends.
    pub end_line: usize,
    /// Column behind its last character; the same as `column` where it is empty.
    pub end_column: usize,
}

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
        let mark = match self.text.starts_with(BYTE_ORDER_MARK) {
            true if start == 0 => BYTE_ORDER_MARK.len_utf8(),
            _ => 0,
        };
        let before = self.text.get(start + mark..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// The bytes, moved to whole characters of the text where they are not.
    pub fn settle(&self, span: &Range<usize>) -> Range<usize> {
        let start = floor_boundary(&self.text, span.start);
        start..floor_boundary(&self.text, span.end).max(start)
    }

    /// Where bytes begin and end.
    pub fn region(&self, span: &Range<usize>) -> Region {
        let (line, column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end.max(span.start));
        Region {
            line,
            column,
            end_line,
            end_column,
        }
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
