//! Other trees of the same deployment: one that is begun beside them shares their state, and not what they remember.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::manifest::{Identity, Manifest, PATH};

/// Folders below one of the places that are looked into; more is no place for people's trees.
const SUBFOLDERS: usize = 500;

/// The trees of this deployment in and one level below `out` and the deployment file's folder, but for the one in `out`;
/// inside a repository also beside them, and above up to its root. Sorted.
pub fn trees(out: &Path, folder: &Path, deployment: &Identity) -> Vec<PathBuf> {
    let here = canonical(out);
    let mut places = BTreeSet::new();
    for start in [&here, &canonical(folder)] {
        places.insert(start.clone());
        places.extend(below(start));
        let above: Vec<&Path> = start.ancestors().collect();
        if let Some(top) = above.iter().position(|place| place.join(".git").exists()) {
            let inside = above.get(1..=top).unwrap_or_default();
            places.extend(inside.iter().map(|place| place.to_path_buf()));
            places.extend(inside.first().into_iter().flat_map(|parent| below(parent)));
        }
    }
    places.remove(&here);
    places.retain(|place| {
        let manifest = Manifest::read(place).ok().flatten();
        manifest.is_some_and(|manifest| manifest.deployment == *deployment)
    });
    places.into_iter().collect()
}

/// The folders in a folder that hold something rendered.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries
        .map(|entry| entry.path())
        .filter(|path| path.join(PATH).is_file());
    folders.take(SUBFOLDERS).collect()
}

/// The folder by its one name, also where it is not there yet.
fn canonical(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    for ancestor in whole.ancestors() {
        if let (Ok(known), Ok(rest)) = (ancestor.canonicalize(), whole.strip_prefix(ancestor)) {
            return known.join(rest);
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::model::Geography;
    use crate::guardrails::fixtures;

    #[test]
    fn trees_of_the_same_deployment_are_found_beside_below_and_above() {
        let deployment = fixtures::full(Geography::Us, 1);
        let manifest = Manifest::new(&deployment);
        let top = tempfile::tempdir().unwrap();
        let top = top.path().canonicalize().unwrap();
        let tree = |place: &str, manifest: &Manifest| {
            let folder = top.join(place);
            std::fs::create_dir_all(folder.join("terraform")).unwrap();
            std::fs::write(folder.join(PATH), serde_json::to_string(manifest).unwrap()).unwrap();
        };
        std::fs::create_dir_all(top.join("repository/.git")).unwrap();
        let mut other = manifest.clone();
        other.deployment.name = "other".to_owned();
        tree("repository", &manifest);
        tree("repository/infra/beside", &manifest);
        tree("repository/infra/other", &other);
        tree("repository/infra/new/below", &manifest);
        tree("repository/elsewhere/deep", &manifest);
        tree(".", &manifest);
        std::fs::write(top.join("repository/elsewhere").join("file"), "").unwrap();
        let found = trees(
            &top.join("repository/infra/new"),
            &top.join("repository/infra"),
            &manifest.deployment,
        );
        let expected: Vec<PathBuf> = ["repository", "repository/infra/beside", "repository/infra/new/below"]
            .map(|place| top.join(place))
            .to_vec();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_tree_is_no_other_to_itself() {
        let deployment = fixtures::full(Geography::Us, 1);
        let manifest = Manifest::new(&deployment);
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("terraform")).unwrap();
        std::fs::write(folder.path().join(PATH), serde_json::to_string(&manifest).unwrap()).unwrap();
        let same = folder.path().join("x/..");
        std::fs::create_dir(folder.path().join("x")).unwrap();
        assert_eq!(trees(&same, folder.path(), &manifest.deployment), Vec::<PathBuf>::new());
    }
}
