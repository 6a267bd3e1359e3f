//! `policy-size`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;
use policy::size::{Attachment, LIMITS_AS_OF, Size, of_text};

use super::super::finding::{Part, PolicyFinding};
use super::super::{Input, kind_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-size",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A policy that is longer than AWS takes.",
    page: include_str!("size.md"),
};

/// Most that AWS raises the limit of a trust policy to, on request
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>).
const TRUST_AT_MOST: usize = 8_192;

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let attachment = input.context.attachment.or(match (input.kind, input.assumed) {
        (None, Kind::Identity) => None,
        // The largest of what an identity policy can be attached as.
        (_, Kind::Identity) => Some(Attachment::RoleInline),
        (_, Kind::Trust) => Some(Attachment::RoleTrust),
        (_, Kind::ServiceControl) => Some(Attachment::ServiceControl),
        (_, Kind::Boundary) => Some(Attachment::Managed),
        (_, Kind::Session) => Some(Attachment::Session),
        (_, Kind::Resource) => None,
    });
    let Some(attachment) = attachment else { return };
    let text = input.text;
    let size = of_text(text, attachment);
    if size.fits() {
        return;
    }
    let finding = at(input, too_long(&size)).help(format!("limit of {LIMITS_AS_OF}: {}", size.limit.source));
    let finding = match attachment {
        Attachment::RoleTrust if size.characters <= TRUST_AT_MOST => finding
            .severity(Severity::Warning)
            .help(format!("AWS raises this limit up to {TRUST_AT_MOST} on request")),
        _ if size.limit.counts_white_space && minified_fits(text, attachment) => {
            finding.help("without white space it fits: pass it through `jsonencode(jsondecode(…))`")
        }
        _ => finding,
    };
    found.push(finding);
}

fn too_long(size: &Size) -> String {
    let white = if size.limit.counts_white_space {
        ""
    } else {
        ", white space not counted"
    };
    match size.limit.bytes {
        Some(most) if size.characters <= size.limit.characters => {
            format!("the policy has {} bytes and AWS takes {most}", size.bytes)
        }
        _ => format!(
            "the policy has {} characters{white}, and AWS takes {}",
            size.characters, size.limit.characters
        ),
    }
}

fn at(input: &Input<'_>, message: String) -> PolicyFinding {
    let message = match input.kind {
        Some(kind) => format!("too long for {}: {message}", kind_name(kind)),
        None => message,
    };
    let span = input.document.span.clone();
    let start = span.start..span.end.min(span.start + 1);
    PolicyFinding::at(&RULE, "$", Part::Value, start, message)
}

/// White space outside strings falls away; what is within stays.
fn minified_fits(text: &str, attachment: Attachment) -> bool {
    let mut inside = false;
    let mut escaped = false;
    let minified: String = text
        .chars()
        .filter(|c| {
            if escaped {
                escaped = false;
            } else if *c == '"' {
                inside = !inside;
            } else if *c == '\\' {
                escaped = inside;
            }
            inside || !c.is_whitespace()
        })
        .collect();
    of_text(&minified, attachment).fits()
}
