//! JSON with the place of everything in it.
//!
//! As strict as Terraform's own reader. `jsonc-parser`, which other crates use, takes line breaks inside of strings,
//! refuses halves of surrogate pairs, and does not tell which character of a string stands where in the source.

use super::text::{Text, unquote};
use crate::ast::Span;
use crate::syntax::MAX_DEPTH;

/// What is wrong, and where.
pub(super) type Fault = (Span, String);

/// A value.
#[derive(Debug)]
pub(super) struct Node<'s> {
    pub(super) value: Value<'s>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum Value<'s> {
    Null,
    Bool(bool),
    Number(&'s str),
    String(Box<Text<'s>>),
    Array(Vec<Node<'s>>),
    Object(Vec<Property<'s>>),
}

#[derive(Debug)]
pub(super) struct Property<'s> {
    pub(super) name: Text<'s>,
    pub(super) value: Node<'s>,
}

/// Reads the one value of a source.
pub(super) fn read(source: &str) -> Result<Node<'_>, Fault> {
    let mut reader = Reader {
        source,
        at: 0,
        depth: 0,
    };
    let node = reader.value()?;
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.unexpected("the end of the file")),
    }
}

struct Reader<'s> {
    source: &'s str,
    at: usize,
    depth: usize,
}

impl<'s> Reader<'s> {
    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest().trim_start_matches([' ', '\t', '\n', '\r']);
        self.at = self.source.len() - rest.len();
        rest.chars().next()
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn read_if(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn unexpected(&mut self, expected: &str) -> Fault {
        match self.peek() {
            Some('\u{feff}') => (
                self.at..self.at + 3,
                "a byte order mark has no place in JSON; save the file without one".to_owned(),
            ),
            Some(c) => (
                self.at..self.at + c.len_utf8(),
                format!("expected {expected}, but found `{}`", c.escape_debug()),
            ),
            None => (self.at..self.at, format!("expected {expected}, but the file ends")),
        }
    }

    fn value(&mut self) -> Result<Node<'s>, Fault> {
        let first = self.peek();
        let start = self.at;
        let value = match first {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::array)?,
            Some('"') => Value::String(Box::new(self.string()?)),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            Some(c) if c.is_ascii_alphabetic() => self.keyword()?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node {
            value,
            span: start..self.at,
        })
    }

    fn nested(&mut self, step: fn(&mut Self) -> Result<Value<'s>, Fault>) -> Result<Value<'s>, Fault> {
        if self.depth == MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            return Err((self.at..self.at + 1, message));
        }
        self.depth += 1;
        self.at += 1;
        let value = step(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value<'s>, Fault> {
        let mut properties = Vec::new();
        if self.read_if('}') {
            return Ok(Value::Object(properties));
        }
        loop {
            if self.peek() != Some('"') {
                let expected = match properties.is_empty() {
                    true => "`\"` and the name of a property, or `}`",
                    false => "`\"` and the name of another property",
                };
                return Err(self.unexpected(expected));
            }
            let name = self.string()?;
            if !self.read_if(':') {
                return Err(self.unexpected("`:` and the value of the property"));
            }
            let value = self.value()?;
            properties.push(Property { name, value });
            if self.read_if('}') {
                return Ok(Value::Object(properties));
            }
            if !self.read_if(',') {
                return Err(self.unexpected("`,` and another property, or `}`"));
            }
        }
    }

    fn array(&mut self) -> Result<Value<'s>, Fault> {
        let mut elements = Vec::new();
        if self.read_if(']') {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            if self.read_if(']') {
                return Ok(Value::Array(elements));
            }
            if !self.read_if(',') {
                return Err(self.unexpected("`,` and another element, or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<Text<'s>, Fault> {
        let text = unquote(self.source, self.at)?;
        self.at = text.span.end;
        Ok(text)
    }

    fn keyword(&mut self) -> Result<Value<'s>, Fault> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_alphabetic() && c != '_')
            .unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let start = self.at;
        self.at += length;
        match word {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err((
                start..self.at,
                format!("`{word}` is no value; text stands between double quotes"),
            )),
        }
    }

    /// A number as the JSON grammar has it: no leading zeros, digits on both sides of a point.
    fn number(&mut self) -> Result<&'s str, Fault> {
        let rest = self.rest();
        let digit = |c: char| c.is_ascii_digit();
        let length = rest
            .find(|c: char| !digit(c) && !matches!(c, '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default();
        let start = self.at;
        self.at += length;
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
            None => (unsigned, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let is_digits = |part: &str| !part.is_empty() && part.chars().all(digit);
        let is_number = is_digits(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && fraction.is_none_or(is_digits)
            && exponent.is_none_or(is_digits);
        match is_number {
            true => Ok(text),
            false => Err((start..self.at, format!("`{text}` is not a number"))),
        }
    }
}
