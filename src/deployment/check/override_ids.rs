//! Ids and other texts of `model` blocks: the forms that AWS, Anthropic and Claude Code give them.

use super::Check;
use crate::deployment::model::Geography;
use crate::deployment::read::{Spanned, raw};

/// Prefixes of profile ids that AWS uses beside those of [`Geography`].
const OTHER_PREFIXES: [&str; 5] = ["apac", "ca", "in", "sa", "us-gov"];
/// Longest name of a model.
const LONGEST_NAME: usize = 100;

/// Checks all texts of a block but those of its geographies.
pub fn check(check: &mut Check<'_>, model: &raw::Model) -> bool {
    let mut sound = true;
    if let Some(id) = &model.id {
        sound &= base_id(check, id);
    }
    if let Some(id) = &model.anthropic_id {
        sound &= anthropic_id(check, id);
    }
    if let Some(name) = &model.name {
        sound &= self::name(check, name);
    }
    if let Some(product) = &model.marketplace_product {
        sound &= marketplace_product(check, product);
    }
    if let Some(version) = &model.min_claude_code {
        sound &= self::version(check, version);
    }
    if let (Some(family), Some(id)) = (&model.family, &model.anthropic_id) {
        family_fits(check, family, id);
    }
    sound
}

fn refuse(
    check: &mut Check<'_>,
    value: &Spanned<String>,
    message: String,
    expected: &str,
    help: Option<String>,
) -> bool {
    let fault = check.error(&value.span, message, expected);
    check.report(match help {
        Some(help) => fault.help(help),
        None => fault,
    });
    false
}

/// The geography that an id begins with.
fn geography(id: &str) -> Option<&str> {
    let (first, rest) = id.split_once('.')?;
    let known = Geography::ALL.iter().any(|geography| geography.as_str() == first) || OTHER_PREFIXES.contains(&first);
    (known && rest.contains('.')).then_some(first)
}

/// Whether a text is `PROVIDER.MODEL`, as Bedrock writes the ids of foundation models.
///
/// Source: pattern of `FoundationModelIdentifier` in botocore's model of Amazon Bedrock.
fn is_model_id(id: &str) -> bool {
    let part = |text: &str, extra: &[char]| {
        !text.is_empty()
            && text.len() <= 63
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || extra.contains(&c))
    };
    id.split_once('.').is_some_and(|(provider, model)| {
        part(provider, &[]) && part(model, &['.', ':']) && !model.ends_with(['.', ':'])
    })
}

fn base_id(check: &mut Check<'_>, id: &Spanned<String>) -> bool {
    let text = id.value.as_str();
    let expected = "expected PROVIDER.MODEL, as \"anthropic.claude-opus-4-6-v1\"";
    if let Some(prefix) = geography(text) {
        let message = format!("\"{text}\" is the id of a profile, not of a model (`id`)");
        let help = format!(
            "without the geography: \"{}\"; the profile's id is `profile_id` in the block `geography \"{prefix}\"`",
            text.get(prefix.len() + 1..).unwrap_or_default()
        );
        return refuse(check, id, message, expected, Some(help));
    }
    if is_model_id(text) {
        return true;
    }
    let help = text
        .starts_with("arn:")
        .then(|| "the id is the part of the ARN after the last `/`".to_owned());
    refuse(
        check,
        id,
        format!("\"{text}\" is no id of a model (`id`)"),
        expected,
        help,
    )
}

/// Checks the id of a system inference profile against the geography of its block.
pub fn profile_id(check: &mut Check<'_>, id: &Spanned<String>, label: &Spanned<String>) -> bool {
    let text = id.value.as_str();
    let rest = text
        .strip_prefix(label.value.as_str())
        .and_then(|rest| rest.strip_prefix('.'));
    if rest.is_some_and(is_model_id) {
        return true;
    }
    let message = match geography(text).filter(|other| *other != label.value) {
        Some(other) => format!("\"{text}\" is a profile of `{other}` (`profile_id`)"),
        None => format!("\"{text}\" is no id of a profile (`profile_id`)"),
    };
    let mut fault = check
        .error(
            &id.span,
            message,
            format!("expected {}.PROVIDER.MODEL, as AWS writes it", label.value),
        )
        .also(check.source, label.span.clone(), "because of this geography");
    if text.starts_with("arn:") {
        fault = fault.help("the id is the part of the ARN after the last `/`");
    }
    check.report(fault);
    false
}

fn anthropic_id(check: &mut Check<'_>, id: &Spanned<String>) -> bool {
    let text = id.value.as_str();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.len() <= 100 && text.chars().all(plain) {
        return true;
    }
    let help = text
        .contains('.')
        .then(|| "this looks like Bedrock's id, which is `id`; Anthropic's own has no provider".to_owned());
    refuse(
        check,
        id,
        format!("\"{text}\" is no id of a model at Anthropic (`anthropic_id`)"),
        "expected lower-case letters, digits and hyphens, as \"claude-opus-4-6\"",
        help,
    )
}

fn name(check: &mut Check<'_>, name: &Spanned<String>) -> bool {
    let text = name.value.as_str();
    if !text.trim().is_empty()
        && text.trim() == text
        && text.len() <= LONGEST_NAME
        && !text.chars().any(char::is_control)
    {
        return true;
    }
    refuse(
        check,
        name,
        format!("\"{}\" is no name of a model", text.escape_debug()),
        "expected a name for people, as \"Claude Opus 4.6\"",
        None,
    )
}

fn marketplace_product(check: &mut Check<'_>, product: &Spanned<String>) -> bool {
    let text = product.value.as_str();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if text
        .strip_prefix("prod-")
        .is_some_and(|id| (5..=32).contains(&id.len()) && id.chars().all(plain))
    {
        return true;
    }
    refuse(
        check,
        product,
        format!("\"{text}\" is no product of AWS Marketplace"),
        "expected `prod-` and lower-case letters and digits, as \"prod-5ukwuglpt66kg\"",
        Some("the model's card in the user guide of Amazon Bedrock names it".to_owned()),
    )
}

fn version(check: &mut Check<'_>, version: &Spanned<String>) -> bool {
    let text = version.value.as_str();
    let parts: Vec<&str> = text.split('.').collect();
    let number = |part: &&str| (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() == 3 && parts.iter().all(|part| number(&part)) {
        return true;
    }
    refuse(
        check,
        version,
        format!("\"{text}\" is no version of Claude Code"),
        "expected three numbers, as \"2.1.50\"",
        None,
    )
}

/// The family decides which alias of Claude Code stands for the model.
fn family_fits(check: &mut Check<'_>, family: &Spanned<raw::Family>, id: &Spanned<String>) {
    let named = raw::Family::ALL
        .into_iter()
        .find(|other| id.value.split('-').any(|word| word == other.as_str()));
    if let Some(named) = named.filter(|named| *named != family.value) {
        let warning = check
            .warning(
                &family.span,
                format!(
                    "the family is `{}`, and the id names `{}`",
                    family.value.as_str(),
                    named.as_str()
                ),
                format!("usually \"{}\"", named.as_str()),
            )
            .also(check.source, id.span.clone(), "Anthropic's id")
            .help("Claude Code's alias of the family will stand for this model");
        check.report(warning);
    }
}
