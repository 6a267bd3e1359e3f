//! The file as a whole.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::profile::{
    Access, AzureClient, Endpoints, FailMode, Federation, IdentityCenter, Oidc, Profile, ProviderType, Quota, Storage,
};
use crate::raw::{KNOWN, Raw, expected};
use crate::twice;

/// Name of the file beside the programs.
pub const FILE_NAME: &str = "config.json";

/// Names of earlier versions, and what they are called now.
const RENAMED: [(&str, &str); 3] = [
    ("okta_domain", "provider_domain"),
    ("okta_client_id", "client_id"),
    ("okta_auth_server", "okta_auth_server_id"),
];
/// Characters that a profile's name may have at most: it becomes part of file names and of entries in keyrings.
const LONGEST_NAME: usize = 64;
/// Longest session of a role: twelve hours. Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
const LONGEST_SESSION: u32 = 43_200;
/// Shortest: fifteen minutes.
const SHORTEST_SESSION: u32 = 900;

/// A file that was read: profiles by name, each still as it stands there.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    profiles: BTreeMap<String, Map<String, Value>>,
}

/// A field that no program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The profile.
    pub profile: String,
    /// The field.
    pub field: String,
}

impl Config {
    /// Reads the text of a file, in either form. What is wrong inside a profile is said when it is asked for.
    ///
    /// # Errors
    /// When it is no JSON, has a key twice in one object, or has no profile.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}');
        let value: Value = serde_json::from_str(text).map_err(|error| Error::Syntax {
            // The parser repeats the place.
            message: error
                .to_string()
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned(),
            line: error.line(),
            // An end that comes too early has no column of its own.
            column: error.column().max(1),
        })?;
        if let Some(twice) = twice::find(text) {
            return Err(twice);
        }
        let Value::Object(mut file) = value else {
            return Err(Error::Syntax {
                message: "expected an object of profiles".to_owned(),
                line: 1,
                column: 1,
            });
        };
        // Fields of a profile are texts and numbers; only a profile is an object.
        let profiles = match file.remove("profiles") {
            Some(Value::Object(profiles)) => profiles,
            Some(_) | None => file,
        };
        let profiles: BTreeMap<String, Map<String, Value>> = profiles
            .into_iter()
            .filter_map(|(name, value)| match value {
                Value::Object(fields) => Some((name, fields)),
                _ => None,
            })
            .collect();
        match profiles.is_empty() {
            true => Err(Error::Empty),
            false => Ok(Self { profiles }),
        }
    }

    /// Names of the profiles, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The name of the only profile, if there is only one.
    pub fn only(&self) -> Option<&str> {
        let mut names = self.names();
        names.next().filter(|_| names.next().is_none())
    }

    /// Fields that no program knows: they are left alone.
    pub fn unknown(&self) -> Vec<Unknown> {
        let of_profile = |(profile, fields): (&String, &Map<String, Value>)| {
            let unknown = fields.keys().filter(|field| !KNOWN.contains(&field.as_str()));
            unknown
                .map(|field| Unknown {
                    profile: profile.clone(),
                    field: field.clone(),
                })
                .collect::<Vec<_>>()
        };
        self.profiles.iter().flat_map(of_profile).collect()
    }

    /// A profile by its name.
    ///
    /// # Errors
    /// When there is none, or what it says is wrong or not enough.
    pub fn profile(&self, name: &str) -> Result<Profile, Error> {
        let fields = self.profiles.get(name).ok_or_else(|| Error::NoProfile {
            name: name.to_owned(),
            known: self.names().map(str::to_owned).collect(),
        })?;
        if !is_name(name) {
            return Err(Error::Name(name.to_owned()));
        }
        let raw = raw(name, fields)?;
        Reader { profile: name, raw }.profile()
    }
}

/// Whether a profile's name survives `~/.aws/config`, the `credential_process` line there, file names and keyrings.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
    !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(fits) && !name.starts_with(['-', '.'])
}

