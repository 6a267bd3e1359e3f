//! A check as a value.

use std::fmt;
use std::pin::Pin;

use super::probe::{Probe, Seen};
use crate::aws::operations::bedrock::INVOKE_MODEL;
use crate::aws::{Operation, Trouble};
use crate::steps::Phase;

/// With whose credentials a check looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum From {
    /// The dedicated account.
    Workload,
    /// The organization's management account.
    Management,
    /// The account that manages Identity Center.
    IdentityCenter,
    /// The account that pays.
    Payer,
    /// This machine: nothing of AWS is asked.
    Machine,
}

impl From {
    /// Accounts of AWS, in the order in which they are shown.
    pub const ACCOUNTS: [Self; 4] = [Self::Workload, Self::Management, Self::IdentityCenter, Self::Payer];

    /// What it is in the deployment.
    pub fn word(self) -> &'static str {
        match self {
            Self::Workload => "dedicated",
            Self::Management => "management",
            Self::IdentityCenter => "Identity Center",
            Self::Payer => "payer",
            Self::Machine => "this machine",
        }
    }
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What looking came to.
pub type Looked = Pin<Box<dyn Future<Output = Result<Seen, Trouble>>>>;

/// A check.
pub struct Check {
    /// Unique: kebab case, the phase first; the step's own id where a step has one check.
    pub id: String,
    /// The step of the checklist that it is about.
    pub step: String,
    /// Its phase.
    pub phase: Phase,
    /// What is looked at.
    pub title: String,
    /// With whose credentials.
    pub from: From,
    /// What must be the case.
    pub expected: String,
    /// Every operation that it may call.
    pub operations: Vec<&'static Operation>,
    /// Those that it calls from another account, where that one's credentials are at hand.
    pub elsewhere: Vec<(From, &'static Operation)>,
    /// Checks that must pass before.
    pub needs: Vec<String>,
    /// Whether a deployment is complete without it.
    pub optional: bool,
    look: Box<dyn Fn(Probe) -> Looked>,
}

impl Check {
    /// A check that sees nothing yet: without [`Check::looks`] it is `unknown`.
    pub fn new(id: impl Into<String>, step: &str, phase: Phase, from: From, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            step: step.to_owned(),
            phase,
            title: title.into(),
            from,
            expected: String::new(),
            operations: Vec::new(),
            elsewhere: Vec::new(),
            needs: Vec::new(),
            optional: false,
            look: Box::new(|_| Box::pin(async { Ok(Seen::unknown("nothing was looked at")) })),
        }
    }

    /// The same check with what must be the case.
    pub fn expects(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// The same check with every operation that it may call.
    pub fn calls(mut self, operations: &[&'static Operation]) -> Self {
        self.operations.extend_from_slice(operations);
        self
    }

    /// The same check with operations that it calls from another account, where that one's credentials are at hand.
    pub fn calls_from(mut self, from: From, operations: &[&'static Operation]) -> Self {
        self.elsewhere
            .extend(operations.iter().map(|operation| (from, *operation)));
        self
    }

    /// Every operation that it may call, from whichever account.
    pub fn all_operations(&self) -> Vec<&'static Operation> {
        let elsewhere = self.elsewhere.iter().map(|(_, operation)| *operation);
        self.operations.iter().copied().chain(elsewhere).collect()
    }

    /// The same check, looked at only when another one passes.
    pub fn after(mut self, check: impl Into<String>) -> Self {
        self.needs.push(check.into());
        self
    }

    /// The same check, of something that a deployment is complete without.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The same check with its way to look.
    pub fn looks<F>(mut self, look: impl Fn(Probe) -> F + 'static) -> Self
    where
        F: Future<Output = Result<Seen, Trouble>> + 'static,
    {
        self.look = Box::new(move |probe| Box::pin(look(probe)));
        self
    }

    /// Whether it calls a model, which is billed and made on request only.
    pub fn calls_a_model(&self) -> bool {
        self.operations.contains(&&INVOKE_MODEL)
    }

    /// Looks.
    pub fn look(&self, probe: Probe) -> Looked {
        (self.look)(probe)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("id", &self.id).finish_non_exhaustive()
    }
}
