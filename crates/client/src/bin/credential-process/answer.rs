//! The answer on standard output.

use std::fs::File;
use std::io::{self, Write};

use client::{Error, Kind};
use zeroize::Zeroizing;

/// Writes an answer that is no secret. Whoever has read enough of it, such as `head`, makes no failure of it.
pub fn say(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(failed),
    }
}

/// Writes an answer that is one. It goes past the buffer of standard output, where it would lie until the end of the process.
pub fn say_secret(text: &str) -> Result<(), Error> {
    let mut line = Zeroizing::new(String::with_capacity(text.len() + 1));
    line.push_str(text);
    line.push('\n');
    out().and_then(|mut out| out.write_all(line.as_bytes())).map_err(failed)
}

#[cfg(unix)]
fn out() -> io::Result<File> {
    use std::os::fd::AsFd;
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn out() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    io::stdout().as_handle().try_clone_to_owned().map(File::from)
}

fn failed(error: io::Error) -> Error {
    Error::new(Kind::Storage, format!("the answer cannot be written: {error}"))
        .advise("look whether what reads it is still there")
}
