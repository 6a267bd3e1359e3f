//! Which credentials are whose: asked before anything else, and a stranger's stop the run.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::args::CredentialArgs;
use crate::aws::{ConnectError, Endpoint, Journal, Source, connect};
use crate::outcome::Failure;
use crate::steps::word;
use crate::verify::{Accounts, From};

/// Credentials with which nothing is looked at.
#[derive(Debug)]
pub enum Fault {
    /// There are none of that name, or they are of an account that the deployment does not have, or of another one than they
    /// were given for.
    Wrong(String),
    /// They could not be used.
    Other(String),
}

impl std::convert::From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Other(message) => Self::Failed(anyhow::Error::msg(message)),
            Fault::Wrong(message) => Self::Usage(message),
        }
    }
}

/// Credentials, and the account that they were given for; `None` takes any of the deployment.
struct Given {
    source: Source,
    meant: Option<From>,
    /// How they were named: completes "the credentials of …".
    named: String,
}

fn given(options: &CredentialArgs, needed: &BTreeSet<From>) -> Vec<Given> {
    let one = |profile: &Option<String>, role_arn: &Option<String>, meant, prefix: &str| {
        let option = |name: &str, value: &Option<String>| {
            let value = value.as_ref()?;
            Some(format!("`--{prefix}{name} {}`", word(value)))
        };
        let named: Vec<String> = [option("profile", profile), option("role-arn", role_arn)]
            .into_iter()
            .flatten()
            .collect();
        (!named.is_empty()).then(|| Given {
            source: Source {
                profile: profile.clone(),
                role_arn: role_arn.clone(),
            },
            meant,
            named: named.join(" with "),
        })
    };
    let management = one(
        &options.management_profile,
        &options.management_role_arn,
        Some(From::Management),
        "management-",
    );
    let center = one(
        &options.identity_center_profile,
        &options.identity_center_role_arn,
        Some(From::IdentityCenter),
        "identity-center-",
    );
    let payer = one(
        &options.payer_profile,
        &options.payer_role_arn,
        Some(From::Payer),
        "payer-",
    );
    let named = one(&options.profile, &options.role_arn, None, "");
    // Without a name it is the SDK's own order, unless the others are all that is needed.
    let others: BTreeSet<From> = [management.as_ref(), center.as_ref(), payer.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|given| given.meant)
        .collect();
    let is_needed = others.is_empty() || needed.contains(&From::Workload);
    let own = named.or_else(|| {
        is_needed.then(|| Given {
            source: Source::default(),
            meant: None,
            named: default_credentials(),
        })
    });
    [own, management, center, payer].into_iter().flatten().collect()
}

/// Finds out whose the credentials are, and connects the accounts that they are of. On a fault none is connected.
///
/// # Errors
/// See [`Fault`].
pub async fn connect_all(
    accounts: &mut Accounts,
    options: &CredentialArgs,
    needed: &BTreeSet<From>,
    endpoint: &Endpoint,
) -> Result<(), Fault> {
    // Nothing of AWS is asked where everything is on this machine.
    if needed.iter().all(|from| *from == From::Machine) {
        return Ok(());
    }
    let mut connected = Vec::new();
    for given in given(options, needed) {
        let account = connect(&given.source, endpoint, &Journal::default())
            .await
            .map_err(|error| {
                let message = format!("the credentials of {}: {error}", given.named);
                match error {
                    ConnectError::NoProfile { .. } => Fault::Wrong(message),
                    ConnectError::Environment(_) | ConnectError::Trouble(_) => Fault::Other(message),
                }
            })?;
        let roles = accounts.roles(&account.id);
        let is_right = match given.meant {
            None => !roles.is_empty(),
            // Without an organization in the file, whoever names the management account knows it.
            Some(From::Management) if !accounts.ids.contains_key(&From::Management) => {
                account.id != accounts.ids.get(&From::Workload).map_or("", String::as_str)
            }
            Some(meant) => roles.contains(&meant),
        };
        if !is_right {
            return Err(Fault::Wrong(wrong(accounts, &given, &account.id, &account.caller)));
        }
        if let Some(meant) = given.meant {
            accounts.ids.entry(meant).or_insert_with(|| account.id.clone());
        }
        connected.push(account);
    }
    for account in connected {
        accounts
            .connected
            .entry(account.id.clone())
            .or_insert_with(|| Rc::new(account));
    }
    Ok(())
}

fn wrong(accounts: &Accounts, given: &Given, account: &str, caller: &str) -> String {
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, id) in &accounts.ids {
        if given.meant.is_none_or(|meant| meant == *from) {
            expected.entry(id).or_default().push(from.word());
        }
    }
    let expected: Vec<String> = expected
        .into_iter()
        .map(|(id, roles)| format!("{id} ({})", roles.join(", ")))
        .collect();
    let expected = match expected.as_slice() {
        [] => "the management account".to_owned(),
        expected => expected.join(" or "),
    };
    format!(
        "the credentials of {} are of the account {account}, as {caller}; expected {expected}. Nothing else was called",
        given.named
    )
}

/// What the SDK takes where no option names credentials.
fn default_credentials() -> String {
    match std::env::var("AWS_PROFILE") {
        Ok(profile) if !profile.is_empty() && std::env::var_os("AWS_ACCESS_KEY_ID").is_none() => {
            format!("AWS_PROFILE={}", word(&profile))
        }
        _ => "the environment or the default profile".to_owned(),
    }
}
