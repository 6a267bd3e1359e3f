//! Comments that suppress findings: `# tfgen:ignore RULE: reason`.
//!
//! Several rules are separated by commas. The reason is needed: without it nothing is suppressed. A comment that trails
//! code speaks for its own line, any other for the item that follows it; which lines those are is known to the caller,
//! who knows the syntax. A suppression that is faulty, or suppresses nothing, is itself a finding; no comment suppresses those.

mod parse;
pub mod rules;

use crate::{Edit, Finding, Fix, Place, Rule, Suppressed};
use parse::{Directive, Name, directives};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A comment of a checked file.
#[derive(Debug, Clone)]
pub struct Comment {
    /// All of it, with its marks: `# …`, `// …`, `; …` or `/* … */`. A line break at its end may belong to it or not.
    pub place: Place,
    /// The lines that a suppression in it is about, from 1, the last one excluded: its own line where it trails code,
    /// otherwise the lines of the next item; empty where nothing follows.
    pub lines: Range<usize>,
}

/// What is left of findings, and what is not.
#[derive(Debug, Clone, Default)]
pub struct Sifted {
    /// Those that nothing suppresses, and those about suppressions.
    pub findings: Vec<Finding>,
    /// Those that a comment suppresses.
    pub suppressed: Vec<Suppressed>,
}

/// Which comments are suppressions is decided by their text; the others may be handed over or not.
///
/// `rules` are all rules that there are. A rule for which `has_run` is false could not find anything, so that a
/// suppression of it is not called unused.
pub fn sift(
    findings: Vec<Finding>,
    comments: &[Comment],
    rules: &[&'static Rule],
    has_run: &dyn Fn(&Rule) -> bool,
) -> Sifted {
    let mut sifted = Sifted::default();
    let mut suppressions: Vec<Suppression<'_>> = Vec::new();
    for comment in comments {
        for directive in directives(&comment.place) {
            match directive {
                Directive::Faulty(finding) => sifted.findings.push(finding),
                Directive::Ignore { span, names, reason } => {
                    for name in &names {
                        if !rules.iter().any(|rule| rule.id == name.text) {
                            sifted.findings.push(unknown(comment, name, rules));
                        }
                    }
                    suppressions.push(Suppression {
                        comment,
                        span,
                        used: vec![false; names.len()],
                        names,
                        reason,
                    });
                }
            }
        }
    }
    // By file and rule: a large tree may have as many findings as suppressions.
    let mut by_rule: BTreeMap<(String, String), Vec<(usize, usize)>> = BTreeMap::new();
    for (at, suppression) in suppressions.iter().enumerate() {
        let file = &suppression.comment.place.source.name;
        for (which, name) in suppression.names.iter().enumerate() {
            let key = (file.clone(), name.text.clone());
            by_rule.entry(key).or_default().push((at, which));
        }
    }
    for finding in findings {
        let key = (finding.place.source.name.clone(), finding.rule.id.to_owned());
        let candidates = by_rule.get(&key).map_or(&[][..], Vec::as_slice);
        let line = match candidates {
            [] => 0,
            _ => finding.place.region().line,
        };
        let mut reason = None;
        for (at, which) in candidates {
            if let Some(suppression) = suppressions.get_mut(*at)
                && suppression.comment.lines.contains(&line)
            {
                if let Some(used) = suppression.used.get_mut(*which) {
                    *used = true;
                }
                reason.get_or_insert_with(|| suppression.reason.clone());
            }
        }
        match reason {
            Some(reason) => sifted.suppressed.push(Suppressed { finding, reason }),
            None => sifted.findings.push(finding),
        }
    }
    let active: BTreeSet<&str> = rules.iter().filter(|rule| has_run(rule)).map(|rule| rule.id).collect();
    sifted.findings.extend(
        suppressions
            .iter()
            .filter_map(|suppression| suppression.unused(&active)),
    );
    sifted
}

/// A well-formed suppression and which of its rules found something.
struct Suppression<'a> {
    comment: &'a Comment,
    /// From `tfgen:` to the end of the reason.
    span: Range<usize>,
    names: Vec<Name>,
    used: Vec<bool>,
    reason: String,
}

impl Suppression<'_> {
    fn unused(&self, active: &BTreeSet<&str>) -> Option<Finding> {
        let (unused, kept): (Vec<_>, Vec<_>) = self
            .names
            .iter()
            .zip(&self.used)
            .partition(|(name, used)| !**used && active.contains(name.text.as_str()));
        let first = unused.first()?.0.span.start;
        let last = unused.last()?.0.span.end;
        let source = &self.comment.place.source;
        let list: Vec<String> = unused.iter().map(|(name, _)| format!("`{}`", name.text)).collect();
        let message = format!("no finding of {} is suppressed here", list.join(", "));
        let place = Place::new(source, first..last);
        let edit = match kept.as_slice() {
            [] => self.without_comment(),
            kept => {
                let kept: Vec<&str> = kept.iter().map(|(name, _)| name.text.as_str()).collect();
                let all = self.names.first()?.span.start..self.names.last()?.span.end;
                Some(Edit {
                    place: Place::new(source, all),
                    replacement: kept.join(", "),
                })
            }
        };
        let finding = Finding::new(&rules::UNUSED, place, message);
        Some(match edit {
            None => finding.help("remove it"),
            Some(edit) => finding.fix(Fix {
                title: "remove what suppresses nothing".to_owned(),
                edits: vec![edit],
            }),
        })
    }

    /// Removes the comment with the blanks before it, and its line where nothing else stands on it. A comment that says
    /// something else as well is left to people.
    fn without_comment(&self) -> Option<Edit> {
        let Place { source, span } = &self.comment.place;
        let text = source.text.get(span.clone())?;
        let around = [
            source.text.get(span.start..self.span.start)?,
            source.text.get(self.span.end..span.end)?,
        ];
        if around.concat().chars().any(|letter| !"#/*; \t\r\n".contains(letter)) {
            return None;
        }
        let end = span.start + text.trim_end_matches(['\r', '\n']).len();
        let line_start = source.text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
        let before = source.text.get(line_start..span.start)?;
        let behind = source.text.get(end..)?;
        let line_break = ["\r\n", "\n"]
            .into_iter()
            .find(|line_break| behind.starts_with(line_break));
        let is_alone = before.trim().is_empty() && (line_break.is_some() || behind.is_empty());
        let removed = match is_alone {
            true => line_start..end + line_break.map_or(0, str::len),
            false => line_start + before.trim_end_matches([' ', '\t']).len()..end,
        };
        Some(Edit {
            place: Place::new(source, removed),
            replacement: String::new(),
        })
    }
}

fn unknown(comment: &Comment, name: &Name, rules: &[&'static Rule]) -> Finding {
    let place = Place::new(&comment.place.source, name.span.clone());
    Finding::new(&rules::UNKNOWN_RULE, place, format!("there is no rule `{}`", name.text))
        .nearest(&name.text, rules.iter().map(|rule| rule.id))
        .help("`tfgen rules` lists all rules")
}

#[cfg(test)]
mod tests;
