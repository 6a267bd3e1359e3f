//! Credentials that earlier versions kept in `~/.aws/credentials`.
//!
//! A section there outranks the program in every SDK, so it goes. It is known by its setting `x-expiration`, which nothing else
//! writes; a section without it is somebody's own and stays. The rest of the file keeps every byte.

use std::fs;
use std::ops::Range;

use jiff::Timestamp;

use super::disk::{self, Keep, Shared};
use super::ini::{self, Section};
use crate::credentials::Credentials;
use crate::error::{Error, Kind};
use crate::paths::ProfilePaths;
use crate::secret::Secret;

/// The setting by which our own sections are known.
const MARK: &str = "x-expiration";
/// How often a file that others change meanwhile is read again.
const ATTEMPTS: usize = 5;

/// What became of an old section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Migration {
    /// There is no section of the profile's name.
    Nothing,
    /// There is one, but it is somebody's own. It outranks the program, which is never asked.
    Foreign,
    /// It was ours and is gone. Its credentials, if they are whole and still good.
    Removed(Option<Credentials>),
}

/// Takes the old section of a profile out of the file that all programs of AWS share.
///
/// # Errors
/// When the file is there but cannot be read or written.
pub fn migrate(paths: &ProfilePaths, now: Timestamp) -> Result<Migration, Error> {
    for _ in 0..ATTEMPTS {
        let Some(Shared { bytes, metadata }) = disk::read_shared(&paths.aws_credentials)? else {
            return Ok(Migration::Nothing);
        };
        let sections = sections(&bytes, &paths.name);
        if sections.is_empty() {
            return Ok(Migration::Nothing);
        }
        let (ours, foreign): (Vec<Section>, Vec<Section>) = sections
            .into_iter()
            .partition(|section| section.setting(&bytes, MARK).is_some());
        if ours.is_empty() {
            return Ok(Migration::Foreign);
        }
        let rest = without(&bytes, ours.iter().flat_map(|section| &section.lines));
        // Other programs write this file without any lock: what they wrote since must not be lost.
        if disk::read_shared(&paths.aws_credentials)?.is_none_or(|again| again.bytes != bytes) {
            continue;
        }
        // Some keep a link there: what it leads to is written, and the link stays.
        let target = fs::canonicalize(&paths.aws_credentials).map_err(|error| {
            let path = paths.aws_credentials.display();
            Error::new(Kind::Storage, format!("{path} could not be found again: {error}"))
        })?;
        disk::write_as(&target, &rest, mode(&metadata), Keep::Always)?;
        let credentials = ours.last().and_then(|section| section.credentials(&bytes));
        let good = credentials.filter(|credentials| credentials.is_good(now));
        return Ok(match foreign.is_empty() {
            true => Migration::Removed(good),
            false => Migration::Foreign,
        });
    }
    Err(Error::new(
        Kind::Storage,
        format!(
            "{} changes faster than it can be written",
            paths.aws_credentials.display()
        ),
    )
    .advise("end the program that writes it, and try again"))
}

/// Whether the file has a section of the profile's name that is somebody's own and has keys, which outrank the program. Nothing is
/// changed.
///
/// # Errors
/// When the file is there but cannot be read.
pub fn has_foreign(paths: &ProfilePaths) -> Result<bool, Error> {
    has_section(paths, |has| has("aws_access_key_id") && !has(MARK))
}

/// Whether the file has a section that an earlier version of ours wrote. Nothing is changed.
///
/// # Errors
/// Likewise.
pub fn has_old(paths: &ProfilePaths) -> Result<bool, Error> {
    has_section(paths, |has| has(MARK))
}

/// Whether a section of the profile's name is so, which is told by the settings that it has.
fn has_section(paths: &ProfilePaths, is_so: impl Fn(&dyn Fn(&str) -> bool) -> bool) -> Result<bool, Error> {
    let Some(Shared { bytes, .. }) = disk::read_shared(&paths.aws_credentials)? else {
        return Ok(false);
    };
    let all = sections(&bytes, &paths.name);
    Ok(all
        .iter()
        .any(|section| is_so(&|name| section.setting(&bytes, name).is_some())))
}

/// That there is one, in words: AWS's programs never ask this one then, and a login seems to change nothing.
pub fn foreign(paths: &ProfilePaths) -> String {
    format!(
        "{} has a section [{}] of its own, which AWS's programs take instead of asking this one: rename or remove it.",
        paths.aws_credentials.display(),
        paths.name
    )
}

/// Permissions that the file keeps.
#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt;
    metadata.mode() & 0o777
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    disk::PRIVATE
}

/// The sections of a profile.
fn sections(bytes: &[u8], name: &str) -> Vec<Section> {
    ini::sections(bytes, |header| header == name.as_bytes())
}

impl Section {
    fn credentials(&self, bytes: &[u8]) -> Option<Credentials> {
        let text = |name: &str| {
            let value = std::str::from_utf8(self.setting(bytes, name)?).ok()?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        Some(Credentials {
            access_key_id: text("aws_access_key_id")?,
            secret: Secret::new(text("aws_secret_access_key")?),
            session_token: Secret::new(text("aws_session_token")?),
            expiration: Some(text(MARK)?.parse().ok()?),
        })
    }
}

/// The bytes without these parts, which are in order.
fn without<'a>(bytes: &[u8], parts: impl Iterator<Item = &'a Range<usize>>) -> Vec<u8> {
    let mut rest = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for part in parts {
        rest.extend_from_slice(&bytes[from..part.start]);
        from = part.end;
    }
    rest.extend_from_slice(&bytes[from..]);
    rest
}

#[cfg(test)]
mod tests;
