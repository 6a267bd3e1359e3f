//! The sub-commands, and words that are nearly right.

use std::ffi::OsString;

use super::usage;
use crate::error::Error;

/// A sub-command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Login,
    Logout,
    Status,
    Explain,
}

const WORDS: [(&str, Word); 4] = [
    ("login", Word::Login),
    ("logout", Word::Logout),
    ("status", Word::Status),
    ("explain", Word::Explain),
];

/// The sub-command in words that follow a flag's name.
pub(super) fn spoken(word: Option<Word>) -> String {
    let name = WORDS.iter().find(|(_, known)| Some(*known) == word);
    name.map(|(name, _)| format!(" of `{name}`")).unwrap_or_default()
}

/// The sub-command of a command line's first word.
pub(super) fn sub_command(word: &OsString) -> Result<Word, Error> {
    let text = word.to_string_lossy();
    if let Some((_, word)) = WORDS.iter().find(|(name, _)| *name == text) {
        return Ok(*word);
    }
    let error = usage("the first word is no sub-command");
    Err(match nearest(&text, WORDS.iter().map(|(name, _)| *name)) {
        Some(near) => error.advise(format!("did you mean `{near}`?")),
        None => {
            error.advise("the sub-commands are `login`, `logout`, `status` and `explain`; everything else is a flag")
        }
    })
}

/// The known name that is meant, if one is near enough: a third of the letters may be wrong.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any name, it is none of them; the distance of very long texts takes long.
    if name.len() > 64 {
        return None;
    }
    known
        .filter(|known| known.len() > 1)
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= known.len().max(3) / 3)
        .min()
        .map(|(_, known)| known)
}
