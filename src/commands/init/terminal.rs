//! Questions at a terminal.

use anyhow::Context as _;
use dialoguer::console::Term;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, MultiSelect, Select};

use super::wizard::Prompt;

/// A person at standard error.
pub struct Terminal {
    term: Term,
    theme: ColorfulTheme,
}

impl Terminal {
    /// The terminal behind standard error, where prompts do not mix with results.
    pub fn new() -> Self {
        Self {
            term: Term::stderr(),
            theme: ColorfulTheme::default(),
        }
    }

    /// The answer, or the reason why there is none; a hidden cursor is shown again.
    fn answer<T>(&self, answer: dialoguer::Result<T>) -> anyhow::Result<T> {
        answer.or_else(|fault| {
            self.term.show_cursor().ok();
            Err(fault).context("no answer; nothing was written")
        })
    }
}

impl Prompt for Terminal {
    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        rule: &dyn Fn(&str) -> Result<(), String>,
    ) -> anyhow::Result<String> {
        let mut input = Input::<String>::with_theme(&self.theme)
            .with_prompt(question)
            .validate_with(|text: &String| rule(text.trim()));
        if let Some(default) = default {
            input = if default.is_empty() {
                input.allow_empty(true)
            } else {
                input.default(default.to_owned())
            };
        }
        self.answer(input.interact_text_on(&self.term))
    }

    fn choose(&mut self, question: &str, items: &[String], default: usize) -> anyhow::Result<usize> {
        let select = Select::with_theme(&self.theme)
            .with_prompt(question)
            .items(items)
            .default(default);
        self.answer(select.interact_on(&self.term))
    }

    fn choose_many(&mut self, question: &str, items: &[String], chosen: &[usize]) -> anyhow::Result<Vec<usize>> {
        loop {
            let marks: Vec<bool> = (0..items.len()).map(|index| chosen.contains(&index)).collect();
            let select = MultiSelect::with_theme(&self.theme)
                .with_prompt(format!("{question} (space marks, enter ends)"))
                .items(items)
                .defaults(&marks);
            let answer = self.answer(select.interact_on(&self.term))?;
            if !answer.is_empty() {
                return Ok(answer);
            }
            self.term.write_line("At least one is needed.")?;
        }
    }

    fn confirm(&mut self, question: &str, default: bool) -> anyhow::Result<bool> {
        let confirm = Confirm::with_theme(&self.theme).with_prompt(question).default(default);
        self.answer(confirm.interact_on(&self.term))
    }
}
