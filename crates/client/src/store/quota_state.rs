//! When the quota was last asked about, and what of it was shown. The file is that of existing installations, with fields of ours
//! that they leave alone.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Found, disk};
use crate::credentials::json;
use crate::error::Error;
use crate::paths::ProfilePaths;

/// After this time a warning that was shown is shown again, and a block.
const WARN_AGAIN: SignedDuration = SignedDuration::from_hours(24);
const BLOCK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// For so long a service that gave no answer is not asked again: a hundred programs would each wait for it, one after the other.
const SILENCE: SignedDuration = SignedDuration::from_secs(60);

/// What is known of the quota since the last run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// When it last allowed credentials.
    pub checked: Option<Timestamp>,
    /// Until when nobody asks again, since there was no answer and the deployment goes on without one.
    pub silent_until: Option<Timestamp>,
    /// What was last shown in the browser.
    pub shown: Option<Shown>,
}

/// What was shown in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// How bad it was.
    pub level: Level,
    /// When.
    pub at: Timestamp,
}

/// How much of the quota is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Less than is worth a word.
    Low,
    /// From 80 per cent.
    High,
    /// From 90 per cent.
    Higher,
    /// All of it, and yet nobody is blocked.
    Full,
    /// Nobody gets credentials.
    Blocked,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Seconds of Unix time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_check_unix: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    silent_until_unix: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown_level: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown_unix: Option<i64>,
}

impl State {
    /// Whether a service that gave no answer is left alone for now. A time that lies further ahead than it is ever set is that of a
    /// clock that was wrong.
    pub fn is_silent(&self, now: Timestamp) -> bool {
        self.silent_until
            .is_some_and(|until| now < until && until.duration_since(now) <= SILENCE)
    }

    /// Leaves the service alone for a minute.
    pub fn silence(&mut self, now: Timestamp) {
        self.silent_until = now.checked_add(SILENCE).ok();
    }

    /// Whether a page about this is to be shown now. It is remembered: many runs in a row would open as many tabs. Less use than
    /// was shown begins anew.
    pub fn shows(&mut self, level: Level, now: Timestamp) -> bool {
        if level == Level::Low {
            self.shown = None;
            return false;
        }
        let again = match level {
            Level::Blocked => BLOCK_AGAIN,
            _ => WARN_AGAIN,
        };
        let known = self
            .shown
            .is_some_and(|shown| level <= shown.level && shown.at <= now && now.duration_since(shown.at) < again);
        if !known {
            self.shown = Some(Shown { level, at: now });
        }
        !known
    }
}

/// What is known.
pub fn load(paths: &ProfilePaths) -> Found<State> {
    disk::read(&paths.quota_state).and_then(paths.quota_state.display(), |text| {
        let kept: Kept = serde_json::from_str(&text).ok()?;
        let time = |seconds: Option<i64>| seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let state = State {
            checked: time(kept.last_check_unix),
            silent_until: time(kept.silent_until_unix),
            shown: kept
                .shown_level
                .zip(time(kept.shown_unix))
                .map(|(level, at)| Shown { level, at }),
        };
        (state != State::default()).then_some(state)
    })
}

/// Whether it must be asked about again: it never was, so many minutes have gone by, or the last time lies in the future, where
/// a clock that was wrong once would keep it for ever.
pub fn is_due(last: Option<Timestamp>, now: Timestamp, minutes: u32) -> bool {
    let interval = SignedDuration::from_mins(i64::from(minutes));
    last.is_none_or(|last| last > now || now.duration_since(last) >= interval)
}

/// Keeps it.
///
/// # Errors
/// When the file cannot be written.
pub fn save(paths: &ProfilePaths, state: &State) -> Result<(), Error> {
    let text = json(&Kept {
        last_check_unix: state.checked.map(Timestamp::as_second),
        silent_until_unix: state.silent_until.map(Timestamp::as_second),
        shown_level: state.shown.map(|shown| shown.level),
        shown_unix: state.shown.map(|shown| shown.at.as_second()),
    })?;
    disk::write(&paths.quota_state, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_page_is_shown_once_for_each_step_and_again_after_a_while() {
        let mut state = State::default();
        let noon = at("2026-11-26T12:00:00Z");
        assert!(!state.shows(Level::Low, noon));
        assert!(state.shows(Level::High, noon));
        assert!(!state.shows(Level::High, at("2026-11-27T11:59:59Z")));
        assert!(state.shows(Level::Full, at("2026-11-26T12:00:01Z")));
        assert!(!state.shows(Level::Higher, at("2026-11-26T12:00:02Z")));
        assert!(state.shows(Level::Blocked, at("2026-11-26T12:00:03Z")));
        assert!(!state.shows(Level::Blocked, at("2026-11-26T13:00:02Z")));
        assert!(state.shows(Level::Blocked, at("2026-11-26T13:00:03Z")));
        assert!(!state.shows(Level::Low, noon));
        assert!(state.shows(Level::High, noon));
        // A clock that went wrong keeps nothing from being shown.
        assert!(state.shows(Level::High, at("2026-11-26T11:00:00Z")));
    }
}
