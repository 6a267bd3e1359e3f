//! Requests to the loopback. The properties are those of `cargo test`.
#![no_main]
#![allow(dead_code, reason = "each target takes one of the properties")]

#[path = "../../crates/client/tests/parsing/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|head: &[u8]| properties::callback(head));
