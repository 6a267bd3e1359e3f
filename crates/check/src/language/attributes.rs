//! Look-ups in a resource, followed through the provider's schema.

use terraform::ast::{Span, Step};
use terraform::schema::{AttributeSchema, BlockNesting, BlockSchema};
use terraform::value::Type;

/// A look-up that leads nowhere.
#[derive(Debug)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// The name that was looked up.
    pub name: String,
    /// Where it stands.
    pub span: Option<Span>,
    /// The names that exist.
    pub candidates: Vec<String>,
}

/// Follows look-ups as far as the schema decides them.
///
/// # Errors
/// The first one that cannot be.
pub fn follow(block: &BlockSchema, steps: &[Step<'_>]) -> Result<(), Fault> {
    let Some((first, rest)) = steps.split_first() else {
        return Ok(());
    };
    let name = match first {
        Step::Name(name) => name,
        Step::Key(key, span) => {
            return Err(Fault {
                message: format!("attributes are looked up by name, and `{key}` is an index"),
                name: String::new(),
                span: Some(span.clone()),
                candidates: Vec::new(),
            });
        }
    };
    if let Some(attribute) = block.attributes.get(&name.text) {
        return follow_attribute(attribute, rest);
    }
    if let Some(nested) = block.blocks.get(&name.text) {
        return match nested.nesting {
            BlockNesting::Single | BlockNesting::Group => follow(&nested.block, rest),
            BlockNesting::List | BlockNesting::Map => match rest.split_first() {
                None => Ok(()),
                Some((Step::Key(..), rest)) => follow_within(&nested.block, rest),
                Some((Step::Name(inner), _)) => Err(Fault {
                    message: format!(
                        "blocks `{0}` are a {1}: choose one with an index, as `{0}[{2}].{3}`, or take all, as `{0}[*].{3}`",
                        name.text,
                        if nested.nesting == BlockNesting::List {
                            "list"
                        } else {
                            "map"
                        },
                        if nested.nesting == BlockNesting::List {
                            "0"
                        } else {
                            "\"key\""
                        },
                        inner.text
                    ),
                    name: inner.text.clone(),
                    span: Some(inner.span.clone()),
                    candidates: Vec::new(),
                }),
            },
            BlockNesting::Set => match rest.first() {
                None => Ok(()),
                Some(step) => Err(Fault {
                    message: format!("blocks `{}` are a set, whose elements have no index", name.text),
                    name: String::new(),
                    span: Some(span_of(step)),
                    candidates: Vec::new(),
                }),
            },
        };
    }
    Err(Fault {
        message: format!("there is no argument, block or attribute `{}`", name.text),
        name: name.text.clone(),
        span: Some(name.span.clone()),
        candidates: block.attributes.keys().chain(block.blocks.keys()).cloned().collect(),
    })
}

fn follow_within(block: &BlockSchema, steps: &[Step<'_>]) -> Result<(), Fault> {
    if steps.is_empty() { Ok(()) } else { follow(block, steps) }
}

fn follow_attribute(attribute: &AttributeSchema, steps: &[Step<'_>]) -> Result<(), Fault> {
    follow_type(&attribute.kind, steps)
}

fn follow_type(kind: &Type, steps: &[Step<'_>]) -> Result<(), Fault> {
    let Some((first, rest)) = steps.split_first() else {
        return Ok(());
    };
    let refuse = |message: String, name: &str, candidates: Vec<String>| {
        Err(Fault {
            message,
            name: name.to_owned(),
            span: Some(span_of(first)),
            candidates,
        })
    };
    match (kind, first) {
        (Type::Any, _) => Ok(()),
        (Type::List(element), Step::Key(..)) => follow_type(element, rest),
        (Type::Map(element), _) => follow_type(element, rest),
        (Type::Object(object), Step::Name(name)) => match object.attributes.get(&name.text) {
            Some(kind) => follow_type(kind, rest),
            None => refuse(
                format!("there is no attribute `{}`", name.text),
                &name.text,
                object.attributes.keys().cloned().collect(),
            ),
        },
        (Type::Object(object), Step::Key(key, _)) => match object.attributes.get(key) {
            Some(kind) => follow_type(kind, rest),
            None => refuse(
                format!("there is no attribute `{key}`"),
                key,
                object.attributes.keys().cloned().collect(),
            ),
        },
        (Type::Tuple(elements), Step::Key(key, _)) => match key.parse().ok().and_then(|at: usize| elements.get(at)) {
            Some(kind) => follow_type(kind, rest),
            None => refuse(format!("there is no element {key}"), "", Vec::new()),
        },
        (Type::List(_) | Type::Tuple(_), Step::Name(name)) => refuse(
            format!(
                "a list has no attribute `{}`: choose an element first, as `[0].{0}`",
                name.text
            ),
            "",
            Vec::new(),
        ),
        (Type::Set(_), _) => refuse(
            "the elements of a set have no index and no name".to_owned(),
            "",
            Vec::new(),
        ),
        (Type::Bool | Type::Number | Type::String, _) => refuse(
            "a plain value has no attributes and no elements".to_owned(),
            "",
            Vec::new(),
        ),
    }
}

fn span_of(step: &Step<'_>) -> Span {
    match step {
        Step::Name(name) => name.span.clone(),
        Step::Key(_, span) => span.clone(),
    }
}
