//! Values on both sides of rules.

use ::terraform::schema::validators::{Form, Rule, Scalar};
use ::terraform::value::{Number, Type, Value};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Numbers that depend on a seed alone.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit.max(1)
    }
}

/// A text or number.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawn {
    Text(String),
    Number(f64),
}

impl Drawn {
    pub fn scalar(&self) -> Scalar<'_> {
        match self {
            Self::Text(text) => Scalar::Text(text),
            Self::Number(number) => Scalar::Number(*number),
        }
    }

    /// As an expression.
    pub fn hcl(&self) -> String {
        match self {
            Self::Text(text) => super::hcl::quoted(text),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// Texts of forms that rules know.
const TEXTS: [&str; 40] = [
    "",
    "x",
    "Name-1",
    "two words",
    "under_score",
    "a.b",
    "/path/",
    "user@example.org",
    "\u{fc}ber",
    "\u{4e2d}\u{6587}",
    "#!?",
    "line\nend",
    "987654321098",
    "12345",
    "arn:aws:iam::210987654321:role/service/r",
    "arn:aws-cn:s3:::other",
    "arn:aws:sns:eu-west-1:210987654321:t",
    "arn:aws:iam::2109:role/r",
    "arn:aws:iam::210987654321",
    "arn:zzz:iam::210987654321:role/r",
    "{\"k\":[1,2,{}]}",
    "[true]",
    "{\"k\":}",
    "not json",
    "2025-06-30T23:59:59Z",
    "2025-06-30",
    "2025-06-30_12:00",
    "30.06.2025",
    "192.168.0.0/24",
    "192.168.0.7/24",
    "fd00::/8",
    "192.168.0.7",
    "fd00::1",
    "300.1.1.1",
    "https://example.org/p?q=1",
    "http://example.org",
    "s3://some-bucket/key",
    "90m",
    "eu-central-1",
    "0f8fad5b-d9cb-469f-a165-70867728950e",
];

/// Values at the edges of a rule, in an order that depends on the random numbers.
pub fn near(rule: &Rule, number: bool, random: &mut Random) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    around(rule, number, random, &mut drawn);
    shuffle(&mut drawn, random);
    drawn
}

fn shuffle(drawn: &mut [Drawn], random: &mut Random) {
    for position in (1..drawn.len()).rev() {
        drawn.swap(position, random.below(position + 1));
    }
}

/// Values, in an order that depends on the random numbers.
pub fn values(rules: &[Rule], number: bool, random: &mut Random) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for rule in rules {
        around(rule, number, random, &mut drawn);
    }
    if number {
        drawn.extend([-7.0, 0.0, 1.0, 2.5, 33.0, 7200.0, 3e6].map(Drawn::Number));
    } else {
        drawn.extend(TEXTS.map(|text| Drawn::Text(text.to_owned())));
        for length in [7, 40, 300, 3000] {
            drawn.push(Drawn::Text("q".repeat(length + random.below(9))));
        }
    }
    shuffle(&mut drawn, random);
    drawn
}

fn around(rule: &Rule, number: bool, random: &mut Random, drawn: &mut Vec<Drawn>) {
    match rule {
        Rule::OneOf(values) | Rule::OneOfIgnoringCase(values) if number => {
            for value in values {
                let value: f64 = value.parse().unwrap();
                drawn.extend([Drawn::Number(value), Drawn::Number(value + 1.0)]);
            }
        }
        Rule::OneOf(values) | Rule::OneOfIgnoringCase(values) => {
            for value in values {
                let other = match random.below(4) {
                    0 => value.to_lowercase(),
                    1 => value.to_uppercase(),
                    2 => format!("{value}s"),
                    _ => value.chars().skip(1).collect(),
                };
                drawn.extend([Drawn::Text(value.clone()), Drawn::Text(other)]);
            }
        }
        Rule::Length(length) => {
            for limit in [length.min, length.max].into_iter().flatten() {
                for length in [limit.saturating_sub(1), limit, limit + 1] {
                    for text in ["q", "Z", "7", "\u{fc}"] {
                        if length < 20_000 {
                            drawn.push(Drawn::Text(text.repeat(length)));
                        }
                    }
                }
            }
        }
        Rule::Range(range) => {
            for limit in [range.min, range.max].into_iter().flatten() {
                for value in [limit - 1.0, limit, limit + 1.0, limit + 0.5] {
                    drawn.push(if number {
                        Drawn::Number(value)
                    } else {
                        Drawn::Text(value.to_string())
                    });
                }
            }
        }
        Rule::Whole => drawn.push(Drawn::Number(random.below(99) as f64 + 0.25)),
        Rule::MultipleOf(divisor) => {
            let multiple = divisor * (2.0 + random.below(30) as f64);
            drawn.extend([Drawn::Number(multiple), Drawn::Number(multiple + 1.0)]);
        }
        // Durations that an expression gives are longer than a duration can be.
        Rule::Pattern(pattern) if pattern.as_str().contains("(ns|us|") => {
            for text in ["45m", "2h30m", "-1.5h", "10", "5 m", "1d"] {
                drawn.push(Drawn::Text(text.to_owned()));
            }
        }
        Rule::Pattern(pattern) => {
            for text in matching(pattern.as_str(), random) {
                let place = text
                    .char_indices()
                    .nth(random.below(text.chars().count()))
                    .map_or(0, |(place, _)| place);
                for other in ["~", " ", "\u{e4}", "-"] {
                    drawn.push(Drawn::Text(format!("{}{other}{}", &text[..place], &text[place..])));
                }
                drawn.push(Drawn::Text(text));
            }
        }
        Rule::Form(Form::Arn) => {
            let account = 100_000_000_000 + random.next() % 800_000_000_000;
            drawn.extend([
                Drawn::Text(format!(
                    "arn:aws:lambda:eu-north-1:{account}:function:f{}",
                    random.below(99)
                )),
                Drawn::Text(format!("arn:aws:lambda:eu-north-1:{}:function:f", account / 10)),
            ]);
        }
        Rule::AnyOf(rules) => {
            for rule in rules {
                around(rule, number, random, drawn);
            }
        }
        Rule::Form(_) | Rule::Nothing => {}
    }
}

/// Texts that an expression matches, where such can be drawn.
fn matching(expression: &str, random: &mut Random) -> Vec<String> {
    let bare = expression
        .replace("\\d", "[0-9]")
        .replace("\\w", "[0-9A-Za-z_]")
        .replace("(?i)", "")
        .replace(['^', '$'], "");
    let Ok(strategy) = proptest::string::string_regex(&bare) else {
        return Vec::new();
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&random.next().to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    (0..3)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .filter(|text| text.len() < 2000)
        .collect()
}

/// The argument that a place is in, and its value where the place has this one.
pub fn value(drawn: &Drawn, steps: &[String]) -> (String, Value) {
    let inner = match drawn {
        Drawn::Text(text) => Value::String(text.clone()),
        Drawn::Number(number) if number.fract() == 0.0 => Value::Number(Number::Integer(*number as i128)),
        Drawn::Number(number) => Value::Number(Number::Float(*number)),
    };
    let first = steps.iter().position(|step| step == "[]").unwrap_or(steps.len());
    let (argument, inside) = steps.split_at(first);
    let value = inside.iter().rev().fold(inner, |value, step| match step.as_str() {
        "[]" => Value::List(Type::Any, vec![value]),
        name => Value::Object([(name.to_owned(), value)].into()),
    });
    (argument.join("."), value)
}
