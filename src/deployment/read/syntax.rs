//! Syntax of a deployment file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::parser::{self, parse_body};
use hcl_edit::structure::Body;

use crate::diagnostic::{Diagnostic, Source};

/// A parsed file.
#[derive(Debug)]
pub struct Parsed {
    /// Its blocks and arguments, with places.
    pub body: Body,
    /// Arguments that repeat an earlier one of the same block: the name that stands in the file, by its place.
    /// The parser refuses them, so they were parsed under another name.
    pub repeated: BTreeMap<usize, String>,
}

/// A file with more repeated arguments than this is reported one at a time.
const MOST_REPEATED: usize = 100;

/// Parses a file.
///
/// # Errors
/// The first fault of syntax.
pub fn parse(source: &Arc<Source>) -> Result<Parsed, Box<Diagnostic>> {
    let mut text = source.text.clone();
    let mut repeated = BTreeMap::new();
    loop {
        let fault = match parse_body(&text) {
            Ok(body) => return Ok(Parsed { body, repeated }),
            Err(fault) => fault,
        };
        let offset = fault.location().offset();
        match is_repeated(&fault).then(|| rename(&mut text, offset)).flatten() {
            Some(name) if repeated.len() < MOST_REPEATED => {
                repeated.insert(offset, name);
            }
            _ => return Err(Box::new(describe(source, &fault))),
        }
    }
}

