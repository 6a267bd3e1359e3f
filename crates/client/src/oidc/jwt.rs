//! Id_tokens: taken apart, and believed only when everything about them is right (RFC 7515, OpenID Connect Core §3.1.3.7).

mod fault;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::signature;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::Claims;
use super::jwks::{Curve, Key, Keys, Scheme};
use super::pkce::is_same;
use super::text::printable;
use crate::Secret;

pub use fault::Fault;
pub(crate) use fault::minutes;

/// How far the clocks of this machine and of the provider may be apart.
pub const LEEWAY: SignedDuration = SignedDuration::from_mins(5);
/// Bytes of the longest token that is read. AWS STS takes 20,000 characters.
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
pub const LONGEST: usize = 64 * 1024;

/// Algorithms that are known (RFC 7518 §3.1). `none` and those with a shared secret are not among them.
pub(super) const SCHEMES: [(&str, Scheme); 8] = [
    ("RS256", Scheme::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256)),
    ("RS384", Scheme::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384)),
    ("RS512", Scheme::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512)),
    ("PS256", Scheme::Rsa(&signature::RSA_PSS_2048_8192_SHA256)),
    ("PS384", Scheme::Rsa(&signature::RSA_PSS_2048_8192_SHA384)),
    ("PS512", Scheme::Rsa(&signature::RSA_PSS_2048_8192_SHA512)),
    ("ES256", Scheme::Curve(Curve::P256, &signature::ECDSA_P256_SHA256_FIXED)),
    ("ES384", Scheme::Curve(Curve::P384, &signature::ECDSA_P384_SHA384_FIXED)),
];

/// What a token has to be for this login.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// Names of the issuer, as [`super::provider::Provider::issuers`] has them.
    pub issuers: Vec<&'a str>,
    /// The application's id.
    pub client_id: &'a str,
    /// The nonce that was sent; none where none could be, as with a refresh or a device code.
    pub nonce: Option<&'a Secret>,
    /// The person to whom the login belonged before a refresh (OpenID Connect Core §12.2).
    pub subject: Option<&'a str>,
    /// The time here.
    pub now: Timestamp,
    /// The time at the provider, where an answer of it just said so.
    pub server_time: Option<Timestamp>,
}

/// A token that was taken apart and is not believed yet. It cannot be shown: who has a token can sign in with it.
pub struct Token<'a> {
    header: Header,
    /// Header and claims as they were signed.
    signed: &'a str,
    claims: Map<String, Value>,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

impl<'a> Token<'a> {
    /// Takes a token in compact form apart.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        if text.len() > LONGEST {
            return Err(Fault::TooLong(text.len()));
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Fault::Malformed("has no parts"))?;
        // A fourth part would stand in the second, whose alphabet has no dot.
        let (header, claims) = signed.split_once('.').ok_or(Fault::Malformed("has not three parts"))?;
        let bytes = |part: &str| {
            URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| Fault::Malformed("has a part that is no base64url"))
        };
        let header: Header = serde_json::from_slice(&bytes(header)?)
            .map_err(|_| Fault::Malformed("has a header that is not understood"))?;
        let claims = serde_json::from_slice(&bytes(claims)?)
            .map_err(|_| Fault::Malformed("has claims that are no JSON object"))?;
        Ok(Self {
            header,
            signed,
            claims,
            signature: bytes(signature)?,
        })
    }

    /// Whether one of these keys signed it.
    ///
    /// # Errors
    /// When none did, or it is not said well enough which one should have.
    pub fn check_signature(&self, keys: &Keys) -> Result<(), Fault> {
        // RFC 7515 §4.1.11: whoever does not understand what is critical must refuse, and nothing critical is known here.
        if self.header.crit.is_some() {
            return Err(Fault::Malformed("demands extensions (`crit`)"));
        }
        let algorithm = self.header.alg.as_str();
        let (_, scheme) = SCHEMES
            .iter()
            .find(|(name, _)| *name == algorithm)
            .ok_or_else(|| Fault::Algorithm(printable(algorithm, 20)))?;
        let id = self.header.kid.as_deref();
        let fitting: Vec<&Key> = keys.fitting(id, algorithm, *scheme).collect();
        let key = match fitting.as_slice() {
            [key] => key,
            [] => return Err(Fault::UnknownKey(id.map(|id| printable(id, 60)))),
            // Trying each would take a signature by a key that was not meant.
            _ => return Err(Fault::AmbiguousKey),
        };
        match key.is_of(*scheme, self.signed.as_bytes(), &self.signature) {
            true => Ok(()),
            false => Err(Fault::Signature),
        }
    }

    /// What it says, whoever said it: for a token that was verified before it was kept.
    ///
    /// # Errors
    /// When a claim is missing that each id_token has.
    pub fn unverified(self) -> Result<Claims, Fault> {
        Claims::read(self.claims)
    }

    /// What it says, if it is signed by one of the keys and meant for this login.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn verify(self, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, Fault> {
        self.check_signature(keys)?;
        let claims = Claims::read(self.claims)?;
        check_claims(&claims, expected)?;
        Ok(claims)
    }
}

/// OpenID Connect Core §3.1.3.7, from its second step on.
fn check_claims(claims: &Claims, expected: &Expected<'_>) -> Result<(), Fault> {
    if !expected.issuers.contains(&claims.issuer.as_str()) {
        return Err(Fault::Issuer {
            expected: expected.issuers.first().copied().unwrap_or_default().to_owned(),
            found: printable(&claims.issuer, 200),
        });
    }
    if !claims.audience.iter().any(|one| one == expected.client_id) {
        return Err(Fault::Audience {
            expected: expected.client_id.to_owned(),
            found: printable(&claims.audience.join(", "), 200),
        });
    }
    // Trust policies of AWS compare Google's `azp` instead of `aud` where it is there, so it must be ours beside a single audience too.
    // Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
    match &claims.authorized_party {
        Some(party) if party != expected.client_id => return Err(Fault::Party(Some(printable(party, 100)))),
        None if claims.audience.len() > 1 => return Err(Fault::Party(None)),
        _ => {}
    }
    check_times(claims, expected)?;
    if let Some(nonce) = expected.nonce {
        let found = claims.nonce.as_deref().ok_or(Fault::NoNonce)?;
        if !is_same(found, nonce.expose()) {
            return Err(Fault::Nonce);
        }
    }
    if expected.subject.is_some_and(|subject| subject != claims.subject) {
        return Err(Fault::Subject);
    }
    Ok(())
}

/// Whether the token is good now. One that is good at the provider and not here means that the clock here is wrong.
fn check_times(claims: &Claims, expected: &Expected<'_>) -> Result<(), Fault> {
    let Err(fault) = good_at(claims, expected.now) else {
        return Ok(());
    };
    if let Some(server) = expected.server_time {
        let ahead = expected.now.duration_since(server);
        if ahead.abs() >= LEEWAY && good_at(claims, server).is_ok() {
            return Err(Fault::Clock { ahead });
        }
    }
    Err(fault)
}

fn good_at(claims: &Claims, now: Timestamp) -> Result<(), Fault> {
    if now.duration_since(claims.expires) >= LEEWAY {
        return Err(Fault::Expired {
            at: claims.expires,
            now,
        });
    }
    for at in [Some(claims.issued), claims.not_before].into_iter().flatten() {
        if at.duration_since(now) > LEEWAY {
            return Err(Fault::Early { at, now });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
