//! What Claude Code may do with a model that it cannot recognise by its id.
//!
//! An application inference profile's ARN does not name its model, so Claude Code leaves out what it does not know the
//! model to support, unless `…_SUPPORTED_CAPABILITIES` declares it. Declaring turns off whatever is not declared, so a
//! model that is not in this table gets no declaration.
//!
//! Sources: <https://code.claude.com/docs/en/model-config> (effort levels, adaptive reasoning, the names of the
//! capabilities); `xhigh` and interleaved thinking per model as Claude Code 2.1.330 itself decides them.

/// Models with their capabilities, by Anthropic's id without its date.
const TABLE: [(&[&str], &str); 4] = [
    (
        &[
            "claude-fable-5",
            "claude-fable-5-1",
            "claude-fable-5-2",
            "claude-opus-5",
            "claude-opus-5-5",
            "claude-opus-4-8",
            "claude-opus-4-7",
            "claude-sonnet-5",
            "claude-sonnet-5-5",
            "claude-haiku-5-5",
        ],
        "effort,xhigh_effort,max_effort,thinking,adaptive_thinking,interleaved_thinking",
    ),
    (
        &["claude-opus-4-6", "claude-sonnet-4-6"],
        "effort,max_effort,thinking,adaptive_thinking,interleaved_thinking",
    ),
    (
        &[
            "claude-opus-4-5",
            "claude-opus-4-1",
            "claude-sonnet-4-5",
            "claude-sonnet-4",
        ],
        "thinking,interleaved_thinking",
    ),
    (&["claude-haiku-4-5"], "thinking"),
];

/// The value of `…_SUPPORTED_CAPABILITIES` for a model, where it is known.
pub fn of(anthropic_id: &str) -> Option<&'static str> {
    let name = without_date(anthropic_id);
    TABLE
        .iter()
        .find(|(models, _)| models.contains(&name))
        .map(|(_, capabilities)| *capabilities)
}

/// `claude-haiku-4-5` for `claude-haiku-4-5-20251001`.
fn without_date(anthropic_id: &str) -> &str {
    match anthropic_id.rsplit_once('-') {
        Some((name, date)) if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => anthropic_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_id_does_not_matter() {
        assert_eq!(of("claude-haiku-4-5-20251001"), Some("thinking"));
        assert_eq!(of("claude-haiku-4-5"), Some("thinking"));
    }

    #[test]
    fn only_models_that_have_it_get_the_highest_effort() {
        assert!(of("claude-opus-4-8").unwrap().contains("xhigh_effort"));
        assert!(!of("claude-opus-4-6").unwrap().contains("xhigh_effort"));
    }

    #[test]
    fn an_unknown_model_gets_no_declaration() {
        assert_eq!(of("claude-opus-9"), None);
        assert_eq!(of("claude-opus-4-60"), None);
    }
}
