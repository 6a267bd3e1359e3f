//! What the application proves itself with at the token endpoint.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use client_config::{AzureClient, Oidc, ProviderType};
use jiff::Timestamp;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use serde_json::json;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::pkce::random;
use super::provider::{Provider, SecretIn};
use crate::http::encoded;
use crate::{Error, Kind, Secret};

/// Bytes of the largest file of a certificate or a key: bundles of certificates have some hundred kilobytes.
const LARGEST: u64 = 1024 * 1024;
/// Seconds for which an assertion is good: it is used at once.
const ASSERTION: i64 = 300;
/// `client_assertion_type` of a JWT (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What the application proves itself with.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// Nothing: a public client, whose codes are bound by PKCE.
    Public,
    /// A secret (RFC 6749 §2.3.1).
    Secret(Secret),
    /// An assertion that a certificate's key signs (RFC 7523).
    Certificate(ClientCertificate),
}

/// What a request carries to prove the application, and to name it.
#[derive(Debug)]
pub(super) struct Proof {
    /// Fields of its body.
    pub(super) fields: Vec<(&'static str, Secret)>,
    /// Value of its header `Authorization`, which names the application as well.
    pub(super) authorization: Option<Secret>,
}

/// A certificate and its key.
#[derive(Clone)]
pub struct ClientCertificate {
    /// SHA-256 of the certificate, as `x5t#S256` has it (RFC 7515 §4.1.8).
    thumbprint: String,
    key: Arc<dyn SigningKey>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate")
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}

impl ClientAuth {
    /// What a configuration says, with the secret of the keyring where there is one. Paths that the environment overrides are to be
    /// put into the configuration before.
    ///
    /// # Errors
    /// When what it says is not there or does not fit.
    pub fn of(oidc: &Oidc, keyring: Option<Secret>) -> Result<Self, Error> {
        let given = oidc.client_secret.as_ref().map(Secret::new);
        match (oidc.provider, &oidc.azure) {
            (ProviderType::Azure, AzureClient::Public) => Ok(Self::Public),
            (ProviderType::Azure, AzureClient::Secret) => {
                let secret = keyring.filter(|secret| !secret.is_empty());
                secret.map(Self::Secret).ok_or_else(|| {
                    Error::new(
                        Kind::Config,
                        "the application has a client secret (`azure_auth_mode`), and the keyring has none",
                    )
                    .advise("store it with `credential-process --set-client-secret --profile PROFILE`")
                })
            }
            (ProviderType::Azure, AzureClient::Certificate { certificate, key }) => {
                ClientCertificate::load(certificate, key).map(Self::Certificate)
            }
            (ProviderType::Google, _) if given.is_none() => Err(Error::new(
                Kind::Config,
                "config.json: `client_secret` is missing, and Google wants the one of its installed application",
            )
            .advise("copy it from the credentials page of the Google Cloud console; it is no secret there")),
            _ => Ok(given.map_or(Self::Public, Self::Secret)),
        }
    }

