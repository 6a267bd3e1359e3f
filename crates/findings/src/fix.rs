//! Applying the fixes of a report.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::{Fix, Report, Source};

/// What the fixes of a report make of its files.
#[derive(Debug, Clone, Default)]
pub struct Fixed {
    /// Files that change, by name.
    pub files: Vec<FixedFile>,
    /// Fixes that are in them.
    pub applied: usize,
    /// Fixes that overlap with an applied one. They are for the next run, which may find that they are done.
    pub left: usize,
}

/// A file with its fixes.
#[derive(Debug, Clone)]
pub struct FixedFile {
    /// As it was.
    pub source: Arc<Source>,
    /// As it is to be.
    pub text: String,
}

impl FixedFile {
    /// The change as a unified diff that `patch -p0` takes.
    pub fn diff(&self) -> String {
        // With a blank in it, the name ends at a tab, as diff and git write it.
        let name = match self.source.name.contains(' ') {
            true => format!("{}\t", self.source.name),
            false => self.source.name.clone(),
        };
        similar::TextDiff::from_lines(self.source.text.as_str(), self.text.as_str())
            .unified_diff()
            .header(&name, &name)
            .to_string()
    }
}

/// What was accepted so far for one text.
struct Pending {
    source: Arc<Source>,
    /// Replaced bytes and what replaces them.
    edits: Vec<(Range<usize>, String)>,
}

/// Applies the fixes of a report's findings in the order of the report. Each is applied as a whole or, when one of its
/// edits overlaps with an edit of an earlier fix, not at all.
pub fn apply(report: &Report) -> Fixed {
    let mut pending: BTreeMap<String, Pending> = BTreeMap::new();
    let mut fixed = Fixed::default();
    for fix in report.findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        if accept(fix, &mut pending) {
            fixed.applied += 1;
        } else {
            fixed.left += 1;
        }
    }
    fixed.files = pending
        .into_values()
        .map(|Pending { source, mut edits }| {
            edits.sort_by_key(|(span, _)| (span.start, span.end));
            let text = edited(&source.text, &edits);
            FixedFile { source, text }
        })
        .filter(|file| file.text != file.source.text)
        .collect();
    fixed
}

/// Takes all edits of a fix, or none.
fn accept(fix: &Fix, pending: &mut BTreeMap<String, Pending>) -> bool {
    let mut wanted: Vec<(&Arc<Source>, Range<usize>, String)> = Vec::new();
    for edit in &fix.edits {
        let source = &edit.place.source;
        let span = source.settle(&edit.place.span);
        let is_same_file = |other: &Source| other.name == source.name;
        let known = pending.get(&source.name);
        let collides = known.is_some_and(|known| {
            known.source.text != source.text || known.edits.iter().any(|(other, _)| overlap(other, &span))
        });
        let collides_here = wanted
            .iter()
            .any(|(other, at, _)| is_same_file(other) && overlap(at, &span));
        if collides || collides_here {
            return false;
        }
        let replacement = with_line_ends_of(&source.text, &edit.replacement).into_owned();
        wanted.push((source, span, replacement));
    }
    for (source, span, replacement) in wanted {
        pending
            .entry(source.name.clone())
            .or_insert_with(|| Pending {
                source: Arc::clone(source),
                edits: Vec::new(),
            })
            .edits
            .push((span, replacement));
    }
    true
}

/// Whether the order of two edits would matter: they share a byte, or one inserts inside of or at an end of the other.
fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    if one.is_empty() || other.is_empty() {
        return one.start <= other.end && other.start <= one.end;
    }
    one.start < other.end && other.start < one.end
}