/// The parser has no other sign of it than its message.
fn is_repeated(fault: &parser::Error) -> bool {
    fault.message().contains("redefined attribute")
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

fn describe(source: &Arc<Source>, fault: &parser::Error) -> Diagnostic {
    let offset = fault.location().offset();
    let text = &source.text;
    if let Some(unclosed) = unclosed_string(text).filter(|open| *open <= offset) {
        let line_end = text[unclosed..].find('\n').map_or(text.len(), |at| unclosed + at);
        return Diagnostic::error("a quoted string is not closed")
            .at(source, unclosed..line_end, "expected `\"` at the end of this string")
            .help("text of several lines is written as <<EOT … EOT, or with \\n");
    }
    let rest = text.get(offset..).unwrap_or("");
    let here = offset..offset + rest.chars().next().map_or(0, char::len_utf8);
    let line = line_around(text, offset);
    let at_end = rest.trim().is_empty();
    if at_end && let Some(open) = unclosed_bracket(text) {
        let bracket = &text[open..=open];
        return Diagnostic::error(format!("`{bracket}` is never closed")).at(
            source,
            open..open + 1,
            format!("expected a closing `{}` for this one", closing(bracket)),
        );
    }
    if is_repeated(fault) {
        let name = text.get(word(text, offset)).unwrap_or("").to_owned();
        let fault = Diagnostic::error(format!("`{name}` is set twice"));
        return fault.at(source, word(text, offset), "expected each argument once");
    }
    let syntax = Diagnostic::error("this is not valid HCL");
    let before = text.get(line.start..offset).unwrap_or("");
    match rest.chars().next() {
        Some(':') => syntax
            .at(source, here, "expected `=`")
            .help("an argument is written `name = value`"),
        Some('\'') => syntax
            .at(source, here, "expected `\"`")
            .help("text stands in double quotes"),
        Some('“' | '”' | '„') => syntax
            .at(source, here, "expected `\"`")
            .help("these are typographic quotes; text stands in straight double quotes"),
        Some(',') if !in_list(text, offset) => syntax
            .at(source, here, "expected the end of the line")
            .help("arguments are not separated by commas"),
        Some(_) if one_line_block(before) && fault.message().contains("block body") => syntax
            .at(source, word(text, offset), "expected `}`")
            .help("a block on one line takes one argument; write each further argument on a line of its own"),
        Some('{') if text[..offset].trim().is_empty() => syntax
            .at(source, here, "expected the name of an argument or block")
            .help("this looks like JSON; a deployment file is written in HCL: name = \"claude-code\""),
        Some('}' | ']' | ')') if open_brackets(&text[..offset]).is_empty() => {
            syntax.at(source, here, "this closes nothing that is open")
        }
        Some(next) if in_list(text, offset) => match open_brackets(&text[..offset]).last() {
            Some((open, _)) if !matches!(next, '"' | '[' | '0'..='9') && before.trim().is_empty() => Diagnostic::error(
                "`[` is never closed",
            )
            .at(source, *open..open + 1, "expected a closing `]` for this one"),
            _ => syntax.at(source, word(text, offset), "expected `,` before this item, or `]`"),
        },
        _ if fault.message().contains("invalid expression") => syntax.at(
            source,
            here,
            "expected a value: text in quotes, a number, true, false or a [list]",
        ),
        _ => syntax.at(source, word(text, offset), expectation(fault.message())),
    }
}

/// The parser's message, without its Rust.
fn expectation(message: &str) -> String {
    let Some(wanted) = message.rsplit("; ").find(|part| part.starts_with("expected ")) else {
        return "expected `name = value` or `block {`".to_owned();
    };
    wanted
        .replace("newline or eof", "the end of the line")
        .replace("eof", "the end of the file")
}

fn closing(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

fn line_around(text: &str, offset: usize) -> Range<usize> {
    let offset = offset.min(text.len());
    let start = text
        .get(..offset)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let end = text
        .get(offset..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |at| offset + at);
    start..end
}

fn word(text: &str, offset: usize) -> Range<usize> {
    let rest = text.get(offset..).unwrap_or("");
    let one = rest.chars().next().map_or(0, char::len_utf8);
    offset..offset + word_len(rest).max(one)
}

fn word_len(rest: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    rest.find(|c| !is_part(c)).unwrap_or(rest.len())
}

fn one_line_block(before: &str) -> bool {
    let opened = before.find('{');
    opened.is_some_and(|at| before[at..].contains('=') && !before[at..].contains('}'))
}

fn in_list(text: &str, offset: usize) -> bool {
    let before = text.get(..offset).unwrap_or("");
    open_brackets(before).last().is_some_and(|(_, bracket)| *bracket == '[')
}

fn unclosed_bracket(text: &str) -> Option<usize> {
    open_brackets(text).last().map(|(at, _)| *at)
}

fn open_brackets(text: &str) -> Vec<(usize, char)> {
    let mut open = Vec::new();
    scan(text, |token| match token {
        Token::Open(at, bracket) => open.push((at, bracket)),
        Token::Close => drop(open.pop()),
        Token::UnclosedString(_) => {}
    });
    open
}

/// Where the first quoted string starts that is not closed on its line.
fn unclosed_string(text: &str) -> Option<usize> {
    let mut found = None;
    scan(text, |token| {
        if let Token::UnclosedString(at) = token {
            found = found.or(Some(at));
        }
    });
    found
}

enum Token {
    Open(usize, char),
    Close,
    UnclosedString(usize),
}

/// Walks over brackets and strings. Only used to word a fault that the parser found, so it may be simple: the end of
/// a heredoc is a line that holds its name alone, and interpolations are skipped with their string.
fn scan(text: &str, mut each: impl FnMut(Token)) {
    let mut heredoc: Option<String> = None;
    let mut comment = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let offset = start;
        start += line.len();
        if let Some(name) = &heredoc {
            if line.trim() == name {
                heredoc = None;
            }
            continue;
        }
        let mut string = None;
        let mut chars = line.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            match (c, string, comment) {
                ('*', _, true) if next == Some('/') => comment = false,
                (_, _, true) => {}
                ('\\', Some(_), _) => drop(chars.next()),
                ('"', Some(_), _) => string = None,
                (_, Some(_), _) => {}
                ('"', None, _) => string = Some(offset + at),
                ('#', None, _) => break,
                ('/', None, _) if next == Some('/') => break,
                ('/', None, _) if next == Some('*') => comment = true,
                ('{' | '[' | '(', None, _) => each(Token::Open(offset + at, c)),
                ('}' | ']' | ')', None, _) => each(Token::Close),
                ('<', None, _) if next == Some('<') => {
                    heredoc = Some(line[at + 2..].trim().trim_start_matches('-').to_owned());
                    break;
                }
                _ => {}
            }
        }
        if let Some(at) = string {
            each(Token::UnclosedString(at));
        }
    }
}
