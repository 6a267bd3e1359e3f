//! Forms of values for the JSON Schema: what an editor can check. The checks of tfgen itself say more.

use serde_json::{Value, json};

use crate::deployment::text::{LONGEST_TOPIC, RETENTION};

pub const NAME: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
pub const ACCOUNT: &str = "^[0-9]{12}$";
pub const REGION: &str = "^[a-z]{2}(-[a-z]+)+-[0-9]+$";
pub const DEVELOPER: &str = "^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$";
pub const MODEL: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
pub const INSTANCE: &str = "^arn:aws:sso:::instance/(sso)?ins-[A-Za-z0-9.-]{16}$";
pub const HTTPS: &str = "^https://";
pub const DURATION: &str = "^PT([0-9]+H)?([0-9]+M)?([0-9]+S)?$";
pub const KEY: &str = "^arn:aws:kms:";
pub const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
pub const VERSION: &str = r"^[0-9]+\.[0-9]+\.[0-9]+$";
pub const PRODUCT: &str = "^prod-[a-z0-9]{5,32}$";
pub const GEOGRAPHY: &str = "^(us|eu|au|jp|global)$";

/// What the label of a block must look like.
pub fn label(pattern: &str) -> Value {
    json!({"pattern": pattern})
}

/// What the name of a topic must look like.
pub fn topic() -> Value {
    json!({"pattern": "^[A-Za-z0-9_ !?.-]+$", "maxLength": LONGEST_TOPIC})
}

/// Exactly one of the ways in.
pub fn access_modes() -> Value {
    json!([{"required": ["identity_center"]}, {"required": ["roles"]}, {"required": ["federation"]}])
}

/// Blocks that need another one.
pub fn needs() -> Value {
    json!({"organization": ["deploy"], "analytics": ["logging"], "budgets": ["logging"]})
}

/// Days that CloudWatch takes.
pub fn retention() -> Value {
    json!(RETENTION)
}
