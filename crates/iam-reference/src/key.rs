//! Condition keys.

/// What a condition key's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A point in time.
    Date,
    /// An IP address.
    IpAddress,
}

/// Type of a condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyType {
    /// Of each value.
    pub value: ValueType,
    /// Whether a request may hold several values: such a key wants `ForAllValues` or `ForAnyValue`.
    pub many: bool,
}

impl KeyType {
    /// Reads AWS's spelling: `String`, `ArrayOfARN`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (value, many) = match text.strip_prefix("ArrayOf") {
            Some(value) => (value, true),
            None => (text, false),
        };
        let value = match value {
            "String" => ValueType::String,
            "ARN" => ValueType::Arn,
            "Bool" => ValueType::Bool,
            "Numeric" => ValueType::Numeric,
            "Date" => ValueType::Date,
            "IPAddress" => ValueType::IpAddress,
            _ => return None,
        };
        Some(Self { value, many })
    }
}

/// A condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Name as AWS spells it, with its placeholders: `aws:ResourceTag/${TagKey}`.
    pub name: &'static str,
    /// Type of its values.
    pub kind: KeyType,
    /// The name with wildcards for placeholders, if it has any.
    pattern: Option<String>,
}

impl Key {
    pub(crate) fn new(name: &'static str, kind: KeyType) -> Self {
        Self {
            name,
            kind,
            pattern: pattern(name),
        }
    }

    /// Whether a key that was written in a policy is this one: case does not matter, a placeholder stands for one or
    /// more characters.
    pub fn is(&self, written: &str) -> bool {
        match &self.pattern {
            None => self.name.eq_ignore_ascii_case(written),
            Some(pattern) => policy::matches_ignoring_case(pattern, written),
        }
    }
}

/// Placeholders are written `${TagKey}` in most places, `<key>` in keys of S3, and `tag-key` or nothing at all behind a
/// last slash in some others.
fn pattern(name: &str) -> Option<String> {
    if let Some(before) = name
        .strip_suffix("tag-key")
        .or(Some(name))
        .filter(|before| before.ends_with('/'))
    {
        return Some(format!("{before}?*"));
    }
    let mut pattern = String::with_capacity(name.len());
    let mut rest = name;
    loop {
        let next = [("${", '}'), ("<", '>')]
            .into_iter()
            .filter_map(|(open, close)| rest.find(open).map(|at| (at, close)))
            .min_by_key(|(at, _)| *at);
        let Some((start, close)) = next else { break };
        let (before, placeholder) = rest.split_at(start);
        let (_, after) = placeholder.split_once(close)?;
        pattern.push_str(before);
        pattern.push_str("?*");
        rest = after;
    }
    if rest.len() == name.len() {
        return None;
    }
    pattern.push_str(rest);
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &'static str) -> Key {
        Key::new(name, KeyType::parse("String").unwrap())
    }

    #[test]
    fn placeholders_stand_for_something() {
        let tag = key("aws:ResourceTag/${TagKey}");
        assert!(tag.is("AWS:resourcetag/User"));
        assert!(!tag.is("aws:ResourceTag/"));
        assert!(!tag.is("aws:ResourceTag"));
        assert!(key("s3:ExistingObjectTag/<key>").is("s3:ExistingObjectTag/a/b"));
        assert!(key("ssm:resourceTag/tag-key").is("ssm:ResourceTag/Owner"));
        assert!(key("sagemaker:ResourceTag/").is("sagemaker:ResourceTag/Owner"));
        assert!(key("codebuild:a/${n}.value").is("codebuild:a/x.value"));
        assert!(!key("codebuild:a/${n}.value").is("codebuild:a/x.type"));
        assert!(key("s3:prefix").is("S3:Prefix"));
    }

    #[test]
    fn types() {
        let many = KeyType::parse("ArrayOfARN").unwrap();
        assert!(many.many && many.value == ValueType::Arn);
        assert_eq!(KeyType::parse("Text"), None);
    }
}
