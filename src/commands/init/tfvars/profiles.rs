//! Models and developers from ARNs and from the map of application inference profiles.

use std::collections::BTreeSet;

use catalog::Catalog;

use super::values::as_text;
use crate::commands::init::check;
use crate::commands::init::draft::{Developer, Draft, Notice, NoticeKind, Scope};

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
pub(super) fn import(variable: &str, entries: &[Entry<'_>], catalog: &Catalog, models: &mut Models, draft: &mut Draft) {
    let mut accounts = BTreeSet::new();
    for (key, profile) in entries {
        let mut note = |kind, text: String| {
            let notice = Notice {
                variable: format!("{variable}.{key}"),
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
                if let Some(notice) = models.add(&format!("{variable}.{key}"), &arn, catalog) {
                    note(notice.kind, notice.text);
                }
            }
        }
        if let Some(user) = as_text(profile.get("user_tag")) {
            let developer = developer(&user, profile);
            match draft.developers.iter().find(|known| known.id == developer.id) {
                None => draft.developers.push(developer),
                Some(known) if *known != developer => {
                    let text = format!("`{user}` has other tags here; the first ones were taken");
                    draft.notices.push(Notice {
                        variable: format!("{variable}.{key}"),
                        kind: NoticeKind::Changed,
                        text,
                    });
                }
                Some(_) => {}
            }
        }
    }
    if entries.is_empty() {
        return;
    }
    if draft.developers.iter().any(|developer| developer.email.is_none()) {
        draft.notices.push(Notice {
            variable: format!("{variable}.*.user_tag"),
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
        variable: variable.to_owned(),
        kind: NoticeKind::Changed,
        text: text.to_owned(),
    });
    if let (Some(account), 1) = (accounts.first(), accounts.len()) {
        draft.account_id = Some(account.clone());
    }
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
