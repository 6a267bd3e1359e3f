//! What an application inference profile stands for.

use std::ops::Range;

use super::Check;
use super::models::Models;
use super::roster::Roster;
use crate::deployment::model::ProfileScope;
use crate::deployment::read::raw;

/// Up to so many profiles tfgen makes one per developer of its own accord. AWS's quota of application inference
/// profiles is not documented; what is created beyond the quota fails at apply.
pub const MOST_BY_DEFAULT: usize = 300;

/// The scope of profiles.
#[derive(Debug)]
pub struct Profiles {
    /// What a profile stands for.
    pub scope: ProfileScope,
    /// Why, when the file does not say.
    pub reason: Option<String>,
    /// Where the file says it.
    pub span: Option<Range<usize>>,
}

/// Checks the block `profiles`, or decides in its place. `None` when nothing can be decided.
pub fn check(check: &mut Check<'_>, file: &raw::File, roster: &Roster, models: Option<&Models>) -> Option<Profiles> {
    let stated = file.profiles.as_ref().and_then(|block| block.per.as_ref());
    let Some(per) = stated else {
        if file.profiles.is_some() || check.faulty.contains("profiles") {
            return None;
        }
        let models = models?.allowed.len();
        if !roster.whole {
            return None;
        }
        let (scope, reason) = by_default(roster, models);
        return Some(Profiles {
            scope,
            reason: Some(reason),
            span: None,
        });
    };
    let scope = match per.value {
        raw::Scope::Developer => ProfileScope::Developer,
        raw::Scope::Team => ProfileScope::Team,
        raw::Scope::None => ProfileScope::None,
    };
    if roster.whole {
        scope_fits(check, per.span.clone(), scope, roster);
    }
    Some(Profiles {
        scope,
        reason: None,
        span: Some(per.span.clone()),
    })
}

fn scope_fits(check: &mut Check<'_>, span: Range<usize>, scope: ProfileScope, roster: &Roster) {
    if scope == ProfileScope::None {
        return;
    }
    if roster.developers.is_empty() {
        let fault = check
            .error(
                &span,
                "there are no developers to make profiles for",
                "expected \"none\"",
            )
            .help("list developers in `developer` blocks or in the file of `developers`");
        return check.report(fault);
    }
    let teamless: Vec<&str> = roster
        .developers
        .iter()
        .filter(|person| person.team.is_none())
        .map(|person| person.id.as_str())
        .collect();
    if scope == ProfileScope::Team && !teamless.is_empty() {
        let message = match teamless.as_slice() {
            [one] => format!("developer \"{one}\" has no team, so they would have no profile"),
            [one, two] => format!("developers \"{one}\" and \"{two}\" have no team, so they would have no profile"),
            [one, rest @ ..] => {
                format!(
                    "developer \"{one}\" and {} others have no team, so they would have no profile",
                    rest.len()
                )
            }
            [] => return,
        };
        let fault = check.error(&span, message, "expected a team for every developer");
        check.report(fault);
    }
}

fn by_default(roster: &Roster, models: usize) -> (ProfileScope, String) {
    let developers = roster.developers.len();
    let profiles = developers * models;
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let product = format!("{} × {}", counted(developers, "developer"), counted(models, "model"));
    if developers == 0 {
        (ProfileScope::None, "no developers are listed".to_owned())
    } else if profiles <= MOST_BY_DEFAULT {
        let reason = format!(
            "{product} make {}, at most {MOST_BY_DEFAULT}",
            counted(profiles, "profile")
        );
        (ProfileScope::Developer, reason)
    } else if roster.developers.iter().all(|person| person.team.is_some()) {
        let reason = format!(
            "{product} would make {profiles} profiles, more than {MOST_BY_DEFAULT}, and every developer has a team"
        );
        (ProfileScope::Team, reason)
    } else {
        let reason = format!(
            "{product} would make {profiles} profiles, more than {MOST_BY_DEFAULT}, and not every developer has a team"
        );
        (ProfileScope::None, reason)
    }
}
