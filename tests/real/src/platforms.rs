//! The developers' programs for every platform, from one Linux machine.

mod build;
mod toolchain;

pub use build::{Built, LARGEST, build, copy_all};
pub use toolchain::Toolchain;

/// Programs that developers receive.
pub const PROGRAMS: [&str; 1] = ["credential-process"];

/// What developers' machines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    /// How installations call it. Source: the installations that exist.
    pub name: &'static str,
    /// How Rust calls it.
    pub target: &'static str,
}

/// Every platform. On Linux the programs are static, so that they start on any distribution.
pub const PLATFORMS: [Platform; 5] = [
    Platform {
        name: "linux-x64",
        target: "x86_64-unknown-linux-musl",
    },
    Platform {
        name: "linux-arm64",
        target: "aarch64-unknown-linux-musl",
    },
    Platform {
        name: "windows",
        target: "x86_64-pc-windows-gnu",
    },
    Platform {
        name: "macos-intel",
        target: "x86_64-apple-darwin",
    },
    Platform {
        name: "macos-arm64",
        target: "aarch64-apple-darwin",
    },
];

impl Platform {
    /// A platform by its name.
    pub fn of_name(name: &str) -> Option<Self> {
        PLATFORMS.into_iter().find(|platform| platform.name == name)
    }

    /// The oldest macOS that the platform's programs start on, which is the oldest that Rust supports; zig would demand its own.
    /// Source: <https://doc.rust-lang.org/rustc/platform-support/apple-darwin.html>
    pub fn oldest_macos(self) -> Option<&'static str> {
        match self.target {
            "x86_64-apple-darwin" => Some("10.12"),
            "aarch64-apple-darwin" => Some("11.0"),
            _ => None,
        }
    }

    /// The name of a program's file where it is built.
    fn file(self, program: &str) -> String {
        match self.target.contains("windows") {
            true => format!("{program}.exe"),
            false => program.to_owned(),
        }
    }

    /// The name of a program's file in a package.
    pub fn packaged(self, program: &str) -> String {
        self.file(&format!("{program}-{}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installations_know_the_names() {
        let names = PLATFORMS.map(|platform| platform.packaged("credential-process"));
        assert_eq!(
            names,
            [
                "credential-process-linux-x64",
                "credential-process-linux-arm64",
                "credential-process-windows.exe",
                "credential-process-macos-intel",
                "credential-process-macos-arm64",
            ]
        );
    }
}
