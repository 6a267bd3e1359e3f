//! The quota in a run: it is asked about before credentials are taken, and about those that are kept after the interval.

use std::time::Duration;

use client_config::{FailMode, Quota};
use jiff::Timestamp;

use super::Session;
use crate::http::Http;
use crate::login::Person;
use crate::quota::check::{self, Caller, Cause, Outcome, Unknown};
use crate::quota::{Answer, banner, page};
use crate::store::quota_state::{self, Level};
use crate::store::{Place, session};
use crate::{Error, Kind};

impl Session<'_> {
    /// Whether the quota is to be asked about before what is kept is handed out.
    pub(super) fn is_due(&self) -> bool {
        self.profile.quota.as_ref().is_some_and(|quota| {
            let state = quota_state::load(self.files).ok().unwrap_or_default();
            let now = Timestamp::now();
            let is_left_alone = quota.fail_mode == FailMode::Open && state.is_silent(now);
            !is_left_alone && quota_state::is_due(state.checked, now, quota.interval)
        })
    }

    /// Asks about the quota. Without one in the profile nobody is asked.
    ///
    /// # Errors
    /// When it is used up, or nothing was found out and the deployment wants it known. A refusal takes away what is kept.
    pub(super) fn gate(&self, place: Place<'_>, caller: Caller<'_>, person: &mut dyn Person) -> Result<(), Error> {
        let Some(quota) = &self.profile.quota else {
            return Ok(());
        };
        let http = Http::new(Duration::from_secs(u64::from(quota.timeout.max(1))));
        let outcome = check::check(&http, quota, caller);
        match &outcome {
            Outcome::Allowed(answer) => self.remember(answer, person),
            Outcome::Blocked(answer) => {
                person.tell(&banner::block(answer));
                self.remember(answer, person);
                session::remove(self.files, place)?;
            }
            Outcome::Unknown(_) => self.leave_alone(person),
        }
        self.pass(quota, &outcome, person)
    }

    /// What it means that there is no token to ask with: the provider did not answer, or gave none that is believed, or cannot be
    /// asked as the profile is.
    pub(super) fn gate_without_answer(&self, error: &Error, person: &mut dyn Person) -> Result<(), Error> {
        let Some(quota) = &self.profile.quota else {
            return Ok(());
        };
        let outcome = Outcome::Unknown(Unknown {
            cause: match error.kind {
                Kind::Network => Cause::Unreachable,
                _ => Cause::Unauthenticated,
            },
            message: format!("there is no id_token with which it could be asked: {}", error.message),
            advice: error.advice.clone().unwrap_or_default(),
        });
        self.leave_alone(person);
        self.pass(quota, &outcome, person)
    }

    fn leave_alone(&self, person: &mut dyn Person) {
        let mut state = quota_state::load(self.files).ok().unwrap_or_default();
        state.silence(Timestamp::now());
        if let Err(error) = quota_state::save(self.files, &state) {
            person.debug(&error.to_string());
        }
    }

    fn pass(&self, quota: &Quota, outcome: &Outcome, person: &mut dyn Person) -> Result<(), Error> {
        let passed = outcome.judge(quota.fail_mode)?;
        if let Some(notice) = passed.notice {
            person.tell(&notice);
        }
        Ok(())
    }

    /// Keeps when the quota was asked about, and shows its page where that is due.
    fn remember(&self, answer: &Answer, person: &mut dyn Person) {
        let now = Timestamp::now();
        let mut state = quota_state::load(self.files).ok().unwrap_or_default();
        let level = level(answer);
        // What nobody read is said at the next run of somebody who can.
        let is_said = person.is_there() || level == Level::Low;
        if answer.allowed && is_said {
            state.checked = Some(now);
            state.silent_until = None;
        }
        if person.is_there() && state.shows(level, now) {
            person.show(page::html(answer));
        }
        if let Err(error) = quota_state::save(self.files, &state) {
            // It is only asked about earlier than need be.
            person.debug(&error.to_string());
        }
    }
}

fn level(answer: &Answer) -> Level {
    if !answer.allowed {
        return Level::Blocked;
    }
    let meters = answer.meters();
    let highest = meters.iter().filter_map(|meter| meter.percent()).fold(0.0, f64::max);
    match highest {
        percent if percent >= 100.0 => Level::Full,
        percent if percent >= 90.0 => Level::Higher,
        percent if percent >= 80.0 => Level::High,
        _ => Level::Low,
    }
}
