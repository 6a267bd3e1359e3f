//! Moving an expression to where it stands in the file.

use crate::ast::{Accessor, Expression, ExpressionKind, Identifier, ObjectKey, Span, TemplatePart};

/// Replaces every position in an expression.
pub(super) fn respan(expression: &mut Expression, place: &dyn Fn(usize) -> usize) {
    move_span(&mut expression.span, place);
    match &mut expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Variable(_)
        | ExpressionKind::Invalid => {}
        ExpressionKind::Template(template) => parts(&mut template.parts, place),
        ExpressionKind::Tuple(elements) => elements.iter_mut().for_each(|element| respan(element, place)),
        ExpressionKind::Object(items) => {
            for item in items {
                match &mut item.key {
                    ObjectKey::Word(word) => name(word, place),
                    ObjectKey::Expression(key) => respan(key, place),
                }
                respan(&mut item.value, place);
            }
        }
        ExpressionKind::Access { base, accessor } => {
            respan(base, place);
            look_up(accessor, place);
        }
        ExpressionKind::Splat { base, each, .. } => {
            respan(base, place);
            for (accessor, span) in each {
                look_up(accessor, place);
                move_span(span, place);
            }
        }
        ExpressionKind::Call(call) => {
            name(&mut call.name, place);
            call.arguments.iter_mut().for_each(|argument| respan(argument, place));
        }
        ExpressionKind::For(it) => {
            for word in it.key_name.iter_mut().chain([&mut it.value_name]) {
                name(word, place);
            }
            let parts = it.key.iter_mut().chain(&mut it.condition);
            for part in parts.chain([&mut it.collection, &mut it.value]) {
                respan(part, place);
            }
        }
        ExpressionKind::Conditional {
            condition,
            then,
            otherwise,
        } => {
            for part in [condition, then, otherwise] {
                respan(part, place);
            }
        }
        ExpressionKind::Binary { left, right, .. } => {
            respan(left, place);
            respan(right, place);
        }
        ExpressionKind::Unary { operand, .. } => respan(operand, place),
        ExpressionKind::Parentheses(inner) => respan(inner, place),
    }
}

fn parts(parts_of: &mut [TemplatePart], place: &dyn Fn(usize) -> usize) {
    for part in parts_of {
        match part {
            TemplatePart::Literal { span, .. } => move_span(span, place),
            TemplatePart::Interpolation(expression) => respan(expression, place),
            TemplatePart::If {
                condition,
                then,
                otherwise,
            } => {
                respan(condition, place);
                parts(then, place);
                parts(otherwise, place);
            }
            TemplatePart::For {
                key,
                value,
                collection,
                body,
            } => {
                for word in key.iter_mut().chain([value]) {
                    name(word, place);
                }
                respan(collection, place);
                parts(body, place);
            }
        }
    }
}

fn look_up(accessor: &mut Accessor, place: &dyn Fn(usize) -> usize) {
    match accessor {
        Accessor::Name(word) | Accessor::LegacyIndex(word) => name(word, place),
        Accessor::Index(key) => respan(key, place),
    }
}

fn name(word: &mut Identifier, place: &dyn Fn(usize) -> usize) {
    move_span(&mut word.span, place);
}

fn move_span(span: &mut Span, place: &dyn Fn(usize) -> usize) {
    *span = place(span.start)..place(span.end);
}
