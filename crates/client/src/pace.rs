//! When it is asked whether a code was confirmed on another device (RFC 8628), whoever is asked.

use std::time::{Duration, Instant};

use crate::error::{Error, Kind};

/// Time between two questions where the answer does not say it (RFC 8628 §3.2), and what `slow_down` adds (§3.5).
const STEP: Duration = Duration::from_secs(5);
/// Longest time between two questions.
const SLOWEST: Duration = Duration::from_secs(60);
/// Longest time for which a code may be good, in seconds: a slip of the one who gave it must not keep a program for days.
const LONGEST: u64 = 3600;
/// Questions in a row that may stay without an answer.
const PATIENCE: u32 = 5;

/// What a question brought.
#[derive(Debug)]
pub enum Poll<T> {
    /// The code was confirmed.
    Done(T),
    /// Not yet: ask again after this time, not earlier.
    Again(Duration),
}

/// The time between two questions.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Duration,
    unanswered: u32,
}

impl Pace {
    /// As whoever gave the code wants it, in seconds.
    pub(crate) fn new(interval: Option<u64>) -> Self {
        Self {
            interval: interval.map_or(STEP, |seconds| Duration::from_secs(seconds.max(1)).min(SLOWEST)),
            unanswered: 0,
        }
    }

    /// Time before the first question.
    pub(crate) fn interval(&self) -> Duration {
        self.interval
    }

    /// The code is not confirmed yet.
    pub(crate) fn pending<T>(&mut self) -> Poll<T> {
        self.unanswered = 0;
        Poll::Again(self.interval)
    }

    /// The questions came too fast.
    pub(crate) fn too_fast<T>(&mut self) -> Poll<T> {
        self.interval = (self.interval + STEP).min(SLOWEST);
        self.pending()
    }

    /// The question failed. Where that may pass it is asked again, and more slowly (RFC 8628 §3.5).
    ///
    /// # Errors
    /// The failure, when it is an answer, or the fifth in a row without one.
    pub(crate) fn failed<T>(&mut self, error: Error) -> Result<Poll<T>, Error> {
        self.unanswered += 1;
        if error.kind != Kind::Network || self.unanswered >= PATIENCE {
            return Err(error);
        }
        self.interval = (self.interval * 2).min(SLOWEST);
        Ok(Poll::Again(self.interval))
    }
}

/// For how long a code is good, of which so many seconds are told.
pub(crate) fn good_for(seconds: u64) -> Duration {
    Duration::from_secs(seconds.min(LONGEST))
}

/// Asks until the code is confirmed, first after this pause. `None` when the time is over.
///
/// # Errors
/// Those of the questions.
pub(crate) fn until_done<T>(
    first: Duration,
    longest: Duration,
    mut ask: impl FnMut() -> Result<Poll<T>, Error>,
) -> Result<Option<T>, Error> {
    let end = Instant::now() + longest;
    let mut pause = first;
    loop {
        if Instant::now() + pause > end {
            return Ok(None);
        }
        std::thread::sleep(pause);
        match ask()? {
            Poll::Done(done) => return Ok(Some(done)),
            Poll::Again(next) => pause = next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent() -> Error {
        Error::new(Kind::Network, "no answer")
    }

    fn seconds(poll: Poll<()>) -> u64 {
        match poll {
            Poll::Again(pause) => pause.as_secs(),
            Poll::Done(()) => panic!("nothing is done"),
        }
    }

    #[test]
    fn the_questions_come_as_the_rfc_has_it() {
        let mut pace = Pace::new(None);
        assert_eq!(pace.interval().as_secs(), 5);
        assert_eq!(seconds(pace.pending()), 5);
        assert_eq!(seconds(pace.too_fast()), 10);
        assert_eq!(seconds(pace.failed(silent()).unwrap()), 20);
        for _ in 0..20 {
            assert!(seconds(pace.too_fast()) <= 60);
        }
        for (told, taken) in [(0, 1), (7, 7), (u64::MAX, 60)] {
            assert_eq!(Pace::new(Some(told)).interval().as_secs(), taken);
        }
        assert_eq!(good_for(u64::MAX).as_secs(), LONGEST);
    }

    #[test]
    fn silence_is_borne_four_times_and_an_answer_begins_anew() {
        let mut pace = Pace::new(None);
        for _ in 0..2 {
            for _ in 1..PATIENCE {
                assert!(pace.failed::<()>(silent()).is_ok());
            }
            let _: Poll<()> = pace.pending();
        }
        assert!(pace.failed::<()>(Error::new(Kind::Login, "no")).is_err());
    }

    #[test]
    fn nobody_is_asked_once_the_time_is_over() {
        let longest = Duration::from_millis(5);
        let asked = until_done(Duration::from_secs(1), longest, || -> Result<Poll<()>, Error> {
            panic!("it was asked")
        });
        assert_eq!(asked, Ok(None));
        let done = until_done(Duration::ZERO, longest, || Ok(Poll::Done(7)));
        assert_eq!(done, Ok(Some(7)));
    }
}
