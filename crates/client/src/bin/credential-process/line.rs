//! A line that a person types or pastes, however long it is.
//!
//! A terminal that collects the line itself gives no more of it than 4,095 characters on Linux and 1,023 on macOS, and what follows
//! is lost with the line's end: whoever pastes the address of Microsoft Entra ID waits for ever. So the terminal hands over each
//! character as it comes, and the line is put together here. On Windows the console collects it.

use std::io::{Read, Write};

use client::Secret;
use zeroize::Zeroizing;

/// Bytes of the longest line: more than any address has.
const LONGEST: usize = 64 * 1024;
/// What the keys send that edit a line: Ctrl-C, Ctrl-D, Ctrl-U, backspace in its two forms, escape.
const BREAK: u8 = 3;
const END: u8 = 4;
const KILL: u8 = 21;
const BACKSPACE: [u8; 2] = [8, 127];
const ESCAPE: u8 = 27;

/// A line of a terminal that is [`crate::open::Open`], which is shown on `echo` as it comes. `None` when it was broken off.
pub fn read(from: &mut impl Read, echo: &mut impl Write) -> Option<Secret> {
    // With room for all, no part of it is left elsewhere in memory.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut part = Zeroizing::new([0; 1024]);
    let mut is_escaped = false;
    loop {
        let length = from.read(part.as_mut()).ok().filter(|length| *length > 0)?;
        for byte in part.iter().take(length).copied() {
            match byte {
                // A key such as an arrow, or the mark around what is pasted.
                _ if is_escaped => is_escaped = !(byte.is_ascii_alphabetic() || byte == b'~'),
                ESCAPE => is_escaped = true,
                b'\r' | b'\n' => {
                    let _ = writeln!(echo);
                    return std::str::from_utf8(&line).ok().map(Secret::new);
                }
                BREAK => return None,
                END if line.is_empty() => return None,
                KILL => while remove(&mut line, echo) {},
                byte if BACKSPACE.contains(&byte) => {
                    remove(&mut line, echo);
                }
                byte if byte.is_ascii_control() => {}
                byte if line.len() < LONGEST => {
                    line.push(byte);
                    let _ = echo.write_all(&[byte]);
                }
                _ => return None,
            }
        }
        let _ = echo.flush();
    }
}

/// Takes the last character away; whether there was one.
fn remove(line: &mut Vec<u8>, echo: &mut impl Write) -> bool {
    while let Some(byte) = line.pop() {
        // The parts of a character behind its first.
        if byte & 0b1100_0000 != 0b1000_0000 {
            let _ = echo.write_all(b"\x08 \x08");
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> (Option<String>, String) {
        let mut echo = Vec::new();
        let line = read(&mut text.as_bytes(), &mut echo);
        (
            line.map(|line| line.expose().to_owned()),
            String::from_utf8(echo).unwrap(),
        )
    }

    #[test]
    fn a_line_is_put_together_and_shown() {
        assert_eq!(typed("ab\r"), (Some("ab".to_owned()), "ab\n".to_owned()));
        assert_eq!(typed("aü\u{7f}\u{8}b\u{7f}\u{7f}\u{7f}c\n").0.as_deref(), Some("c"));
        assert_eq!(typed("abc\u{15}d\n").0.as_deref(), Some("d"));
        assert_eq!(typed("a\u{7f}\n").1, "a\u{8} \u{8}\n");
        // An arrow, the marks around what is pasted, and a tabulator are no part of it.
        assert_eq!(typed("\u{1b}[Ax\u{1b}[200~y\u{1b}[201~\t\n").0.as_deref(), Some("xy"));
        let long = "x".repeat(LONGEST);
        assert_eq!(typed(&format!("{long}\n")).0.map(|line| line.len()), Some(LONGEST));
    }

    #[test]
    fn whoever_breaks_off_gives_none() {
        for text in ["", "ab", "ab\u{3}\n", "\u{4}\n", &"x".repeat(LONGEST + 1)] {
            assert_eq!(typed(text).0, None);
        }
        assert_eq!(typed("a\u{4}\n").0.as_deref(), Some("a"));
    }
}
