//! Functions that look at files, through the scope. Their contents may be unknown, and are where the scope says nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};

use super::arguments::{CallError, text};
use super::hash::hexadecimal;
use super::strings::string;
use super::{Implementation, Scope};
use crate::evaluate::File;
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
