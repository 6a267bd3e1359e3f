//! Sets up the components under `target/real/` and runs them.

pub mod corpus;
