//! Trees as short text.

use terraform::ast::{Accessor, Body, Expression, ExpressionKind, Item, ObjectKey, TemplatePart, UnaryOperator};

/// A body on one line.
pub fn body(body: &Body) -> String {
    let items = body.items.iter().map(|item| match item {
        Item::Attribute(attribute) => format!("{} = {}", attribute.name.text, expression(&attribute.value)),
        Item::Block(block) => {
            let labels: String = block.labels.iter().map(|label| format!(" {:?}", label.text)).collect();
            format!("{}{labels} {{ {} }}", block.kind.text, self::body(&block.body))
        }
    });
    items.collect::<Vec<_>>().join("; ")
}

/// An expression with all of its operators in brackets.
pub fn expression(it: &Expression) -> String {
    match &it.kind {
        ExpressionKind::Null => "null".to_owned(),
        ExpressionKind::Bool(value) => value.to_string(),
        ExpressionKind::Number(text) => text.clone(),
        ExpressionKind::Variable(name) => name.clone(),
        ExpressionKind::Invalid => "INVALID".to_owned(),
        ExpressionKind::Template(template) => format!("\"{}\"", parts(&template.parts)),
        ExpressionKind::Tuple(elements) => format!("[{}]", list(elements)),
        ExpressionKind::Object(items) => {
            let items = items.iter().map(|item| match &item.key {
                ObjectKey::Word(word) => format!("{}: {}", word.text, expression(&item.value)),
                ObjectKey::Expression(key) => format!("<{}>: {}", expression(key), expression(&item.value)),
            });
            format!("{{{}}}", items.collect::<Vec<_>>().join(", "))
        }
        ExpressionKind::Access { base, accessor } => format!("{}{}", expression(base), look_up(accessor)),
        ExpressionKind::Splat { base, full, each } => {
            let each: String = each.iter().map(|(accessor, _)| look_up(accessor)).collect();
            format!("{}{}({each})", expression(base), if *full { "[*]" } else { ".*" })
        }
        ExpressionKind::Call(call) => {
            let expand = if call.expand { "..." } else { "" };
            format!("{}({}{expand})", call.name.text, list(&call.arguments))
        }
        ExpressionKind::For(it) => {
            let names = it.key_name.iter().chain([&it.value_name]);
            let names: Vec<_> = names.map(|name| name.text.as_str()).collect();
            let key = it
                .key
                .as_ref()
                .map_or(String::new(), |key| format!("{} => ", expression(key)));
            let group = if it.group { "..." } else { "" };
            let condition = it.condition.as_ref();
            let condition = condition.map_or(String::new(), |condition| format!(" if {}", expression(condition)));
            let (names, collection, value) = (names.join(", "), expression(&it.collection), expression(&it.value));
            format!("for({names} in {collection}: {key}{value}{group}{condition})")
        }
        ExpressionKind::Conditional {
            condition,
            then,
            otherwise,
        } => format!(
            "({} ? {} : {})",
            expression(condition),
            expression(then),
            expression(otherwise)
        ),
        ExpressionKind::Binary { left, operator, right } => {
            format!("({} {operator:?} {})", expression(left), expression(right))
        }
        ExpressionKind::Unary { operator, operand } => {
            let sign = match operator {
                UnaryOperator::Not => "!",
                UnaryOperator::Negate => "-",
            };
            format!("{sign}{}", expression(operand))
        }
        ExpressionKind::Parentheses(inner) => format!("({})", expression(inner)),
    }
}

fn list(expressions: &[Expression]) -> String {
    expressions.iter().map(expression).collect::<Vec<_>>().join(", ")
}

fn look_up(accessor: &Accessor) -> String {
    match accessor {
        Accessor::Name(name) => format!(".{}", name.text),
        Accessor::LegacyIndex(index) => format!(".{}", index.text),
        Accessor::Index(key) => format!("[{}]", expression(key)),
    }
}

fn parts(of: &[TemplatePart]) -> String {
    of.iter()
        .map(|part| match part {
            TemplatePart::Literal { text, .. } => text.escape_debug().to_string(),
            TemplatePart::Interpolation(it) => format!("${{{}}}", expression(it)),
            TemplatePart::If {
                condition,
                then,
                otherwise,
            } => format!(
                "%if({} ? {} : {})",
                expression(condition),
                parts(then),
                parts(otherwise)
            ),
            TemplatePart::For {
                key,
                value,
                collection,
                body,
            } => {
                let names: Vec<_> = key.iter().chain([value]).map(|name| name.text.as_str()).collect();
                format!(
                    "%for({} in {}: {})",
                    names.join(", "),
                    expression(collection),
                    parts(body)
                )
            }
        })
        .collect()
}
