//! Long-term API keys of Amazon Bedrock: IAM users of their own, who are no developers.

use aws_sdk_iam::types::ServiceSpecificCredentialMetadata;

use super::check;
use crate::aws::operations::iam::LIST_SERVICE_SPECIFIC_CREDENTIALS;
use crate::steps::word;
use crate::verify::check::{Check, From};
use crate::verify::probe::Seen;

const ID: &str = "onboarding-api-keys";
/// Bedrock, as IAM calls it in credentials.
const SERVICE: &str = "bedrock.amazonaws.com";
/// Commands that are shown.
const SHOWN: usize = 5;

pub fn api_keys() -> Check {
    check(ID, ID, From::Workload, "Nobody has a long-term Bedrock API key")
        .expects("no IAM user of the account has a key of Amazon Bedrock")
        .calls(&[&LIST_SERVICE_SPECIFIC_CREDENTIALS])
        .looks(|probe| async move {
            let pages = probe
                .pages(
                    &LIST_SERVICE_SPECIFIC_CREDENTIALS,
                    |account, token| {
                        account
                            .iam()
                            .list_service_specific_credentials()
                            .all_users(true)
                            .service_name(SERVICE)
                            .set_marker(token)
                            .send()
                    },
                    |page| page.marker().filter(|_| page.is_truncated()),
                )
                .await?;
            let keys: Vec<&ServiceSpecificCredentialMetadata> = pages
                .iter()
                .flat_map(|page| page.service_specific_credentials())
                .collect();
            Ok(judged(&keys))
        })
}

fn judged(keys: &[&ServiceSpecificCredentialMetadata]) -> Seen {
    if keys.is_empty() {
        return Seen::pass("there are none");
    }
    let named: Vec<String> = keys
        .iter()
        .map(|key| format!("{} ({})", key.user_name(), key.status()))
        .collect();
    let commands: Vec<String> = keys
        .iter()
        .take(SHOWN)
        .map(|key| {
            format!(
                "aws iam delete-service-specific-credential --user-name {} --service-specific-credential-id {}",
                word(key.user_name()),
                word(key.service_specific_credential_id())
            )
        })
        .collect();
    let more = match keys.len().checked_sub(SHOWN) {
        None | Some(0) => String::new(),
        Some(more) => format!(" (and {more} more)"),
    };
    Seen::fail(format!("keys of {}", named.join(", "))).next(format!("`{}`{more}", commands.join(" && ")))
}
