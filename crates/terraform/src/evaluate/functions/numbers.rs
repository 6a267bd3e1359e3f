//! Functions of numbers.

use std::cmp::Ordering;

use super::arguments::{CallError, number, whole};
use super::{Implementation, Scope};
use crate::value::{Number, Type, Value};

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::known(match name {
        "abs" => |arguments, _| {
            of(
                arguments,
                |number| if number.as_f64() < 0.0 { number.negate() } else { number },
            )
        },
        "ceil" => |arguments, _| of(arguments, |number| number.round(true)),
        "floor" => |arguments, _| of(arguments, |number| number.round(false)),
        "log" => |arguments, _| real(arguments, |number, base| number.ln() / base.ln()),
        "max" => |arguments, _| extreme(arguments, Ordering::Greater),
        "min" => |arguments, _| extreme(arguments, Ordering::Less),
        "parseint" => return Implementation::typed(parse_int),
        "pow" => power,
        "signum" => signum,
        _ => return None,
    })
}

const UNKNOWN: Value = Value::Unknown(Type::Number);

fn of(arguments: &[Value], map: impl Fn(Number) -> Number) -> Result<Value, CallError> {
    Ok(number(arguments, 0).map_or(UNKNOWN, |number| Value::Number(map(number))))
}

fn real(arguments: &[Value], compute: impl Fn(f64, f64) -> f64) -> Result<Value, CallError> {
    let (Some(left), Some(right)) = (number(arguments, 0), number(arguments, 1)) else {
        return Ok(UNKNOWN);
    };
    let result = compute(left.as_f64(), right.as_f64());
    if result.is_nan() {
        return Err(CallError::call("the result is no number"));
    }
    Ok(if result.is_finite() {
        Value::Number(Number::from_f64(result))
    } else {
        UNKNOWN
    })
}

fn power(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    real(arguments, f64::powf)
}

fn extreme(arguments: &[Value], wanted: Ordering) -> Result<Value, CallError> {
    let mut best: Option<Number> = None;
    for index in 0..arguments.len() {
        let Some(found) = number(arguments, index) else {
            return Ok(UNKNOWN);
        };
        match best.map(|best| found.compare(best)) {
            None => best = Some(found),
            Some(Some(order)) if order == wanted => best = Some(found),
            Some(Some(_)) => {}
            Some(None) => return Ok(UNKNOWN),
        }
    }
    best.map(Value::Number)
        .ok_or_else(|| CallError::call("at least one number is needed"))
}

fn signum(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    Ok(whole(arguments, 0)?.map_or(UNKNOWN, |number| {
        Value::Number(Number::Integer(i128::from(number.signum())))
    }))
}

fn parse_int(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    if let Some(other) = arguments.first()
        && other.kind() != Type::String
    {
        return Err(CallError::argument(
            0,
            format!("it must be a string, not {}", other.kind()),
        ));
    }
    let (Some(Value::String(text)), Some(base)) = (arguments.first(), whole(arguments, 1)?) else {
        return Ok(UNKNOWN);
    };
    if !(2..=62).contains(&base) {
        return Err(CallError::argument(1, "the base must be between 2 and 62"));
    }
    let refused = || CallError::argument(0, format!("{text:?} is no whole number in base {base}"));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return Err(refused());
    }
    let mut total = Some(0_i128);
    for digit in digits.bytes() {
        // Up to base 36 letters of both cases are the same digit; beyond, upper case follows lower case.
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'z' => digit - b'a' + 10,
            b'A'..=b'Z' if base <= 36 => digit - b'A' + 10,
            b'A'..=b'Z' => digit - b'A' + 36,
            _ => return Err(refused()),
        };
        if i64::from(value) >= base {
            return Err(refused());
        }
        total = total.and_then(|total| total.checked_mul(i128::from(base))?.checked_add(i128::from(value)));
    }
    Ok(total.map_or(UNKNOWN, |total| {
        Value::Number(Number::Integer(if negative { -total } else { total }))
    }))
}
