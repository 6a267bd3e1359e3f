//! Sections of the files that all programs of AWS share, `~/.aws/credentials` and `~/.aws/config`.

use std::ops::Range;

/// A section of a file: its header and its settings, line breaks included. Comments and empty lines belong to nobody.
#[derive(Debug)]
pub(crate) struct Section {
    /// What stands between its brackets.
    pub(crate) name: Vec<u8>,
    /// Its lines in the file.
    pub(crate) lines: Vec<Range<usize>>,
}

impl Section {
    /// The value of a setting. Names have no case.
    pub(crate) fn setting<'a>(&self, bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
        // Of a name that is there twice, the later one counts, as in AWS's programs.
        self.lines.iter().rev().find_map(|line| {
            let line = &bytes[line.clone()];
            let equals = line.iter().position(|&byte| byte == b'=')?;
            let (key, value) = line.split_at(equals);
            key.trim_ascii()
                .eq_ignore_ascii_case(name.as_bytes())
                .then(|| value[1..].trim_ascii())
        })
    }
}

/// The sections whose names are meant.
pub(crate) fn sections(bytes: &[u8], is_meant: impl Fn(&[u8]) -> bool) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    let mut inside = false;
    // Editors for Windows begin files with a mark that is no part of the first line.
    let mut start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while start < bytes.len() {
        let end = bytes[start..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(bytes.len(), |at| start + at + 1);
        let line = bytes[start..end].trim_ascii();
        match line.first() {
            Some(b'[') => {
                let name = header(line).filter(|name| is_meant(name));
                inside = name.is_some();
                if let Some(name) = name {
                    found.push(Section {
                        name: name.to_owned(),
                        lines: std::iter::once(start..end).collect(),
                    });
                }
            }
            None | Some(b'#' | b';') => {}
            Some(_) => {
                if let Some(section) = found.last_mut().filter(|_| inside) {
                    section.lines.push(start..end);
                }
            }
        }
        start = end;
    }
    found
}

/// The name in a line that begins a section. A line that only looks like one ends the section before it all the same: rather
/// something of ours stays than something of somebody else's goes.
fn header(line: &[u8]) -> Option<&[u8]> {
    let inner = line.strip_prefix(b"[")?;
    let end = inner.iter().position(|&byte| byte == b']')?;
    Some(inner[..end].trim_ascii())
}
