//! What a message of the provider lets one suppose. Each supposition is tried before it becomes a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};
use terraform::schema::validators::Form;

/// What messages about one place hint at.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Hints {
    /// Lists of allowed values.
    pub lists: Vec<Vec<String>>,
    /// Regular expressions, or what looks like one, and whether more than one value brought them up: what is part of
    /// the one value is no expression.
    patterns: BTreeMap<String, bool>,
    /// Expressions of what is spoken of.
    pub known: Vec<String>,
    /// Numbers: limits of a length or of a value.
    pub numbers: Vec<i64>,
    /// Forms that are spoken of.
    pub forms: Vec<Form>,
    /// Numbers of which a multiple is asked for.
    pub divisors: Vec<i64>,
    /// Whether a whole number is asked for.
    pub whole: bool,
    /// Whether characters are spoken of.
    pub characters: bool,
}

impl Hints {
    /// Adds what one message hints at; whether that is new. `value` is the value that the message is about.
    pub fn add(&mut self, message: &str, value: &str) -> bool {
        let before = self.clone();
        // The value itself says nothing.
        let message = if value.len() > 3 {
            message.replace(value, "")
        } else {
            message.replace(&format!("\"{value}\""), "")
        };
        for list in lists(&message) {
            push(&mut self.lists, list);
        }
        for pattern in BTreeSet::from_iter(patterns(&message)) {
            self.patterns
                .entry(pattern)
                .and_modify(|again| *again = true)
                .or_insert(false);
        }
        for (words, expressions) in KNOWN {
            if message.contains(words) {
                for expression in *expressions {
                    push(&mut self.known, (*expression).to_owned());
                }
            }
        }
        if let Some((_, after)) = message.split_once("divisible by ")
            && let Some(divisor) = numbers(after).first()
        {
            push(&mut self.divisors, *divisor);
        }
        self.known.extend(beginnings(&message).chain(layouts(&message)));
        self.known.sort();
        self.known.dedup();
        if self.lists.is_empty() {
            for number in numbers(&message) {
                push(&mut self.numbers, number);
            }
            if message.contains("32-bit integer") {
                push(&mut self.numbers, i32::MIN.into());
                push(&mut self.numbers, i32::MAX.into());
            }
            if message.contains("empty") {
                push(&mut self.numbers, 1);
            }
        }
        for (word, forms) in FORMS {
            if message.contains(word) {
                for form in *forms {
                    push(&mut self.forms, *form);
                }
            }
        }
        self.whole |= message.contains("whole number") || message.contains("is not an integer");
        self.characters |= CHARACTERS.as_ref().is_some_and(|pattern| pattern.is_match(&message));
        *self != before
    }

    /// Regular expressions, or what looks like one.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.patterns
            .iter()
            .filter_map(|(pattern, again)| again.then_some(pattern.as_str()))
    }
}

fn push<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}

/// Words of messages and the forms that they may speak of.
const FORMS: &[(&str, &[Form])] = &[
    ("ARN", &[Form::Arn, Form::ArnParts]),
    ("JSON", &[Form::Json, Form::JsonObject]),
    ("RFC3339", &[Form::Rfc3339]),
    (
        "CIDR",
        &[
            Form::Cidr,
            Form::CidrNetwork,
            Form::Ipv4Cidr,
            Form::Ipv4CidrNetwork,
            Form::Ipv6Cidr,
            Form::Ipv6CidrNetwork,
        ],
    ),
    ("IP", &[Form::Ip, Form::Ipv4, Form::Ipv6]),
];

/// Words of messages and what they may mean.
const KNOWN: &[(&str, &[&str])] = &[
    ("AWS Account ID", &["^[0-9]{12}$"]),
    ("AWS account ID", &["^[0-9]{12}$"]),
    ("AWS Region", &["^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$"]),
    ("url", URL),
    ("URL", URL),
    ("S3 URI", &["^s3://", "^s3://[^/]"]),
    ("s3://", &["^s3://"]),
    (
        "decimal numbers, each with optional fraction and a unit suffix",
        &["^[-+]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u{b5}s|\u{3bc}s|ms|s|m|h))+)$"],
    ),
    (
        "uration",
        &["^[-+]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u{b5}s|\u{3bc}s|ms|s|m|h))+)$"],
    ),
    (
        "UUID",
        &["^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"],
    ),
    ("as boolean", &["^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)?$"]),
    ("query parameters", &["^[^?]*$"]),
    ("consecutive hyphens", &["^-?([^-]+-)*[^-]*$"]),
    ("integer", &["^[-+]?[0-9]+$"]),
    ("email", &["@", "^[^@]+@[^@]+$"]),
    // CloudWatch's statistics but for the plain words: percentiles and trimmed means, a range in brackets.
    (
        "invalid statistic",
        &[concat!(
            "^((p|tm|wm|tc|ts)([0-9]{1,2}(\\.[0-9]{1,2})?|100)|IQM",
            "|(PR|TM|WM|TC|TS)\\(([0-9]+(\\.[0-9]+)?%?)?:([0-9]+(\\.[0-9]+)?%?)?\\))$"
        )],
    ),
];

