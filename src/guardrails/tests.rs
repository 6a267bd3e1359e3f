//! The documents and their proofs, for many deployments.
use super::*;

#[test]
fn every_row_holds() {
    let mut failed = Vec::new();
    for (name, d) in fixtures::all() {
        let docs = documents(&d);
        let t = std::time::Instant::now();
        let rows = prove(&d, &docs);
        eprintln!("{name}: {} rows {:?}", rows.len(), t.elapsed());
        for s in sizes(&docs) {
            eprintln!("   {} {}/{}", s.name, s.characters, s.limit);
        }
        failed.extend(
            rows.into_iter()
                .filter(|row| !row.holds())
                .map(|row| (name.clone(), row)),
        );
    }
    for (name, row) in failed.iter().take(40) {
        eprintln!(
            "{name}: {:?} {} {} {} {:?} exp {} got {} by {} -- {}",
            row.theme,
            row.principal,
            row.action,
            row.resource,
            row.context,
            row.expected,
            row.verdict,
            row.decided_by,
            row.reason
        );
    }
    assert!(failed.is_empty(), "{}", failed.len());
}
