//! Developers, from blocks and from the roster file.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::Check;
use super::roster_file::RosterFile;
use super::roster_pass::Pass;
use crate::deployment::model::{Access, Developer, ProfileScope, Trusted};
use crate::deployment::people;
use crate::deployment::read::{Spanned, raw, read_text};
use crate::diagnostic::{Diagnostic, Source};

/// Most developers that a deployment may have: what tfgen is measured with.
pub const MOST_DEVELOPERS: usize = 20_000;

/// Developers who may not assume the developer role are named up to this number.
const MOST_UNTRUSTED: usize = 10;

/// Where something of a developer stands.
#[derive(Debug, Clone)]
pub enum Place {
    /// In the deployment file.
    File(Range<usize>),
    /// A row of the roster, by the byte at which it starts.
    Row {
        /// Byte.
        start: usize,
    },
    /// A field of a row.
    Cell {
        /// Byte at which the row starts.
        start: usize,
        /// Which field, from 0.
        index: usize,
    },
}

/// A text and its place.
#[derive(Debug, Clone)]
pub struct Field {
    /// The text.
    pub text: String,
    /// Its place.
    /// Where it stands.
    pub place: Place,
}

/// A developer as written.
#[derive(Debug)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// Set where a part was reported and dropped already.
    pub faulty: bool,
    /// Id.
    pub id: Option<Field>,
    /// E-mail address.
    pub email: Option<Field>,
    /// Team.
    pub team: Option<Field>,
    /// Project.
    pub project: Option<Field>,
    /// Cost centre.
    pub cost_center: Option<Field>,
    /// Former id.
    pub formerly: Option<Field>,
}

impl Entry {
    /// An entry without content.
    pub fn at(place: Place) -> Self {
        Self {
            place,
            faulty: false,
            id: None,
            email: None,
            team: None,
            project: None,
            cost_center: None,
            formerly: None,
        }
    }
}

/// The developers of a deployment.
#[derive(Debug)]
pub struct Roster {
    /// Developers without fault, sorted by id.
    pub developers: Vec<Developer>,
    /// Where each of them stands, by id.
    places: HashMap<String, (Arc<Source>, Range<usize>)>,
    /// Values that cannot be tags, with whether they are e-mail addresses; faults only where there are tags.
    tag_faults: Vec<(bool, Diagnostic)>,
    /// Whether these are all: nothing may be concluded from who is missing otherwise.
    pub whole: bool,
}

/// Checks all developers.
pub fn check(check: &mut Check<'_>, file: &raw::File) -> Roster {
    let before = check.diagnostics.len();
    let mut entries: Vec<Entry> = Vec::new();
    for (id, developer) in file.developer.iter().flat_map(|developers| developers.iter()) {
        entries.push(from_block(check, id, developer));
    }
    let mut roster_file = None;
    let path = file.developers.as_ref().and_then(|block| block.file.as_ref());
    if let Some(path) = path
        && let Some(found) = open(check, path)
    {
        entries.extend(found.entries(check.diagnostics).unwrap_or_default());
        roster_file = Some(found);
    }
    if entries.len() > MOST_DEVELOPERS {
        let span = path.map_or(0..0, |path| path.span.clone());
        let message = format!("there are {} developers", entries.len());
        let fault = check.error(&span, message, format!("expected at most {MOST_DEVELOPERS}"));
        check.report(fault);
    }
    let whole = !check.faulty.contains("developers")
        && !check.faulty.contains("developer")
        && !check.faulty.contains("developers.file");
    let mut pass = Pass {
        source: check.source,
        roster_file: roster_file.as_ref(),
        diagnostics: check.diagnostics,
        places: HashMap::new(),
        tag_faults: Vec::new(),
    };
    let mut developers = pass.developers(entries);
    developers.sort_by(|a, b| a.id.cmp(&b.id));
    Roster {
        developers,
        places: pass.places,
        tag_faults: pass.tag_faults,
        whole: whole && check.diagnostics.len() == before,
    }
}

