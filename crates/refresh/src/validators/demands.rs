//! Messages about what may and must stand together.

use std::sync::LazyLock;

use regex::Regex;

use super::config::Place;

/// What a message says of several places.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// The first excludes the second.
    Conflict(Vec<Vec<String>>),
    /// Exactly one must be set; none is, or several are.
    ExactlyOne(Vec<Vec<String>>),
    /// At least one must be set.
    AtLeastOne(Vec<Vec<String>>),
    /// All must be set where one is.
    Together(Vec<Vec<String>>),
    /// With the first, the others.
    Needs(Vec<Vec<String>>),
}

impl Said {
    /// The places that it names.
    pub fn places(&self) -> &[Vec<String>] {
        match self {
            Self::Conflict(places)
            | Self::ExactlyOne(places)
            | Self::AtLeastOne(places)
            | Self::Together(places)
            | Self::Needs(places) => places,
        }
    }
}

struct Form {
    expression: Regex,
    said: fn(Vec<Vec<String>>) -> Said,
}

/// What the two libraries that providers are made with say.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let form = |text: &str, said: fn(Vec<Vec<String>>) -> Said| {
        let expression = Regex::new(text).ok()?;
        Some(Form { expression, said })
    };
    let forms = [
        form(
            r#"^Conflicting configuration arguments\n"([^"]+)": conflicts with (\S+)$"#,
            Said::Conflict,
        ),
        form(
            r"^Invalid combination of arguments\n.*one of `([^`]+)` must be specified",
            Said::ExactlyOne,
        ),
        form(
            r"^Invalid combination of arguments\n.*only one of `([^`]+)` can be specified",
            Said::ExactlyOne,
        ),
        form(
            r"^Missing required argument\n.*one of `([^`]+)` must be specified",
            Said::AtLeastOne,
        ),
        form(
            r#"^Missing required argument\n"([^"]+)": all of `([^`]+)` must be specified"#,
            Said::Needs,
        ),
        form(
            r#"Attribute "([^"]+)" cannot be specified when "([^"]+)" is specified"#,
            Said::Conflict,
        ),
        form(
            r#"Attribute "([^"]+)" must be specified when "([^"]+)" is specified"#,
            |mut places| {
                places.reverse();
                Said::Needs(places)
            },
        ),
        form(
            r"specified when one \(and only one\) of \[([^\n]+)\] is required",
            Said::ExactlyOne,
        ),
        form(
            r"At least one attribute out of \[([^\n]+)\] must be specified",
            Said::AtLeastOne,
        ),
        form(
            r"Exactly one of these attributes must be configured: \[([^\n]+)\]",
            Said::ExactlyOne,
        ),
        form(
            r"At least one of these attributes must be configured: \[([^\n]+)\]",
            Said::AtLeastOne,
        ),
        form(
            r"These attributes cannot be configured together: \[([^\n]+)\]",
            Said::Conflict,
        ),
        form(
            r"These attributes must be configured together: \[([^\n]+)\]",
            Said::Together,
        ),
        form(
            r"^Invalid Block\nBlock (\S+) must have a configuration value",
            Said::AtLeastOne,
        ),
    ];
    forms.into_iter().flatten().collect()
});

/// What a message says of several places; `None` where it is about something else.
pub fn said(message: &str) -> Option<Said> {
    FORMS.iter().find_map(|form| {
        let captures = form.expression.captures(message)?;
        let mut places: Vec<Vec<String>> = Vec::new();
        for text in captures.iter().skip(1).flatten() {
            for place in text.as_str().split(',') {
                let place = names(place)?;
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        Some((form.said)(places))
    })
}

/// The names of a path as messages write it: `a.0.b`, `a[0].b`, `a[0].b.<.c` (the `c` beside `b`).
fn names(path: &str) -> Option<Vec<String>> {
    if path.contains("Value(") {
        return None;
    }
    let mut names = Vec::new();
    for step in path.trim().split('.') {
        let step = step.split('[').next().unwrap_or_default();
        match step {
            "<" => {
                names.pop()?;
            }
            _ if step.bytes().all(|byte| byte.is_ascii_digit()) => {}
            _ => names.push(step.to_owned()),
        }
    }
    (!names.is_empty()).then_some(names)
}

/// Whether a message is about what is missing or too much, and not about a value.
pub fn is_demand(message: &str) -> bool {
    said(message).is_some()
        || message.contains("is required, but no definition was found")
        || message.starts_with("Conflicting configuration arguments")
        || message.starts_with("Invalid combination of arguments")
        || message.starts_with("Missing required argument")
        || message.starts_with("Invalid Attribute Combination")
        || message.starts_with("Missing Attribute Configuration")
        || message.starts_with("Invalid Block\n")
}

/// The places that must be set so that a value is looked at.
pub fn demanded(message: &str) -> Vec<Place> {
    match said(message) {
        Some(Said::Needs(places) | Said::Together(places)) => places.into_iter().map(Place::of).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: &[&str]) -> Vec<Vec<String>> {
        all.iter()
            .map(|place| place.split('.').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn every_form_of_both_libraries_is_read() {
        let cases = [
            (
                "Conflicting configuration arguments\n\"a.0.b\": conflicts with c",
                Said::Conflict(places(&["a.b", "c"])),
            ),
            (
                "Invalid combination of arguments\n\"a\": one of `a,b.0.c` must be specified",
                Said::ExactlyOne(places(&["a", "b.c"])),
            ),
            (
                "Invalid combination of arguments\n\"a\": only one of `a,b` can be specified, but `a,b` were specified.",
                Said::ExactlyOne(places(&["a", "b"])),
            ),
            (
                "Missing required argument\n\"a\": one of `a,b` must be specified",
                Said::AtLeastOne(places(&["a", "b"])),
            ),
            (
                "Missing required argument\n\"a\": all of `a,b` must be specified",
                Said::Needs(places(&["a", "b"])),
            ),
            (
                "Invalid Attribute Combination\nAttribute \"r[0].a\" cannot be specified when \"r[0].b\" is specified",
                Said::Conflict(places(&["r.a", "r.b"])),
            ),
            (
                "Invalid Attribute Combination\nAttribute \"b\" must be specified when \"a\" is specified",
                Said::Needs(places(&["a", "b"])),
            ),
            (
                "Invalid Attribute Combination\nNo attribute specified when one (and only one) of [v[0].a.<.a,v[0].a.<.b] is required",
                Said::ExactlyOne(places(&["v.a", "v.b"])),
            ),
            (
                "Missing Attribute Configuration\nAt least one of these attributes must be configured: [a,b]",
                Said::AtLeastOne(places(&["a", "b"])),
            ),
            (
                "Invalid Attribute Combination\nThese attributes must be configured together: [a,b]",
                Said::Together(places(&["a", "b"])),
            ),
            (
                "Invalid Block\nBlock a[0].b must have a configuration value as the provider has marked it as required",
                Said::AtLeastOne(places(&["a.b"])),
            ),
        ];
        assert_eq!(FORMS.len(), 14);
        for (message, expected) in cases {
            assert_eq!(said(message), Some(expected), "{message}");
            assert!(is_demand(message));
        }
        assert_eq!(said("expected a to be one of [\"b\"], got c"), None);
        assert_eq!(
            said("Attribute \"r[Value({a})].a\" cannot be specified when \"b\" is specified"),
            None
        );
    }
}
