//! The developers' programs as they are shipped: what they are made of, and how they run where they can be run here. macOS alone
//! cannot be had: its programs are examined.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod arm;
mod files;
mod hit_path;
mod home;
mod windows;

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use real::paths;
use real::platforms::{LARGEST, PLATFORMS, Platform, Toolchain, build};

/// Builds once in each process, one after the other: each takes a processor by itself.
fn program(name: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    static BUILT: [OnceLock<PathBuf>; PLATFORMS.len()] = [const { OnceLock::new() }; PLATFORMS.len()];
    let at = PLATFORMS.iter().position(|platform| platform.name == name).unwrap();
    let path = BUILT[at].get_or_init(|| {
        let _guard = ONE_AT_A_TIME.lock();
        let platform = Platform::of_name(name).unwrap();
        let built = build(&Toolchain::install(&[platform]).unwrap(), platform).unwrap();
        assert!(built[0].size <= LARGEST);
        built[0].path.clone()
    });
    path.clone()
}

#[test]
fn no_program_names_a_place_of_this_machine() {
    let home = PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cargo");
    for platform in PLATFORMS {
        let bytes = fs::read(program(platform.name)).unwrap();
        for place in [&home, &paths::repository(), &paths::target()] {
            let place = place.as_os_str().as_encoded_bytes();
            let found = bytes.windows(place.len()).position(|window| window == place);
            assert_eq!(found, None, "{}", platform.name);
        }
    }
}
