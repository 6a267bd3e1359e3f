//! Somebody at the prompt whose answers are written down.

use std::collections::VecDeque;

use anyhow::Context as _;

use super::super::Prompt;

/// What somebody types.
pub enum Answer {
    Text(&'static str),
    Index(usize),
    Many(&'static [usize]),
    Yes(bool),
    /// What the prompt offers.
    Default,
}

/// Answers from a list; everything that was asked is noted.
pub struct Script {
    pub answers: VecDeque<Answer>,
    pub asked: Vec<String>,
}

impl Script {
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            answers: answers.into_iter().collect(),
            asked: Vec::new(),
        }
    }

    fn next(&mut self, question: String) -> anyhow::Result<Answer> {
        self.asked.push(question);
        self.answers.pop_front().context("the script has no more answers")
    }
}

impl Prompt for Script {
    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        rule: &dyn Fn(&str) -> Result<(), String>,
    ) -> anyhow::Result<String> {
        loop {
            let shown = default.map(|default| format!(" [{default}]")).unwrap_or_default();
            let text = match self.next(format!("{question}{shown}"))? {
                Answer::Text(text) => text,
                Answer::Default => default.context("there is no default")?,
                _ => anyhow::bail!("`{question}` wants a text"),
            };
            match rule(text) {
                Ok(()) => return Ok(text.to_owned()),
                Err(fault) => self.asked.push(format!("  refused: {fault}")),
            }
        }
    }

    fn choose(&mut self, question: &str, items: &[String], default: usize) -> anyhow::Result<usize> {
        match self.next(format!("{question} {items:?}"))? {
            Answer::Index(index) => Ok(index),
            Answer::Default => Ok(default),
            _ => anyhow::bail!("`{question}` wants an index"),
        }
    }

    fn choose_many(&mut self, question: &str, items: &[String], chosen: &[usize]) -> anyhow::Result<Vec<usize>> {
        match self.next(format!("{question} {items:?} {chosen:?}"))? {
            Answer::Many(indexes) => Ok(indexes.to_vec()),
            Answer::Default => Ok(chosen.to_vec()),
            _ => anyhow::bail!("`{question}` wants indexes"),
        }
    }

    fn confirm(&mut self, question: &str, default: bool) -> anyhow::Result<bool> {
        match self.next(format!("{question} [{default}]"))? {
            Answer::Yes(yes) => Ok(yes),
            Answer::Default => Ok(default),
            _ => anyhow::bail!("`{question}` wants yes or no"),
        }
    }
}
