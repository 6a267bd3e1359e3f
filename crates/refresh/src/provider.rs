//! The real Terraform with the real AWS provider, in a directory of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use tempfile::TempDir;
use terraform::schema::{AWS_SOURCE, AWS_VERSION};

/// A directory in which Terraform has been initialised with the AWS provider.
pub struct Root(TempDir);

impl Root {
    /// Initialises one. The provider comes from where the CLI configuration of Terraform says: a mirror or the registry.
    pub fn new() -> anyhow::Result<Self> {
        let root = Self(tempfile::tempdir().context("no temporary directory can be made")?);
        let text = format!(
            "terraform {{\n  required_providers {{\n    aws = {{\n      source  = \"hashicorp/aws\"\n      version = \"{AWS_VERSION}\"\n    }}\n  }}\n}}\n\nresource \"terraform_data\" \"builtin\" {{}}\n"
        );
        std::fs::write(root.path().join("main.tf"), text).context("the root cannot be written")?;
        root.terraform(&["init", "-backend=false", "-input=false", "-no-color"])?;
        Ok(root)
    }

    /// Its place.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The provider's program.
    pub fn provider(&self) -> anyhow::Result<PathBuf> {
        let version = self
            .path()
            .join(".terraform/providers")
            .join(AWS_SOURCE)
            .join(AWS_VERSION);
        std::fs::read_dir(&version)
            .with_context(|| format!("{} cannot be listed", version.display()))?
            .flatten()
            .filter_map(|platform| std::fs::read_dir(platform.path()).ok())
            .flat_map(|files| files.flatten())
            .map(|file| file.path())
            .find(|path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("terraform-provider-aws"))
            })
            .with_context(|| format!("{} holds no provider", version.display()))
    }

    /// Runs Terraform in it and returns what it prints.
    pub fn terraform(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("terraform")
            .args(arguments)
            .current_dir(self.path())
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .context("terraform could not be started; install Terraform 1.11 or newer and put it on PATH")?;
        if !output.status.success() {
            bail!(
                "`terraform {}` ended with {}:\n{}",
                arguments.join(" "),
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        String::from_utf8(output.stdout).context("terraform printed something that is not UTF-8")
    }
}

/// A file in the data directory of the crate `terraform`.
pub fn data_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../terraform/data")
        .join(name)
}
