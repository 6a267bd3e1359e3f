//! Functions that look at files, through the scope. Their contents may be unknown, and are where the scope says nothing.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};

use super::arguments::{CallError, text};
use super::hash::hexadecimal;
use super::strings::string;
use super::{Implementation, Scope};
use crate::ast::Traversal;
use crate::evaluate::{File, Resolved, evaluate};
use crate::syntax::{is_identifier_continue, is_identifier_start, parse_file};
use crate::value::{Type, Value};

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::known(match name {
        "file" => |arguments, scope| {
            contents(arguments, scope, |bytes| match std::str::from_utf8(&bytes) {
                Ok(text) => string(text),
                Err(_) => Err(CallError::call(
                    "the file is not UTF-8; filebase64 reads files of any kind",
                )),
            })
        },
        "filebase64" => |arguments, scope| contents(arguments, scope, |bytes| string(&STANDARD.encode(bytes))),
        "filebase64sha256" => |arguments, scope| {
            contents(arguments, scope, |bytes| {
                string(&STANDARD.encode(Sha256::digest(bytes)))
            })
        },
        "filebase64sha512" => |arguments, scope| {
            contents(arguments, scope, |bytes| {
                string(&STANDARD.encode(Sha512::digest(bytes)))
            })
        },
        "filesha256" => {
            |arguments, scope| contents(arguments, scope, |bytes| string(&hexadecimal(&Sha256::digest(bytes))))
        }
        "filesha512" => {
            |arguments, scope| contents(arguments, scope, |bytes| string(&hexadecimal(&Sha512::digest(bytes))))
        }
        "filemd5" | "filesha1" => |arguments, scope| contents(arguments, scope, |_| Ok(Value::Unknown(Type::String))),
        "templatefile" => filled,
        "fileexists" => exists,
        "fileset" => matching,
        _ => return None,
    })
}

fn contents(
    arguments: &[Value],
    scope: &dyn Scope,
    make: impl FnOnce(Vec<u8>) -> Result<Value, CallError>,
) -> Result<Value, CallError> {
    let path = text(arguments, 0);
    match scope.file(path) {
        File::Contents(bytes) => make(bytes),
        File::Missing => Err(CallError::argument(0, format!("there is no file {path:?}"))),
        // There may be no such file, and a call that fails has no type.
        File::Unknown => Ok(Value::unknown()),
    }
}

/// A template, filled in.
fn filled(arguments: &[Value], scope: &dyn Scope) -> Result<Value, CallError> {
    let names = match arguments.get(1) {
        Some(Value::Object(values) | Value::Map(_, values)) => values,
        Some(Value::Unknown(_)) | None => return Ok(Value::unknown()),
        Some(_) => return Err(CallError::argument(1, "it must be a map or an object")),
    };
    if let Some(name) = names.keys().find(|name| !is_name(name)) {
        let message = format!("{name:?} is no name that a template could use");
        return Err(CallError::argument(1, message));
    }
    let path = text(arguments, 0);
    let bytes = match scope.file(path) {
        File::Contents(bytes) => bytes,
        File::Missing => return Err(CallError::argument(0, format!("there is no file {path:?}"))),
        File::Unknown => return Ok(Value::unknown()),
    };
    let Ok(template) = std::str::from_utf8(&bytes) else {
        return Err(CallError::call("the template is not UTF-8"));
    };
    // A template in a file is written as one in a heredoc.
    let mark = "END_OF_TEMPLATE_FILE";
    if template.contains(mark) {
        return Ok(Value::unknown());
    }
    let before = format!("template = <<{mark}\n");
    let (body, errors) = parse_file(&format!("{before}{template}\n{mark}\n"));
    if let Some(error) = errors.first() {
        let at = error.span.start.saturating_sub(before.len());
        let line = template.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let found = error.message.replace(&format!("`{mark}`"), "its end");
        let message = format!("{path} is no valid template, line {line}: {found}");
        return Err(CallError::call(message));
    }
    let Some(attribute) = body.attribute("template") else {
        return Ok(Value::unknown());
    };
    let names = Names {
        values: names,
        lacking: RefCell::new(BTreeSet::new()),
    };
    let mut errors = Vec::new();
    let value = evaluate(&attribute.value, &names, &mut errors);
    if let Some(name) = names.lacking.into_inner().into_iter().next() {
        let message = format!("{path} refers to `{name}`, which is not among the variables that it is given");
        return Err(CallError::argument(1, message));
    }
    if !errors.is_empty() {
        return Ok(Value::unknown());
    }
    Ok(match value {
        Value::String(text) => string(text.strip_suffix('\n').unwrap_or(&text))?,
        // One that is a single interpolation has the type of its value.
        _ => Value::unknown(),
    })
}

fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(is_identifier_start) && text.chars().all(is_identifier_continue)
}

/// What a template may refer to.
struct Names<'v> {
    values: &'v BTreeMap<String, Value>,
    /// What it refers to and does not exist.
    lacking: RefCell<BTreeSet<String>>,
}

impl Scope for Names<'_> {
    fn reference(&self, traversal: &Traversal<'_>) -> Resolved<'_> {
        match self.values.get(traversal.root) {
            Some(value) => Resolved::Value {
                value: Cow::Borrowed(value),
                steps: 0,
            },
            None => {
                self.lacking.borrow_mut().insert(traversal.root.to_owned());
                Resolved::Unknown
            }
        }
    }
}

fn exists(arguments: &[Value], scope: &dyn Scope) -> Result<Value, CallError> {
    Ok(match scope.file(text(arguments, 0)) {
        File::Contents(_) => Value::Bool(true),
        File::Missing => Value::Bool(false),
        File::Unknown => Value::Unknown(Type::Bool),
    })
}

fn matching(arguments: &[Value], scope: &dyn Scope) -> Result<Value, CallError> {
    let found = scope.files(text(arguments, 0), text(arguments, 1)).and_then(|files| {
        let files = files.into_iter().map(Value::String).collect();
        Value::set(files, Type::String).ok()
    });
    Ok(found.unwrap_or(Value::Unknown(Type::Set(Box::new(Type::String)))))
}
