//! Models and developers from ARNs and from the map of application inference profiles.

use std::collections::BTreeSet;

use catalog::Catalog;

use super::values::as_text;
use super::{Reader, Variable};
use crate::commands::init::check;
use crate::commands::init::draft::{Developer, Draft, Notice, NoticeKind, Scope};
use crate::deployment::text;
use crate::diagnostic::Diagnostic;

/// Models that were named, and the geographies of their profiles.
#[derive(Debug, Default)]
pub(super) struct Models {
    /// Keys in order of first appearance.
    pub(super) allow: Vec<String>,
    /// Prefixes of the profiles.
    pub(super) geographies: BTreeSet<String>,
}

/// What an ARN or id of a model turned out to be.
struct Resolved {
    key: String,
    geography: Option<String>,
    /// What was wrong with it.
    correction: Option<String>,
}

impl Models {
    /// Takes over the models that a policy allowed.
    pub(super) fn foundation_models(&mut self, variable: &str, arns: &[String], catalog: &Catalog) -> Vec<Notice> {
        arns.iter().filter_map(|arn| self.add(variable, arn, catalog)).collect()
    }

    /// Takes over one model; the notice says what was changed or why it was left behind.
    fn add(&mut self, variable: &str, arn: &str, catalog: &Catalog) -> Option<Notice> {
        let notice = |kind, text| {
            Some(Notice {
                variable: variable.to_owned(),
                kind,
                text,
            })
        };
        let resolved = match resolve(arn, catalog) {
            Ok(resolved) => resolved,
            Err(reason) => return notice(NoticeKind::Dropped, format!("{arn}: {reason}")),
        };
        if !self.allow.contains(&resolved.key) {
            self.allow.push(resolved.key);
        }
        self.geographies.extend(resolved.geography);
        notice(NoticeKind::Changed, resolved.correction?)
    }
}

fn resolve(arn: &str, catalog: &Catalog) -> Result<Resolved, String> {
    let id = arn.rsplit('/').next().unwrap_or(arn);
    if id.contains(['*', '?']) {
        return Err("a pattern lets models in that nobody chose; name them".to_owned());
    }
    if arn.contains(":application-inference-profile/") {
        return Err("an application profile does not tell its model; name the system profile".to_owned());
    }
    if let Some(found) = catalog.identify(id) {
        return Ok(Resolved {
            key: found.model.key.clone(),
            geography: found.geography.map(str::to_owned),
            correction: None,
        });
    }
    let nearest = catalog.nearest(id).and_then(|key| catalog.model(key));
    let model = nearest.ok_or("this model is not in the catalogue")?;
    let geography = id.split_once(".anthropic.").map(|(prefix, _)| prefix);
    let right = match geography {
        None => model.base_id.as_str(),
        Some(geography) => match model.profile(geography) {
            Some(profile) => profile.id.as_str(),
            None => return Err(format!("`{}` has no profile in `{geography}`", model.key)),
        },
    };
    Ok(Resolved {
        key: model.key.clone(),
        geography: geography.map(str::to_owned),
        correction: Some(format!(
            "`{id}` does not exist; `{right}` does, which is `{}`",
            model.key
        )),
    })
}

type Entry<'v> = (&'v str, &'v hcl::Map<String, hcl::Value>);

/// Takes over the developers behind application inference profiles. Several profiles of one user are one developer
/// with several models.
pub(super) fn import(
    name: &str,
    variable: &Variable,
    reader: &mut Reader<'_>,
    catalog: &Catalog,
    models: &mut Models,
    draft: &mut Draft,
) {
    let entries = reader.objects(name, variable);
    let entries: &[Entry<'_>] = &entries;
    let mut accounts = BTreeSet::new();
    for (key, profile) in entries {
        let mut note = |kind, text: String| {
            let notice = Notice {
                variable: format!("{name}.{key}"),
                kind,
                text,
            };
            if !draft.notices.contains(&notice) {
                draft.notices.push(notice);
            }
        };
        match as_text(profile.get("model_arn")) {
            None => note(NoticeKind::Dropped, "it has no model_arn".to_owned()),
            Some(arn) => {
                accounts.extend(
                    arn.split(':')
                        .nth(4)
                        .filter(|account| check::account_id(account).is_ok())
                        .map(str::to_owned),
                );
                if let Some(notice) = models.add(&format!("{name}.{key}"), &arn, catalog) {
                    note(notice.kind, notice.text);
                }
            }
        }
        let Some(user) = as_text(profile.get("user_tag")) else {
            let team = as_text(profile.get("team_tag"))
                .map(|team| format!(" (team `{team}`)"))
                .unwrap_or_default();
            note(
                NoticeKind::Dropped,
                format!("it names no user{team}; tfgen makes the profiles of teams from the teams of the developers"),
            );
            continue;
        };
        let developer = developer(&user, profile);
        if let Some(reason) = unusable(&user, &developer) {
            let written = format!("\"{user}\"");
            let span = reader.place(variable, &written);
            let fault = Diagnostic::error(format!("the user_tag of `{name}.{key}` cannot be used: {reason}"));
            let expected = "expected a user name or an e-mail address";
            reader.faults.push(fault.at(reader.source, span, expected));
            continue;
        }
        match draft.developers.iter().find(|known| known.id == developer.id) {
            None => draft.developers.push(developer),
            Some(known) if *known != developer => {
                let text = format!("`{user}` has other tags here; the first ones were taken");
                draft.notices.push(Notice {
                    variable: format!("{name}.{key}"),
                    kind: NoticeKind::Changed,
                    text,
                });
            }
            Some(_) => {}
        }
    }
    if entries.is_empty() {
        return;
    }
    if draft.developers.iter().any(|developer| developer.email.is_none()) {
        draft.notices.push(Notice {
            variable: format!("{name}.*.user_tag"),
            kind: NoticeKind::Changed,
            text: "the User tag holds the e-mail address now; earlier spend stays under the old values".to_owned(),
        });
    }
    let scope = if draft.developers.is_empty() {
        Scope::Team
    } else {
        Scope::Developer
    };
    draft.profiles = Some(scope);
    let text = match scope {
        Scope::Developer => {
            "tfgen makes a profile for each developer and allowed model; their ARNs are new, so developers are onboarded again"
        }
        _ => {
            "no profile names a user; tfgen makes a profile for each team and allowed model, the list of developers is needed"
        }
    };
    draft.notices.push(Notice {
        variable: name.to_owned(),
        kind: NoticeKind::Changed,
        text: text.to_owned(),
    });
    if let (Some(account), 1) = (accounts.first(), accounts.len()) {
        draft.account_id = Some(account.clone());
    }
}

/// Why a user cannot be a developer of the deployment file.
fn unusable(user: &str, developer: &Developer) -> Option<String> {
    if let Some(reason) = text::developer_id_fault(&developer.id) {
        return Some(format!(
            "the id \"{}\" would follow from it, and {reason}",
            developer.id
        ));
    }
    if user.contains('@') && developer.email.is_none() {
        return Some("it is no e-mail address".to_owned());
    }
    let c = text::bad_tag_character(user)?;
    Some(format!("AWS does not take the character `{}` in a tag", text::shown(c)))
}

fn developer(user: &str, profile: &hcl::Map<String, hcl::Value>) -> Developer {
    let email = check::email(user).is_ok().then(|| user.to_owned());
    Developer {
        id: Developer::id_of(user),
        email,
        team: as_text(profile.get("team_tag")),
        project: as_text(profile.get("project_tag")),
        cost_center: as_text(profile.get("cost_center")),
    }
}
