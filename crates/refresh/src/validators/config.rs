//! Configurations in which some places are set, and everything that must be set otherwise is not known.

use terraform::schema::{BlockNesting, BlockSchema};
use terraform::value::Type;

use super::pack::Pack;

/// A step on the way to a place in a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A block, an argument or an attribute of an object.
    Name(String),
    /// Each element of a collection.
    Element,
}

/// The way to a place in a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place(pub Vec<Step>);

impl Place {
    /// This place and one step more.
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The place of a name in this one.
    pub fn name(&self, name: &str) -> Self {
        self.then(Step::Name(name.to_owned()))
    }

    /// The place of these names.
    pub fn of(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(names.into_iter().map(|name| Step::Name(name.into())).collect())
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) if number == 0 => write!(formatter, "{name}")?,
                Step::Name(name) => write!(formatter, ".{name}")?,
                Step::Element => write!(formatter, "[]")?,
            }
        }
        Ok(())
    }
}

/// A place with a value. A block that is on no way to a value is set by a value for its own place, which is ignored.
pub type Setting<'s> = (&'s [Step], &'s Pack);

/// What stands for an argument that must be set and is not among the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// A value that is not known: no validator looks at it.
    Unknown,
    /// The same, but a plain value in nested blocks: one with a part that is not known is not looked into.
    KnownInBlocks,
    /// A plain value.
    Known,
}

/// The value of a block in which these places are set.
pub fn block(schema: &BlockSchema, settings: &[Setting<'_>], fill: Fill) -> Pack {
    let mut entries = Vec::new();
    for (name, attribute) in &schema.attributes {
        let inner = inside(settings, name);
        let value = if !inner.is_empty() {
            value(&attribute.kind, &inner)
        } else if attribute.required && fill == Fill::Known {
            plain(&attribute.kind)
        } else if attribute.required {
            Pack::Unknown
        } else {
            Pack::Nil
        };
        entries.push((name.clone(), value));
    }
    for (name, nested) in &schema.blocks {
        let inner = inside(settings, name);
        let count = nested.min.max(u64::from(!inner.is_empty()));
        let fill = match (fill, nested.nesting) {
            (Fill::KnownInBlocks, BlockNesting::Set | BlockNesting::List) => Fill::Known,
            (fill, _) => fill,
        };
        let mut elements: Vec<Pack> = (0..count)
            .map(|number| block(&nested.block, if number == 0 { &inner } else { &[] }, fill))
            .collect();
        let value = match nested.nesting {
            BlockNesting::Single | BlockNesting::Group => elements.pop().unwrap_or(Pack::Nil),
            BlockNesting::List | BlockNesting::Set => Pack::Array(elements),
            BlockNesting::Map => Pack::Map(
                elements
                    .into_iter()
                    .map(|element| ("key".to_owned(), element))
                    .collect(),
            ),
        };
        entries.push((name.clone(), value));
    }
    Pack::Map(entries)
}

/// The settings below a name, without it.
fn inside<'s>(settings: &[Setting<'s>], name: &str) -> Vec<Setting<'s>> {
    settings
        .iter()
        .filter_map(|(steps, value)| match steps.split_first() {
            Some((Step::Name(first), rest)) if first == name => Some((rest, *value)),
            _ => None,
        })
        .collect()
}

fn value(kind: &Type, settings: &[Setting<'_>]) -> Pack {
    if let Some((_, value)) = settings.iter().find(|(steps, _)| steps.is_empty()) {
        return (*value).clone();
    }
    match kind {
        Type::List(element) | Type::Set(element) | Type::Map(element) => {
            let inner: Vec<Setting<'_>> = settings
                .iter()
                .filter_map(|(steps, value)| Some((steps.split_first()?.1, *value)))
                .collect();
            let element = value(element, &inner);
            match kind {
                Type::Map(_) => Pack::Map(vec![("key".to_owned(), element)]),
                _ => Pack::Array(vec![element]),
            }
        }
        Type::Object(object) => Pack::Map(
            object
                .attributes
                .iter()
                .map(|(name, kind)| {
                    let inner = inside(settings, name);
                    let value = if inner.is_empty() {
                        Pack::Nil
                    } else {
                        value(kind, &inner)
                    };
                    (name.clone(), value)
                })
                .collect(),
        ),
        _ => Pack::Unknown,
    }
}

/// A value of a type.
pub fn plain(kind: &Type) -> Pack {
    match kind {
        Type::Bool => Pack::Bool(true),
        Type::Number => Pack::Integer(1),
        Type::String => Pack::Text("x".to_owned()),
        Type::List(element) | Type::Set(element) => Pack::Array(vec![plain(element)]),
        Type::Map(element) => Pack::Map(vec![("x".to_owned(), plain(element))]),
        Type::Object(object) => Pack::Map(
            object
                .attributes
                .iter()
                .map(|(name, kind)| (name.clone(), plain(kind)))
                .collect(),
        ),
        Type::Any | Type::Tuple(_) => Pack::Unknown,
    }
}
