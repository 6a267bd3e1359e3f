//! When the quota was last asked about. The file is that of existing installations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Found, disk};
use crate::credentials::json;
use crate::error::Error;
use crate::paths::ProfilePaths;

#[derive(Serialize, Deserialize)]
struct State {
    /// Seconds of Unix time.
    last_check_unix: i64,
}

/// When the quota was last asked about.
pub fn load(paths: &ProfilePaths) -> Found<Timestamp> {
    disk::read(&paths.quota_state).and_then(paths.quota_state.display(), |text| {
        let state: State = serde_json::from_str(&text).ok()?;
        Timestamp::from_second(state.last_check_unix).ok()
    })
}

/// Whether it must be asked about again: it never was, so many minutes have gone by, or the last time lies in the future, where
/// a clock that was wrong once would keep it for ever.
pub fn is_due(last: Option<Timestamp>, now: Timestamp, minutes: u32) -> bool {
    let interval = jiff::SignedDuration::from_mins(i64::from(minutes));
    last.is_none_or(|last| last > now || now.duration_since(last) >= interval)
}

/// Keeps the time.
///
/// # Errors
/// When the file cannot be written.
pub fn save(paths: &ProfilePaths, now: Timestamp) -> Result<(), Error> {
    let text = json(&State {
        last_check_unix: now.as_second(),
    })?;
    disk::write(&paths.quota_state, text.as_bytes())
}
