//! One file per command: what it does, in terms of the rooms.

pub mod prove;
