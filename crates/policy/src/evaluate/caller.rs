//! Who makes a request.

/// The principal of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// An IAM user, by ARN: `arn:aws:iam::111122223333:user/path/name`.
    User {
        /// ARN of the user.
        arn: String,
    },
    /// A session of a role.
    RoleSession {
        /// ARN of the role with its path: `arn:aws:iam::111122223333:role/path/name`.
        role_arn: String,
        /// ARN of the session: `arn:aws:sts::111122223333:assumed-role/name/session`.
        session_arn: String,
    },
    /// A session from `sts:GetFederationToken`: `arn:aws:sts::111122223333:federated-user/name`.
    FederatedUser {
        /// ARN of the session.
        arn: String,
    },
    /// The bearer of an identity provider's token or assertion, before it has a session: the caller of
    /// `sts:AssumeRoleWithWebIdentity` and `sts:AssumeRoleWithSAML`.
    Federated {
        /// What `Federated` names: the ARN of an OIDC or SAML provider, or a built-in provider's host name.
        provider: String,
    },
    /// An AWS service by its principal: `bedrock.amazonaws.com`.
    Service {
        /// The service principal.
        name: String,
    },
    /// The root user of an account.
    Root {
        /// The account: twelve digits.
        account_id: String,
    },
    /// Nobody in particular: an unsigned request.
    Anonymous,
}

impl Caller {
    /// An IAM user by ARN.
    pub fn user(arn: &str) -> Self {
        Self::User { arn: arn.to_owned() }
    }

    /// A session of a role; the session's ARN follows from the role's ARN (its path is dropped) and the name.
    pub fn role_session(role_arn: &str, session_name: &str) -> Self {
        let mut parts = role_arn.splitn(6, ':');
        let (_, partition, _, _, account) = (parts.next(), parts.next(), parts.next(), parts.next(), parts.next());
        let name = role_arn.rsplit('/').next().unwrap_or_default();
        Self::RoleSession {
            role_arn: role_arn.to_owned(),
            session_arn: format!(
                "arn:{}:sts::{}:assumed-role/{name}/{session_name}",
                partition.unwrap_or_default(),
                account.unwrap_or_default()
            ),
        }
    }

    /// A service by its principal.
    pub fn service(name: &str) -> Self {
        Self::Service { name: name.to_owned() }
    }

    /// The bearer of a token or assertion of this provider.
    pub fn federated(provider: &str) -> Self {
        Self::Federated {
            provider: provider.to_owned(),
        }
    }

    /// The root user of an account.
    pub fn root(account_id: &str) -> Self {
        Self::Root {
            account_id: account_id.to_owned(),
        }
    }

    /// The caller's account: none for services, identity providers and anonymous callers.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::User { arn } | Self::FederatedUser { arn } => account_of(arn),
            Self::RoleSession { role_arn, .. } => account_of(role_arn),
            Self::Root { account_id } => Some(account_id),
            Self::Federated { .. } | Self::Service { .. } | Self::Anonymous => None,
        }
    }

    /// Whether it is a session of a service-linked role, which no SCP restricts
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>).
    pub fn is_service_linked(&self) -> bool {
        match self {
            Self::RoleSession { role_arn, .. } => role_arn.contains(":role/aws-service-role/"),
            _ => false,
        }
    }
}

fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}