fn edited(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, replacement) in edits {
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.push_str(replacement);
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// A replacement with the line ends that the file has.
fn with_line_ends_of<'a>(text: &str, replacement: &'a str) -> Cow<'a, str> {
    let is_crlf = text
        .find('\n')
        .is_some_and(|at| text.get(..at).is_some_and(|line| line.ends_with('\r')));
    if is_crlf && replacement.contains('\n') {
        Cow::Owned(replacement.replace("\r\n", "\n").replace('\n', "\r\n"))
    } else {
        Cow::Borrowed(replacement)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Confidence, Edit, Family, Finding, Place, Rule, Severity};

    static RULE: Rule = Rule {
        id: "a-rule",
        family: Family::Language,
        severity: Severity::Error,
        confidence: Confidence::High,
        summary: "",
        page: "",
    };

    fn finding(edits: &[(&Arc<Source>, Range<usize>, &str)]) -> Finding {
        let edits = edits.iter().map(|(source, span, replacement)| Edit {
            place: Place::new(source, span.clone()),
            replacement: (*replacement).to_owned(),
        });
        let edits: Vec<Edit> = edits.collect();
        Finding::new(&RULE, edits[0].place.clone(), "wrong").fix(Fix {
            title: "mend it".to_owned(),
            edits,
        })
    }

    fn report(findings: Vec<Finding>) -> Report {
        Report {
            findings,
            ..Report::default()
        }
    }

    #[test]
    fn edits_are_applied_in_the_order_of_the_text() {
        let source = Source::new("a.tf", "one two three\n");
        let fixed = apply(&report(vec![
            finding(&[(&source, 8..13, "3")]),
            finding(&[(&source, 0..3, "1"), (&source, 7..7, "!")]),
        ]));
        assert_eq!(fixed.files[0].text, "1 two! 3\n");
        assert_eq!((fixed.applied, fixed.left), (2, 0));
    }

    #[test]
    fn of_two_that_overlap_the_first_wins_and_the_other_is_left_as_a_whole() {
        let one = Source::new("a.tf", "abcdef");
        let two = Source::new("b.tf", "xyz");
        let fixed = apply(&report(vec![
            finding(&[(&one, 1..3, "_")]),
            finding(&[(&two, 0..1, "_"), (&one, 2..4, "_")]),
            finding(&[(&one, 3..3, "+")]),
            finding(&[(&one, 3..4, "D")]),
        ]));
        assert_eq!(fixed.files.len(), 1);
        assert_eq!(fixed.files[0].text, "a_Def");
        assert_eq!((fixed.applied, fixed.left), (2, 2));
    }

    #[test]
    fn a_file_keeps_its_line_ends() {
        let source = Source::new("a.tf", "a\r\nb\r\n");
        let fixed = apply(&report(vec![finding(&[(&source, 3..3, "x\ny\r\n")])]));
        assert_eq!(fixed.files[0].text, "a\r\nx\r\ny\r\nb\r\n");
        insta::assert_snapshot!(fixed.files[0].diff().replace('\r', "␍"), @r"
        --- a.tf
        +++ a.tf
        @@ -1,2 +1,4 @@
         a␍
        +x␍
        +y␍
         b␍
        ");
    }

    #[test]
    fn a_diff_says_where_there_is_no_last_line_break() {
        let source = Source::new("a.tf", "a");
        let fixed = apply(&report(vec![finding(&[(&source, 0..1, "b")])]));
        assert!(fixed.files[0].diff().contains("\\ No newline at end of file"));
    }

    proptest! {
        #[test]
        fn any_edits_are_survived(
            text in "[a-cä漢\\r\\n]{0,12}",
            edits in prop::collection::vec((0..30_usize, 0..30_usize, "[xy\\n]{0,2}"), 0..6),
        ) {
            let source = Source::new("a.tf", text);
            let findings: Vec<Finding> = edits.iter().map(|(start, end, new)| finding(&[(&source, *start..*end, new.as_str())])).collect();
            let count = findings.len();
            let fixed = apply(&report(findings));
            prop_assert_eq!(fixed.applied + fixed.left, count);
            prop_assert!(fixed.files.len() <= 1);
        }
    }
}
