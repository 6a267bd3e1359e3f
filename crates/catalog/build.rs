//! Puts the data file of the catalogue into a form that a program reads in a fraction of a millisecond: most commands
//! need the catalogue, and reading HCL was a tenth of a short run.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const DATA: &str = "data/models.hcl";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DATA}");
    let data: serde_json::Value =
        hcl::from_str(&fs::read_to_string(DATA)?).map_err(|fault| format!("{DATA}: {fault}"))?;
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("models.json"), data.to_string())?;
    Ok(())
}
