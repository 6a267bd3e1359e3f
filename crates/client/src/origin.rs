//! What is kept belongs to a login and a role: where the configuration names others by now, it counts as nothing. A token would
//! otherwise go to whoever is configured today.

use client_config::{Access, Federation, Profile};
use ring::digest;

/// Bytes of the digest that are kept: enough for nobody to meet another by chance.
const LENGTH: usize = 16;

/// Marks of what is kept. They are digests, and empty where nothing is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Of tokens: whose they are, and for which application.
    pub login: String,
    /// Of credentials: the same, and what they were taken for.
    pub session: String,
}

impl Origin {
    /// The marks of what this profile brings.
    pub fn of(profile: &Profile) -> Self {
        let (login, session) = match &profile.access {
            Access::Oidc(oidc) => {
                let login = format!(
                    "{:?}",
                    (
                        oidc.provider.word(),
                        &oidc.domain,
                        &oidc.endpoints.issuer,
                        &oidc.endpoints.token,
                        &oidc.client_id,
                        &oidc.okta_server,
                        &oidc.user_pool,
                    )
                );
                let taken_for = match &oidc.federation {
                    Federation::Direct { role_arn, .. } => role_arn,
                    Federation::Cognito { identity_pool } => identity_pool,
                };
                (login, taken_for.clone())
            }
            Access::IdentityCenter(center) => (
                format!("{:?}", (&center.start_url, &center.region)),
                format!("{:?}", (&center.account_id, &center.permission_set)),
            ),
            Access::Ambient => return Self::default(),
        };
        let session = mark(&format!("{login}\n{session}"));
        Self {
            login: mark(&login),
            session,
        }
    }
}

/// Whether what bears this mark is that of the other. Earlier versions made none.
pub(crate) fn fits(kept: Option<&str>, wanted: &str) -> bool {
    kept.is_none_or(|kept| wanted.is_empty() || kept == wanted)
}

fn mark(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest
        .as_ref()
        .iter()
        .take(LENGTH)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
