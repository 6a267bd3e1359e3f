//! Credentials of a permission set.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Client, Token};
use crate::credentials::Credentials;
use crate::federation::fault::{Failed, Fault};
use crate::federation::retry::{self, Sleep};
use crate::http::{Answer, encode};
use crate::oidc::text::printable;
use crate::{Error, Kind, Secret};

/// What is asked for, as AWS calls it.
const ACTION: &str = "sso:GetRoleCredentials";

impl Client<'_> {
    /// Takes the credentials of the profile's permission set.
    ///
    /// # Errors
    /// When the login has ended, the permission set is not the user's, or there is no answer.
    pub fn role_credentials(&self, token: &Token, sleep: Sleep<'_>) -> Result<Credentials, Error> {
        let passes = |failed: &Failed| match failed {
            Failed::Refused(fault) => fault.is_trouble() || fault.code == "TooManyRequestsException",
            Failed::Other(_) => false,
        };
        let answer = retry::repeat(sleep, passes, || self.ask_portal(token)).map_err(|failed| match failed {
            Failed::Refused(fault) => self.denied(&fault),
            Failed::Other(error) => error,
        })?;
        read(&answer)
    }

    fn ask_portal(&self, token: &Token) -> Result<Answer, Failed> {
        let query = encode(&[
            ("account_id", &self.settings.account_id),
            ("role_name", &self.settings.permission_set),
        ]);
        let url = self.portal.at(&format!("/federation/credentials?{query}"));
        let header = ("x-amz-sso_bearer_token", token.access_token.expose());
        let answer = self.http.get(&url, &[header]).map_err(Failed::Other)?;
        match Fault::of_json(&answer, &token.access_token) {
            Some(fault) => Err(Failed::Refused(fault)),
            None => Ok(answer),
        }
    }

    /// Source: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html#API_GetRoleCredentials_Errors>
    fn denied(&self, fault: &Fault) -> Error {
        let account = printable(&self.settings.account_id, 20);
        let set = printable(&self.settings.permission_set, 40);
        let (kind, advice) = match (fault.code.as_str(), fault.status) {
            _ if fault.is_trouble() => return fault.trouble(ACTION),
            ("TooManyRequestsException", _) => return fault.trouble(ACTION),
            ("UnauthorizedException", _) | (_, 401) => (
                Kind::Interaction,
                "the login at IAM Identity Center has ended; sign in again with `credential-process --login`"
                    .to_owned(),
            ),
            ("ForbiddenException" | "ResourceNotFoundException", _) | (_, 403 | 404) => (
                Kind::Federation,
                format!(
                    "have the permission set {set} in the account {account} assigned to you, or correct `idc_account_id` and \
                     `idc_permission_set_name` in config.json"
                ),
            ),
            _ => (
                Kind::Config,
                format!("look at `idc_account_id` ({account}) and `idc_permission_set_name` ({set}) in config.json"),
            ),
        };
        Error::new(kind, fault.spoken(ACTION)).advise(advice)
    }
}

fn read(answer: &Answer) -> Result<Credentials, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Raw {
        role_credentials: Keys,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Keys {
        access_key_id: String,
        secret_access_key: Secret,
        session_token: Secret,
        /// Milliseconds since 1970.
        expiration: i64,
    }
    let keys = answer.json::<Raw>("IAM Identity Center")?.role_credentials;
    let end = Timestamp::from_millisecond(keys.expiration).map_err(|_| {
        Error::new(
            Kind::Network,
            "IAM Identity Center gave credentials whose end is no time",
        )
        .advise("try again")
    })?;
    Ok(Credentials {
        access_key_id: keys.access_key_id,
        secret: keys.secret_access_key,
        session_token: keys.session_token,
        expiration: Some(end),
    })
}
