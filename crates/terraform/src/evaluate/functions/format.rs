//! `format` and `formatlist`.

use unicode_segmentation::UnicodeSegmentation as _;

use super::arguments::{CallError, elements, text};
use super::strings::string;
use super::{Implementation, Scope};
use crate::evaluate::context::LONGEST_STRING;
use crate::value::{Number, Type, Value, convert};

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "format" => Implementation::typed(format_one),
        "formatlist" => Implementation::typed(format_list),
        _ => None,
    }
}

fn format_one(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    if !arguments.iter().all(Value::is_wholly_known) {
        return Ok(Value::Unknown(Type::String));
    }
    match rendered(text(arguments, 0), arguments.get(1..).unwrap_or_default())? {
        Some(text) => string(&text),
        None => Ok(Value::Unknown(Type::String)),
    }
}

fn format_list(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let unknown = Value::Unknown(Type::List(Box::new(Type::String)));
    let Some((Value::String(pattern), arguments)) = arguments.split_first() else {
        return Ok(unknown);
    };
    let mut length: Option<usize> = None;
    let mut open = false;
    for (index, argument) in arguments.iter().enumerate() {
        let kind = argument.kind();
        if argument.is_null() || !kind.is_sequence() {
            open |= kind == Type::Any && !argument.is_null();
            continue;
        }
        let Some(found) = argument.length() else {
            open = true;
            continue;
        };
        match length {
            Some(length) if length != found => {
                return Err(CallError::argument(
                    index + 1,
                    format!("it has {found} elements where an earlier list has {length}"),
                ));
            }
            _ => length = Some(found),
        }
        open |= !argument.is_known();
    }
    if open {
        return Ok(unknown);
    }
    let rounds = length.unwrap_or(1);
    if rounds.saturating_mul(pattern.len()) > LONGEST_STRING {
        return Ok(unknown);
    }
    let mut texts = Vec::new();
    for round in 0..rounds {
        let row: Vec<Value> = arguments
            .iter()
            .map(|argument| match elements(argument) {
                Some(elements) => elements.get(round).cloned().unwrap_or(Value::unknown()),
                None => argument.clone(),
            })
            .collect();
        let text = if row.iter().all(Value::is_wholly_known) {
            rendered(pattern, &row)?
        } else {
            None
        };
        texts.push(text.map_or(Value::Unknown(Type::String), Value::String));
    }
    Ok(Value::List(Type::String, texts))
}

/// One verb of a pattern, as `%[2]-8.3f`.
#[derive(Debug, Default)]
struct Verb {
    zero: bool,
    sharp: bool,
    plus: bool,
    minus: bool,
    space: bool,
    width: usize,
    precision: Option<usize>,
    argument: usize,
    mode: char,
}

/// The pattern with the arguments in it; `None` where digits would show that are not known here.
fn rendered(pattern: &str, arguments: &[Value]) -> Result<Option<String>, CallError> {
    let mut text = Some(String::new());
    let mut rest = pattern;
    let mut next = 0;
    let mut used = 0;
    while let Some((literal, after)) = rest.split_once('%') {
        push(&mut text, Some(literal));
        if let Some(after) = after.strip_prefix('%') {
            push(&mut text, Some("%"));
            rest = after;
            continue;
        }
        let (verb, after) = verb(after, next).map_err(CallError::call)?;
        rest = after;
        next = verb.argument + 1;
        used = used.max(next);
        let Some(argument) = arguments.get(verb.argument) else {
            return Err(CallError::call(format!(
                "the pattern wants {next} arguments and there are {}",
                arguments.len()
            )));
        };
        let one = formatted(&verb, argument).map_err(|error| {
            CallError::argument(verb.argument + 1, format!("it does not fit %{}: {error}", verb.mode))
        })?;
        push(&mut text, one.as_deref());
    }
    push(&mut text, Some(rest));
    if used < arguments.len() {
        return Err(CallError::argument(
            used + 1,
            format!("the pattern uses {used} of {} arguments", arguments.len()),
        ));
    }
    Ok(text)
}

fn push(text: &mut Option<String>, part: Option<&str>) {
    match (text.as_mut(), part) {
        (Some(written), Some(part)) if written.len() + part.len() <= LONGEST_STRING => written.push_str(part),
        _ => *text = None,
    }
}

/// Reads a verb after its `%`.
fn verb(text: &str, next: usize) -> Result<(Verb, &str), String> {
    let mut verb = Verb {
        argument: next,
        ..Verb::default()
    };
    let mut rest = text;
    while let Some(flag) = rest.chars().next() {
        match flag {
            '0' => verb.zero = true,
            '#' => verb.sharp = true,
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            ' ' => verb.space = true,
            _ => break,
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    let (width, after) = digits(rest);
    verb.width = width.unwrap_or_default();
    rest = after;
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = digits(after);
        verb.precision = Some(precision.unwrap_or_default());
        rest = after;
    }
    if let Some(after) = rest.strip_prefix('[') {
        let (argument, after) = digits(after);
        let (Some(argument), Some(after)) = (argument, after.strip_prefix(']')) else {
            return Err(format!("%{text}: `[` wants the number of an argument and `]`"));
        };
        let Some(argument) = argument.checked_sub(1) else {
            return Err(format!("%{text}: arguments are counted from 1"));
        };
        verb.argument = argument;
        rest = after;
    }
    let Some(mode) = rest.chars().next() else {
        return Err("the pattern ends within a verb".to_owned());
    };
    if !"vtbdoxXeEfgGsq".contains(mode) {
        return Err(format!("there is no verb %{mode}"));
    }
    verb.mode = mode;
    Ok((verb, rest.get(mode.len_utf8()..).unwrap_or_default()))
}

/// The number at the beginning. One beyond reason is cut.
fn digits(text: &str) -> (Option<usize>, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return (None, rest);
    }
    (Some(digits.parse().unwrap_or(usize::MAX).min(LONGEST_STRING + 1)), rest)
}

