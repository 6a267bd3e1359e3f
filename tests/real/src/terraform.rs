//! The real Terraform with the real AWS provider.
//!
//! The provider comes from the first of: the folder in `TFGEN_PROVIDER_MIRROR`; a mirror folder that Terraform searches
//! by itself; an unpacked mirror near the top of the usual installation folders; the registry.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use anyhow::{Context, bail};

use crate::paths;

/// Environment variable that names a filesystem mirror: the folder that holds `registry.terraform.io/`.
pub const MIRROR_VARIABLE: &str = "TFGEN_PROVIDER_MIRROR";

/// Version of the AWS provider that the tests demand.
pub const PROVIDER_VERSION: &str = "5.100.0";

/// Why there is no output.
const MISSING: &str =
    "terraform could not be started; install Terraform 1.11 or newer and put it on PATH (see README, Prerequisites)";

/// A `terraform` command in `directory` that knows where the provider is and asks nobody anything.
///
/// It runs the provider that [`provider`] installed, without reading its 700 megabytes again to compare them with the lock file,
/// which is a second of each command. `init` does not know that and goes the way of a user, lock file included; where nothing but
/// modules has changed, `get` is enough.
///
/// # Errors
/// When `TFGEN_PROVIDER_MIRROR` names a folder without the provider, the provider cannot be installed, or the CLI configuration
/// cannot be written.
pub fn command(directory: &Path) -> anyhow::Result<Command> {
    Ok(with_config(directory, &cli_config()?))
}

fn with_config(directory: &Path, config: &Path) -> Command {
    let mut command = Command::new("terraform");
    command
        .current_dir(directory)
        .env("TF_CLI_CONFIG_FILE", config)
        .env("TF_IN_AUTOMATION", "1")
        .env("TF_INPUT", "0")
        .env("CHECKPOINT_DISABLE", "1")
        // Terraform and the provider spend a third of their time on collecting garbage that never fills the memory.
        .env("GOGC", "400")
        .env_remove("TF_LOG")
        .env_remove("TF_CLI_ARGS")
        .env_remove("TF_DATA_DIR")
        .env_remove("AWS_PROFILE");
    command
}

/// Runs Terraform and returns its output, whatever its exit status.
///
/// # Errors
/// When Terraform cannot be started: it is a prerequisite that the project does not install.
pub fn output(directory: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    command(directory)?.args(arguments).output().context(MISSING)
}

