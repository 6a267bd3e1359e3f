//! Functions of strings.

use unicode_segmentation::UnicodeSegmentation as _;

use super::arguments::{CallError, elements, text, whole};
use super::{Implementation, Scope};
use crate::evaluate::context::LONGEST_STRING;
use crate::evaluate::template::normalized;
use crate::value::{Type, Value};

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::known(match name {
        "basename" => |arguments, _| string(base(text(arguments, 0))),
        "chomp" => |arguments, _| string(text(arguments, 0).trim_end_matches(['\r', '\n'])),
        "dirname" => |arguments, _| string(&folder(text(arguments, 0))),
        "endswith" => |arguments, _| Ok(Value::Bool(text(arguments, 0).ends_with(text(arguments, 1)))),
        "indent" => indent,
        "join" => join,
        "lower" => |arguments, _| {
            string(&mapped(text(arguments, 0), |letter| {
                letter.to_lowercase().next().unwrap_or(letter)
            }))
        },
        "split" => split,
        "startswith" => return Implementation::typed(starts_with),
        "strcontains" => |arguments, _| Ok(Value::Bool(text(arguments, 0).contains(text(arguments, 1)))),
        "strrev" => |arguments, _| string(&text(arguments, 0).graphemes(true).rev().collect::<String>()),
        "substr" => substring,
        "title" => |arguments, _| Ok(title(text(arguments, 0)).map_or(Value::Unknown(Type::String), Value::String)),
        "trim" => |arguments, _| {
            let set = text(arguments, 1);
            string(text(arguments, 0).trim_matches(|letter| set.contains(letter)))
        },
        "trimprefix" => |arguments, _| {
            let whole = text(arguments, 0);
            string(whole.strip_prefix(text(arguments, 1)).unwrap_or(whole))
        },
        "trimspace" => |arguments, _| string(text(arguments, 0).trim()),
        "trimsuffix" => |arguments, _| {
            let whole = text(arguments, 0);
            string(whole.strip_suffix(text(arguments, 1)).unwrap_or(whole))
        },
        "upper" => |arguments, _| {
            string(&mapped(text(arguments, 0), |letter| {
                single(letter, letter.to_uppercase())
            }))
        },
        _ => return None,
    })
}

/// A string as Terraform holds it.
pub fn string(text: &str) -> Result<Value, CallError> {
    Ok(Value::String(normalized(text)))
}

fn mapped(text: &str, map: impl Fn(char) -> char) -> String {
    text.chars().map(map).collect()
}

/// Go maps letters one to one and leaves alone those of which Unicode makes several.
fn single(letter: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => letter,
    }
}

fn starts_with(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    Ok(match arguments {
        [_, Value::String(prefix)] if prefix.is_empty() => Value::Bool(true),
        [Value::String(text), Value::String(prefix)] => Value::Bool(text.starts_with(prefix.as_str())),
        _ => Value::Unknown(Type::Bool),
    })
}

fn indent(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(spaces) = whole(arguments, 0)? else {
        return Ok(Value::Unknown(Type::String));
    };
    let Ok(spaces) = usize::try_from(spaces) else {
        return Err(CallError::argument(0, "it must not be negative"));
    };
    let lines = text(arguments, 1);
    if spaces.saturating_mul(lines.len()) > LONGEST_STRING {
        return Ok(Value::Unknown(Type::String));
    }
    string(&lines.replace('\n', &format!("\n{}", " ".repeat(spaces))))
}

fn join(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some((_, lists)) = arguments.split_first().filter(|(_, lists)| !lists.is_empty()) else {
        return Err(CallError::call("at least one list is needed"));
    };
    if !lists.iter().all(Value::is_wholly_known) {
        return Ok(Value::Unknown(Type::String));
    }
    let mut parts = Vec::new();
    for (list, elements) in lists.iter().filter_map(elements).enumerate() {
        for (index, element) in elements.iter().enumerate() {
            match element {
                Value::String(part) => parts.push(part.as_str()),
                _ => return Err(CallError::argument(list + 1, format!("element {index} is null"))),
            }
        }
    }
    let separator = text(arguments, 0);
    let length = parts.iter().map(|part| part.len() + separator.len()).sum::<usize>();
    if length > LONGEST_STRING {
        return Ok(Value::Unknown(Type::String));
    }
    string(&parts.join(separator))
}

fn split(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let (separator, whole) = (text(arguments, 0), text(arguments, 1));
    let parts: Vec<Value> = if separator.is_empty() {
        whole.chars().map(|letter| Value::String(letter.to_string())).collect()
    } else {
        whole
            .split(separator)
            .map(|part| Value::String(part.to_owned()))
            .collect()
    };
    Ok(Value::List(Type::String, parts))
}

fn substring(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let (Some(offset), Some(length)) = (whole(arguments, 1)?, whole(arguments, 2)?) else {
        return Ok(Value::Unknown(Type::String));
    };
    let letters: Vec<&str> = text(arguments, 0).graphemes(true).collect();
    if offset >= 0 && length == 0 {
        return string("");
    }
    let start = if offset < 0 {
        offset.saturating_add_unsigned(letters.len() as u64)
    } else {
        offset
    };
    // Before the beginning is the beginning.
    let start = usize::try_from(start).unwrap_or_default();
    let rest = letters.get(start..).unwrap_or_default();
    // A length of 0 counts only from the front; from the back it is, like a negative one, no bound.
    let taken = match usize::try_from(length) {
        Ok(length) if length > 0 => rest.get(..length).unwrap_or(rest),
        _ => rest,
    };
    string(&taken.concat())
}

/// The text with each word's first letter in upper case; `None` outside ASCII, where Go's idea of a word is its own.
fn title(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let mut inside = false;
    Some(mapped_with_state(text, |letter| {
        let first = !inside;
        inside = letter.is_ascii_alphanumeric() || letter == '_';
        if first { letter.to_ascii_uppercase() } else { letter }
    }))
}

fn mapped_with_state(text: &str, map: impl FnMut(char) -> char) -> String {
    text.chars().map(map).collect()
}

/// The last name of a path.
fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return "/";
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// The path without its last name, tidied.
fn folder(path: &str) -> String {
    let folder = path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default();
    let mut names: Vec<&str> = Vec::new();
    let absolute = folder.starts_with('/');
    for name in folder.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => {
                names.pop();
            }
            ".." if absolute => {}
            name => names.push(name),
        }
    }
    let tidied = names.join("/");
    match (absolute, tidied.is_empty()) {
        (true, _) => format!("/{tidied}"),
        (false, true) => ".".to_owned(),
        (false, false) => tidied,
    }
}
