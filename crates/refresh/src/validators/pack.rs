//! Values as the provider gets them: MessagePack, with cty's extension for values that are not known.

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Pack {
    /// `null`
    Nil,
    /// A value that only an apply would tell.
    Unknown,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list, set or tuple.
    Array(Vec<Pack>),
    /// A map or object.
    Map(Vec<(String, Pack)>),
}

impl Pack {
    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Nil => out.push(0xc0),
            Self::Unknown => out.extend([0xd4, 0, 0]),
            Self::Bool(value) => out.push(if *value { 0xc3 } else { 0xc2 }),
            Self::Integer(value) => {
                out.push(0xd3);
                out.extend(value.to_be_bytes());
            }
            Self::Float(value) => {
                out.push(0xcb);
                out.extend(value.to_be_bytes());
            }
            Self::Text(text) => {
                header(out, 0xdb, text.len());
                out.extend(text.as_bytes());
            }
            Self::Array(elements) => {
                header(out, 0xdd, elements.len());
                for element in elements {
                    element.write(out);
                }
            }
            Self::Map(entries) => {
                header(out, 0xdf, entries.len());
                for (key, value) in entries {
                    Self::Text(key.clone()).write(out);
                    value.write(out);
                }
            }
        }
    }
}

/// The form with a length of four bytes. Nothing here comes near its limit.
fn header(out: &mut Vec<u8>, code: u8, length: usize) {
    out.push(code);
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
}
