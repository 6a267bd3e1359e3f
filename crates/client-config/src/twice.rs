//! Keys that stand twice in one object. JSON's parsers take the later one silently, and whoever mends the file may look at the other.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::error::{Error, Place};

/// The first key of a text, which is JSON, that stands twice in one object.
pub(crate) fn find(text: &str) -> Option<Error> {
    let found = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // The search ends with the first find, which the parser takes for a fault of the text.
    let _ = Search { text, found: &found }.deserialize(&mut deserializer);
    found.into_inner()
}

#[derive(Clone, Copy)]
struct Search<'a> {
    text: &'a str,
    found: &'a RefCell<Option<Error>>,
}

/// A key, and where it begins in the text. A key with escapes is a copy, which is nowhere in the text.
struct Key {
    name: String,
    at: Option<usize>,
}

impl Search<'_> {
    /// The place of a key, whose quotation mark stands before it.
    fn place(&self, at: usize) -> Option<Place> {
        let before = self.text.get(..at.checked_sub(1)?)?;
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Some(Place { line, column })
    }
}

impl<'de> DeserializeSeed<'de> for Search<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut seen: BTreeMap<String, Option<usize>> = BTreeMap::new();
        while let Some(key) = object.next_key_seed(Named { text: self.text })? {
            if let Some(first) = seen.get(&key.name) {
                let places = [*first, key.at].map(|at| at.and_then(|at| self.place(at)));
                *self.found.borrow_mut() = Some(Error::Twice { key: key.name, places });
                return Err(A::Error::custom("found"));
            }
            seen.insert(key.name, key.at);
            object.next_value_seed(self)?;
        }
        Ok(())
    }
}

/// Reads a key.
struct Named<'a> {
    text: &'a str,
}

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Named<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key, E> {
        Ok(Key {
            // A part of the text lies behind the text's beginning.
            at: name.as_ptr().addr().checked_sub(self.text.as_ptr().addr()),
            name: name.to_owned(),
        })
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(Key {
            name: name.to_owned(),
            at: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_places_are_told() {
        let text = "{\n  \"ü\": {\"client_id\": 1,\n    \"b\": [{\"client_id\": 1}], \"client_id\": 2}}";
        assert_eq!(
            find(text).unwrap().to_string(),
            "`client_id` stands twice in one object: at line 2, column 9 and at line 3, column 30"
        );
        let escaped = find("{\"a\": 1, \"\\u0061\": 2}").unwrap();
        assert_eq!(
            escaped.to_string(),
            "`a` stands twice in one object: at line 1, column 2 and once more with escapes in it"
        );
    }

    #[test]
    fn the_same_key_of_two_objects_is_none() {
        for text in ["{\"a\": {\"x\": 1}, \"b\": {\"x\": 1.5}}", "[null, true, -1]", "{}"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
