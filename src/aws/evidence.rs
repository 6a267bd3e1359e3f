//! What was called: the evidence behind a result.

use std::cell::RefCell;
use std::rc::Rc;

use jiff::Timestamp;
use serde::Serialize;

/// One call of AWS and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Service and operation, as `organizations:DescribePolicy`.
    pub operation: &'static str,
    /// Account whose credentials were used.
    pub account_id: String,
    /// AWS's id of the request, where it gave one.
    pub request_id: Option<String>,
    /// When the answer came.
    pub time: Timestamp,
    /// `ok`, or AWS's code of the error.
    pub answer: String,
}

/// The calls of one check in their order. Clones share the record.
#[derive(Debug, Clone, Default)]
pub struct Journal(Rc<RefCell<Vec<Evidence>>>);

impl Journal {
    /// Adds a call.
    pub fn add(&self, evidence: Evidence) {
        self.0.borrow_mut().push(evidence);
    }

    /// Adds the calls that another check made and this one relies on.
    pub fn extend(&self, calls: &[Evidence]) {
        self.0.borrow_mut().extend_from_slice(calls);
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Evidence> {
        self.0.borrow().clone()
    }
}
