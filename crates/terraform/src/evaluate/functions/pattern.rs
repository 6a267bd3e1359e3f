//! `regex`, `regexall` and `replace`.
//!
//! Terraform's patterns are RE2's as Go reads them. The engine here comes from the same family and differs in corners:
//! what only one of the two understands is left open.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use regex_lite::{Captures, Regex};
use regex_syntax::ast::ErrorKind;
use regex_syntax::ast::parse::Parser;

use super::arguments::{CallError, text};
use super::strings::string;
use super::{Implementation, Scope};
use crate::value::{ObjectType, Type, Value};

/// Bytes that a replacement may make, at the worst.
const MOST_REPLACED: usize = 1 << 24;

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "regex" => Implementation::typed(first_match),
        "regexall" => Implementation::typed(all_matches),
        "replace" => Implementation::known(replace),
        _ => None,
    }
}

/// Patterns that are kept: one in a `for` expression is met with each element.
const KEPT: usize = 32;

/// What a pattern is here.
#[derive(Clone)]
enum Pattern {
    /// One that both engines read alike. Shared, because a copy of an expression has no working memory yet.
    Sound(Rc<Regex>),
    /// One that may mean something else to Go.
    Open,
}

fn pattern(text: &str) -> Result<Pattern, String> {
    thread_local! {
        static READ: RefCell<BTreeMap<String, Result<Pattern, String>>> = const { RefCell::new(BTreeMap::new()) };
    }
    READ.with_borrow_mut(|read| {
        if let Some(known) = read.get(text) {
            return known.clone();
        }
        if read.len() >= KEPT {
            read.clear();
        }
        let new = read_pattern(text);
        read.insert(text.to_owned(), new.clone());
        new
    })
}

fn read_pattern(text: &str) -> Result<Pattern, String> {
    if has_backreference(text) {
        return Err("the pattern is wrong: there are no backreferences".to_owned());
    }
    if is_open(text) {
        return Ok(Pattern::Open);
    }
    match Parser::new().parse(text) {
        Ok(_) => Ok(Regex::new(text).map_or(Pattern::Open, |pattern| Pattern::Sound(Rc::new(pattern)))),
        Err(error) => match error.kind() {
            ErrorKind::ClassRangeInvalid
            | ErrorKind::ClassUnclosed
            | ErrorKind::EscapeUnexpectedEof
            | ErrorKind::GroupUnclosed
            | ErrorKind::GroupUnopened
            | ErrorKind::RepetitionMissing
            | ErrorKind::UnsupportedBackreference
            | ErrorKind::UnsupportedLookAround => Err(format!("the pattern is wrong: {}", error.kind())),
            _ => Ok(Pattern::Open),
        },
    }
}

/// Whether a pattern refers back to a group. A digit after a backslash that more octal digits follow is a letter's
/// number instead.
fn has_backreference(pattern: &str) -> bool {
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            continue;
        }
        match (letters.next(), letters.peek()) {
            // What is quoted stands for itself.
            (Some('Q'), _) => return false,
            (Some('1'..='7'), Some('0'..='7')) => {}
            (Some('1'..='9'), _) => return true,
            _ => {}
        }
    }
    false
}

/// Whether the text between braces counts a repetition, in a form that both engines read alike.
fn counts(text: &str) -> bool {
    // Go takes at most 1000.
    let number = |text: &str| text.parse().ok().filter(|count: &u16| *count <= 1000);
    match text.split_once(',') {
        Some((least, "")) => number(least).is_some(),
        Some((least, most)) => matches!((number(least), number(most)), (Some(least), Some(most)) if least <= most),
        None => number(text).is_some(),
    }
}

/// Whether a pattern holds what the two engines read differently: braces that repeat nothing, set operations and
/// brackets in classes, quotations, escapes and flags that only one has, repeated repetitions.
fn is_open(pattern: &str) -> bool {
    let mut inside_class = false;
    let mut letters = pattern.chars().peekable();
    let mut previous = '(';
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        match letter {
            '\\' => {
                if next.is_some_and(|next| "QECX0123456789<>GKRhHvV".contains(next)) {
                    return true;
                }
                letters.next();
                previous = 'a';
                continue;
            }
            '[' if inside_class => return true,
            '[' => {
                inside_class = true;
                // A bracket or a caret at the beginning of a class stands for itself or negates.
                if next == Some('^') {
                    letters.next();
                }
                if letters.peek() == Some(&']') {
                    return true;
                }
                if letters.peek() == Some(&'[') {
                    return true;
                }
            }
            ']' if inside_class => inside_class = false,
            '&' | '-' | '~' if inside_class && next == Some(letter) => return true,
            _ if inside_class => {}
            '{' | '}' => {
                // Counted repetitions in their plainest form only.
                if letter == '{' {
                    let count: String = letters.clone().take_while(|letter| *letter != '}').collect();
                    let plain = counts(&count);
                    if !plain || "(|*+?{".contains(previous) {
                        return true;
                    }
                } else if !previous.is_ascii_digit() && previous != ',' {
                    return true;
                }
            }
            '*' | '+' | '?' if "*+?}".contains(previous) && !(letter == '?' && next != Some('?')) => return true,
            '(' if next == Some('?') => {
                let rest: String = letters.clone().skip(1).take(2).collect();
                let flags = !rest.starts_with([':', 'P', '<', 'i', 's', 'm', '=', '!']);
                if flags {
                    return true;
                }
            }
            _ => {}
        }
        previous = letter;
    }
    false
}

