//! Three-valued logic after Kleene: what is unknown only matters where it decides.

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    False,
    Unknown,
    True,
}

impl Truth {
    pub(super) fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.max(other)
    }

    pub(super) fn negated_if(self, negated: bool) -> Self {
        match (self, negated) {
            (Self::True, true) => Self::False,
            (Self::False, true) => Self::True,
            _ => self,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// Keys on which an unknown truth depends, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Open(Vec<String>);

impl Open {
    pub(super) fn push(&mut self, key: &str) {
        self.0.push(key.to_owned());
    }

    /// To be given back to [`Open::settle`].
    pub(super) fn mark(&self) -> usize {
        self.0.len()
    }

    /// Forgets the keys since `mark` if the truth turned out to be known after all.
    pub(super) fn settle(&mut self, mark: usize, truth: Truth) -> Truth {
        if truth != Truth::Unknown {
            self.0.truncate(mark);
        }
        truth
    }

    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.0)
    }
}