/// The fields of a profile; one of the wrong type is named.
fn raw(profile: &str, fields: &Map<String, Value>) -> Result<Raw, Error> {
    let mut fields = fields.clone();
    for (old, new) in RENAMED {
        if let Some(value) = fields.remove(old) {
            fields.entry(new).or_insert(value);
        }
    }
    serde_json::from_value(Value::Object(fields.clone())).map_err(|whole| {
        let culprit = fields.iter().find_map(|(name, value)| {
            let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
            serde_json::from_value::<Raw>(alone).err()?;
            let field = KNOWN.iter().find(|known| *known == name)?;
            Some((
                *field,
                format!("{}; expected {}", found(field, value), expected(field)?),
            ))
        });
        let (field, message) = culprit.unwrap_or_else(|| ("profile", format!("is not understood: {whole}")));
        Error::Field {
            profile: profile.to_owned(),
            field,
            message,
        }
    })
}

/// What stands there, in words. Of a field for a secret nothing is repeated.
fn found(field: &str, value: &Value) -> String {
    match value {
        Value::Number(_) | Value::String(_) if field.contains("secret") => "is something else".to_owned(),
        Value::Null => "is null".to_owned(),
        Value::Bool(value) => format!("is {value}"),
        Value::Number(number) => format!("is {number}"),
        Value::String(text) => format!("is the text `{}`", text.escape_debug()),
        Value::Array(_) => "is a list".to_owned(),
        Value::Object(_) => "is an object".to_owned(),
    }
}

/// Makes a profile of its fields.
struct Reader<'a> {
    profile: &'a str,
    raw: Raw,
}

