//! Reading the outputs by running Terraform in the workload root.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Error;

/// Programs that can read the state, in the order in which they are tried.
const PROGRAMS: [&str; 2] = ["terraform", "tofu"];

/// What `terraform output -json` prints for the root, with the Terraform (or OpenTofu) found on PATH.
///
/// # Errors
/// When the root does not exist, when there is no Terraform, when Terraform fails.
pub fn read_outputs(root: &Path) -> Result<String, Error> {
    if !root.is_dir() {
        return Err(Error::NoRoot {
            root: root.to_path_buf(),
        });
    }
    for program in PROGRAMS {
        let mut chdir = OsString::from("-chdir=");
        chdir.push(root);
        let run = Command::new(program)
            .arg(chdir)
            .args(["output", "-json", "-no-color"])
            .stdin(Stdio::null())
            .output();
        let output = match run {
            Ok(output) => output,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(source) => {
                return Err(Error::Io {
                    action: "run",
                    path: program.into(),
                    source,
                });
            }
        };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        return Err(failure(program, root, &output.status.to_string(), stderr));
    }
    Err(Error::NoTerraform {
        root: root.to_path_buf(),
    })
}

/// The kind of a failure, told from what Terraform printed.
fn failure(program: &str, root: &Path, status: &str, stderr: String) -> Error {
    let asks_for_init = [
        "initialization required",
        "Please run \"terraform init\"",
        "run \"tofu init\"",
    ]
    .iter()
    .any(|sign| stderr.contains(sign));
    if asks_for_init {
        return Error::NotInitialised {
            root: root.to_path_buf(),
            stderr,
        };
    }
    Error::Terraform {
        command: format!(
            "{program} -chdir={} output -json",
            crate::steps::word(&root.display().to_string())
        ),
        status: status.to_owned(),
        stderr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_that_does_not_exist_is_named() {
        let error = read_outputs(Path::new("nowhere/terraform/workload")).unwrap_err();
        insta::assert_snapshot!(error);
    }

    #[test]
    fn failures_are_told_apart() {
        let root = Path::new("terraform/workload");
        let init = "\nError: Backend initialization required, please run \"terraform init\"\n\nReason: Initial\n";
        let denied = "\nError: Failed to load state: AccessDenied\n";
        let texts =
            [init, denied].map(|stderr| failure("terraform", root, "exit status: 1", stderr.into()).to_string());
        insta::assert_snapshot!(texts.join("\n"));
    }
}
