//! `tfgen check`.

use std::fs;

use crate::process::median;
use crate::{Result, configuration, row, tfgen};

/// What is checked of this repository: what it renders for its example.
pub const EXAMPLE: [&str; 3] = ["terraform", "policies", "examples"];

pub fn figures() -> Result<()> {
    let example = tfgen(&[&["check"], &EXAMPLE[..]].concat());
    row(
        "`tfgen check` of the example, all roots and the module library",
        &median(21, &example, &[0], || Ok(()))?,
    );
    let folder = tempfile::tempdir()?;
    for resources in [1_000, 2_500, 5_000, 10_000, 20_000] {
        let tree = folder.path().join(format!("{resources}"));
        fs::create_dir(&tree)?;
        let size = configuration::tree(&tree, resources)?;
        row(
            &format!("`tfgen check`, {}", size.told()),
            &median(7, &tfgen(&["check", &tree.display().to_string()]), &[0], || Ok(()))?,
        );
    }
    for resources in [2_500, 10_000] {
        let module = folder.path().join(format!("one-{resources}"));
        fs::create_dir(&module)?;
        let size = configuration::one_file(&module, resources)?;
        row(
            &format!("`tfgen check`, {}", size.told()),
            &median(7, &tfgen(&["check", &module.display().to_string()]), &[0], || Ok(()))?,
        );
    }
    Ok(())
}
