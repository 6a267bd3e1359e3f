//! Calls of functions.

use super::context::{Context, Errors, LARGEST_ARGUMENT, report, weight};
use super::error::EvaluationErrorKind as Kind;
use super::expression;
use super::functions::{self, Function, functions};
use crate::ast::{Expression, ExpressionKind, FunctionCall, Span};
use crate::value::{Type, Value, convert};

/// The functions that Terraform 0.11 had in place of expressions, and what stands for them.
const GONE: [(&str, &str); 2] = [("list", "tolist([…])"), ("map", "tomap({…})")];

/// The value of a call.
pub fn value(call: &FunctionCall, span: &Span, context: &Context<'_>, errors: &mut Errors) -> Value {
    let name = call.name.text.as_str();
    match name.strip_prefix("core::").unwrap_or(name) {
        "try" => return attempt(call, span, context, errors),
        "can" => return possible(call, span, context, errors),
        _ => {}
    }
    let Some(function) = resolve(call, context, errors) else {
        return Value::unknown();
    };
    if function.name == "templatestring" {
        return template_string(function, call, span, context, errors);
    }
    let before = errors.len();
    let Some(mut arguments) = arguments(call, context, errors) else {
        return Value::unknown();
    };
    if !count_fits(function, name, arguments.len(), &call.name.span, span, errors) {
        return Value::unknown();
    }
    if arguments
        .iter()
        .any(|(argument, _)| weight(argument) > LARGEST_ARGUMENT)
    {
        return Value::unknown();
    }
    for (index, (argument, place)) in arguments.iter_mut().enumerate() {
        let Some(parameter) = function.parameter(index) else {
            continue;
        };
        let found = std::mem::replace(argument, Value::unknown());
        match convert(found, &parameter.kind) {
            Ok(converted) => *argument = converted,
            Err(error) => report(
                errors,
                Kind::ArgumentType,
                place,
                format!("{name}: the argument {:?} does not fit: {error}", parameter.name),
            ),
        }
    }
    if errors.len() > before {
        return Value::unknown();
    }
    let (values, places): (Vec<Value>, Vec<Span>) = arguments.into_iter().unzip();
    match functions::call(function, &values, context.scope) {
        Ok(value) => value,
        Err(error) => {
            let argument = error
                .argument
                .and_then(|index| Some((function.parameter(index)?, places.get(index)?)));
            let null = error
                .argument
                .and_then(|index| values.get(index))
                .is_some_and(Value::is_null);
            match argument {
                Some((parameter, place)) => report(
                    errors,
                    if null { Kind::ArgumentType } else { Kind::Call },
                    place,
                    format!(
                        "{name}: the argument {:?} is refused: {}",
                        parameter.name, error.message
                    ),
                ),
                None => report(errors, Kind::Call, span, format!("{name}: {}", error.message)),
            }
            Value::unknown()
        }
    }
}

