//! JSON bodies as the native syntax would have them, so that rules need to know one form alone.
//!
//! In JSON arguments and nested blocks look alike: which is which is decided by the provider's schema.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/syntax/json>

use terraform::ast::{
    Attribute, Block, Body, Expression, ExpressionKind, Identifier, Item, ObjectItem, Syntax, TemplatePart,
};
use terraform::module::Module;
use terraform::schema::{BlockSchema, Kind, ProviderSchema};

/// The module with the resources and data sources of AWS that are written in JSON in native form; `None` where there
/// are none.
pub(crate) fn module(module: &Module) -> Option<Module> {
    let json = module
        .declarations
        .iter()
        .any(|declaration| declaration.view().is_json() && kind(&declaration.block).is_some());
    if !json {
        return None;
    }
    let mut native = module.clone();
    for declaration in &mut native.declarations {
        let overrides = declaration.overrides.iter_mut().map(|(_, block)| block);
        for block in std::iter::once(&mut declaration.block).chain(overrides) {
            let schema = kind(block).and_then(|kind| ProviderSchema::aws().block(kind, &block.labels.first()?.text));
            if let Some(schema) = schema
                && block.body.syntax == Syntax::Json
            {
                block.body = body(&block.body, schema);
            }
        }
    }
    Some(native)
}

fn kind(block: &Block) -> Option<Kind> {
    match block.kind.text.as_str() {
        "resource" => Some(Kind::Resource),
        "data" => Some(Kind::DataSource),
        _ => None,
    }
}

fn body(json: &Body, schema: &BlockSchema) -> Body {
    let mut items = Vec::new();
    for item in &json.items {
        match item {
            Item::Attribute(attribute) => lower(attribute, schema, &mut items),
            Item::Block(block) => items.push(Item::Block(block.clone())),
        }
    }
    Body {
        items,
        span: json.span.clone(),
        syntax: Syntax::Native,
    }
}

fn lower(attribute: &Attribute, schema: &BlockSchema, items: &mut Vec<Item>) {
    let name = &attribute.name;
    if name.text == "dynamic" && !schema.attributes.contains_key("dynamic") {
        for object in objects(&attribute.value) {
            for made in members(object) {
                items.extend(dynamic(name, &made, schema));
            }
        }
    } else if let Some(nested) = schema.blocks.get(&name.text)
        && !schema.attributes.contains_key(&name.text)
    {
        let found = objects(&attribute.value);
        // A block of another kind of value, as an expression, stays what it is: nobody knows what it holds.
        if found.is_empty() {
            items.push(argument(attribute));
        }
        for object in found {
            items.push(Item::Block(block(
                name,
                Vec::new(),
                object,
                body(&plain(object), &nested.block),
            )));
        }
    } else {
        items.push(argument(attribute));
    }
}

fn argument(attribute: &Attribute) -> Item {
    Item::Attribute(Attribute {
        value: unwrapped(&attribute.value),
        ..attribute.clone()
    })
}

/// `"${x}"` is how JSON writes the expression `x`.
fn unwrapped(value: &Expression) -> Expression {
    let kind = match &value.kind {
        ExpressionKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Interpolation(only)] => return only.clone(),
            _ => return value.clone(),
        },
        ExpressionKind::Tuple(elements) => ExpressionKind::Tuple(elements.iter().map(unwrapped).collect()),
        ExpressionKind::Object(items) => {
            let item = |item: &ObjectItem| ObjectItem {
                key: item.key.clone(),
                value: unwrapped(&item.value),
            };
            ExpressionKind::Object(items.iter().map(item).collect())
        }
        _ => return value.clone(),
    };
    Expression {
        kind,
        span: value.span.clone(),
    }
}

/// `{"dynamic": {"rule": {"for_each": …, "content": {…}}}}`
fn dynamic(keyword: &Identifier, made: &Attribute, schema: &BlockSchema) -> Vec<Item> {
    let Some(nested) = schema.blocks.get(&made.name.text) else {
        return Vec::new();
    };
    let maker = |object: &Expression| {
        let mut items = Vec::new();
        for member in members(object) {
            match (member.name.text.as_str(), objects(&member.value).as_slice()) {
                ("content", [content]) => {
                    let content_body = body(&plain(content), &nested.block);
                    items.push(Item::Block(block(&member.name, Vec::new(), content, content_body)));
                }
                _ => items.push(argument(&member)),
            }
        }
        let body = Body {
            items,
            span: object.span.clone(),
            syntax: Syntax::Native,
        };
        Item::Block(block(keyword, vec![made.name.clone()], object, body))
    };
    objects(&made.value).into_iter().map(maker).collect()
}

fn block(name: &Identifier, labels: Vec<Identifier>, object: &Expression, body: Body) -> Block {
    Block {
        kind: name.clone(),
        labels,
        body,
        header: name.span.clone(),
        span: name.span.start.min(object.span.start)..object.span.end,
    }
}

/// One object, or those of a list.
fn objects(value: &Expression) -> Vec<&Expression> {
    let is_object = |value: &&Expression| matches!(value.kind, ExpressionKind::Object(_));
    match &value.kind {
        ExpressionKind::Object(_) => vec![value],
        ExpressionKind::Tuple(elements) => elements.iter().filter(is_object).collect(),
        _ => Vec::new(),
    }
}

/// The members of an object as arguments.
fn members(object: &Expression) -> Vec<Attribute> {
    let ExpressionKind::Object(items) = &object.kind else {
        return Vec::new();
    };
    let member = |item: &ObjectItem| {
        let name = Identifier {
            text: item.key.literal()?.to_owned(),
            span: item.key.span(),
        };
        Some(Attribute {
            span: name.span.start..item.value.span.end,
            name,
            value: item.value.clone(),
        })
    };
    items.iter().filter_map(member).collect()
}

fn plain(object: &Expression) -> Body {
    Body {
        items: members(object).into_iter().map(Item::Attribute).collect(),
        span: object.span.clone(),
        syntax: Syntax::Json,
    }
}
