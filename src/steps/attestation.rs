//! A human's word for a step: who, when, on what evidence, and until when it holds.
//!
//! The words are kept in `attestations.json` beside the deployment file. None is ever deleted: a revoked one stays, with who
//! revoked it.

use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::render::write::write_atomically;

/// Name of the file beside the deployment file.
pub const FILE_NAME: &str = "attestations.json";

/// How far the clocks of two machines may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Every word that was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestations {
    /// Version of the file's form: 1.
    version: u32,
    /// In the order in which they were given.
    pub attestations: Vec<Attestation>,
}

/// A human's word for a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// Id of the step.
    pub step: String,
    /// Who says so.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
    /// Until when.
    pub expires: Timestamp,
    /// What was seen.
    pub note: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceFile>,
    /// That it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revocation>,
}

/// A file that shows what is attested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceFile {
    /// Its path, as it was named.
    pub path: PathBuf,
    /// SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
}

/// Who took a word back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Whether a word holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Holds,
    /// Its time is over.
    Expired,
    /// It is dated in the future, which nobody can have said yet.
    Early,
    /// It was taken back.
    Revoked,
    /// The evidence is another file now.
    Changed,
    /// The evidence was kept beside the deployment file, and is not there any more.
    Missing,
}

impl Attestation {
    /// Whether the word holds at a time. Evidence that was changed is a reason to doubt it, and evidence that was beside
    /// the deployment file and is gone. A file elsewhere is on the machine of whoever named it, and other machines do not
    /// have it. `folder` is the one of the deployment file.
    pub fn standing(&self, folder: &Path, now: Timestamp) -> Standing {
        if self.revoked.is_some() {
            return Standing::Revoked;
        }
        if self.expires <= now {
            return Standing::Expired;
        }
        // Clocks of two machines differ a little.
        if self.at > now + SKEW {
            return Standing::Early;
        }
        let Some(evidence) = &self.evidence else {
            return Standing::Holds;
        };
        match hash(&folder.join(&evidence.path)) {
            Ok(found) if found == evidence.sha256 => Standing::Holds,
            Ok(_) => Standing::Changed,
            Err(_) if evidence.path.is_relative() => Standing::Missing,
            Err(_) => Standing::Holds,
        }
    }
}

impl fmt::Display for Attestation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A word for hours says the hour.
        let format = match self.expires.duration_since(self.at) > SignedDuration::from_hours(48) {
            true => "%Y-%m-%d",
            false => "%Y-%m-%d %H:%M UTC",
        };
        let day = |time: Timestamp| time.strftime(format).to_string();
        write!(
            f,
            "{} on {} (until {}): {}",
            self.by,
            day(self.at),
            day(self.expires),
            self.note
        )?;
        match &self.evidence {
            Some(evidence) => write!(
                f,
                " [{}, SHA-256 {}…]",
                evidence.path.display(),
                evidence.sha256.get(..12).unwrap_or(&evidence.sha256)
            ),
            None => Ok(()),
        }
    }
}

/// SHA-256 of a file in hexadecimal digits.
///
/// # Errors
/// When it cannot be read.
pub fn hash(path: &Path) -> io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut digest = Sha256::new();
    let mut part = [0; 64 * 1024];
    loop {
        match file.read(&mut part)? {
            0 => break,
            length => digest.update(part.get(..length).unwrap_or_default()),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Attestations {
    /// Reads the file in a folder; a folder without one has none.
    ///
    /// # Errors
    /// When the file cannot be read or understood: then nothing is attested, and nothing overwrites it.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE_NAME);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    version: 1,
                    attestations: Vec::new(),
                });
            }
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        let read: Self = serde_json::from_str(&text).with_context(|| {
            format!(
                "{} is not what `tfgen attest` writes; mend it, or move it away",
                path.display()
            )
        })?;
        if read.version != 1 {
            bail!(
                "{} has the version {}, and this tfgen knows version 1; use the tfgen that wrote it",
                path.display(),
                read.version
            );
        }
        Ok(read)
    }

    /// Writes the file in a folder, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self).context("attestations cannot be serialized")?;
        write_atomically(&folder.join(FILE_NAME), &format!("{text}\n"))
    }

    /// The last word on a step, whether it holds or not.
    pub fn of(&self, step: &str) -> Option<&Attestation> {
        self.attestations
            .iter()
            .rev()
            .find(|attestation| attestation.step == step)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;

    fn word(at: Timestamp) -> Attestation {
        Attestation {
            step: "attribution-identity-source".to_owned(),
            by: "alice".to_owned(),
            at,
            expires: at + 24.hours(),
            note: "seen in the console".to_owned(),
            evidence: None,
            revoked: None,
        }
    }

    #[test]
    fn a_word_holds_until_it_expires_or_is_revoked_or_its_evidence_changes() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let mut given = word(now);
        assert_eq!(given.standing(folder.path(), now), Standing::Holds);
        assert_eq!(given.standing(folder.path(), now + 24.hours()), Standing::Expired);
        std::fs::write(folder.path().join("shot.png"), "a").unwrap();
        given.evidence = Some(EvidenceFile {
            path: "shot.png".into(),
            sha256: hash(&folder.path().join("shot.png")).unwrap(),
        });
        assert_eq!(given.standing(folder.path(), now), Standing::Holds);
        std::fs::write(folder.path().join("shot.png"), "b").unwrap();
        assert_eq!(given.standing(folder.path(), now), Standing::Changed);
        std::fs::remove_file(folder.path().join("shot.png")).unwrap();
        assert_eq!(given.standing(folder.path(), now), Standing::Missing);
        given.evidence = Some(EvidenceFile {
            path: folder.path().join("elsewhere.png"),
            sha256: "0".repeat(64),
        });
        assert_eq!(given.standing(folder.path(), now), Standing::Holds);
        let early = word(now + 1.hour());
        assert_eq!(early.standing(folder.path(), now), Standing::Early);
        assert_eq!(word(now + 4.minutes()).standing(folder.path(), now), Standing::Holds);
        given.revoked = Some(Revocation {
            by: "bob".to_owned(),
            at: now,
        });
        assert_eq!(given.standing(folder.path(), now), Standing::Revoked);
    }

    #[test]
    fn the_last_word_counts_and_the_file_survives_a_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let mut all = Attestations::read(folder.path()).unwrap();
        all.attestations.push(word(now));
        all.attestations.push(Attestation {
            by: "bob".to_owned(),
            ..word(now)
        });
        all.write(folder.path()).unwrap();
        let read = Attestations::read(folder.path()).unwrap();
        assert_eq!(read, all);
        assert_eq!(read.of("attribution-identity-source").unwrap().by, "bob");
        assert_eq!(read.of("other"), None);
    }

    #[test]
    fn a_file_of_another_kind_is_neither_read_nor_lost() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["{}", "[]", "not json", r#"{"version":2,"attestations":[]}"#] {
            std::fs::write(folder.path().join(FILE_NAME), text).unwrap();
            assert!(Attestations::read(folder.path()).is_err(), "{text}");
        }
    }
}
