//! Rules over IAM policy documents: what AWS refuses of them, what does nothing, and what does more than was meant.
//!
//! # What goes in
//!
//! [`lint()`] takes a document as JSON text. Wherever a policy stands (a JSON file, `jsonencode(…)`, a heredoc,
//! `aws_iam_policy_document`), the caller makes that text and maps the findings back: each has the JSON path of its
//! place (`$.Statement[0].Action[1]`, `$.Statement[0].Condition.StringEquals['aws:SourceArn']`), whether it means the
//! name or the value of that member ([`Part`]), and the bytes of it in the text. Paths follow the text: a list that is
//! written as a bare value has no index (`$.Statement[0].Action`), a lone statement neither (`$.Statement.Action`).
//! Names of letters and digits alone stand behind a dot, others in `['…']`.
//!
//! # What is not known
//!
//! Parts of a document that only an apply settles are written with [`UNKNOWN`], the character U+FFFC, which no policy can
//! hold otherwise (raw, or as the escape `\ufffc`):
//!
//! * **within a string** it stands for any text, none included: `"s3:\u{fffc}"`,
//!   `"arn:aws:s3:::\u{fffc}/*"`, `"arn:aws:iam::\u{fffc}:role/x"`;
//! * **a string that is nothing but it** stands for any value of any type: `"Resource": "\u{fffc}"` for a string or a
//!   list, `"Condition": "\u{fffc}"` for an object, `"Statement": "\u{fffc}"` for a list of statements. As the member of a
//!   list it stands for any number of members, none included: `["s3:GetObject", "\u{fffc}"]`;
//! * **a member whose name is nothing but it**, whatever its value, stands for any number of further members, none
//!   included: `{"Sid": "A", "\u{fffc}": 0}` for `merge({Sid = "A"}, var.rest)`. As a part of a name it stands for any
//!   text: `"\u{fffc}:aud"`.
//!
//! A rule is silent about whatever turns on what is not known: an action `"s3:\u{fffc}"` may exist, a statement with an
//! unknown condition may be narrowed, a list with unknown members may hold what is missing. What is known is checked all
//! the same: `"s4:\u{fffc}"` names no service.
//!
//! [`Context::template`] says that `${name}`, without the colon that AWS's policy variables have, is a placeholder of a
//! template and so not known either.

mod actions;
mod arn;
mod faults;
mod finding;
mod keys;
mod model;
mod pattern;
mod read;
mod rules;
mod variables;

pub(crate) use arn::{Arn, is_account, is_region};
pub use finding::{Part, PolicyEdit, PolicyFinding, PolicyFix, PolicyRelated};
pub(crate) use model::{Shape, Statement, Text};
pub(crate) use rules::Check;
pub use rules::RULES;

use ::policy::size::Attachment;
use ::policy::{Kind, parse};

use model::Document;

/// Stands in a document's text for what is not known; see the [module](self).
pub const UNKNOWN: char = '\u{fffc}';

/// What is known of a document beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context {
    /// What it is attached to, which decides its size limit. Without it only what exceeds the largest limit of its kind
    /// is an error.
    pub attachment: Option<Attachment>,
    /// Whether the text is, or may be, a template that is filled in before it is used (`templatefile`, `replace`):
    /// `${name}` is then unknown, not wrong. Of a file whose use is not seen say that it may be one.
    pub template: bool,
}

/// What a rule looks at.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    pub(crate) document: &'a Document,
    pub(crate) text: &'a str,
    /// As the caller said.
    pub(crate) kind: Option<Kind>,
    /// As the caller said, or as the document looks.
    pub(crate) assumed: Kind,
    pub(crate) context: &'a Context,
}

/// Everything that the rules find in a document, in the order of the text.
///
/// Without a kind, rules that hold of some kinds only are silent or less sure; whether it is a trust policy, a resource
/// policy or one without principals is taken from the document.
pub fn lint(text: &str, kind: Option<Kind>, context: &Context) -> Vec<PolicyFinding> {
    let document = read::document(text, context.template);
    let assumed = kind.unwrap_or_else(|| document.as_ref().map_or(Kind::Identity, Document::looks_like));
    let mut found = match parse(text, assumed) {
        Ok(_) => Vec::new(),
        Err(errors) => faults::findings(&errors, text, kind, document.as_ref(), context),
    };
    if let Some(document) = &document {
        let input = Input {
            document,
            text,
            kind,
            assumed,
            context,
        };
        let of_bedrock = crate::bedrock::policies::ALL.iter().map(|(_, check)| check);
        for check in rules::CHECKS.iter().chain(of_bedrock) {
            check(&input, &mut found);
        }
    }
    found.sort_by(|a, b| {
        (a.span.start, a.span.end, a.rule.id, &a.message).cmp(&(b.span.start, b.span.end, b.rule.id, &b.message))
    });
    found.dedup_by(|a, b| a.rule == b.rule && a.span == b.span && a.message == b.message);
    found
}

/// Whether a JSON text is meant to be a policy document: an object with statements of which one has an effect.
pub fn is_policy(text: &str) -> bool {
    read::document(text, true).is_some_and(|document| document.statements.iter().any(|s| s.has_effect))
}

/// Adds "an identity policy" and the like to messages.
pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "an identity policy",
        Kind::Resource => "a resource policy",
        Kind::Trust => "a trust policy",
        Kind::ServiceControl => "a service control policy",
        Kind::Boundary => "a permission boundary",
        Kind::Session => "a session policy",
    }
}
