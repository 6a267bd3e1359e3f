//! The checklist.