const URL: &[&str] = &[
    "^[Hh][Tt][Tt][Pp][Ss]://[^/?#]",
    "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]",
    "^[A-Za-z][0-9A-Za-z+.-]*:",
];

static CHARACTERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        "(?i)character|letter|alphanumeric|match|hyphen|underscore|begin|start with|end with|must|only|valid|look like|empty",
    )
});

/// A constant expression; the tests see that each can be read.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// Lists of allowed values: `one of ["a" "b"]`, `one of: ["a" "b"]`, `one of [1 2]`, `Valid Values: [a b ]`.
fn lists(message: &str) -> Vec<Vec<String>> {
    static OPEN: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?:one of:? |Valid Values: )\["));
    OPEN.iter()
        .flat_map(|pattern| pattern.find_iter(message))
        .filter_map(|found| list(message.get(found.end()..)?))
        .filter(|list| !list.is_empty())
        .collect()
}

/// The items up to the closing bracket, quoted or bare.
fn list(mut rest: &str) -> Option<Vec<String>> {
    let mut items = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if rest.starts_with(']') {
            return Some(items);
        }
        let end = if rest.starts_with('"') {
            quoted_end(rest)?
        } else {
            rest.find([' ', ',', ']'])?
        };
        let (item, after) = rest.split_at_checked(end)?;
        items.push(if item.starts_with('"') {
            unquote(item)?
        } else {
            item.to_owned()
        });
        rest = after;
    }
}

/// Where a quoted text ends, after the quote.
fn quoted_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(position, character)| {
        let end = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        end.then_some(position + 1)
    })
}

/// The text that Go quoted; its escapes are those of JSON here.
fn unquote(quoted: &str) -> Option<String> {
    serde_json::from_str(quoted).ok()
}

/// What may be a regular expression: quoted, in backquotes, in parentheses, or after "match".
fn patterns(message: &str) -> Vec<String> {
    static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#""(?:[^"\\]|\\.)+""#));
    static APOSTROPHES: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"'([^\n]+)'(?:,|\.|\)|$)"));
    static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?:match|matching|comprised of only|regular expression|pattern:?|expression:) (\S[^\n]*?)(?:\)?$|, got|\n)",
        )
    });
    let mut found = Vec::new();
    for quoted in QUOTED.iter().flat_map(|pattern| pattern.find_iter(message)) {
        found.extend(unquote(quoted.as_str()));
        found.push(quoted.as_str().trim_matches('"').to_owned());
    }
    for expression in [&*APOSTROPHES, &*AFTER].into_iter().flatten() {
        found.extend(
            expression
                .captures_iter(message)
                .filter_map(|captures| Some(captures.get(1)?.as_str().to_owned())),
        );
    }
    let doubled: Vec<String> = found.iter().map(|text| text.replace("\\\\", "\\")).collect();
    found.extend(doubled);
    // Without one of these it is a text like any other.
    found.retain(|text| text.contains(['[', '^', '$', '|']) && text.len() > 2);
    let mut candidates = Vec::new();
    for text in found {
        if text.starts_with('[') && text.ends_with(']') && text.matches('[').count() - text.matches("\\[").count() == 1
        {
            candidates.push(format!("^{text}*$"));
        }
        if !(text.starts_with('^') && text.ends_with('$')) {
            candidates.push(format!("^(?:{text})$"));
        }
        candidates.push(text);
    }
    candidates
}

/// What a text must begin with: `begin with 'alias/'`.
fn beginnings(message: &str) -> impl Iterator<Item = String> {
    static BEGIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r#"(?:begin|start|prefixed)s? with:? ["'`]?([A-Za-z0-9_./:-]+[/:.-]|[A-Z]{3}[A-Za-z0-9]+|"[^"]+"|'[^']+'|`[^`]+`)"#,
        )
    });
    BEGIN
        .iter()
        .flat_map(|pattern| pattern.captures_iter(message))
        .filter_map(|captures| captures.get(1))
        .flat_map(|found| {
            let text = regex::escape(found.as_str().trim_matches(['"', '\'', '`']));
            [format!("^{text}[0-9a-z]+$"), format!("^{text}")]
        })
}