/// Whether classes and letters mean the same to both engines in this text: those of Go are ASCII's.
fn is_comparable(pattern: &str, text: &str) -> bool {
    text.is_ascii() || !(pattern.contains('\\') || pattern.contains("(?") || pattern.contains("[["))
}

/// The type of a match: the text, or its groups by position or by name.
fn match_type(pattern: &Regex) -> Result<Type, String> {
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    let named = names.iter().flatten().count();
    if names.is_empty() {
        Ok(Type::String)
    } else if named == 0 {
        Ok(Type::Tuple(vec![Type::String; names.len()]))
    } else if named == names.len() {
        let attributes = names.into_iter().flatten().map(|name| (name.to_owned(), Type::String));
        Ok(Type::Object(ObjectType::required(attributes)))
    } else {
        Err("the pattern has groups with and without names".to_owned())
    }
}

fn match_value(pattern: &Regex, kind: &Type, found: &Captures<'_>) -> Value {
    let group = |index: usize| {
        found.get(index).map_or(Value::Null(Type::String), |text| {
            Value::String(text.as_str().to_owned())
        })
    };
    match kind {
        Type::Tuple(groups) => Value::Tuple((1..=groups.len()).map(group).collect()),
        Type::Object(_) => {
            let attributes: BTreeMap<String, Value> = pattern
                .capture_names()
                .enumerate()
                .filter_map(|(index, name)| Some((name?.to_owned(), group(index))))
                .collect();
            Value::Object(attributes)
        }
        _ => group(0),
    }
}

fn first_match(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(Value::String(written)) = arguments.first() else {
        return Ok(Value::unknown());
    };
    let refused = |message: String| CallError::argument(0, message);
    let Pattern::Sound(pattern) = pattern(written).map_err(refused)? else {
        return Ok(Value::unknown());
    };
    let kind = match_type(&pattern).map_err(refused)?;
    let Some(Value::String(searched)) = arguments.get(1) else {
        return Ok(Value::Unknown(kind));
    };
    if !is_comparable(written, searched) {
        return Ok(Value::Unknown(kind));
    }
    match pattern.captures(searched) {
        Some(found) => Ok(match_value(&pattern, &kind, &found)),
        None => Err(CallError::call("the pattern matches no part of the text")),
    }
}

fn all_matches(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(Value::String(written)) = arguments.first() else {
        return Ok(Value::Unknown(Type::List(Box::new(Type::Any))));
    };
    let refused = |message: String| CallError::argument(0, message);
    let Pattern::Sound(pattern) = pattern(written).map_err(refused)? else {
        return Ok(Value::unknown());
    };
    let kind = match_type(&pattern).map_err(refused)?;
    match arguments.get(1) {
        Some(Value::String(searched)) if is_comparable(written, searched) => {
            let matches = pattern
                .captures_iter(searched)
                .map(|found| match_value(&pattern, &kind, &found))
                .collect();
            Ok(Value::List(kind, matches))
        }
        _ => Ok(Value::Unknown(Type::List(Box::new(kind)))),
    }
}

fn replace(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let (searched, wanted, replacement) = (text(arguments, 0), text(arguments, 1), text(arguments, 2));
    if searched.len().saturating_mul(replacement.len()) > MOST_REPLACED {
        return Ok(Value::Unknown(Type::String));
    }
    let inner = wanted.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let Some(inner) = inner else {
        return string(&searched.replace(wanted, replacement));
    };
    match pattern(inner).map_err(|message| CallError::argument(1, message))? {
        Pattern::Sound(pattern) if is_comparable(inner, searched) => {
            string(&pattern.replace_all(searched, replacement))
        }
        Pattern::Sound(_) => Ok(Value::Unknown(Type::String)),
        Pattern::Open => Ok(Value::unknown()),
    }
}
