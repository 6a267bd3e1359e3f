//! Questions at a terminal.

use std::io::ErrorKind;

use anyhow::{Context as _, bail};
use dialoguer::console::Term;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, MultiSelect, Select};

use super::wizard::Prompt;

/// A person at standard error.
pub struct Terminal {
    term: Term,
    theme: ColorfulTheme,
    _interrupt: Interrupt,
}

/// While it lives, Ctrl-C ends the question instead of the process, so that the cursor can be shown again.
#[cfg(unix)]
struct Interrupt([signal_hook::SigId; 2]);

#[cfg(unix)]
impl Interrupt {
    fn catch() -> std::io::Result<Self> {
        use signal_hook::consts::SIGINT;
        use signal_hook::flag;
        // The first one is for the question to see. Where there is none just then, the second ends the process.
        let seen = std::sync::Arc::default();
        let second = flag::register_conditional_shutdown(SIGINT, 1, std::sync::Arc::clone(&seen))?;
        Ok(Self([second, flag::register(SIGINT, seen)?]))
    }
}

#[cfg(unix)]
impl Drop for Interrupt {
    fn drop(&mut self) {
        for id in self.0 {
            signal_hook::low_level::unregister(id);
        }
    }
}

/// The console of Windows hands Ctrl-C over as a key.
#[cfg(not(unix))]
struct Interrupt;

#[cfg(not(unix))]
impl Interrupt {
    fn catch() -> std::io::Result<Self> {
        Ok(Self)
    }
}

impl Terminal {
    /// The terminal behind standard error, where prompts do not mix with results.
    ///
    /// # Errors
    /// When the system refuses to hand over its signals.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            term: Term::stderr(),
            theme: ColorfulTheme::default(),
            _interrupt: Interrupt::catch()?,
        })
    }

    /// The answer, or the reason why there is none; a hidden cursor is shown again, and the question's line ended.
    fn answer<T>(&self, answer: dialoguer::Result<T>) -> anyhow::Result<T> {
        let dialoguer::Error::IO(fault) = match answer {
            Ok(answer) => return Ok(answer),
            Err(fault) => fault,
        };
        self.term.show_cursor().ok();
        self.term.write_line("").ok();
        if fault.kind() == ErrorKind::Interrupted {
            bail!("interrupted; nothing was written");
        }
        Err(fault).context("no answer; nothing was written")
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
            // An empty answer reaches the rule, which says why it will not do.
            .allow_empty(true)
            .validate_with(|text: &String| rule(text.trim()));
        if let Some(default) = default.filter(|default| !default.is_empty()) {
            input = input.default(default.to_owned());
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