/// Runs Terraform and returns its standard output.
///
/// # Errors
/// When it exits with another status than 0; the error holds what it printed.
pub fn run(directory: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = output(directory, arguments)?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!(
            "`terraform {}` in {} ended with {}:\n{stdout}\n{}",
            arguments.join(" "),
            directory.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(stdout)
}

/// Services that rendered roots call.
const SERVICES: [&str; 15] = [
    "athena",
    "bedrock",
    "budgets",
    "ce",
    "cloudwatch",
    "cognitoidentity",
    "glue",
    "iam",
    "identitystore",
    "logs",
    "organizations",
    "s3",
    "sns",
    "ssoadmin",
    "sts",
];

/// Points a rendered root at the emulation, by an override file that render never writes, and initializes it with its state
/// in a file beside it. The emulation takes plain credentials for the dedicated account's; another account is reached by a
/// role of it. A call whose connection breaks off is made again, as AWS's users have it.
///
/// # Errors
/// When the file cannot be written, or `terraform init` fails.
pub fn prepare(root: &Path, endpoint: &str, account: Option<&str>) -> anyhow::Result<()> {
    let endpoints: String = SERVICES
        .iter()
        .map(|service| format!("    {service} = {endpoint:?}\n"))
        .collect();
    let role = account.map_or(String::new(), |account| {
        format!("  assume_role {{\n    role_arn = \"arn:aws:iam::{account}:role/deploy\"\n  }}\n")
    });
    let text = format!(
        "terraform {{\n  backend \"local\" {{}}\n}}\n\nprovider \"aws\" {{\n  access_key = \"test\"\n  secret_key = \"test\"\n  skip_credentials_validation = true\n  skip_metadata_api_check = true\n  skip_region_validation = true\n  s3_use_path_style = true\n  max_retries = 4\n{role}  endpoints {{\n{endpoints}  }}\n}}\n"
    );
    let path = root.join("emulation_override.tf");
    std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    run(root, &["init", "-lockfile=readonly", "-no-color", "-reconfigure"]).map(drop)
}

/// The CLI configuration under `target/real/`, written once per process.
fn cli_config() -> anyhow::Result<PathBuf> {
    static WRITTEN: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    WRITTEN
        .get_or_init(|| write_cli_config().map_err(|error| format!("{error:#}")))
        .clone()
        .map_err(anyhow::Error::msg)
}

fn write_cli_config() -> anyhow::Result<PathBuf> {
    let mirror = match mirror()? {
        Some(folder) => format!(
            "  filesystem_mirror {{\n    path = {:?}\n  }}\n  direct {{\n    exclude = [\"registry.terraform.io/hashicorp/aws\"]\n  }}\n",
            folder.to_string_lossy()
        ),
        None => "  direct {}\n".to_owned(),
    };
    let installing = write(
        "terraform-installing.rc",
        &format!("provider_installation {{\n{mirror}}}\n"),
    )?;
    let provider = provider(&installing)?;
    let overrides = format!(
        "  dev_overrides {{\n    \"hashicorp/aws\" = {:?}\n  }}\n",
        provider.to_string_lossy()
    );
    write(
        "terraform.rc",
        &format!("provider_installation {{\n{overrides}{mirror}}}\n"),
    )
}

/// Writes a file of this name under `target/real/`. Parallel test processes write the same bytes: each into its own file, then a
/// rename.
fn write(name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let folder = paths::installed();
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    let path = folder.join(name);
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    file.persist(&path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(path)
}

/// The folder with the provider's program, which `terraform init` has put there once.
fn provider(config: &Path) -> anyhow::Result<PathBuf> {
    let folder = paths::installed().join(format!("provider-{PROVIDER_VERSION}"));
    if let Some(found) = program_in(&folder) {
        return Ok(found);
    }
    let made = tempfile::tempdir_in(paths::installed())?;
    let text = format!(
        "terraform {{\n  required_providers {{\n    aws = {{\n      source  = \"hashicorp/aws\"\n      version = \"{PROVIDER_VERSION}\"\n    }}\n  }}\n}}\n"
    );
    std::fs::write(made.path().join("main.tf"), text)?;
    let output = with_config(made.path(), config)
        .args(["init", "-no-color"])
        .output()
        .context(MISSING)?;
    if !output.status.success() {
        bail!(
            "the AWS provider {PROVIDER_VERSION} cannot be installed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    // Another process may have been first, with the same, and run it by now.
    if std::fs::rename(made.path(), &folder).is_err() && program_in(&folder).is_none() {
        let _ = std::fs::remove_dir_all(&folder);
        let _ = std::fs::rename(made.path(), &folder);
    }
    program_in(&folder).with_context(|| format!("`terraform init` left no provider in {}", folder.display()))
}

/// The folder of the provider's program below a folder in which `terraform init` ran.
fn program_in(folder: &Path) -> Option<PathBuf> {
    let version = folder
        .join(".terraform/providers/registry.terraform.io/hashicorp/aws")
        .join(PROVIDER_VERSION);
    let platforms = std::fs::read_dir(version).ok()?.flatten();
    platforms
        .map(|platform| platform.path())
        .find(|platform| std::fs::read_dir(platform).is_ok_and(|mut files| files.next().is_some()))
        .and_then(|platform| platform.canonicalize().ok())
}

/// The mirror to name in the CLI configuration; `None` leaves the choice to Terraform.
fn mirror() -> anyhow::Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(MIRROR_VARIABLE).filter(|value| !value.is_empty()) {
        let folder = PathBuf::from(named);
        if !holds_provider(&folder) {
            bail!(
                "{MIRROR_VARIABLE} names {}, but registry.terraform.io/hashicorp/aws/{PROVIDER_VERSION} is not in it",
                folder.display()
            );
        }
        return Ok(Some(folder));
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    // https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    let mut implied = vec![
        PathBuf::from("/usr/local/share/terraform/plugins"),
        PathBuf::from("/usr/share/terraform/plugins"),
    ];
    if let Some(home) = &home {
        implied.push(home.join(".terraform.d/plugins"));
        implied.push(home.join(".local/share/terraform/plugins"));
    }
    if implied.iter().any(|folder| holds_provider(folder)) {
        return Ok(None);
    }
    let places = [
        "/opt",
        "/usr/local",
        "/usr/local/lib",
        "/usr/local/share",
        "/usr/share",
        "/var/lib",
        "/srv",
    ];
    let mut found: Vec<PathBuf> = places
        .iter()
        .map(PathBuf::from)
        .chain(home)
        .flat_map(|place| mirrors_in(&place))
        .collect();
    found.sort();
    Ok(found.into_iter().next())
}

/// Folders directly in `place` that are mirrors with the provider.
fn mirrors_in(place: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(place) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|folder| holds_provider(folder))
        .collect()
}

fn holds_provider(folder: &Path) -> bool {
    folder
        .join("registry.terraform.io/hashicorp/aws")
        .join(PROVIDER_VERSION)
        .is_dir()
        || folder
            .join("registry.terraform.io/hashicorp/aws")
            .join(format!("terraform-provider-aws_{PROVIDER_VERSION}_linux_amd64.zip"))
            .is_file()
}
