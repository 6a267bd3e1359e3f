//! One module per command.

pub mod onboard;
