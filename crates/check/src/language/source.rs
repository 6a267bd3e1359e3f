//! Sources of modules, as far as their text decides.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/modules/sources>

/// Whether a source is a path to a folder.
pub fn is_path(source: &str) -> bool {
    ["./", "../", ".\\", "..\\"]
        .iter()
        .any(|start| source.starts_with(start))
}

/// Whether a source is none that Terraform knows: no path, no registry's NAMESPACE/NAME/PROVIDER, no host of packages,
/// no address with a scheme.
pub fn is_none(source: &str) -> bool {
    // Terraform wants the slash.
    if matches!(source, "." | "..") {
        return true;
    }
    if is_path(source) || source.starts_with('/') || source.contains([':', '@', '?', '\\']) {
        return false;
    }
    let package = source.split_once("//").map_or(source, |(package, _)| package);
    let parts: Vec<&str> = package.split('/').collect();
    let hosted = parts.first().is_some_and(|host| host.contains('.'));
    !hosted && !(3..=4).contains(&parts.len())
}

#[cfg(test)]
mod tests {
    use super::{is_none, is_path};

    #[test]
    fn a_path_has_a_slash_after_its_dots() {
        assert!(is_path("./a") && is_path("../a") && is_path("../") && !is_path("..") && !is_path("."));
        assert!(is_none(".") && is_none("..") && is_none("modules") && !is_none("../") && !is_none("a/b/aws"));
    }
}
