//! Which programs these are.

/// Their version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that they are built from, where the build knew it: `build.rs` says when.
pub const COMMIT: Option<&str> = option_env!("CLIENT_COMMIT");

/// The line that a program says of itself: its name, the version, and the commit in parentheses. Source: the installations that
/// exist.
pub fn line(program: &str) -> String {
    format!("{program} {VERSION} ({})", COMMIT.unwrap_or("commit unknown"))
}