/// Times as Go describes them: by what they make of one certain second.
fn layouts(message: &str) -> impl Iterator<Item = String> {
    static PART: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"2006\\-01\\-02|2006|0[1245]|15"));
    static LAYOUT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#"as "([^"]*2006[^"]*)""#));
    LAYOUT
        .iter()
        .flat_map(|pattern| pattern.captures_iter(message))
        .filter_map(|captures| {
            let text = regex::escape(captures.get(1)?.as_str());
            let text = PART.as_ref()?.replace_all(&text, |part: &Captures<'_>| {
                match part.get(0).map_or("", |part| part.as_str()) {
                    "2006\\-01\\-02" => concat!(
                        "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
                        "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))"
                    ),
                    "2006" => "[0-9]{4}",
                    "01" => "(0[1-9]|1[0-2])",
                    "02" => "(0[1-9]|[12][0-9]|3[01])",
                    "15" => "([01]?[0-9]|2[0-3])",
                    _ => "[0-5][0-9]",
                }
            });
            Some(format!("^{text}$"))
        })
}

fn numbers(message: &str) -> Vec<i64> {
    static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"-?[0-9]+"));
    NUMBER
        .iter()
        .flat_map(|pattern| pattern.find_iter(message))
        .filter_map(|found| {
            let text = found.as_str();
            // `1-100` is a range.
            let range = message
                .get(..found.start())
                .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
            text.strip_prefix('-').filter(|_| range).unwrap_or(text).parse().ok()
        })
        .filter(|number: &i64| number.abs() < 1 << 50)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints(messages: &[&str]) -> Hints {
        let mut hints = Hints::default();
        // What a single value brings up does not count.
        for message in messages {
            hints.add(message, "x");
            hints.add(message, "y");
        }
        hints
    }

    fn patterns(message: &str) -> Vec<String> {
        hints(&[message]).patterns().map(str::to_owned).collect()
    }

    #[test]
    fn lists_are_read_in_every_spelling() {
        for (message, expected) in [
            (
                r#"expected status to be one of ["Active" "In active"], got x"#,
                vec!["Active", "In active"],
            ),
            ("expected period to be one of [10 20 30], got 5", vec!["10", "20", "30"]),
            (
                r#"Attribute a value must be one of: ["A" "B"], got: "x""#,
                vec!["A", "B"],
            ),
            ("Given Value: x\nValid Values: [LOW HIGH ]", vec!["LOW", "HIGH"]),
        ] {
            assert_eq!(hints(&[message]).lists, [expected], "{message}");
        }
        assert!(
            hints(&["one of `a,b` must be specified", "one of [\"a"])
                .lists
                .is_empty()
        );
    }

    #[test]
    fn limits_are_read_and_ranges_are_no_negative_numbers() {
        assert_eq!(
            hints(&["expected length of name to be in the range (1 - 64), got x"]).numbers,
            [1, 64]
        );
        assert_eq!(hints(&["length must be between 1-100 characters"]).numbers, [1, 100]);
        assert_eq!(
            hints(&["expected a to be in the range (-1 - 5), got 9"]).numbers,
            [-1, 5, 9]
        );
        assert_eq!(hints(&["expected \"name\" to not be an empty string"]).numbers, [1]);
        assert_eq!(hints(&["expected period to be divisible by 60, got: 1"]).divisors, [60]);
    }

    #[test]
    fn expressions_are_read_where_messages_disclose_them() {
        assert!(
            patterns(r#"doesn't comply with restrictions ("^[0-9A-Za-z_.-]+$"): "x""#)
                .contains(&"^[0-9A-Za-z_.-]+$".to_owned())
        );
        assert!(patterns(r"invalid value for name (must match [\w+=,.@-])").contains(&r"^[\w+=,.@-]*$".to_owned()));
        assert!(
            patterns("value must match regular expression '^[a-z ]{1,63}$', got: x")
                .contains(&"^[a-z ]{1,63}$".to_owned())
        );
        assert!(patterns("must be valid").is_empty());
        let mut hints = Hints::default();
        hints.add("parsing time \"[1]z\" as a day", "other");
        assert_eq!(hints.patterns().count(), 0);
    }

    #[test]
    fn forms_times_and_beginnings_are_known() {
        assert_eq!(
            hints(&["(x) is an invalid ARN: arn: invalid prefix"]).forms,
            [Form::Arn, Form::ArnParts]
        );
        let layout = hints(&[r#""a" cannot be parsed as "2006-01-02_15:04": cannot parse"#]).known;
        assert!(
            layout.len() == 1 && Regex::new(&layout[0]).unwrap().is_match("2024-02-29_23:59"),
            "{layout:?}"
        );
        assert!(!Regex::new(&layout[0]).unwrap().is_match("2024-02-30_23:59"));
        assert_eq!(
            hints(&["\"n\" must begin with 'alias/' and more"]).known,
            ["^alias/", "^alias/[0-9a-z]+$"]
        );
        assert!(
            KNOWN
                .iter()
                .flat_map(|(_, all)| *all)
                .all(|text| Regex::new(text).is_ok())
        );
    }
}
