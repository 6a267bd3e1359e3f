//! Which variable becomes what, and why some do not.

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::{Catalog, Decimal};

use super::profiles::{self, Models};
use super::values::{as_number, as_text};
use super::{Reader, Variable, Variables};
use crate::commands::init::check;
use crate::commands::init::draft::{Access, Draft, Notice, NoticeKind, TeamBudget};
use crate::deployment::text;
use crate::diagnostic::{Diagnostic, Source};

/// Days that a CloudWatch log group can keep events; 0 stands for ever and is no choice here.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const RETENTION_DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// Variables that nothing in a deployment file corresponds to.
const DROPPED: [(&str, &str); 4] = [
    (
        "tags",
        "tfgen sets default tags itself; a second value of Project would split the bill between two tags",
    ),
    ("s3_bucket_prefix", "bucket names follow from name, account and region"),
    (
        "athena_query_result_bucket_prefix",
        "bucket names follow from name, account and region",
    ),
    (
        "s3_lifecycle_ia_transition_days",
        "log objects are deleted after expiration_days and change no storage class",
    ),
];

pub(super) fn map(
    source: &Arc<Source>,
    variables: &Variables,
    catalog: &Catalog,
    faults: &mut Vec<Diagnostic>,
) -> Draft {
    let mut mapping = Mapping {
        reader: Reader { source, faults },
        catalog,
        draft: Draft::default(),
        models: Models::default(),
        prices: Vec::new(),
    };
    let flag = |name: &str| variables.get(name).map(|variable| (name.to_owned(), variable));
    let mut is_on = |name: &str| flag(name).and_then(|(name, value)| mapping.reader.boolean(&name, value));
    let on = Switches {
        sso: is_on("enable_sso"),
        team_budgets: is_on("enable_team_budgets"),
        guardrails: is_on("enable_guardrails"),
    };
    for (name, variable) in variables {
        mapping.variable(name, variable, &on);
    }
    mapping.finish(&on)
}

/// The module's switches; absent where the file does not set them.
struct Switches {
    sso: Option<bool>,
    team_budgets: Option<bool>,
    guardrails: Option<bool>,
}

struct Mapping<'a> {
    reader: Reader<'a>,
    catalog: &'a Catalog,
    draft: Draft,
    models: Models,
    prices: Vec<(String, f64)>,
}