fn formatted(verb: &Verb, argument: &Value) -> Result<Option<String>, String> {
    if verb.mode != 'v' && argument.is_null() {
        return Err("it is null".to_owned());
    }
    let converted = |kind: Type| convert(argument.clone(), &kind).map_err(|error| error.to_string());
    Ok(match verb.mode {
        'v' => match argument {
            Value::String(text) if !verb.sharp => Some(padded(verb, text)),
            Value::Number(number) if !verb.sharp => general(*number).map(|text| padded(verb, &text)),
            other => other.to_json().map(|json| padded(verb, &json)),
        },
        't' => match converted(Type::Bool)? {
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        },
        's' | 'q' => match converted(Type::String)? {
            Value::String(text) => {
                let text: String = match verb.precision {
                    Some(precision) if precision > 0 => text.graphemes(true).take(precision).collect(),
                    _ => text,
                };
                if verb.mode == 'q' {
                    Value::String(text).to_json().map(|json| padded(verb, &json))
                } else {
                    Some(padded(verb, &text))
                }
            }
            _ => None,
        },
        mode => match converted(Type::Number)? {
            Value::Number(number) if matches!(mode, 'b' | 'd' | 'o' | 'x' | 'X') => {
                if number.is_fraction() {
                    return Err("it must be a whole number".to_owned());
                }
                number.as_integer().and_then(|number| integer(verb, number))
            }
            Value::Number(number) if mode == 'f' => fixed(verb, number),
            // Other notations of fractions are left open.
            _ => None,
        },
    })
}

fn padded(verb: &Verb, text: &str) -> String {
    let missing = verb.width.saturating_sub(text.graphemes(true).count());
    let fill = if verb.zero { "0" } else { " " }.repeat(missing);
    if verb.minus {
        format!("{text}{fill}")
    } else {
        format!("{fill}{text}")
    }
}

/// A number in as few digits as it takes, with an exponent from a million on.
fn general(number: Number) -> Option<String> {
    let text = number.text()?;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let significant = format!("{whole}{fraction}");
    let leading = significant.len() - significant.trim_start_matches('0').len();
    let mantissa = significant.trim_matches('0');
    let exponent = i64::try_from(whole.len()).ok()? - 1 - i64::try_from(leading).ok()?;
    if mantissa.is_empty() || (-4..6).contains(&exponent) {
        return Some(text);
    }
    let (first, others) = mantissa.split_at_checked(1)?;
    let point = if others.is_empty() { "" } else { "." };
    let direction = if exponent < 0 { '-' } else { '+' };
    Some(format!("{sign}{first}{point}{others}e{direction}{:02}", exponent.abs()))
}

fn integer(verb: &Verb, number: i128) -> Option<String> {
    let size = number.unsigned_abs();
    let (prefix, digits) = match verb.mode {
        'b' => ("0b", format!("{size:b}")),
        'o' => ("0", format!("{size:o}")),
        'x' => ("0x", format!("{size:x}")),
        'X' => ("0X", format!("{size:X}")),
        _ => ("", size.to_string()),
    };
    if verb.precision.is_some() {
        return None;
    }
    Some(signed(verb, number < 0, if verb.sharp { prefix } else { "" }, &digits))
}

/// Digits with their sign, filled up to the width.
fn signed(verb: &Verb, negative: bool, prefix: &str, digits: &str) -> String {
    let sign = match (negative, verb.plus, verb.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    };
    let missing = verb.width.saturating_sub(sign.len() + prefix.len() + digits.len());
    if verb.minus {
        format!("{sign}{prefix}{digits}{}", " ".repeat(missing))
    } else if verb.zero {
        format!("{sign}{prefix}{}{digits}", "0".repeat(missing))
    } else {
        format!("{}{sign}{prefix}{digits}", " ".repeat(missing))
    }
}

/// A number with a fixed count of decimals; `None` where rounding depends on digits that are not known.
fn fixed(verb: &Verb, number: Number) -> Option<String> {
    let places = verb.precision.unwrap_or(6);
    let text = number.text()?;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = if fraction.len() <= places {
        let point = if places > 0 { "." } else { "" };
        format!("{whole}{point}{fraction:0<places$}")
    } else {
        let (_, dropped) = fraction.split_at_checked(places)?;
        if dropped.trim_end_matches('0') == "5" {
            return None;
        }
        format!("{:.places$}", number.as_f64().abs())
    };
    Some(signed(verb, negative, "", &digits))
}
