//! The guardrail.

use super::text::{LONGEST_TOPIC, is_topic_name};
use super::{Check, items};
use crate::deployment::model::{Guardrail, GuardrailTopic};
use crate::deployment::read::{Spanned, raw};

/// Limits of Amazon Bedrock: shapes `GuardrailTopicName`, `GuardrailTopicDefinition`, `GuardrailTopicsConfig`,
/// `GuardrailWordConfigTextString` and `GuardrailWordsConfig` in botocore's model.
const LONGEST_DEFINITION: usize = 200;
const MOST_TOPICS: usize = 30;
const LONGEST_WORD: usize = 100;
const MOST_WORDS: usize = 10_000;

/// Checks the block `guardrail`.
pub fn check(check: &mut Check<'_>, file: &raw::File) -> Option<Guardrail> {
    let block = file.guardrail.as_ref()?;
    let topics = topics(check, block);
    let words = words(check, items(&block.blocked_words));
    let mut pii: Vec<(&str, &Spanned<raw::Pii>)> = Vec::new();
    for kind in block.blocked_pii.iter().flat_map(|kinds| &kinds.value) {
        let name = kind.value.0.as_str();
        match pii.iter().find(|(known, _)| *known == name) {
            Some((_, first)) => {
                let fault = check
                    .error(
                        &kind.span,
                        format!("`{name}` is listed twice"),
                        "expected each kind once",
                    )
                    .also(check.source, first.span.clone(), "first listed here");
                check.report(fault);
            }
            None => pii.push((name, kind)),
        }
    }
    let filter = block.content_filter.as_ref();
    let faulty = [
        "topic",
        "blocked_topics",
        "blocked_words",
        "blocked_pii",
        "content_filter",
    ]
    .iter()
    .any(|part| check.faulty.contains(&format!("guardrail.{part}")));
    if topics.is_empty() && words.is_empty() && pii.is_empty() && filter.is_none() && !faulty {
        let fault = check
            .error(&block.span, "this guardrail blocks nothing", "expected at least one policy: AWS refuses an empty guardrail")
            .help("add `topic` blocks, `blocked_topics`, `blocked_words`, `blocked_pii` or `content_filter`, or leave the block out");
        check.report(fault);
    }
    Some(Guardrail {
        topics,
        blocked_words: words,
        blocked_pii: pii.into_iter().map(|(name, _)| name.to_owned()).collect(),
        content_filter: filter.map(|filter| {
            let strength = match filter.value {
                raw::Filter::Low => "LOW",
                raw::Filter::Medium => "MEDIUM",
                raw::Filter::High => "HIGH",
            };
            strength.to_owned()
        }),
    })
}

fn topics(check: &mut Check<'_>, block: &raw::Guardrail) -> Vec<GuardrailTopic> {
    let blocks = block.topic.iter().flat_map(|topics| topics.iter());
    let written = blocks.filter_map(|(name, topic)| Some((name, topic.definition.as_ref()?)));
    let short = items(&block.blocked_topics).iter().map(|text| (text, text));
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    let mut topics = Vec::new();
    for (name, definition) in written.chain(short) {
        if let Some(first) = seen.iter().find(|other| other.value.eq_ignore_ascii_case(&name.value)) {
            let fault = check
                .error(
                    &name.span,
                    format!("topic \"{}\" is listed twice", name.value),
                    "expected each topic once",
                )
                .also(check.source, first.span.clone(), "first listed here");
            check.report(fault);
            continue;
        }
        seen.push(name);
        topic(check, name, definition);
        topics.push(GuardrailTopic {
            name: name.value.clone(),
            definition: definition.value.clone(),
        });
    }
    if let Some(name) = seen.get(MOST_TOPICS) {
        let fault = check.error(
            &name.span,
            format!("there are {} topics", seen.len()),
            format!("expected at most {MOST_TOPICS}; this one is the first too many"),
        );
        check.report(fault);
    }
    topics
}

fn topic(check: &mut Check<'_>, name: &Spanned<String>, definition: &Spanned<String>) {
    let same = std::ptr::eq(name, definition);
    if !is_topic_name(&name.value) {
        let message = match same {
            true => "this topic cannot be its own name".to_owned(),
            false => format!("\"{}\" cannot be the name of a topic", name.value),
        };
        let fault = check.error(
            &name.span,
            message,
            format!("expected 1 to {LONGEST_TOPIC} letters, digits, spaces and - _ ! ? ."),
        );
        let fault = match same {
            true => fault.help("write it as topic \"NAME\" { definition = \"…\" }"),
            false => fault,
        };
        check.report(fault);
    }
    let length = definition.value.chars().count();
    if !same && !(1..=LONGEST_DEFINITION).contains(&length) {
        let fault = check.error(
            &definition.span,
            format!("this definition has {length} characters"),
            format!("expected 1 to {LONGEST_DEFINITION}"),
        );
        check.report(fault);
    }
}

fn words(check: &mut Check<'_>, listed: &[Spanned<String>]) -> Vec<String> {
    let words = check.distinct(listed, "word");
    for word in &words {
        let length = word.value.chars().count();
        if !(1..=LONGEST_WORD).contains(&length) {
            let fault = check.error(
                &word.span,
                format!("this word has {length} characters"),
                format!("expected 1 to {LONGEST_WORD}"),
            );
            check.report(fault);
        }
    }
    if let Some(word) = words.get(MOST_WORDS) {
        let fault = check.error(
            &word.span,
            format!("there are {} words", words.len()),
            format!("expected at most {MOST_WORDS}; this one is the first too many"),
        );
        check.report(fault);
    }
    words.into_iter().map(|word| word.value.clone()).collect()
}
