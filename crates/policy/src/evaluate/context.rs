//! The request context: condition keys and what is known of them.

use std::collections::BTreeMap;

/// What is known of one condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// The key is in the request with these values; more than one, or none, only for a multivalued key.
    Values(&'a [String]),
    /// The key is not in the request.
    Absent,
    /// Nothing is known: a decision that turns on it is [`super::Decision::DependsOn`].
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    key: String,
    /// `None`: known to be absent.
    values: Option<Vec<String>>,
}

/// Condition keys of a request.
///
/// Keys are compared without case, as AWS does, tag keys included
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>).
/// A key that was neither set nor declared absent is unknown, until [`Context::rest_absent`] says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    entries: BTreeMap<String, Entry>,
    unknown: BTreeMap<String, String>,
    closed: bool,
}

impl Context {
    /// A context of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// States the value of a key.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<String>) -> Self {
        self.with_values(key, [value])
    }

    /// States the values of a multivalued key; no values means that the key is there and empty.
    #[must_use]
    pub fn with_values<V: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.set(key, values);
        self
    }

    /// States that a key is not in the request.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.set_absent(key);
        self
    }

    /// States that a key is unknown, also one that would follow from the caller and also after
    /// [`Context::rest_absent`].
    #[must_use]
    pub fn unknown(mut self, key: &str) -> Self {
        let folded = fold(key);
        self.entries.remove(&folded);
        self.unknown.insert(folded, key.to_owned());
        self
    }

    /// States that every key that is not mentioned, and does not follow from the caller, is not in the request.
    #[must_use]
    pub fn rest_absent(mut self) -> Self {
        self.closed = true;
        self
    }

    /// States the values of a key.
    pub fn set<V: Into<String>>(&mut self, key: &str, values: impl IntoIterator<Item = V>) {
        self.put(key, Some(values.into_iter().map(Into::into).collect()));
    }

    /// States that a key is not in the request.
    pub fn set_absent(&mut self, key: &str) {
        self.put(key, None);
    }

    /// What was stated of a key; `None` if it was not mentioned.
    pub fn stated(&self, key: &str) -> Option<Known<'_>> {
        let folded = fold(key);
        if self.unknown.contains_key(&folded) {
            return Some(Known::Unknown);
        }
        self.entries.get(&folded).map(|entry| match &entry.values {
            Some(values) => Known::Values(values),
            None => Known::Absent,
        })
    }

    /// What holds of a key that was not mentioned and does not follow from the caller.
    pub fn unmentioned(&self) -> Known<'static> {
        if self.closed { Known::Absent } else { Known::Unknown }
    }

    /// Every stated key as it was written, with its values (`None`: absent), ordered by key without case.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&[String]>)> {
        self.entries
            .values()
            .map(|entry| (entry.key.as_str(), entry.values.as_deref()))
    }

    fn put(&mut self, key: &str, values: Option<Vec<String>>) {
        let folded = fold(key);
        self.unknown.remove(&folded);
        let key = key.to_owned();
        self.entries.insert(folded, Entry { key, values });
    }
}

fn fold(key: &str) -> String {
    key.to_ascii_lowercase()
}