impl Reader<'_> {
    fn wrong(&self, field: &'static str, message: impl Into<String>) -> Error {
        Error::Field {
            profile: self.profile.to_owned(),
            field,
            message: message.into(),
        }
    }

    fn missing(&self, field: &'static str) -> Error {
        self.wrong(field, "is missing")
    }

    fn needed(&self, field: &'static str, value: &Option<String>) -> Result<String, Error> {
        given(value).ok_or_else(|| self.missing(field))
    }

    /// One of a few words.
    fn word<T: Copy>(
        &self,
        field: &'static str,
        value: &Option<String>,
        words: &[(&str, T)],
    ) -> Result<Option<T>, Error> {
        let Some(value) = given(value) else {
            return Ok(None);
        };
        let found = words.iter().find(|(word, _)| *word == value);
        found.map(|(_, meaning)| Some(*meaning)).ok_or_else(|| {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(field, format!("is `{value}`; the values are {}", all.join(", ")))
        })
    }

    fn profile(&self) -> Result<Profile, Error> {
        let raw = &self.raw;
        let storage = self.word(
            "credential_storage",
            &raw.credential_storage,
            &[("session", Storage::Session), ("keyring", Storage::Keyring)],
        )?;
        let region = self
            .region("aws_region", &raw.aws_region)?
            .unwrap_or_else(|| "us-east-1".to_owned());
        Ok(Profile {
            name: self.profile.to_owned(),
            access: self.access(&region)?,
            region,
            storage: storage.unwrap_or_default(),
            quota: self.quota()?,
        })
    }

    fn access(&self, region: &str) -> Result<Access, Error> {
        #[derive(Clone, Copy)]
        enum Kind {
            Oidc,
            Center,
            Ambient,
        }
        let stated = self.word(
            "auth_type",
            &self.raw.auth_type,
            &[("oidc", Kind::Oidc), ("idc", Kind::Center), ("none", Kind::Ambient)],
        )?;
        // Older files have a switch alone.
        let kind = stated.unwrap_or(match self.raw.sso_enabled {
            Some(false) => Kind::Ambient,
            Some(true) | None => Kind::Oidc,
        });
        match kind {
            Kind::Ambient => Ok(Access::Ambient),
            // A package without the portal's address relies on what the machine has.
            Kind::Center if self.names_no_center() => Ok(Access::Ambient),
            Kind::Center => self.center(region).map(Access::IdentityCenter),
            Kind::Oidc => self.oidc().map(|oidc| Access::Oidc(Box::new(oidc))),
        }
    }

    /// Whether nothing of Identity Center is there. A part of it is a profile that lacks the rest.
    fn names_no_center(&self) -> bool {
        let raw = &self.raw;
        [&raw.idc_start_url, &raw.idc_account_id, &raw.idc_permission_set_name]
            .into_iter()
            .all(|field| given(field).is_none())
    }

    fn center(&self, region: &str) -> Result<IdentityCenter, Error> {
        let raw = &self.raw;
        let account_id = self.needed("idc_account_id", &raw.idc_account_id)?;
        if account_id.len() != 12 || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong(
                "idc_account_id",
                format!("is `{account_id}`; an account has twelve digits"),
            ));
        }
        Ok(IdentityCenter {
            start_url: self
                .https("idc_start_url", &raw.idc_start_url)?
                .ok_or_else(|| self.missing("idc_start_url"))?,
            region: self
                .region("idc_region", &raw.idc_region)?
                .unwrap_or_else(|| region.to_owned()),
            account_id,
            permission_set: self.needed("idc_permission_set_name", &raw.idc_permission_set_name)?,
        })
    }

    fn oidc(&self) -> Result<Oidc, Error> {
        let raw = &self.raw;
        let words: Vec<(&str, Option<ProviderType>)> = ProviderType::ALL
            .into_iter()
            .map(|provider| (provider.word(), Some(provider)))
            .chain([("auto", None)])
            .collect();
        let stated = self.word("provider_type", &raw.provider_type, &words)?.flatten();
        let endpoints = Endpoints {
            issuer: given(&raw.oidc_issuer_url),
            authorization: self.https("oidc_authorization_endpoint", &raw.oidc_authorization_endpoint)?,
            token: self.https("oidc_token_endpoint", &raw.oidc_token_endpoint)?,
            jwks: self.https("oidc_jwks_uri", &raw.oidc_jwks_uri)?,
        };
        self.https("oidc_issuer_url", &endpoints.issuer)?;
        let domain = given(&raw.provider_domain).map(|domain| bare(&domain).to_owned());
        let domain = match (domain, &endpoints.issuer) {
            (Some(domain), _) => domain,
            (None, Some(issuer)) => bare(issuer).to_owned(),
            (None, None) => return Err(self.missing("provider_domain")),
        };
        let provider = stated.or_else(|| ProviderType::of_host(&domain)).ok_or_else(|| {
            self.wrong(
                "provider_type",
                format!(
                    "is missing, and the host `{domain}` does not tell it; `generic` takes the provider's own discovery \
                     document"
                ),
            )
        })?;
        let azure = self.azure()?;
        if azure != AzureClient::Public && provider != ProviderType::Azure {
            return Err(self.wrong(
                "azure_auth_mode",
                format!(
                    "is for Microsoft Entra ID alone, and the provider is {}",
                    provider.word()
                ),
            ));
        }
        Ok(Oidc {
            provider,
            domain,
            client_id: self.needed("client_id", &raw.client_id)?,
            client_secret: given(&raw.client_secret),
            okta_server: given(&raw.okta_auth_server_id),
            user_pool: given(&raw.cognito_user_pool_id),
            // An empty text has a meaning of its own here.
            prompt: raw.oidc_prompt.clone(),
            endpoints,
            azure,
            redirect_port: raw.redirect_port.filter(|port| *port != 0).unwrap_or(8400),
            federation: self.federation()?,
        })
    }

    /// An address, which must not give a token away on the way. The loopback has no way.
    fn https(&self, field: &'static str, value: &Option<String>) -> Result<Option<String>, Error> {
        let Some(url) = given(value) else {
            return Ok(None);
        };
        let is_local = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
            .iter()
            .any(|start| {
                url.strip_prefix(start)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
            });
        match url.starts_with("https://") || is_local {
            true => Ok(Some(url)),
            false => Err(self.wrong(field, format!("is `{url}`; it must begin with https://"))),
        }
    }

    fn azure(&self) -> Result<AzureClient, Error> {
        let raw = &self.raw;
        #[derive(Clone, Copy)]
        enum Mode {
            Public,
            Secret,
            Certificate,
        }
        let mode = self.word(
            "azure_auth_mode",
            &raw.azure_auth_mode,
            &[
                ("public", Mode::Public),
                ("secret", Mode::Secret),
                ("certificate", Mode::Certificate),
            ],
        )?;
        Ok(match mode.unwrap_or(Mode::Public) {
            Mode::Public => AzureClient::Public,
            Mode::Secret => AzureClient::Secret,
            // Where they are may be said by the environment alone.
            Mode::Certificate => AzureClient::Certificate {
                certificate: given(&raw.client_certificate_path).unwrap_or_default().into(),
                key: given(&raw.client_certificate_key_path).unwrap_or_default().into(),
            },
        })
    }

    fn federation(&self) -> Result<Federation, Error> {
        let raw = &self.raw;
        let role = given(&raw.federated_role_arn);
        let is_direct = self.word(
            "federation_type",
            &raw.federation_type,
            &[("direct", true), ("cognito", false)],
        )?;
        if is_direct.unwrap_or(role.is_some()) {
            let role_arn = role.ok_or_else(|| self.missing("federated_role_arn"))?;
            if !is_role(&role_arn) {
                return Err(self.unfit("federated_role_arn", &role_arn));
            }
            let duration = raw.max_session_duration.unwrap_or(LONGEST_SESSION);
            if !(SHORTEST_SESSION..=LONGEST_SESSION).contains(&duration) {
                return Err(self.wrong(
                    "max_session_duration",
                    format!("is {duration}; AWS takes {SHORTEST_SESSION} to {LONGEST_SESSION} seconds"),
                ));
            }
            return Ok(Federation::Direct { role_arn, duration });
        }
        let fields = [
            ("identity_pool_id", &raw.identity_pool_id),
            ("identity_pool_name", &raw.identity_pool_name),
        ];
        let named = fields
            .into_iter()
            .find_map(|(field, value)| Some((field, given(value)?)));
        let (field, identity_pool) = named.ok_or_else(|| self.missing("identity_pool_id"))?;
        match is_pool(&identity_pool) {
            true => Ok(Federation::Cognito { identity_pool }),
            false => Err(self.unfit(field, &identity_pool)),
        }
    }

    /// A region, by whose name hosts are called.
    fn region(&self, field: &'static str, value: &Option<String>) -> Result<Option<String>, Error> {
        match given(value) {
            Some(region) if !is_region(&region) => Err(self.unfit(field, &region)),
            region => Ok(region),
        }
    }

    /// A text that is not what the field is for.
    fn unfit(&self, field: &'static str, value: &str) -> Error {
        let value = value.escape_debug();
        match expected(field) {
            Some(expected) => self.wrong(field, format!("is `{value}`; expected {expected}")),
            None => self.wrong(field, format!("is `{value}`")),
        }
    }

    fn quota(&self) -> Result<Option<Quota>, Error> {
        let raw = &self.raw;
        let Some(endpoint) = self.https("quota_api_endpoint", &raw.quota_api_endpoint)? else {
            return Ok(None);
        };
        let fail_mode = self.word(
            "quota_fail_mode",
            &raw.quota_fail_mode,
            &[("open", FailMode::Open), ("closed", FailMode::Closed)],
        )?;
        Ok(Some(Quota {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            fail_mode: fail_mode.unwrap_or_default(),
            interval: raw.quota_check_interval.unwrap_or(30),
            timeout: raw.quota_check_timeout.filter(|seconds| *seconds > 0).unwrap_or(5),
        }))
    }
}

/// Whether a text has the form of a region: `eu-west-1`, `us-gov-west-1`, `eusc-de-east-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.len() >= 2
        && text.len() <= 63
        && words.iter().all(is_word)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the form of an identity pool's id: its region, and hexadecimal digits in groups.
fn is_pool(text: &str) -> bool {
    text.split_once(':').is_some_and(|(region, id)| {
        is_region(region) && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    })
}

/// Whether a text has the form of a role's ARN.
fn is_role(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (arn, partition, service, region, account, resource) = (next(), next(), next(), next(), next(), next());
    let is_digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let name = resource.strip_prefix("role/").unwrap_or_default();
    arn == "arn"
        && !partition.is_empty()
        && service == "iam"
        && region.is_empty()
        && is_digits
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

/// A text that says something.
fn given(value: &Option<String>) -> Option<String> {
    value
        .as_deref()
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

/// A domain without its scheme and the slash at its end.
fn bare(domain: &str) -> &str {
    let domain = domain
        .strip_prefix("https://")
        .or_else(|| domain.strip_prefix("http://"))
        .unwrap_or(domain);
    domain.trim_end_matches('/')
}

#[cfg(test)]
mod tests;
