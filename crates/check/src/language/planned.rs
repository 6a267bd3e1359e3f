//! What a plan does not look at: resources and blocks that are made no time.

use terraform::ast::{Body, Expression, Span};
use terraform::evaluate::evaluate;
use terraform::module::FileId;
use terraform::value::{Number, Type, Value, convert};

use super::environment::{Environment, Here, Local};

/// The blocks that known values make no time: `count` is 0, or `for_each` is empty. Variables count as well, because their
/// values are judged where they are given.
pub(crate) fn not_made(environment: &Environment<'_>) -> Vec<(FileId, Span)> {
    let mut found = Vec::new();
    for declaration in &environment.module.declarations {
        let view = declaration.view();
        let made = |name| {
            view.attribute(name)
                .is_none_or(|(_, attribute)| is_made(environment, name, &attribute.value))
        };
        let layers = std::iter::once((declaration.file, &declaration.block))
            .chain(declaration.overrides.iter().map(|(file, block)| (*file, block)));
        if declaration.block.kind.text == "variable" || !made("count") || !made("for_each") {
            found.extend(layers.map(|(file, block)| (file, block.span.clone())));
        } else {
            for (file, block) in layers {
                dynamic(environment, file, &block.body, &mut found);
            }
        }
    }
    found
}

fn dynamic(environment: &Environment<'_>, file: FileId, body: &Body, found: &mut Vec<(FileId, Span)>) {
    for block in body.blocks() {
        let each = block
            .body
            .attribute("for_each")
            .filter(|_| block.kind.text == "dynamic");
        match each {
            Some(each) if !is_made(environment, "for_each", &each.value) => found.push((file, block.span.clone())),
            _ => dynamic(environment, file, &block.body, found),
        }
    }
}

/// Whether there is an instance, as far as that is known.
fn is_made(environment: &Environment<'_>, name: &str, expression: &Expression) -> bool {
    let scope = Here {
        environment,
        local: &Local::default(),
    };
    let value = evaluate(expression, &scope, &mut Vec::new());
    match name {
        "count" => !matches!(convert(value, &Type::Number), Ok(Value::Number(number)) if Number::is_zero(number)),
        _ => value.length() != Some(0),
    }
}
