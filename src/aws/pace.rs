//! How often an operation is called: AWS's limits, kept by ourselves so that a run is not throttled and throttles nobody.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

/// A limit that operations share within an account and region.
#[derive(Debug, PartialEq)]
pub struct Pace {
    /// Name of the group.
    pub group: &'static str,
    /// Calls per second.
    pub per_second: u32,
}

impl Pace {
    /// Where AWS states no limit.
    pub const ORDINARY: Self = Self {
        group: "ordinary",
        per_second: 20,
    };
}

/// When the next call of each group may start.
#[derive(Debug)]
pub struct Paces {
    is_limited: bool,
    next: RefCell<BTreeMap<&'static str, Instant>>,
}

impl Paces {
    /// Limits as AWS states them, or none at all.
    pub fn new(is_limited: bool) -> Self {
        Self {
            is_limited,
            next: RefCell::default(),
        }
    }

    /// Waits until a call may start.
    pub async fn turn(&self, pace: &'static Pace) {
        if !self.is_limited {
            return;
        }
        let now = Instant::now();
        let slot = {
            let mut next = self.next.borrow_mut();
            let slot = next.get(pace.group).copied().map_or(now, |next| next.max(now));
            next.insert(pace.group, slot + Duration::from_secs(1) / pace.per_second.max(1));
            slot
        };
        tokio::time::sleep_until(slot).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SLOW: Pace = Pace {
        group: "slow",
        per_second: 2,
    };
    static FAST: Pace = Pace {
        group: "fast",
        per_second: 20,
    };

    /// The clock of these tests stands still but for the waits.
    fn elapsed(is_limited: bool, paces: &'static [&'static Pace]) -> Duration {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let start = Instant::now();
            let limits = Paces::new(is_limited);
            for pace in paces {
                limits.turn(pace).await;
            }
            start.elapsed()
        })
    }

    #[test]
    fn the_first_call_of_a_group_does_not_wait_and_the_others_keep_their_distance() {
        assert_eq!(elapsed(true, &[&SLOW, &FAST]), Duration::ZERO);
        let three = elapsed(true, &[&SLOW, &SLOW, &SLOW]);
        assert!(
            three >= Duration::from_secs(1) && three < Duration::from_millis(1100),
            "{three:?}"
        );
    }

    #[test]
    fn without_limits_nothing_waits() {
        assert_eq!(elapsed(false, &[&SLOW, &SLOW, &SLOW]), Duration::ZERO);
    }
}
