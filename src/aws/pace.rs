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
        if self.is_limited {
            tokio::time::sleep_until(self.slot(pace, Instant::now())).await;
        }
    }

    /// Takes the next time at which a call of the group may start, now or later.
    fn slot(&self, pace: &'static Pace, now: Instant) -> Instant {
        let mut next = self.next.borrow_mut();
        let slot = next.get(pace.group).copied().map_or(now, |next| next.max(now));
        next.insert(pace.group, slot + Duration::from_secs(1) / pace.per_second.max(1));
        slot
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

    #[test]
    fn the_calls_of_a_group_keep_their_distance_and_groups_do_not_wait_for_each_other() {
        let limits = Paces::new(true);
        let now = Instant::now();
        let half = Duration::from_millis(500);
        assert_eq!(limits.slot(&SLOW, now), now);
        assert_eq!(limits.slot(&FAST, now), now);
        assert_eq!(limits.slot(&SLOW, now), now + half);
        assert_eq!(limits.slot(&SLOW, now), now + 2 * half);
        // Nobody saves up calls by not making them.
        let later = now + 20 * half;
        assert_eq!(limits.slot(&SLOW, later), later);
        assert_eq!(limits.slot(&SLOW, later), later + half);
    }
}