    /// What of a request proves and names it.
    pub(super) fn proof(&self, provider: &Provider, now: Timestamp) -> Result<Proof, Error> {
        let id = &provider.client_id;
        let mut fields = vec![("client_id", Secret::new(id))];
        match self {
            Self::Public => {}
            // An application must not be named or proven in two ways at once.
            Self::Secret(secret) if provider.secret_in == SecretIn::Header => {
                return Ok(Proof {
                    fields: Vec::new(),
                    authorization: Some(basic(id, secret)),
                });
            }
            Self::Secret(secret) => fields.push(("client_secret", secret.clone())),
            Self::Certificate(certificate) => fields.extend([
                ("client_assertion_type", Secret::new(ASSERTION_TYPE)),
                (
                    "client_assertion",
                    certificate.assertion(id, &provider.token_endpoint, now)?,
                ),
            ]),
        }
        Ok(Proof {
            fields,
            authorization: None,
        })
    }
}

/// HTTP Basic as OAuth has it: what is joined is encoded first, so that a colon in it is none.
fn basic(id: &str, secret: &Secret) -> Secret {
    let pair = Zeroizing::new(format!("{}:{}", *encoded(id), *encoded(secret.expose())));
    let pair = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    Secret::new(format!("Basic {}", *pair))
}

impl ClientCertificate {
    /// Reads the two files.
    ///
    /// # Errors
    /// When one of them is not named or cannot be read, and as [`Self::from_pem`].
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, Error> {
        let read = |path: &Path, field: &str, variable: &str| {
            if path.as_os_str().is_empty() {
                return Err(Error::new(Kind::Config, format!("config.json: `{field}` is missing"))
                    .advise(format!("write the path there, or set `{variable}`")));
            }
            if !path.has_root() {
                return Err(Error::new(
                    Kind::Config,
                    format!("the path {} (`{field}`) does not begin at the root", path.display()),
                )
                .advise("write the whole path: AWS's SDKs start the program in any folder"));
            }
            let failed = |why: &dyn fmt::Display| {
                Error::new(Kind::Config, format!("{} cannot be read: {why}", path.display()))
                    .advise(format!("look at `{field}` in config.json and at `{variable}`"))
            };
            // A device or a pipe has no end.
            let metadata = fs::metadata(path).map_err(|error| failed(&error))?;
            if !metadata.is_file() {
                return Err(failed(&"it is no file"));
            }
            if metadata.len() > LARGEST {
                return Err(failed(&"it is larger than any certificate and key"));
            }
            fs::read(path).map(Zeroizing::new).map_err(|error| failed(&error))
        };
        let certificate = read(certificate, "client_certificate_path", "AZURE_CLIENT_CERTIFICATE_PATH")?;
        let key = read(key, "client_certificate_key_path", "AZURE_CLIENT_CERTIFICATE_KEY_PATH")?;
        Self::from_pem(&certificate, &key)
    }

    /// The certificate, and its RSA key in PKCS#1 or PKCS#8, both as PEM. Of several certificates the first counts.
    ///
    /// # Errors
    /// When one of them is missing or of another kind, the key has a passphrase, or the two do not belong together.
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, Error> {
        let wrong = |message: &str, advice: &str| Error::new(Kind::Config, message).advise(advice);
        let certificate = CertificateDer::from_pem_slice(certificate).map_err(|_| {
            wrong(
                "there is no certificate in PEM in the file of the client certificate",
                "expected `-----BEGIN CERTIFICATE-----`; `openssl x509 -inform der` turns DER into it",
            )
        })?;
        let der = PrivateKeyDer::from_pem_slice(key).map_err(|_| {
            let is_locked = [&b"ENCRYPTED PRIVATE KEY"[..], b"Proc-Type: 4,ENCRYPTED"]
                .iter()
                .any(|mark| key.windows(mark.len()).any(|part| part == *mark));
            match is_locked {
                true => wrong(
                    "the key of the client certificate has a passphrase",
                    "nobody is asked for one here: `openssl pkey -in KEY -out NEW` takes it away; keep the file to yourself (0600)",
                ),
                false => wrong(
                    "there is no private key in PEM in the file of the client certificate's key",
                    "expected `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`",
                ),
            }
        })?;
        let unfit = || {
            wrong(
                "the key of the client certificate is no RSA key of 2048 bits or more",
                "Microsoft Entra ID takes RSA here; make another certificate",
            )
        };
        let key = any_supported_type(&der).map_err(|_| unfit())?;
        key.choose_scheme(&[SignatureScheme::RSA_PSS_SHA256])
            .ok_or_else(unfit)?;
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate));
        CertifiedKey::new(vec![certificate], Arc::clone(&key))
            .keys_match()
            .map_err(|_| {
                wrong(
                    "the key of the client certificate is not that of the certificate",
                    "look at `client_certificate_path` and `client_certificate_key_path` in config.json",
                )
            })?;
        Ok(Self { thumbprint, key })
    }

    /// An assertion for one request.
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>
    fn assertion(&self, client_id: &str, token_endpoint: &str, now: Timestamp) -> Result<Secret, Error> {
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint});
        let now = now.as_second();
        let claims = json!({
            "aud": token_endpoint,
            "iss": client_id,
            "sub": client_id,
            "jti": random()?.expose(),
            "nbf": now,
            "iat": now,
            "exp": now.saturating_add(ASSERTION),
        });
        let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let failed = || Error::new(Kind::Config, "the key of the client certificate does not sign");
        let signer = self
            .key
            .choose_scheme(&[SignatureScheme::RSA_PSS_SHA256])
            .ok_or_else(failed)?;
        let signature = signer.sign(signed.as_bytes()).map_err(|_| failed())?;
        Ok(Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }
}

#[cfg(test)]
mod tests;
