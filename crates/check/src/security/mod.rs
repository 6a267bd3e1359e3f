//! What is open that should not be, one rule a file.

mod access_key;
mod plain_http;
mod public_bucket;
mod secret;

use findings::Rule;

use crate::bedrock::Check;

/// The rules, and what looks for each.
pub(crate) static ALL: [(&Rule, Check); 4] = [
    (&access_key::RULE, access_key::check),
    (&plain_http::RULE, plain_http::check),
    (&public_bucket::RULE, public_bucket::check),
    (&secret::RULE, secret::check),
];
