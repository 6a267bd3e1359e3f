//! What to leave out of a file so that the parser gets past a fault of syntax.

use std::ops::Range;

use super::scan::{Token, in_list, open_brackets, scan, unclosed_string, unclosed_text};
use super::syntax_fault::{deepest, line_around, word_len};

/// How to go on.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Not at all.
    Stop,
    /// With another bracket.
    Replace {
        /// Byte of the wrong one.
        at: usize,
        /// The right one.
        bracket: &'static str,
    },
    /// Without a part.
    Blank {
        /// Its bytes.
        span: Range<usize>,
        /// Names that may be set in it.
        names: Vec<String>,
    },
}

/// A larger file is reported one fault at a time: each is found by reading it again.
const LARGEST: usize = 256 * 1024;

/// How to go on after a fault at `offset`.
pub fn recovery(text: &str, offset: usize) -> Recovery {
    if text.len() > LARGEST || deepest(text).is_some() {
        return Recovery::Stop;
    }
    // Nothing is known of what stands behind them; and JSON is another language.
    if unclosed_text(text).is_some() || text.trim_start().starts_with('{') {
        return Recovery::Stop;
    }
    let unclosed = unclosed_string(text).filter(|open| *open <= offset);
    let offset = unclosed.unwrap_or(offset).min(text.len());
    let before = text.get(..offset).unwrap_or("");
    let open = open_brackets(before);
    let next = text.get(offset..).and_then(|rest| rest.chars().next());
    if let (Some(')' | ']' | '}'), true) = (next, open.is_empty()) {
        return Recovery::Blank {
            span: offset..offset + 1,
            names: Vec::new(),
        };
    }
    if let (Some(')' | ']'), Some((_, '{'))) = (next, open.last()) {
        return Recovery::Replace {
            at: offset,
            bracket: "}",
        };
    }
    let at_end = text.get(offset..).is_none_or(|rest| rest.trim().is_empty());
    // The outermost bracket that belongs to a value, or at the end of the file the one that is never closed.
    let of_value = open
        .iter()
        .find(|(at, bracket)| *bracket != '{' || is_object(text, *at));
    let anchor = match (of_value, open.last()) {
        (Some((at, _)), _) => *at,
        (None, Some((at, _))) if at_end => *at,
        _ => offset,
    };
    let first = line_around(text, anchor);
    let first_line = text.get(first.clone()).unwrap_or("");
    let indent = first_line.len() - first_line.trim_start().len();
    // A list that is given up at the start of a line was never closed; whatever closes it later belongs to another.
    let given_up = in_list(text, offset)
        && text
            .get(line_around(text, offset).start..offset)
            .is_some_and(|start| start.trim().is_empty());
    let end = match unclosed {
        None if !at_end && !given_up => balanced(text, first.start),
        _ => None,
    };
    let end = end.unwrap_or_else(|| next_item(text, first.end, indent));
    let span = first.start..end.max(first.end);
    let names = names(text.get(span.clone()).unwrap_or(""));
    Recovery::Blank { span, names }
}

/// Whether the brace at `at` belongs to an object.
fn is_object(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end();
    before.ends_with(['=', ':', ',', '[', '('])
}

/// The end of the line on which every bracket is closed that opens from `start` on.
fn balanced(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let mut brackets: Vec<(usize, i64)> = Vec::new();
    scan(rest, |token| match token {
        Token::Open(at, _) => brackets.push((at, 1)),
        Token::Close(at) => brackets.push((at, -1)),
        Token::UnclosedString(_) => {}
    });
    let mut brackets = brackets.into_iter().peekable();
    let (mut at, mut depth) = (0, 0);
    for line in rest.split_inclusive('\n') {
        at += line.len();
        while let Some((_, change)) = brackets.next_if(|(bracket, _)| *bracket < at) {
            depth += change;
            if depth < 0 {
                return None;
            }
        }
        if depth == 0 {
            return Some(start + at - (line.len() - line.trim_end_matches(['\n', '\r']).len()));
        }
    }
    None
}

/// The start of the next line that may be an item beside one with this indentation, or the end of the block's own
/// closing brace.
fn next_item(text: &str, from: usize, indent: usize) -> usize {
    let mut at = from;
    for line in text.get(from..).unwrap_or("").split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start();
        let own = line.len() - trimmed.len();
        if start == from || trimmed.trim().is_empty() || own > indent {
            continue;
        }
        if trimmed.starts_with(['}', ']', ')']) && own == indent {
            return start + own + 1;
        }
        return start;
    }
    text.len()
}

/// The first word of every line.
fn names(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim_start)
        .filter_map(|line| line.get(..word_len(line)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
