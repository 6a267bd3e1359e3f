//! ARNs in their parts.

/// An ARN.
#[derive(Debug, Clone, Copy)]
pub struct Arn<'a> {
    /// Partition, as `aws`.
    pub partition: &'a str,
    /// Service.
    pub service: &'a str,
    /// Region; empty for global services.
    pub region: &'a str,
    /// Account.
    pub account: &'a str,
    /// The rest.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of an ARN; `None` when it has not six of them.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let arn = Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        };
        (!arn.partition.is_empty() && !arn.service.is_empty() && !arn.resource.is_empty()).then_some(arn)
    }
}

/// Whether the path and name of a role or user are such as IAM has them; wildcards count where `wildcards` says so.
///
/// Source: patterns of path and name in the IAM API reference.
pub fn is_iam_path_and_name(text: &str, wildcards: bool) -> bool {
    let wild = |c: char| wildcards && matches!(c, '*' | '?');
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) || wild(c))
        && path.len() <= 512
        && path
            .chars()
            .all(|c| c.is_ascii_graphic() && (wild(c) || !matches!(c, '*' | '?')))
}
