//! What is open that should not be, one rule a file.

mod access_key;
mod function_url;
mod literal_password;
mod metadata;
mod open_port;
mod plain_http;
mod public_bucket;
mod public_database;
mod secret;
mod trail;

use findings::Rule;

use crate::bedrock::Check;

/// The rules, and what looks for each.
pub(crate) static ALL: [(&Rule, Check); 10] = [
    (&access_key::RULE, access_key::check),
    (&function_url::RULE, function_url::check),
    (&literal_password::RULE, literal_password::check),
    (&metadata::RULE, metadata::check),
    (&open_port::RULE, open_port::check),
    (&plain_http::RULE, plain_http::check),
    (&public_bucket::RULE, public_bucket::check),
    (&public_database::RULE, public_database::check),
    (&secret::RULE, secret::check),
    (&trail::RULE, trail::check),
];
