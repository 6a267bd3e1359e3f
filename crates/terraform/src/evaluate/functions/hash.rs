//! Hashes. Those of MD5, SHA-1 and bcrypt are not computed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};

use super::Implementation;
use super::arguments::text;
use super::strings::string;

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::known(match name {
        "base64sha256" => |arguments, _| string(&STANDARD.encode(Sha256::digest(text(arguments, 0)))),
        "base64sha512" => |arguments, _| string(&STANDARD.encode(Sha512::digest(text(arguments, 0)))),
        "sha256" => |arguments, _| string(&hexadecimal(&Sha256::digest(text(arguments, 0)))),
        "sha512" => |arguments, _| string(&hexadecimal(&Sha512::digest(text(arguments, 0)))),
        _ => return None,
    })
}

/// The bytes in hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