impl Mapping<'_> {
    fn note(&mut self, variable: &str, kind: NoticeKind, text: impl Into<String>) {
        self.draft.notices.push(Notice {
            variable: variable.to_owned(),
            kind,
            text: text.into(),
        });
    }

    fn variable(&mut self, name: &str, variable: &Variable, on: &Switches) {
        if let Some((_, reason)) = DROPPED.iter().find(|(dropped, _)| *dropped == name) {
            self.note(name, NoticeKind::Dropped, *reason);
            return;
        }
        match name {
            "aws_region" => self.draft.region = self.reader.text(name, variable),
            "project_name" => self.project_name(name, variable),
            "developer_trusted_arns" | "admin_trusted_arns" => self.trusted(name, variable, on),
            "allowed_model_arns" => {
                let arns = self.reader.texts(name, variable);
                let notices = self.models.foundation_models(name, &arns, self.catalog);
                self.draft.notices.extend(notices);
            }
            "inference_profiles" => {
                let (models, draft) = (&mut self.models, &mut self.draft);
                profiles::import(name, variable, &mut self.reader, self.catalog, models, draft);
            }
            "log_retention_days" => self.retention(name, variable),
            "s3_lifecycle_expiration_days" => self.draft.expiration_days = self.reader.days(name, variable),
            "sso_instance_arn" => match self.reader.text(name, variable) {
                Some(_) if on.sso == Some(false) => {
                    self.note(
                        name,
                        NoticeKind::Dropped,
                        "enable_sso is false, so access is through roles",
                    );
                }
                arn => self.draft.identity.instance_arn = arn,
            },
            "input_price_per_m" | "output_price_per_m" => {
                let price = self.reader.number(name, variable);
                self.prices.extend(price.map(|price| (name.to_owned(), price)));
            }
            "monthly_budget_amount" => self.draft.monthly_usd = self.reader.number(name, variable),
            "budget_alert_emails" => self.draft.emails = self.reader.texts(name, variable),
            // Read before all others: see `Switches`.
            "enable_sso" | "enable_team_budgets" | "enable_guardrails" => {}
            "team_budgets" => self.team_budgets(name, variable, on),
            "guardrail_blocked_topics" => {
                let topics = self.reader.texts(name, variable);
                if on.guardrails == Some(false) && !topics.is_empty() {
                    self.note(name, NoticeKind::Dropped, "enable_guardrails is false");
                } else {
                    self.topics(name, topics);
                }
            }
            _ => self.note(name, NoticeKind::Dropped, "tfgen does not know this variable"),
        }
    }

    /// A topic of the module was a text of its own; here it is a name, which Bedrock limits.
    fn topics(&mut self, name: &str, topics: Vec<String>) {
        for topic in topics {
            if !text::is_topic_name(&topic) {
                let text = format!(
                    "\"{}\" cannot be the name of a topic; write it as topic \"NAME\" {{ definition = \"…\" }}",
                    topic.escape_debug()
                );
                self.note(name, NoticeKind::Dropped, text);
            } else if self
                .draft
                .blocked_topics
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&topic))
            {
                self.note(name, NoticeKind::Dropped, format!("\"{topic}\" is listed twice"));
            } else {
                self.draft.blocked_topics.push(topic);
            }
        }
    }

    fn project_name(&mut self, name: &str, variable: &Variable) {
        let Some(project) = self.reader.text(name, variable) else {
            return;
        };
        match check::name(&project) {
            Ok(()) => self.draft.name = Some(project),
            Err(fault) => self.note(name, NoticeKind::Dropped, fault),
        }
    }

    fn trusted(&mut self, name: &str, variable: &Variable, on: &Switches) {
        let arns = self.reader.texts(name, variable);
        if on.sso == Some(true) {
            let group = if name.starts_with("admin") {
                "admin_group"
            } else {
                "group"
            };
            let text = format!("with Identity Center a group says who it is: identity_center.{group}");
            self.note(name, NoticeKind::Dropped, text);
            return;
        }
        for arn in arns {
            if check::principal(&arn).is_ok() {
                let list = if name.starts_with("admin") {
                    &mut self.draft.admins
                } else {
                    &mut self.draft.trusted
                };
                list.push(arn);
                continue;
            }
            let reason = if arn.ends_with(":root") {
                "it lets every identity of the account in under any session name, so the log could name anybody; state \
                 users and roles"
            } else if arn.contains(":saml-provider/") {
                "SAML without Identity Center is not part of this version"
            } else if arn.contains(":oidc-provider/") {
                "tokens of an OpenID provider are an access mode of their own, --access federation"
            } else {
                "it is neither an IAM user nor a role"
            };
            self.note(name, NoticeKind::Dropped, format!("{arn}: {reason}"));
        }
    }

    fn retention(&mut self, name: &str, variable: &Variable) {
        let Some(days) = self.reader.days(name, variable) else {
            return;
        };
        let allowed = RETENTION_DAYS.into_iter().find(|allowed| *allowed >= days.max(1));
        match allowed {
            Some(allowed) if days == allowed => self.draft.retention_days = Some(days),
            Some(allowed) if days > 0 => {
                self.draft.retention_days = Some(allowed);
                self.note(
                    name,
                    NoticeKind::Changed,
                    format!("CloudWatch cannot keep {days} days; {allowed} is the next"),
                );
            }
            _ => {
                let longest = RETENTION_DAYS[RETENTION_DAYS.len() - 1];
                self.draft.retention_days = Some(longest);
                self.note(
                    name,
                    NoticeKind::Changed,
                    format!("{days} became {longest}, the longest that ends at all"),
                );
            }
        }
    }

    fn team_budgets(&mut self, name: &str, variable: &Variable, on: &Switches) {
        let teams = self.reader.objects(name, variable);
        if on.team_budgets == Some(false) && !teams.is_empty() {
            self.note(name, NoticeKind::Dropped, "enable_team_budgets is false");
            return;
        }
        for (team, budget) in teams {
            match budget.get("amount").and_then(as_number).filter(|amount| *amount > 0.0) {
                Some(monthly_usd) => self.draft.team_budgets.push(TeamBudget {
                    team: team.to_owned(),
                    monthly_usd,
                    cost_center: as_text(budget.get("cost_center")),
                }),
                None => self.note(name, NoticeKind::Dropped, format!("`{team}` has no amount above 0")),
            }
        }
    }

    fn finish(mut self, on: &Switches) -> Draft {
        self.draft.access = on.sso.map(|on| if on { Access::IdentityCenter } else { Access::Roles });
        self.teams_without_developers();
        let models = std::mem::take(&mut self.models);
        let geographies: BTreeSet<&str> = models.geographies.iter().map(String::as_str).collect();
        if geographies.len() > 1 {
            let listed = geographies.iter().copied().collect::<Vec<_>>().join(", ");
            let text = format!("the profiles are of several geographies ({listed}); a deployment has one");
            self.note("inference_profiles", NoticeKind::Dropped, text);
        } else {
            self.draft.geography = geographies.first().map(|geography| (*geography).to_owned());
        }
        self.draft.allow = models.allow;
        if self.draft.blocked_topics.is_empty() && on.guardrails == Some(true) {
            let text = "a guardrail without a policy does not exist; state blocked_topics";
            self.note("guardrail_blocked_topics", NoticeKind::Dropped, text);
        }
        if !self.draft.team_budgets.is_empty() && self.draft.monthly_usd.is_none() {
            self.draft.monthly_usd = Some(self.draft.team_budgets.iter().map(|budget| budget.monthly_usd).sum());
            let text = "there is no budget of the account, so it got the sum of these";
            self.note("team_budgets", NoticeKind::Changed, text);
        }
        self.price_notices();
        self.small_model_notice();
        self.draft
    }

    /// A team's spend is counted by the tags of its developers' profiles.
    fn teams_without_developers(&mut self) {
        if self.draft.developers.is_empty() {
            return;
        }
        for budget in std::mem::take(&mut self.draft.team_budgets) {
            if self
                .draft
                .developers
                .iter()
                .any(|developer| developer.team.as_ref() == Some(&budget.team))
            {
                self.draft.team_budgets.push(budget);
            } else {
                let text = format!("no developer is in team `{}`, so nothing would be counted", budget.team);
                self.note("team_budgets", NoticeKind::Dropped, text);
            }
        }
    }

    /// Prices come from the catalogue; where the file's are wrong, say what is right.
    fn price_notices(&mut self) {
        let key = self.draft.allow.first().cloned();
        let geography = self.draft.geography.clone();
        for (name, price) in std::mem::take(&mut self.prices) {
            let known = key.as_ref().zip(geography.as_ref()).and_then(|(key, geography)| {
                let rows = self.catalog.model(key)?.prices(geography);
                let row = rows.last()?;
                let actual = if name.starts_with("input") {
                    row.input
                } else {
                    row.output
                };
                Some((key, geography, actual?))
            });
            let text = match known {
                Some((key, geography, actual)) if Decimal::from_f64(price).ok() != Some(actual) => format!(
                    "prices come from the catalogue, by model, geography and day; {price} is wrong, {key} costs \
                     {actual} through `{geography}.`"
                ),
                _ => "prices come from the catalogue, by model, geography and day".to_owned(),
            };
            self.note(&name, NoticeKind::Dropped, text);
        }
    }

    /// Claude Code calls a small model in the background; a role that may not is a stream of denials.
    fn small_model_notice(&mut self) {
        let family = |key: &String| self.catalog.model(key).map(|model| model.family.as_str());
        let has_small = self
            .draft
            .allow
            .iter()
            .filter_map(family)
            .any(|family| family == "haiku");
        if !self.draft.allow.is_empty() && !has_small {
            let text = "Claude Code also calls a small model in the background; consider adding a haiku to `allow`";
            self.note("allowed_model_arns", NoticeKind::Advice, text);
        }
    }
}
