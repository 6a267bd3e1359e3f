//! Faults of syntax in words.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::parser;

use super::scan::{Token, Unclosed, in_list, open_brackets, scan, unclosed_bracket, unclosed_string, unclosed_text};
use crate::diagnostic::{Diagnostic, Source};

/// The parser has no other sign of it than its message.
pub fn is_repeated(fault: &parser::Error) -> bool {
    fault.message().contains("redefined attribute")
}

/// A fault that the parser found in `text`: the source's, with what was reported before blanked out.
pub fn describe(source: &Arc<Source>, text: &str, fault: &parser::Error) -> Diagnostic {
    let offset = fault.location().offset();
    if let Some(special) = special(source, text, offset) {
        return special;
    }
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

/// Faults whose place the parser does not tell: it stops where their consequences show.
fn special(source: &Arc<Source>, text: &str, offset: usize) -> Option<Diagnostic> {
    match unclosed_text(text) {
        Some(Unclosed::Comment(at)) => {
            return Some(
                Diagnostic::error("a comment is not closed")
                    .at(source, at..at + 2, "expected `*/` after it")
                    .help("a comment to the end of its line begins with `#`"),
            );
        }
        Some(Unclosed::Heredoc { at, name }) => {
            return Some(
                Diagnostic::error(format!("the text from `<<{name}` on is not closed"))
                    .at(
                        source,
                        at..at + 2,
                        format!("expected a line with `{name}` alone after the text"),
                    )
                    .help("`<<-` in the place of `<<` lets that line be indented"),
            );
        }
        None => {}
    }
    let deep = deepest(text);
    if let Some(at) = deep {
        return Some(
            Diagnostic::error(format!("brackets are nested more than {MOST_NESTED} deep"))
                .at(source, at..at + 1, "expected less")
                .help("no value of a deployment file needs it"),
        );
    }
    let line = line_around(text, offset);
    let written = text.get(line.clone())?;
    if let Some(number) = unread_number(text, &line, offset) {
        let shown = text.get(number.clone()).unwrap_or_default().to_owned();
        return Some(
            Diagnostic::error(format!("{shown} is larger than any number that can be used")).at(
                source,
                number,
                "expected a smaller number",
            ),
        );
    }
    let odd = written
        .char_indices()
        .find(|(at, c)| is_odd_space(*c) && !in_string(written, *at));
    if let Some((at, c)) = odd {
        let at = line.start + at;
        return Some(
            Diagnostic::error(format!(
                "this is no ordinary space but the character U+{:04X}",
                u32::from(c)
            ))
            .at(source, at..at + c.len_utf8(), "expected a space")
            .help("it looks like a space; it comes from word processors and web pages"),
        );
    }
    if let Some((name, value)) = missing_equals(written) {
        let at = line.start + (written.len() - written.trim_start().len());
        return Some(
            Diagnostic::error(format!("`{name}` has no `=`"))
                .at(
                    source,
                    at..line.start + written.trim_end().len(),
                    "expected `=` between name and value",
                )
                .help(format!("{name} = {value}")),
        );
    }
    None
}

/// The number that the parser gave up at its exponent.
fn unread_number(text: &str, line: &Range<usize>, offset: usize) -> Option<Range<usize>> {
    let exponent = text.get(offset..line.end)?.strip_prefix(['e', 'E'])?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let len = digits.bytes().take_while(u8::is_ascii_digit).count();
    let before = text.get(line.start..offset)?;
    let whole = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    (len > 0 && whole.len() < before.len())
        .then(|| line.start + whole.len()..offset + 1 + (exponent.len() - digits.len()) + len)
}

/// Brackets within brackets that the parser takes.
const MOST_NESTED: usize = 60;

/// The first bracket that is nested too deep.
pub fn deepest(text: &str) -> Option<usize> {
    let (mut depth, mut found) = (0_usize, None);
    scan(text, |token| match token {
        Token::Open(at, _) => {
            depth += 1;
            if depth > MOST_NESTED {
                found = found.or(Some(at));
            }
        }
        Token::Close(_) => depth = depth.saturating_sub(1),
        Token::UnclosedString(_) => {}
    });
    found
}

/// White space that HCL does not take for any.
fn is_odd_space(c: char) -> bool {
    (c.is_whitespace() && !c.is_ascii()) || matches!(c, '\u{200b}' | '\u{feff}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

fn in_string(line: &str, at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default();
    before.contains('#') || before.matches('"').count() % 2 == 1
}

/// `name "value"` alone on its line.
fn missing_equals(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let name = line.get(..word_len(line))?;
    let value = line.get(name.len()..)?.trim();
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    (!name.is_empty() && !text.contains('"')).then_some((name, value))
}

pub fn line_around(text: &str, offset: usize) -> Range<usize> {
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

pub fn word_len(rest: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    rest.find(|c| !is_part(c)).unwrap_or(rest.len())
}

fn one_line_block(before: &str) -> bool {
    let opened = before.find('{');
    opened.is_some_and(|at| before[at..].contains('=') && !before[at..].contains('}'))
}
