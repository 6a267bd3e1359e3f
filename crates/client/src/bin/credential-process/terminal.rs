//! The person at standard error and standard input.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use client::login::browser::Surroundings;
use client::login::{PATIENCE, Person};
use client::paths::Environment;
use client::quota::show;
use client::{Error, Secret};

use crate::line;
use crate::open::Open;

/// Standard error, standard input, and the browser of this machine.
pub struct Terminal {
    environment: &'static Environment,
    is_debugging: bool,
    /// What is to be shown in the browser at the end.
    page: Option<String>,
    has_begun: bool,
}

impl Terminal {
    /// In this environment, which lives as long as the process.
    pub fn new(environment: Environment) -> Self {
        let is_debugging = environment
            .text("COGNITO_AUTH_DEBUG")
            .is_some_and(|value| ["1", "true", "yes"].iter().any(|on| value.eq_ignore_ascii_case(on)));
        Self {
            environment: Box::leak(Box::new(environment)),
            is_debugging,
            page: None,
            has_begun: false,
        }
    }

    /// Whether somebody had to sign in.
    pub fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// The environment.
    pub fn environment(&self) -> &Environment {
        self.environment
    }

    /// The same, for as long as the process lives.
    pub fn shared_environment(&self) -> &'static Environment {
        self.environment
    }

    /// Says something. Where nobody can read it, nothing is lost.
    pub fn note(&mut self, text: &str) {
        aside(text);
    }

    /// Shows the page that a run left, where there is a screen and nobody has forbidden it.
    pub fn serve(&mut self) {
        let surroundings = self.surroundings();
        if let Some(page) = self.page.take()
            && show::is_wanted(self.environment)
            && surroundings.can_open()
        {
            show::serve(&page, &mut |url| surroundings.open(url));
        }
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings::of(|name| self.environment.text(name).map(str::to_owned))
    }

    /// Says why there is no answer.
    pub fn fail(&mut self, error: &Error) {
        self.note(&format!("credential-process: {}", error.message));
        if let Some(advice) = &error.advice {
            self.note(&format!("  {advice}"));
        }
    }
}

/// A terminal at which nobody sits: what a timer's job says is mailed. Why it fails is said all the same.
pub struct Nobody<'a> {
    terminal: &'a mut Terminal,
    has_lost: bool,
}

impl<'a> Nobody<'a> {
    /// At this terminal.
    pub fn new(terminal: &'a mut Terminal) -> Self {
        Self {
            terminal,
            has_lost: false,
        }
    }

    /// Whether something could not be kept, which was said.
    pub fn has_lost(&self) -> bool {
        self.has_lost
    }
}

impl Person for Nobody<'_> {
    fn is_there(&self) -> bool {
        false
    }

    fn tell(&mut self, text: &str) {
        self.terminal.debug(text);
    }

    fn lose(&mut self, text: &str) {
        self.has_lost = true;
        self.terminal.note(text);
    }

    fn open(&mut self, _: &str) -> bool {
        false
    }

    fn debug(&mut self, text: &str) {
        self.terminal.debug(text);
    }

    fn show(&mut self, _: String) {}

    fn ask(&mut self, _: &str) -> Option<Secret> {
        None
    }
}

/// Says something without the terminal at hand. What others wrote, such as config.json and AWS, does not move the cursor.
pub fn aside(text: &str) {
    let shown = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
    let text: String = text.chars().map(shown).collect();
    let _ = writeln!(io::stderr(), "{text}");
}

impl Person for Terminal {
    fn begins(&mut self) {
        self.has_begun = true;
    }

    fn tell(&mut self, text: &str) {
        self.note(text);
    }

    fn open(&mut self, url: &str) -> bool {
        self.surroundings().open(url)
    }

    fn debug(&mut self, text: &str) {
        if self.is_debugging {
            self.note(&format!("Debug: {text}"));
        }
    }

    fn show(&mut self, page: String) {
        self.page = Some(page);
    }

    fn ask(&mut self, question: &str) -> Option<Secret> {
        if !io::stdin().is_terminal() {
            return None;
        }
        // It is as before when this ends, whatever became of the thread.
        let open = Open::begin();
        let is_open = open.is_some();
        let _ = write!(io::stderr(), "{question}");
        // In a thread of its own: nobody may answer, and others wait for the lock that is held meanwhile.
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            let answer = match is_open {
                true => line::read(&mut stdin, &mut io::stderr()),
                false => {
                    let mut line = String::new();
                    stdin.read_line(&mut line).ok().map(|_| Secret::new(line))
                }
            };
            let _ = sender.send(answer);
        });
        receiver.recv_timeout(PATIENCE).ok().flatten()
    }
}
