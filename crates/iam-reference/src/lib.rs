//! The IAM reference: which services there are, which actions they have, on which resources an action acts and which
//! condition keys it knows.
//!
//! The data come from a public package that follows AWS's own service reference; `data/README.md` says which and under
//! which licence, and `cargo run -p refresh -- iam` renews them. They have a date ([`source()`]) and gaps: an action
//! that is missing here may exist. They are embedded compressed, service by service, and a service is unpacked when it
//! is first asked for.

mod index;
mod key;
mod service;

pub use index::{Source, global_key, global_keys, is_service, key_services, service, services, source};
pub use key::{Key, KeyType, ValueType};
pub use service::{AccessLevel, Action, ActionResource, ResourceType, Service};
