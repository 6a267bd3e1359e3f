//! Tokens of a provider. The properties are those of `cargo test`.
#![no_main]
#![allow(dead_code, reason = "each target takes one of the properties")]

#[path = "../../crates/client/tests/parsing/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &str| properties::jwt(text));
