//! cargo, started by a test that cargo has started.

use std::ffi::OsString;
use std::process::Command;

use crate::paths;

/// cargo in the repository.
pub fn command() -> Command {
    let mut command = Command::new(program());
    as_if_by_hand(&mut command).current_dir(paths::repository());
    command
}

/// The cargo that runs, or the one on PATH.
pub fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Takes the variables away in which cargo describes the caller's own package. Build scripts that watch them, ring's for one, would
/// run anew, and everything above ring would be built once more.
pub fn as_if_by_hand(command: &mut Command) -> &mut Command {
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&variable);
        }
    }
    command
}
