//! Fixes of names that are another with a slip of the keyboard.
//!
//! A fix is applied without asking, so it is offered only where no second name could be meant: one name is near, by its
//! letters alone, and the text at the place is the name itself.

use findings::{Edit, Finding, Fix, Place};

/// Offers to write the one candidate that a name is a slip of, at the place of the name.
pub(super) fn slip<'a>(
    finding: Finding,
    place: Place,
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let near = findings::nearest_few(written, candidates, 2);
    let [meant] = near.as_slice() else {
        return finding;
    };
    if !is_slip(written, meant) {
        return finding;
    }
    let text = place.source.text.get(place.span.clone()).unwrap_or_default();
    let replacement = if text == written {
        (*meant).to_owned()
    } else if text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) == Some(written) {
        format!("\"{meant}\"")
    } else {
        return finding;
    };
    finding.fix(Fix {
        title: format!("write `{meant}`"),
        edits: vec![Edit { place, replacement }],
    })
}

/// Whether two names differ as a slip makes them differ: not in their digits, which count things, and in few letters.
fn is_slip(written: &str, meant: &str) -> bool {
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let allowed = match written.len() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    // One of a thing and several of it have different types.
    let plural = |one: &str, other: &str| one.strip_suffix('s') == Some(other);
    !plural(written, meant)
        && !plural(meant, written)
        && digits(written) == digits(meant)
        && strsim::damerau_levenshtein(written, meant) <= allowed
}

/// Offers to take the quotes off a type, where what is in them is one.
pub(super) fn quoted_type(finding: Finding, quoted: &str) -> Finding {
    const SIMPLE: [&str; 4] = ["string", "number", "bool", "any"];
    let instead = match quoted {
        // Terraform 0.11 knew lists and maps of texts alone.
        "list" => "list(string)",
        "map" => "map(string)",
        quoted => quoted,
    };
    let mut kind = instead;
    while let Some(inner) = ["list(", "map(", "set("]
        .iter()
        .find_map(|start| kind.strip_prefix(start)?.strip_suffix(')'))
    {
        kind = inner;
    }
    let place = &finding.place;
    let text = place.source.text.get(place.span.clone()).unwrap_or_default();
    if SIMPLE.contains(&kind) && text == format!("\"{quoted}\"") {
        finding.write_instead(instead)
    } else {
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use findings::Source;

    fn fixed(text: &str, written: &str, candidates: &[&str]) -> Option<String> {
        let source = Source::new("main.tf", text);
        let place = Place::new(&source, 0..text.len());
        let finding = Finding::new(&super::super::rules::UNKNOWN_ARGUMENT, place.clone(), "");
        let mended = slip(finding, place, written, candidates.iter().copied());
        Some(mended.fix?.edits.first()?.replacement.clone())
    }

    #[test]
    fn only_one_name_by_a_slip_is_written() {
        assert_eq!(fixed("buckt", "buckt", &["bucket", "acl"]).as_deref(), Some("bucket"));
        assert_eq!(fixed("\"buckt\"", "buckt", &["bucket"]).as_deref(), Some("\"bucket\""));
        // Two could be meant.
        assert_eq!(fixed("names", "names", &["name", "named"]), None);
        // Another thing of the same kind.
        assert_eq!(fixed("subnet_1", "subnet_1", &["subnet_2"]), None);
        assert_eq!(fixed("subnet_id", "subnet_id", &["subnet_ids"]), None);
        // Only a part of it.
        assert_eq!(fixed("bucket", "bucket", &["bucket_prefix"]), None);
        // The place is not the name.
        assert_eq!(fixed("var.buckt", "buckt", &["bucket"]), None);
    }
}
