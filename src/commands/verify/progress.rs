//! What a person sees while a run goes on: one line that is written over, on a terminal alone.

use std::io::{self, IsTerminal as _, Write};
use std::time::Duration;

use crate::verify::{Progress, told};

/// Progress on standard error.
pub struct Shown<'a> {
    out: &'a mut dyn Write,
    is_terminal: bool,
    is_dirty: bool,
}

impl<'a> Shown<'a> {
    /// Nothing shown yet.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            is_terminal: io::stderr().is_terminal(),
            is_dirty: false,
        }
    }

    /// Takes the line away.
    ///
    /// # Errors
    /// When standard error cannot be written to.
    pub fn clear(&mut self) -> io::Result<()> {
        if self.is_dirty {
            write!(self.out, "\r\x1b[K")?;
            self.out.flush()?;
            self.is_dirty = false;
        }
        Ok(())
    }

    fn line(&mut self, text: &str) {
        // Progress that cannot be shown is no reason to stop looking.
        let _ = write!(self.out, "\r\x1b[K{text}");
        let _ = self.out.flush();
        self.is_dirty = true;
    }
}

impl Progress for Shown<'_> {
    fn looked(&mut self, done: usize, of: usize) {
        if self.is_terminal && done < of {
            self.line(&format!("looking: {done} of {of}"));
        }
    }

    fn waits(&mut self, pending: &[&str], pause: Duration, left: Duration) {
        let text = format!(
            "pending: {}; next look in {}, the last in {} (Ctrl-C ends it with the report)",
            pending.join(", "),
            told(pause),
            told(left)
        );
        if self.is_terminal {
            self.line(&text);
        } else {
            let _ = writeln!(self.out, "{text}");
        }
    }
}
