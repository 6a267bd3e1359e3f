//! Keys of an issuer (RFC 7517), and the file in which they are kept.

mod store;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{EcdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

pub use store::{KeyStore, NotVerified, Verified};

/// Keys that can sign a token. Others of the document are left out: shared secrets before all, with which anybody could sign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(Vec<Key>);

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// Name by which tokens call it.
    pub id: Option<String>,
    /// The one algorithm that it is for, if the issuer says so.
    pub algorithm: Option<String>,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    Curve { curve: Curve, point: Vec<u8> },
}

/// Curves of RFC 7518 §6.2.1.1 that are known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
}

/// How a signature is verified.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    Rsa(&'static RsaParameters),
    Curve(Curve, &'static EcdsaVerificationAlgorithm),
}

/// A key as the document has it.
#[derive(Deserialize)]
struct Raw {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// The keys of a document.
    ///
    /// # Errors
    /// When it is no set of keys, in words that follow its name. A key that is not understood is no error.
    pub fn parse(document: &[u8]) -> Result<Self, &'static str> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<Value>,
        }
        let document: Document = serde_json::from_slice(document).map_err(|_| "is no set of keys")?;
        let keys = document
            .keys
            .into_iter()
            .filter_map(|key| Key::of(serde_json::from_value(key).ok()?));
        Ok(Self(keys.collect()))
    }

    /// The keys that may have signed a token.
    pub(super) fn fitting<'a>(
        &'a self,
        id: Option<&'a str>,
        algorithm: &'a str,
        scheme: Scheme,
    ) -> impl Iterator<Item = &'a Key> {
        self.0.iter().filter(move |key| {
            let is_named = id.is_none() || key.id.as_deref() == id;
            let is_for = key.algorithm.as_deref().is_none_or(|only| only == algorithm);
            is_named && is_for && key.fits(scheme)
        })
    }
}

impl Key {
    fn of(raw: Raw) -> Option<Self> {
        let is_for_signatures = raw.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && raw
                .key_ops
                .as_ref()
                .is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
        if !is_for_signatures {
            return None;
        }
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        let material = match raw.kty.as_str() {
            "RSA" => {
                // Some issuers write the zero that the number's sign needs elsewhere.
                let number = |text: &Option<String>| {
                    let bytes = bytes(text)?;
                    let start = bytes.iter().position(|byte| *byte != 0)?;
                    Some(bytes[start..].to_vec())
                };
                Material::Rsa {
                    modulus: number(&raw.n)?,
                    exponent: number(&raw.e)?,
                }
            }
            "EC" => {
                let (curve, size) = match raw.crv.as_deref()? {
                    "P-256" => (Curve::P256, 32),
                    "P-384" => (Curve::P384, 48),
                    _ => return None,
                };
                let (x, y) = (bytes(&raw.x)?, bytes(&raw.y)?);
                if x.len() != size || y.len() != size {
                    return None;
                }
                // Uncompressed point (SEC 1 §2.3.3).
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                Material::Curve { curve, point }
            }
            _ => return None,
        };
        Some(Self {
            id: raw.kid,
            algorithm: raw.alg,
            material,
        })
    }

    fn fits(&self, scheme: Scheme) -> bool {
        match (&self.material, scheme) {
            (Material::Rsa { .. }, Scheme::Rsa(_)) => true,
            (Material::Curve { curve, .. }, Scheme::Curve(wanted, _)) => *curve == wanted,
            _ => false,
        }
    }

    /// Whether this key made a signature.
    pub(super) fn is_of(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        match (&self.material, scheme) {
            (Material::Rsa { modulus, exponent }, Scheme::Rsa(parameters)) => {
                let key = RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(parameters, message, signature).is_ok()
            }
            (Material::Curve { curve, point }, Scheme::Curve(wanted, algorithm)) if *curve == wanted => {
                UnparsedPublicKey::new(algorithm, point)
                    .verify(message, signature)
                    .is_ok()
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