impl Roster {
    /// Reports the values that cannot be tags, as far as they become tags.
    pub fn report_tags(&mut self, check: &mut Check<'_>, scope: Option<ProfileScope>) {
        for (is_email, fault) in std::mem::take(&mut self.tag_faults) {
            let becomes_tag = match scope {
                // Undecided because of other faults: most likely there will be tags.
                Some(ProfileScope::Developer) | None => true,
                Some(ProfileScope::Team) => !is_email,
                Some(ProfileScope::None) => false,
            };
            if becomes_tag {
                check.report(fault);
            }
        }
    }

    /// Warns of developers who may not assume the developer role: nobody is trusted who could be them.
    pub fn report_untrusted(&self, check: &mut Check<'_>, access: &Access) {
        let Access::Roles(roles) = access else { return };
        if !self.whole
            || roles
                .developers
                .iter()
                .any(|trusted| matches!(trusted, Trusted::Role { .. }))
        {
            return;
        }
        let users = people::users(&self.developers, roles);
        let strangers: Vec<&Developer> = self
            .developers
            .iter()
            .filter(|developer| !users.contains_key(developer.id.as_str()))
            .collect();
        for developer in strangers.iter().take(MOST_UNTRUSTED) {
            let Some((source, span)) = self.places.get(&developer.id) else {
                continue;
            };
            let warning = Diagnostic::warning(format!(
                "developer \"{}\" may not assume the developer role",
                developer.id
            ))
            .at(
                source,
                span.clone(),
                "no trusted IAM user is named like the id, the address or its local part",
            )
            .help("add the user's ARN to `roles.trusted`, or give the developer the user's name as id");
            check.report(warning);
        }
        if let Some(more) = strangers.len().checked_sub(MOST_UNTRUSTED).filter(|more| *more > 0) {
            check.report(Diagnostic::warning(format!(
                "{more} more developers may not assume the developer role"
            )));
        }
    }
}

fn from_block(check: &Check<'_>, id: &Spanned<String>, block: &Spanned<raw::Developer>) -> Entry {
    let field = |value: &Option<Spanned<String>>| {
        value.as_ref().map(|value| Field {
            text: value.value.clone(),
            place: Place::File(value.span.clone()),
        })
    };
    Entry {
        place: Place::File(block.span.clone()),
        faulty: block.email.is_none() || check.faulty.contains(&format!("developer.{}.email", id.value)),
        id: Some(Field {
            text: id.value.clone(),
            place: Place::File(id.span.clone()),
        }),
        email: field(&block.email),
        team: field(&block.team),
        project: field(&block.project),
        cost_center: field(&block.cost_center),
        formerly: field(&block.formerly),
    }
}

fn open(check: &mut Check<'_>, path: &Spanned<String>) -> Option<RosterFile> {
    let full = check.directory.join(&path.value);
    match read_text(&full) {
        Ok(text) => {
            // Named as the user would from where the deployment file was named.
            Some(RosterFile::new(Source::new(
                full.display().to_string(),
                line_ends(&text),
            )))
        }
        Err(fault) => {
            let message = format!("`{}` {}", full.display(), fault.what());
            let mut diagnostic = match fault.place(&full.display().to_string()) {
                Some((source, span)) => Diagnostic::error(message)
                    .at(&source, span, "expected text in UTF-8")
                    .also(check.source, path.span.clone(), "named here"),
                None => check.error(
                    &path.span,
                    message,
                    "expected a CSV file, relative to the deployment file",
                ),
            };
            if let Some(help) = fault.help() {
                diagnostic = diagnostic.help(format!("{help}; Excel calls it “CSV UTF-8”"));
            }
            check.report(diagnostic);
            None
        }
    }
}

/// The text with `\n` for every `\r` that stands alone, as old spreadsheets end their lines: positions are told by it.
fn line_ends(text: &str) -> String {
    let next = text.bytes().skip(1).chain([b'\n']);
    let bytes = text
        .bytes()
        .zip(next)
        .map(|(byte, next)| if byte == b'\r' && next != b'\n' { b'\n' } else { byte })
        .collect();
    // One byte of ASCII for another leaves UTF-8 what it is.
    String::from_utf8(bytes).unwrap_or_default()
}
