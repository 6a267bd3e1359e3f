//! `refresh schema`: the embedded schemas of the AWS provider and of Terraform's own.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use terraform::schema::{AWS_SOURCE, AWS_VERSION, BUILTIN_SOURCE, Kind, ProviderSchema};

use crate::provider::{Root, data_file};

/// Renews crates/terraform/data/*.schema from the AWS provider.
///
/// Another version of the provider: change `AWS_VERSION` in crates/terraform/src/schema/provider.rs first.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The output of `terraform providers schema -json` for the version that is embedded; without it, Terraform is run
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let (text, origin) = match &arguments.from {
        Some(path) => (
            std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?,
            path.display().to_string(),
        ),
        None => (
            Root::new()?.terraform(&["providers", "schema", "-json"])?,
            format!("terraform with hashicorp/aws {AWS_VERSION}"),
        ),
    };
    let schemas = ProviderSchema::from_json(&text).with_context(|| origin.clone())?;
    for (source, file) in [(AWS_SOURCE, "aws.schema"), (BUILTIN_SOURCE, "builtin.schema")] {
        let schema = schemas
            .get(source)
            .with_context(|| format!("{origin} has no provider {source}; it has {:?}", schemas.keys()))?;
        let path = data_file(file);
        let bytes = schema.to_compact();
        std::fs::write(&path, &bytes).with_context(|| format!("{} cannot be written", path.display()))?;
        let [resources, data_sources, ephemeral] = Kind::ALL.map(|kind| schema.names(kind).count());
        writeln!(
            std::io::stderr(),
            "{}: {} bytes; {resources} resource types, {data_sources} data sources, {ephemeral} ephemeral resources",
            path.display(),
            bytes.len()
        )?;
    }
    Ok(())
}
