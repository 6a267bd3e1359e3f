//! Evaluation of expressions: values, what stays unknown, and errors with their kind, their place and their words.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod constraints;
mod errors;
mod values;

use std::borrow::Cow;
use std::collections::BTreeMap;

use terraform::ast::{Expression, Step, Traversal};
use terraform::evaluate::{EvaluationError, File, Resolved, Scope, evaluate};
use terraform::syntax::parse_file;
use terraform::value::{ObjectType, Type, Value};

/// Variables by name, of which the scope knows the first step, and one file.
#[derive(Default)]
struct Variables {
    values: BTreeMap<String, Value>,
    providers: BTreeMap<String, String>,
}

impl Scope for Variables {
    fn reference(&self, traversal: &Traversal<'_>) -> Resolved<'_> {
        let (root, first) = (traversal.root, traversal.steps.first());
        match first {
            Some(Step::Name(name)) if root == "var" => match self.values.get(&name.text) {
                Some(value) => Resolved::Value {
                    value: Cow::Borrowed(value),
                    steps: 1,
                },
                None => Resolved::Unknown,
            },
            _ => Resolved::Unknown,
        }
    }

    fn file(&self, path: &str) -> File {
        match path {
            "greeting.txt" => File::Contents(b"hello".to_vec()),
            "picture.png" => File::Contents(vec![0xff, 0xfe]),
            "greeting.tftpl" => {
                File::Contents(b"Hi ${name}!%{ for other in others } ${other}%{ endfor }\n$${kept}".to_vec())
            }
            "wrong.tftpl" => File::Contents(b"Hi ${name".to_vec()),
            "elsewhere" => File::Unknown,
            _ => File::Missing,
        }
    }

    fn files(&self, folder: &str, pattern: &str) -> Option<Vec<String>> {
        (folder == "." && pattern == "*").then(|| vec!["b".to_owned(), "a".to_owned()])
    }

    fn provider(&self, local_name: &str) -> Option<String> {
        self.providers.get(local_name).cloned()
    }
}

fn scope() -> Variables {
    let text = |text: &str| Value::String(text.to_owned());
    let object = ObjectType::required([("name".to_owned(), Type::String), ("port".to_owned(), Type::Number)]);
    Variables {
        values: BTreeMap::from([
            ("text".to_owned(), text("hello")),
            ("list".to_owned(), Value::Tuple(vec![text("a"), text("b")])),
            (
                "unknown_list".to_owned(),
                Value::Unknown(Type::List(Box::new(Type::String))),
            ),
            ("unknown_object".to_owned(), Value::Unknown(Type::Object(object))),
            ("anything".to_owned(), Value::unknown()),
            ("nothing".to_owned(), Value::Null(Type::Any)),
        ]),
        providers: BTreeMap::from([
            ("aws".to_owned(), "hashicorp/aws".to_owned()),
            ("other".to_owned(), "example/other".to_owned()),
        ]),
    }
}

fn expression(source: &str) -> (String, Expression) {
    let source = format!("x = {source}\n");
    let (body, errors) = parse_file(&source);
    assert!(errors.is_empty(), "{source}: {errors:?}");
    let value = body.attribute("x").expect("one argument").value.clone();
    (source, value)
}

fn evaluated(source: &str) -> (String, Value, Vec<EvaluationError>) {
    let (source, expression) = expression(source);
    let mut errors = Vec::new();
    let value = evaluate(&expression, &scope(), &mut errors);
    (source, value, errors)
}

/// The value of a sound expression.
fn value(source: &str) -> Value {
    let (_, value, errors) = evaluated(source);
    assert!(errors.is_empty(), "{source}: {errors:?}");
    value
}

fn json(source: &str) -> String {
    value(source)
        .to_json()
        .unwrap_or_else(|| panic!("{source} is not known"))
}

/// The kind, the underlined text and the message of the only error.
fn error(source: &str) -> (&'static str, String, String) {
    let (text, _, errors) = evaluated(source);
    let [error] = errors.as_slice() else {
        panic!("{source}: {errors:?}");
    };
    (
        error.kind.name(),
        text[error.span.clone()].to_owned(),
        error.message.clone(),
    )
}
