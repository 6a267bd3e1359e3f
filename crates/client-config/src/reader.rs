//! A profile out of its fields.

use crate::error::Error;
use crate::form::{bare, given, is_pool, is_region, is_role};
use crate::profile::{
    Access, AzureClient, Endpoints, FailMode, Federation, IdentityCenter, Oidc, Profile, ProviderType, Quota, Storage,
};
use crate::raw::{Raw, expected};

/// Longest session of a role: twelve hours. Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
const LONGEST_SESSION: u32 = 43_200;
/// Shortest: fifteen minutes.
const SHORTEST_SESSION: u32 = 900;

/// Makes a profile of its fields.
pub(crate) struct Reader<'a> {
    pub(crate) profile: &'a str,
    pub(crate) raw: Raw,
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

    pub(crate) fn profile(&self) -> Result<Profile, Error> {
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
            // The programs before this one were written in Go, where 0 is what is not there.
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
        let (field, identity_pool) = named.ok_or_else(|| match given(&raw.federation_type) {
            Some(_) => self.missing("identity_pool_id"),
            // Neither is said, and a role is what most have.
            None => self.wrong(
                "federated_role_arn",
                "is missing, and so is `identity_pool_id`: one of them is needed",
            ),
        })?;
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
