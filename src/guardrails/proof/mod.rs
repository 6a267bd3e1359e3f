//! What must be proven of a deployment's documents: a table of requests and their expected verdicts.
//!
//! The rows follow from the deployment alone, never from the documents; so a document that lost a statement fails.

mod alerts;
mod buckets;
pub(super) mod case;
mod delivery;
mod deploy;
mod forbidden;
mod guardrail;
mod invocation;
mod needed;
mod open;
mod operate;
pub(super) mod people;
mod protected;
mod tampering;
mod tokens;
mod trust;

use std::collections::BTreeMap;
use std::fmt;

use self::case::Prover;
use super::documents::Documents;
use crate::deployment::model::Deployment;

/// What a row is about; rows are grouped by it, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// Allowed models can be invoked.
    Invocation,
    /// Nothing else can be invoked, by the people's own policies.
    Limits,
    /// What people may do beside invoking.
    Operation,
    /// The guardrail is an obligation.
    Guardrail,
    /// Who may assume a role, under which name.
    Trust,
    /// Logs and notifications arrive, and only our own.
    Delivery,
    /// What the SCP denies to everybody in the account.
    Account,
    /// What the SCP denies to everybody but the deploy principals.
    Tampering,
    /// Nobody becomes a deploy principal.
    Takeover,
    /// What the SCP leaves possible.
    Open,
    /// Terraform can do its work with the SCP attached.
    Deploy,
}

impl Theme {
    /// Stable name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Invocation => "invocation",
            Self::Limits => "limits",
            Self::Operation => "operation",
            Self::Guardrail => "guardrail",
            Self::Trust => "trust",
            Self::Delivery => "delivery",
            Self::Account => "account",
            Self::Tampering => "tampering",
            Self::Takeover => "takeover",
            Self::Open => "open",
            Self::Deploy => "deploy",
        }
    }

    /// Whether its rows are about the SCP: what they show holds only where it is attached.
    pub fn is_about_scp(self) -> bool {
        matches!(
            self,
            Self::Account | Self::Tampering | Self::Takeover | Self::Open | Self::Deploy
        )
    }

    /// Heading for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Invocation => "The allowed models can be invoked",
            Self::Limits => "People's own policies allow no other invocation",
            Self::Operation => "What people may do beside invoking",
            Self::Guardrail => "The guardrail is an obligation",
            Self::Trust => "Who may assume a role, and under which name",
            Self::Delivery => "Logs and notifications arrive, and only this deployment's",
            Self::Account => "The SCP holds for administrators of the account",
            Self::Tampering => "Only deploy principals touch what is protected",
            Self::Takeover => "Nobody else becomes a deploy principal",
            Self::Open => "What the SCP leaves possible",
            Self::Deploy => "Terraform can do its work with the SCP attached",
        }
    }
}

/// Something that the table cannot show, because the deployment file leaves it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotProven {
    /// What the missing rows would be about.
    pub theme: Theme,
    /// Why there are none.
    pub reason: String,
}

/// What is missing from the table of this deployment: without `deploy` nobody is exempt, so the SCP protects nothing; and
/// roles of accounts in which nothing of the deployment is have nothing to be asked about.
pub fn not_proven(d: &Deployment) -> Vec<NotProven> {
    if d.deploy.is_some() {
        let strangers = deploy::strangers(d);
        let missing = strangers.into_iter().map(|(pattern, accounts)| NotProven {
            theme: Theme::Deploy,
            reason: format!(
                "`{pattern}` is exempt and matches no role of {}, where all of this deployment is; what it may do in its \
                 own account is not looked at",
                accounts.join(", ")
            ),
        });
        return missing.collect();
    }
    [
        (
            Theme::Tampering,
            "no `deploy` block, so scp.json protects nothing: administrators of the account can switch logging off, \
             delete records, and change what this deployment made",
        ),
        (
            Theme::Takeover,
            "no `deploy` block, so no role is exempt, and none is protected",
        ),
    ]
    .map(|(theme, reason)| NotProven {
        theme,
        reason: reason.to_owned(),
    })
    .to_vec()
}

/// Whether this deployment attaches the SCP, in words, and how that is done.
pub fn scp_attached(d: &Deployment) -> Result<&'static str, &'static str> {
    if d.organization.is_some() {
        Ok("attached by terraform/organization")
    } else {
        Err("not attached by this deployment")
    }
}

/// What a request must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expected {
    /// It must be allowed.
    Allow,
    /// It must be denied.
    Deny,
}

/// What a request comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is allowed.
    Allow,
    /// It is denied.
    Deny,
    /// It depends on something that the request does not settle: counts as failed.
    Undetermined,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Undetermined => "undetermined",
        })
    }
}

/// A proof: one request, what it must come to and what it does come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub theme: Theme,
    /// Who asks, in words: `developer`, `deploy principal`.
    pub principal: String,
    /// ARN, service principal or account of who asks.
    pub caller: String,
    /// `service:Operation`.
    pub action: String,
    /// ARN of the resource, or `*`.
    pub resource: String,
    /// Condition keys of the request; `None` says that the request does not carry the key.
    pub context: BTreeMap<String, Option<Vec<String>>>,
    /// What it must come to.
    pub expected: Expected,
    /// What it comes to.
    pub verdict: Verdict,
    /// The statements that decide it, or the layer that does not allow it.
    pub decided_by: String,
    /// Why it must come to that.
    pub reason: String,
}

impl Row {
    /// Whether the verdict is the expected one.
    pub fn holds(&self) -> bool {
        matches!(
            (self.expected, self.verdict),
            (Expected::Allow, Verdict::Allow) | (Expected::Deny, Verdict::Deny)
        )
    }
}

/// The proof table of these documents for this deployment, grouped by theme.
///
/// Where no organization is known, people's rows are evaluated without the SCP; the rows about the SCP itself show
/// what it does once somebody attaches it.
pub fn prove(d: &Deployment, documents: &Documents) -> Vec<Row> {
    let mut prover = Prover::new(d, documents);
    cases(d).into_iter().map(|case| prover.row(case)).collect()
}

/// Whether a row notices that this file is another one than the deployment's.
#[cfg(test)]
pub fn notices(d: &Deployment, cases: &[case::Case], documents: &Documents, file: &str) -> bool {
    let mut prover = Prover::new(d, documents);
    cases.iter().filter(|case| case.stack.uses(file)).any(|case| {
        let decision = prover.decide(case);
        match case.expected {
            Expected::Allow => !decision.is_allowed(),
            Expected::Deny => !decision.is_denied(),
        }
    })
}

/// The rows before they are evaluated.
pub(super) fn cases(d: &Deployment) -> Vec<case::Case> {
    let mut cases = Vec::new();
    invocation::cases(d, &mut cases);
    forbidden::cases(d, &mut cases);
    operate::cases(d, &mut cases);
    guardrail::cases(d, &mut cases);
    trust::cases(d, &mut cases);
    delivery::cases(d, &mut cases);
    alerts::cases(d, &mut cases);
    tampering::cases(d, &mut cases);
    open::cases(d, &mut cases);
    deploy::cases(d, &mut cases);
    cases.sort_by_key(|case| case.theme);
    cases
}
