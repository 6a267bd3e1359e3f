//! What a developer must configure: Claude Code's settings, the AWS CLI's profile, the shell environment.

mod bundle;
mod capabilities;
mod client;
mod error;
#[cfg(test)]
pub(crate) mod fixtures;
mod identity;
mod least_version;
mod outputs;
mod pins;
mod planner;
mod roster;
mod shared;
mod terraform;
mod text;

#[cfg(test)]
mod tests;

pub use bundle::write_bundles;
pub use error::Error;
pub use identity::{Identity, identities, sections, trusted};
pub use outputs::{Need, Outputs};
pub use planner::{Configuration, Options, Planner};
pub use roster::choose;
pub use shared::shared_environment;
pub use terraform::read_outputs;
pub use text::{Format, aws_config, environment, human, json_close, json_developer, json_open, settings};
