//! Ids of Claude models as they are written in code and settings.

use std::sync::LazyLock;

use catalog::Catalog;

/// The catalogue; `None` is ruled out by its own tests.
static CATALOG: LazyLock<Option<Catalog>> = LazyLock::new(|| Catalog::embedded().ok());

/// The models that are known, if there are any.
pub(crate) fn catalog() -> Option<&'static Catalog> {
    CATALOG.as_ref()
}

/// What stands before the maker of a model in the id of a profile, and what follows it: `us` and `anthropic.claude-…`.
pub(crate) fn split(id: &str) -> Option<(Option<&str>, &str)> {
    if id.starts_with("anthropic.claude-") {
        return Some((None, id));
    }
    let (geography, base) = id.split_once('.')?;
    let plain = !geography.is_empty() && geography.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    (plain && base.starts_with("anthropic.claude-")).then_some((Some(geography), base))
}

/// The id of a model or profile in a text that is one, or an ARN of one.
pub(crate) fn of_text(text: &str) -> Option<&str> {
    let id = match text.strip_prefix("arn:") {
        Some(_) => {
            let resource = text.splitn(6, ':').nth(5)?;
            resource
                .strip_prefix("inference-profile/")
                .or_else(|| resource.strip_prefix("foundation-model/"))?
        }
        None => text,
    };
    let written = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':');
    (id.bytes().all(written) && split(id).is_some()).then_some(id)
}

/// The id that was meant by one that is a known one with a wrong end or a slip of the keyboard. Ids of models that the
/// catalogue does not have, older or newer ones, are not judged.
pub(crate) fn meant(id: &str) -> Option<String> {
    let catalog = catalog()?;
    let (geography, base) = split(id)?;
    let base = without_context(base);
    if catalog.models().any(|model| model.base_id == base) {
        return None;
    }
    let wanted = stem(base);
    // The same name and version: only what follows it differs. Else one slip in the name, the version being the same.
    let same = catalog.models().find(|model| stem(&model.base_id) == wanted);
    let near = || {
        catalog.models().find(|model| {
            let known = stem(&model.base_id);
            digits(known) == digits(wanted) && strsim::damerau_levenshtein(known, wanted) <= 2
        })
    };
    let model = same.or_else(near)?;
    Some(match geography {
        Some(geography) => format!("{geography}.{}", model.base_id),
        None => model.base_id.clone(),
    })
}

/// Whether a model can be called by a profile only, in nearly every region.
pub(crate) fn needs_profile(base: &str) -> bool {
    catalog().is_some_and(|catalog| {
        catalog
            .models()
            .any(|model| model.base_id == base && model.profiles().len() > 0)
    })
}

/// Provisioned variants end in the size of their context, as `:200k`.
fn without_context(base: &str) -> &str {
    match base.rsplit_once(':') {
        Some((before, end)) if end.ends_with('k') => before,
        _ => base,
    }
}

/// Name and version: without the day, `-v1` and `:0`.
fn stem(base: &str) -> &str {
    let base = base.split_once(':').map_or(base, |(base, _)| base);
    let base = match base.rsplit_once("-v") {
        Some((before, end)) if !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => base,
    };
    match base.rsplit_once('-') {
        Some((before, end)) if end.len() == 8 && end.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => base,
    }
}

fn digits(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_variations_of_known_ids_are_judged() {
        for (id, wanted) in [
            (
                "us.anthropic.claude-sonnet-4-6-v1",
                Some("us.anthropic.claude-sonnet-4-6"),
            ),
            ("anthropic.claude-sonnet-4-6-v1:0", Some("anthropic.claude-sonnet-4-6")),
            ("us.anthropic.claude-opus-4-6", Some("us.anthropic.claude-opus-4-6-v1")),
            ("eu.anthropic.claude-sonet-4-6", Some("eu.anthropic.claude-sonnet-4-6")),
            (
                "anthropic.claude-haiku-4-5",
                Some("anthropic.claude-haiku-4-5-20251001-v1:0"),
            ),
            ("us.anthropic.claude-sonnet-4-6", None),
            ("anthropic.claude-haiku-4-5-20251001-v1:0:200k", None),
            ("anthropic.claude-3-haiku-20240307-v1:0", None),
            ("anthropic.claude-v2:1", None),
            ("anthropic.claude-opus-9-1", None),
        ] {
            assert_eq!(meant(id).as_deref(), wanted, "{id}");
        }
    }

    #[test]
    fn ids_are_found_in_arns() {
        for (text, id) in [
            (
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6",
                Some("us.anthropic.claude-sonnet-4-6"),
            ),
            (
                "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
                Some("anthropic.claude-haiku-4-5-20251001-v1:0"),
            ),
            (
                "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
                None,
            ),
            ("anthropic.claude-*", None),
            ("the model anthropic.claude-sonnet-4-6", None),
        ] {
            assert_eq!(of_text(text), id, "{text}");
        }
    }
}
