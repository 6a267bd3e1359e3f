//! What a comment says to tfgen.

use std::ops::Range;

use super::rules;
use crate::{Finding, Place, nearest};

/// With what a directive begins.
const PREFIX: &str = "tfgen:";
/// The only directive that there is.
const IGNORE: &str = "ignore";

/// The id of a rule as it was written.
pub(super) struct Name {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// Something that a comment says to tfgen.
pub(super) enum Directive {
    Ignore {
        /// From `tfgen:` to the end of the reason.
        span: Range<usize>,
        names: Vec<Name>,
        reason: String,
    },
    Faulty(Finding),
}

/// The directives of a comment: each of its lines may be one.
pub(super) fn directives(comment: &Place) -> Vec<Directive> {
    let text = comment.source.text.get(comment.span.clone()).unwrap_or_default();
    let mut found = Vec::new();
    // Nearly no comment is one.
    if !text.contains(PREFIX) {
        return found;
    }
    let mut start = comment.span.start;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end().trim_end_matches("*/").trim_end();
        let inner = content.trim_start_matches(['#', '/', '*', ';', ' ', '\t', '\u{feff}']);
        let at = start + content.len() - inner.len();
        if let Some(rest) = inner.strip_prefix(PREFIX)
            && let Some(directive) = directive(comment, rest, at + PREFIX.len())
        {
            found.push(directive);
        }
        start += line.len();
    }
    found
}

/// The directive that `text`, behind `tfgen:` at byte `start`, is meant to be.
fn directive(comment: &Place, text: &str, start: usize) -> Option<Directive> {
    let blanks = text.len() - text.trim_start().len();
    let (start, text) = (start + blanks, text.trim_start());
    let word_len = text
        .find(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_')
        .unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(word_len)?;
    let whole = start - blanks - PREFIX.len()..start + text.len();
    let place = |span: Range<usize>| Place::new(&comment.source, span);
    if word != IGNORE || blanks > 0 {
        // Others may have their own use for such a comment; only what is near to ours is a mistake.
        nearest(word, [IGNORE])?;
        let written = comment.source.text.get(whole.start..start + word.len()).unwrap_or(word);
        let finding = Finding::new(
            &rules::MALFORMED,
            place(whole.start..start + word.len()),
            format!("`{written}` is not known"),
        )
        .help(format!("did you mean `{PREFIX}{IGNORE}`?"));
        return Some(Directive::Faulty(finding));
    }
    let (list, reason) = match rest.split_once(':') {
        Some((list, reason)) => (list, reason.trim()),
        None => (rest, ""),
    };
    let names = names(list, start + word.len());
    if names.is_empty() {
        let finding = Finding::new(&rules::MALFORMED, place(whole), "this suppression names no rule")
            .help(format!("write `{PREFIX}{IGNORE} RULE: reason`"));
        return Some(Directive::Faulty(finding));
    }
    if reason.is_empty() {
        let finding = Finding::new(
            &rules::WITHOUT_REASON,
            place(whole),
            "this suppression says no reason, and so suppresses nothing",
        )
        .help(format!(
            "say why, behind a colon: `{PREFIX}{IGNORE} {}: reason`",
            listed(&names)
        ));
        return Some(Directive::Faulty(finding));
    }
    Some(Directive::Ignore {
        span: whole,
        names,
        reason: reason.to_owned(),
    })
}

/// The names between the commas, with their places.
fn names(list: &str, start: usize) -> Vec<Name> {
    let mut at = start;
    let mut names = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        if !name.is_empty() {
            let from = at + part.len() - part.trim_start().len();
            names.push(Name {
                text: name.to_owned(),
                span: from..from + name.len(),
            });
        }
        at += part.len() + 1;
    }
    names
}

/// The rules that are named, up to the first word of each: behind it a reason without its colon may stand.
fn listed(names: &[Name]) -> String {
    let words: Vec<&str> = names
        .iter()
        .filter_map(|name| name.text.split_whitespace().next())
        .collect();
    words.join(", ")
}
