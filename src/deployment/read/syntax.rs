//! Syntax of a deployment file. What is faulty is blanked out and the rest parsed again, so that one run finds every
//! fault of syntax, and whatever stands beside it is checked all the same.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::parser::parse_body;
use hcl_edit::structure::Body;

use super::recover::{Recovery, recovery};
use super::syntax_fault::{describe, is_repeated, word_len};
use crate::diagnostic::{Diagnostic, Source};

/// What could be parsed of a file.
#[derive(Debug)]
pub struct Parsed {
    /// Its blocks and arguments, with places.
    pub body: Body,
    /// Arguments that repeat an earlier one of the same block: the name that stands in the file, by its place.
    /// The parser refuses them, so they were parsed under another name.
    pub repeated: BTreeMap<usize, String>,
    /// What was left out because its syntax is broken.
    pub blanked: Vec<Blanked>,
}

/// A part of a file that was left out.
#[derive(Debug)]
pub struct Blanked {
    /// Its bytes.
    pub span: Range<usize>,
    /// Names that may have been set in it.
    pub names: Vec<String>,
}

/// A file with more repeated arguments than this is reported one at a time.
const MOST_REPEATED: usize = 100;
/// A file with more faults of syntax than this is probably no HCL.
const MOST_FAULTS: usize = 30;

/// Parses a file; faults of syntax go to `diagnostics`. `None` when nothing can be made of the rest.
pub fn parse(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Option<Parsed> {
    let mut text = source.text.clone();
    let mut repeated = BTreeMap::new();
    let mut blanked = Vec::new();
    let mut faults = 0;
    loop {
        let fault = match parse_body(&text) {
            Ok(body) => {
                return Some(Parsed {
                    body,
                    repeated,
                    blanked,
                });
            }
            Err(fault) => fault,
        };
        let offset = fault.location().offset();
        match is_repeated(&fault).then(|| rename(&mut text, offset)).flatten() {
            Some(name) if repeated.len() < MOST_REPEATED => {
                repeated.insert(offset, name);
                continue;
            }
            _ => {}
        }
        diagnostics.push(describe(source, &text, &fault));
        faults += 1;
        if faults == MOST_FAULTS {
            return None;
        }
        match recovery(&text, offset) {
            Recovery::Stop => return None,
            Recovery::Replace { at, bracket } => text.replace_range(at..at + 1, bracket),
            Recovery::Blank { span, names } => {
                if text.get(span.clone()).is_none_or(|part| part.trim().is_empty()) {
                    return None;
                }
                blank(&mut text, span.clone());
                blanked.push(Blanked { span, names });
            }
        }
    }
}

/// Spaces in the place of everything but line ends, so that all offsets stay.
fn blank(text: &mut String, span: Range<usize>) {
    let Some(part) = text.get(span.clone()) else { return };
    let spaces: String = part
        .bytes()
        .map(|byte| {
            if matches!(byte, b'\n' | b'\r') {
                char::from(byte)
            } else {
                ' '
            }
        })
        .collect();
    text.replace_range(span, &spaces);
}

/// Gives the argument at `offset` a name of the same length that is nowhere in the text, and returns the old one.
fn rename(text: &mut String, offset: usize) -> Option<String> {
    let rest = text.get(offset..)?;
    let len = word_len(rest);
    let old = rest.get(..len)?.to_owned();
    let new = (0..26_u32.pow(3)).find_map(|number| {
        let digits = [number / 676, number / 26 % 26, number % 26];
        let letters: String = digits
            .iter()
            .filter_map(|digit| char::from_u32(u32::from(b'A') + digit))
            .collect();
        let candidate: String = letters.chars().rev().chain(std::iter::repeat('_')).take(len).collect();
        (!text.contains(&candidate)).then_some(candidate)
    })?;
    text.replace_range(offset..offset + len, &new);
    Some(old)
}
