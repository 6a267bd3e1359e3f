//! Renews the data files that the crates embed. Run by people, never by a build: `cargo run -p refresh -- --help`.

fn main() {}
