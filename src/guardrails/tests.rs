//! The documents and their proofs, for many deployments.

mod mutation;
mod reference;
mod sizes;

use super::{documents, fixtures, prove};

#[test]
fn every_row_holds() {
    for (name, d) in fixtures::all() {
        let failed: Vec<String> = prove(&d, &documents(&d))
            .into_iter()
            .filter(|row| !row.holds())
            .map(|row| format!("{row:?}"))
            .collect();
        assert!(
            failed.is_empty(),
            "{name}: {} rows fail, first {:#?}",
            failed.len(),
            failed.first()
        );
    }
}
