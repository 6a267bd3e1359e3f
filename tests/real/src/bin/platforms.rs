//! `cargo platforms [--out FOLDER] [PLATFORM…]`: the developers' programs for every platform, or for those that are named.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]
fn main() -> ExitCode {
    match linux::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("platforms: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
#[allow(clippy::print_stderr, reason = "it is a program")]
fn main() -> ExitCode {
    eprintln!("platforms: the programs are built on Linux, for every platform");
    ExitCode::FAILURE
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::PathBuf;

    use anyhow::{Context, Result, bail};
    use real::paths;
    use real::platforms::{PLATFORMS, Platform, Toolchain, build, copy_all};

    #[allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]
    pub fn run() -> Result<()> {
        let (out, platforms) = arguments()?;
        let toolchain = Toolchain::install(&platforms)?;
        let mut all = Vec::new();
        for platform in platforms {
            eprintln!("building for {} ({})", platform.name, platform.target);
            all.extend(build(&toolchain, platform)?);
        }
        copy_all(&all, &out)?;
        println!("{}", out.display());
        for built in &all {
            let name = built.platform.packaged(built.program);
            println!("{name:<34} {:>9} bytes  sha256 {}", built.size, built.sha256);
        }
        Ok(())
    }

    fn arguments() -> Result<(PathBuf, Vec<Platform>)> {
        let mut out = paths::target().join("platforms");
        let mut platforms = Vec::new();
        let mut arguments = std::env::args_os().skip(1);
        while let Some(argument) = arguments.next() {
            if argument == "--out" {
                out = arguments.next().context("--out needs a folder")?.into();
                continue;
            }
            let Some(platform) = argument.to_str().and_then(Platform::of_name) else {
                let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
                bail!(
                    "`{}` is no platform; they are {}",
                    argument.to_string_lossy(),
                    known.join(", ")
                );
            };
            platforms.push(platform);
        }
        if platforms.is_empty() {
            platforms.extend(PLATFORMS);
        }
        Ok((out, platforms))
    }
}