/// The function that is called; `None` where there is none, or none that is known here.
fn resolve(call: &FunctionCall, context: &Context<'_>, errors: &mut Errors) -> Option<&'static Function> {
    let name = call.name.text.as_str();
    if let Some(rest) = name.strip_prefix("provider::") {
        let found = provider_function(rest, &call.name.span, context, errors);
        if found.is_none() {
            for argument in &call.arguments {
                expression::value(argument, context, errors);
            }
        }
        return found;
    }
    let plain = name.strip_prefix("core::").unwrap_or(name);
    // Names with `::` in the data are those of providers.
    let found = functions().get(plain).filter(|_| !plain.contains("::"));
    if found.is_none() {
        report(errors, Kind::UnknownFunction, &call.name.span, unknown(name, plain));
    }
    found
}

fn unknown(name: &str, plain: &str) -> String {
    if let Some((_, instead)) = GONE.iter().find(|(gone, _)| *gone == plain) {
        return format!("the function {name:?} is gone since Terraform 0.12; write {instead}");
    }
    if plain.contains("::") {
        return format!(
            "there is no function {name:?}: functions are written without a namespace, with `core::`, or with `provider::` and a provider's name"
        );
    }
    let names = functions()
        .keys()
        .map(String::as_str)
        .filter(|known| !known.contains("::"));
    let near = findings::nearest_few(plain, names, 3);
    let meant = match near.as_slice() {
        [] => String::new(),
        near => format!(
            "; did you mean {}?",
            near.iter()
                .map(|name| format!("{name:?}"))
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    };
    format!("there is no function {name:?}{meant}")
}

fn provider_function(name: &str, span: &Span, context: &Context<'_>, errors: &mut Errors) -> Option<&'static Function> {
    let (local_name, function) = name.split_once("::")?;
    if !context.scope.requires(local_name) {
        let message = format!("the functions of provider {local_name} need its entry in `required_providers`");
        report(errors, Kind::UnknownFunction, span, message);
        return None;
    }
    let source = context.scope.provider(local_name)?;
    let prefix = format!("{source}::");
    let mut known = functions()
        .range(prefix.clone()..)
        .take_while(|(name, _)| name.starts_with(&prefix))
        .map(|(_, function)| function)
        .peekable();
    // Nothing is known of other providers.
    known.peek()?;
    let known: Vec<&'static Function> = known.collect();
    let found = known
        .iter()
        .find(|candidate| candidate.name.strip_prefix(&prefix) == Some(function));
    if found.is_none() {
        let names = known
            .iter()
            .filter_map(|candidate| candidate.name.strip_prefix(&prefix));
        let meant = findings::nearest(function, names)
            .map(|near| format!("; did you mean {near:?}?"))
            .unwrap_or_default();
        report(
            errors,
            Kind::UnknownFunction,
            span,
            format!("the provider {source} has no function {function:?}{meant}"),
        );
    }
    found.copied()
}

/// The arguments with their places, the last one expanded where that is asked for; `None` where they are not known or
/// cannot be expanded.
fn arguments(call: &FunctionCall, context: &Context<'_>, errors: &mut Errors) -> Option<Vec<(Value, Span)>> {
    let mut arguments = Vec::with_capacity(call.arguments.len());
    let plain = call.arguments.len() - usize::from(call.expand && !call.arguments.is_empty());
    let (single, expanded) = call.arguments.split_at_checked(plain)?;
    // Whether the last one can be expanded is decided first.
    let expanded = match expanded.first() {
        Some(last) => Some((expand(last, context, errors)?, last)),
        None => None,
    };
    for argument in single {
        arguments.push((expression::value(argument, context, errors), argument.span.clone()));
    }
    if let Some((elements, last)) = expanded {
        arguments.extend(elements.into_iter().map(|element| (element, last.span.clone())));
    }
    Some(arguments)
}

fn expand(last: &Expression, context: &Context<'_>, errors: &mut Errors) -> Option<Vec<Value>> {
    let before = errors.len();
    let value = expression::value(last, context, errors);
    if errors.len() > before {
        return None;
    }
    let refused = |errors: &mut Errors, message: String| {
        report(errors, Kind::ExpandedArgument, &last.span, message);
        None
    };
    match value {
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => Some(elements),
        Value::Unknown(Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)) => None,
        Value::Null(_) => refused(errors, "the expanded argument is null".to_owned()),
        other => refused(
            errors,
            format!("`...` expands a list, set or tuple, not {}", other.kind()),
        ),
    }
}

fn count_fits(
    function: &Function,
    name: &str,
    count: usize,
    name_span: &Span,
    span: &Span,
    errors: &mut Errors,
) -> bool {
    let wanted = function.parameters.len();
    if let Some(missing) = function.parameters.get(count) {
        let least = if function.variadic.is_some() { "at least " } else { "" };
        report(
            errors,
            Kind::ArgumentCount,
            span,
            format!(
                "{name} takes {least}{wanted} argument{}, not {count}: {:?} is missing",
                if wanted == 1 { "" } else { "s" },
                missing.name
            ),
        );
        return false;
    }
    if function.variadic.is_none() && count > wanted {
        report(
            errors,
            Kind::ArgumentCount,
            name_span,
            format!(
                "{name} takes {wanted} argument{}, not {count}",
                if wanted == 1 { "" } else { "s" }
            ),
        );
        return false;
    }
    true
}

/// `templatestring`: its first argument is the place of a template and is not evaluated as others are.
fn template_string(
    function: &Function,
    call: &FunctionCall,
    span: &Span,
    context: &Context<'_>,
    errors: &mut Errors,
) -> Value {
    let unknown = Value::Unknown(Type::String);
    let count = call.arguments.len();
    if call.expand || !count_fits(function, &call.name.text, count, &call.name.span, span, errors) {
        return unknown;
    }
    for argument in call.arguments.iter().skip(1) {
        if expression::value(argument, context, errors).is_null() {
            report(
                errors,
                Kind::ArgumentType,
                &argument.span,
                "templatestring: the variables must not be null",
            );
        }
    }
    if let Some(template) = call.arguments.first()
        && !is_reference(template)
    {
        report(
            errors,
            Kind::Call,
            &template.span,
            "templatestring renders a template that comes from elsewhere: its first argument must be a reference",
        );
    }
    unknown
}

fn is_reference(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Variable(_) | ExpressionKind::Invalid => true,
        ExpressionKind::Access { base, .. } | ExpressionKind::Splat { base, .. } => is_reference(base),
        _ => false,
    }
}

/// `try`: the first argument that has no error. One that is not wholly known leaves even the type open, since it may
/// still fail.
fn attempt(call: &FunctionCall, span: &Span, context: &Context<'_>, errors: &mut Errors) -> Value {
    let plain = call.arguments.len() - usize::from(call.expand && !call.arguments.is_empty());
    let mut unheard = Errors::new();
    for argument in call.arguments.iter().take(plain) {
        let before = unheard.len();
        let value = expression::value(argument, context, &mut unheard);
        if unheard.len() == before {
            return if value.is_wholly_known() {
                value
            } else {
                Value::unknown()
            };
        }
    }
    if call.expand {
        return match call.arguments.last().map(|last| expand(last, context, errors)) {
            Some(Some(elements)) => match elements.into_iter().next() {
                Some(value) if value.is_wholly_known() => value,
                _ => Value::unknown(),
            },
            _ => Value::unknown(),
        };
    }
    let reasons: Vec<&str> = unheard.iter().map(|error| error.message.as_str()).collect();
    let message = if reasons.is_empty() {
        "try: at least one argument is needed".to_owned()
    } else {
        format!("try: no argument has a value: {}", reasons.join("; "))
    };
    report(errors, Kind::Call, span, message);
    Value::unknown()
}

/// `can`: whether the argument has no error.
fn possible(call: &FunctionCall, span: &Span, context: &Context<'_>, errors: &mut Errors) -> Value {
    let [argument] = call.arguments.as_slice() else {
        report(
            errors,
            Kind::ArgumentCount,
            span,
            format!("can takes 1 argument, not {}", call.arguments.len()),
        );
        return Value::unknown();
    };
    if call.expand {
        if let Some(count) = expand(argument, context, errors)
            .map(|elements| elements.len())
            .filter(|count| *count != 1)
        {
            report(
                errors,
                Kind::ArgumentCount,
                span,
                format!("can takes 1 argument, not {count}"),
            );
        }
        return Value::Unknown(Type::Bool);
    }
    let mut unheard = Errors::new();
    let value = expression::value(argument, context, &mut unheard);
    if !unheard.is_empty() {
        Value::Bool(false)
    } else if value.is_wholly_known() {
        Value::Bool(true)
    } else {
        Value::Unknown(Type::Bool)
    }
}
