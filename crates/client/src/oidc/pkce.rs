//! What ties an answer to the login that asked for it: PKCE (RFC 7636), state and nonce.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::provider::Provider;
use crate::{Error, Kind, Secret};

/// Random bytes of each value. RFC 7636 §4.1 recommends 32 for the verifier, which makes 43 characters.
const BYTES: usize = 32;

/// One attempt at a login. Nothing of it is used twice.
#[derive(Debug)]
pub struct Attempt {
    /// Proves at the token endpoint that the code was asked for here.
    pub verifier: Secret,
    /// Comes back with the code, and tells it from a code that somebody else sends.
    pub state: Secret,
    /// Comes back in the id_token, and tells it from a token of another login.
    pub nonce: Secret,
    /// Names of the issuer whose answer is waited for. Where there is none, nothing is said of it.
    pub issuers: Vec<String>,
    /// Whether the issuer says that its answers name it.
    pub is_named: bool,
}

impl Attempt {
    /// Three new random values.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            verifier: random()?,
            state: random()?,
            nonce: random()?,
            issuers: Vec::new(),
            is_named: false,
        })
    }

    /// The same at this provider, whose answer is to be its own.
    pub fn at(self, provider: &Provider) -> Self {
        Self {
            issuers: provider.issuers().into_iter().map(str::to_owned).collect(),
            is_named: provider.names_itself,
            ..self
        }
    }

    /// Whether an answer that names this issuer, or none, is of the provider that was asked (RFC 9207 §2.4).
    pub fn is_of(&self, issuer: Option<&str>) -> bool {
        match issuer {
            None => !self.is_named,
            Some(issuer) => self.issuers.is_empty() || self.issuers.iter().any(|known| known == issuer),
        }
    }

    /// The challenge of the verifier by `S256`.
    pub fn challenge(&self) -> String {
        challenge(self.verifier.expose())
    }

    /// Whether an answer bears the state of this attempt.
    pub fn is_mine(&self, state: &str) -> bool {
        is_same(state, self.state.expose())
    }
}

/// Text of 32 random bytes.
pub(super) fn random() -> Result<Secret, Error> {
    let mut bytes = zeroize::Zeroizing::new([0; BYTES]);
    getrandom::fill(bytes.as_mut()).map_err(|error| {
        Error::new(Kind::Storage, format!("the system gave no random numbers: {error}"))
            .advise("look whether this process may ask for them (a sandbox can forbid it)")
    })?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

/// RFC 7636 §4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether two texts are the same, in a time that does not tell how much of them is. Their lengths are no secret.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn attempts_share_nothing_and_verifiers_are_as_the_rfc_wants_them() {
        let (one, two) = (Attempt::new().unwrap(), Attempt::new().unwrap());
        let all = [&one, &two].map(|attempt| [&attempt.verifier, &attempt.state, &attempt.nonce]);
        let mut all: Vec<&str> = all.iter().flatten().map(|secret| secret.expose()).collect();
        for value in &all {
            assert_eq!(value.len(), 43);
            assert!(
                value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            );
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn only_the_own_state_is_mine() {
        let attempt = Attempt::new().unwrap();
        let state = attempt.state.expose();
        assert!(attempt.is_mine(state));
        assert!(!attempt.is_mine(""));
        assert!(!attempt.is_mine(&state[1..]));
        assert!(!attempt.is_mine(&format!("{state}x")));
        let other = if state.starts_with('A') { "B" } else { "A" };
        assert!(!attempt.is_mine(&format!("{other}{}", &state[1..])));
    }

    #[test]
    fn an_attempt_is_not_shown() {
        let attempt = Attempt::new().unwrap();
        let shown = format!("{attempt:?}");
        assert!(!shown.contains(attempt.verifier.expose()) && !shown.contains(attempt.nonce.expose()));
    }
}
