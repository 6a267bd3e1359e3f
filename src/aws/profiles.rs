//! The profiles of the AWS CLI on this machine, as the SDK itself reads them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use aws_config::profile::{ProfileFileLoadError, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

/// The profiles and SSO sessions of `~/.aws/config` and `~/.aws/credentials`, or of the files that the environment
/// names. A file that does not exist has none.
///
/// # Errors
/// When a file cannot be read, or is not of the format.
pub async fn profiles(
    environment: &BTreeMap<String, String>,
    home: Option<&Path>,
) -> Result<ProfileSet, ProfileFileLoadError> {
    let mut variables: HashMap<String, String> = environment.clone().into_iter().collect();
    if let Some(home) = home {
        for name in ["HOME", "USERPROFILE"] {
            variables.insert(name.to_owned(), home.display().to_string());
        }
    }
    aws_config::profile::load(&Fs::real(), &Env::from(variables), &EnvConfigFiles::default(), None).await
}
