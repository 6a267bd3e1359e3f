//! From the pieces of a template to its parts.

use unicode_segmentation::UnicodeSegmentation;

use super::parser::MAX_DEPTH;
use super::template::Piece;
use crate::ast::{Expression, ExpressionKind, Identifier, Span, TemplatePart};

/// What pieces amount to.
#[derive(Default)]
pub(super) struct Built {
    pub(super) parts: Vec<TemplatePart>,
    /// The depth of the trees in it.
    pub(super) depth: usize,
    pub(super) errors: Vec<(Span, String)>,
}

/// A directive that waits for its end.
struct Open {
    directive: Directive,
    /// Where it starts.
    span: Span,
    /// What stands before it.
    before: Vec<TemplatePart>,
}

enum Directive {
    If {
        condition: Expression,
        /// The text when true, once `else` was read.
        then: Option<Vec<TemplatePart>>,
    },
    For {
        key: Option<Identifier>,
        value: Identifier,
        collection: Expression,
    },
}

impl Open {
    /// Whether an error was reported for it.
    fn is_broken(&self) -> bool {
        let (Directive::If { condition: decides, .. }
        | Directive::For {
            collection: decides, ..
        }) = &self.directive;
        decides.kind == ExpressionKind::Invalid
    }

    fn end(&self) -> &'static str {
        match self.directive {
            Directive::If { .. } => "endif",
            Directive::For { .. } => "endfor",
        }
    }
}

/// Removes the indentation that all lines have in common, as `<<-` asks for. Counted is what stands before the first
/// character that is no blank; lines of blanks alone do not count and stay.
pub(super) fn dedent(pieces: &mut [Piece]) {
    let mut common = usize::MAX;
    let mut starts_line = true;
    let mut lines = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Literal { text, .. } = piece else {
            if std::mem::take(&mut starts_line) {
                common = 0;
            }
            continue;
        };
        if std::mem::take(&mut starts_line) && !(text.ends_with('\n') && text.trim_start().is_empty()) {
            let blanks = text.len() - text.trim_start().len();
            let width = text.get(..blanks).unwrap_or_default().graphemes(true).count();
            common = common.min(width);
            lines.push(index);
        }
        starts_line = text.ends_with('\n');
    }
    for index in lines {
        if let Some(Piece::Literal { text, .. }) = pieces.get_mut(index) {
            let length: usize = text.graphemes(true).take(common).map(str::len).sum();
            text.drain(..length);
        }
    }
}

/// Joins neighbouring literals and nests what stands between directives.
pub(super) fn build(pieces: Vec<Piece>) -> Built {
    let is_only = pieces.len() == 1;
    let mut built = Built::default();
    let mut open: Vec<Open> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal { text, span } => literal(&mut built.parts, text, span),
            Piece::Interpolation(node) => {
                built.depth = built.depth.max(node.depth + open.len());
                built.parts.push(TemplatePart::Interpolation(*node.expression));
            }
            Piece::If(node, span) => {
                built.depth = built.depth.max(node.depth + open.len());
                let directive = Directive::If {
                    condition: *node.expression,
                    then: None,
                };
                let before = std::mem::take(&mut built.parts);
                open.push(Open {
                    directive,
                    span,
                    before,
                });
            }
            Piece::For {
                key,
                value,
                collection,
                span,
            } => {
                built.depth = built.depth.max(collection.depth + open.len());
                let directive = Directive::For {
                    key,
                    value,
                    collection: *collection.expression,
                };
                let before = std::mem::take(&mut built.parts);
                open.push(Open {
                    directive,
                    span,
                    before,
                });
            }
            Piece::Else(span) => match open.last_mut().map(|open| &mut open.directive) {
                Some(Directive::If { then: then @ None, .. }) => *then = Some(std::mem::take(&mut built.parts)),
                _ => built.errors.push((span, unexpected("else", open.last()))),
            },
            Piece::EndIf(span) => end("endif", span, &mut open, &mut built),
            Piece::EndFor(span) => end("endfor", span, &mut open, &mut built),
        }
    }
    while let Some(last) = open.pop() {
        if !last.is_broken() {
            let message = format!("the directive that starts here has no `%{{ {} }}`", last.end());
            built.errors.push((last.span.clone(), message));
        }
        close(last, open.len(), &mut built);
    }
    tidy(&mut built.parts, is_only);
    built.parts.shrink_to_fit();
    built
}

fn unexpected(word: &str, open: Option<&Open>) -> String {
    match open {
        Some(open) => format!(
            "`{word}` does not end or continue the directive that is open here; that one needs `{}`",
            open.end()
        ),
        None => format!("`{word}` without a directive that it ends or continues"),
    }
}

fn end(word: &str, span: Span, open: &mut Vec<Open>, built: &mut Built) {
    match open.pop_if(|open| open.end() == word) {
        Some(last) => close(last, open.len(), built),
        None => built.errors.push((span, unexpected(word, open.last()))),
    }
}

/// Puts a directive with the parts that were read since into the parts before it. The tree is only built down to its
/// limit.
fn close(open: Open, level: usize, built: &mut Built) {
    let mut inside = std::mem::replace(&mut built.parts, open.before);
    inside.shrink_to_fit();
    built.depth = built.depth.max(level);
    if level >= MAX_DEPTH {
        return;
    }
    let part = match open.directive {
        Directive::If { condition, then } => match then {
            Some(then) => TemplatePart::If {
                condition,
                then,
                otherwise: inside,
            },
            None => TemplatePart::If {
                condition,
                then: inside,
                otherwise: Vec::new(),
            },
        },
        Directive::For { key, value, collection } => TemplatePart::For {
            key,
            value,
            collection,
            body: inside,
        },
    };
    built.parts.push(part);
}

/// Leaves out empty literals. One stays beside a single interpolation: with it the template is a string, without it the
/// value of the interpolation as it is.
fn tidy(parts: &mut Vec<TemplatePart>, is_only: bool) {
    let is_empty = |part: &TemplatePart| matches!(part, TemplatePart::Literal { text, .. } if text.is_empty());
    let mut kept = parts.iter().filter(|part| !is_empty(part));
    let is_wrapped = matches!((kept.next(), kept.next()), (Some(TemplatePart::Interpolation(_)), None));
    if is_only || !is_wrapped {
        parts.retain(|part| !is_empty(part));
    }
}

fn literal(parts: &mut Vec<TemplatePart>, text: String, span: Span) {
    match parts.last_mut() {
        Some(TemplatePart::Literal {
            text: before,
            span: start,
        }) => {
            before.push_str(&text);
            start.end = span.end;
        }
        _ => parts.push(TemplatePart::Literal { text, span }),
    }
}
