//! The end of a login.

use super::{Client, Token};
use crate::federation::fault::Fault;
use crate::{Error, Kind};

/// What is asked for, as AWS calls it.
const ACTION: &str = "sso:Logout";

impl Client<'_> {
    /// Ends a login at the portal, for every program that has a copy of its token. One that has ended already is no failure.
    ///
    /// Source: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html>
    ///
    /// # Errors
    /// When there is no answer, or the portal refuses.
    pub fn sign_out(&self, token: &Token) -> Result<(), Error> {
        let header = ("x-amz-sso_bearer_token", token.access_token.expose());
        let answer = self.http.post(&self.portal.at("/logout"), &[header])?;
        match Fault::of_json(&answer, &token.access_token) {
            Some(fault) if answer.status != 401 && fault.code != "UnauthorizedException" => {
                Err(Error::new(Kind::Federation, fault.spoken(ACTION)))
            }
            None if answer.status >= 300 && answer.status != 401 => Err(Error::new(
                Kind::Network,
                format!("AWS answered {ACTION} with HTTP status {} and no reason", answer.status),
            )),
            _ => Ok(()),
        }
    }
}
