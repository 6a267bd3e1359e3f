//! Which field becomes what.

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::Catalog;

use super::{Profile, Reader, fields};
use crate::commands::init::check;
use crate::commands::init::discover::Asker;
use crate::commands::init::draft::{Access, Draft, Notice, NoticeKind};
use crate::diagnostic::{Diagnostic, Source};

/// Geographies that a deployment can have.
const GEOGRAPHIES: [&str; 5] = ["us", "eu", "au", "jp", catalog::GLOBAL];

/// Fields that name a model: the default first, then one per tier.
const MODELS: [&str; 4] = [
    "selected_model",
    "inference_profile_opus_arn",
    "inference_profile_sonnet_arn",
    "inference_profile_haiku_arn",
];

pub(super) fn map(
    source: &Arc<Source>,
    profile: &Profile,
    catalog: &Catalog,
    asker: &Asker,
    faults: &mut Vec<Diagnostic>,
) -> Draft {
    let mut mapping = Mapping {
        reader: Reader {
            source,
            faults,
            profile,
        },
        catalog,
        asker,
        draft: Draft::default(),
    };
    mapping.name();
    mapping.region();
    mapping.account();
    mapping.models();
    mapping.access();
    mapping.analytics();
    mapping.stacks();
    fields::left_behind(&mapping.reader, &mut mapping.draft);
    mapping.draft
}

pub(super) struct Mapping<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) catalog: &'a Catalog,
    pub(super) asker: &'a Asker,
    pub(super) draft: Draft,
}

impl Mapping<'_> {
    pub(super) fn note(&mut self, field: &str, kind: NoticeKind, text: impl Into<String>) {
        self.draft.notices.push(Notice {
            variable: field.to_owned(),
            kind,
            text: text.into(),
        });
    }

    fn name(&mut self) {
        let own = self.reader.text("name");
        let Some(name) = own.or_else(|| self.reader.profile.name.clone()) else {
            return;
        };
        match check::name(&name) {
            Ok(()) => self.draft.name = Some(name),
            Err(fault) => self.note("name", NoticeKind::Dropped, fault),
        }
    }

    /// One region, from which models are called and in which they are logged.
    fn region(&mut self) {
        let (own, source) = (
            self.reader.text("aws_region"),
            self.reader.text("selected_source_region"),
        );
        let (field, region) = match (&own, &source) {
            (_, Some(region)) => ("selected_source_region", region),
            (Some(region), None) => ("aws_region", region),
            (None, None) => return,
        };
        if let Err(fault) = check::region(self.catalog, region) {
            return self.note(field, NoticeKind::Dropped, fault);
        }
        if let (Some(own), Some(source)) = (&own, &source)
            && own != source
        {
            let text = format!(
                "the installation stands in {own}; a deployment has one region, and models are called from {source}"
            );
            self.note("aws_region", NoticeKind::Changed, text);
        }
        self.draft.region = Some(region.clone());
    }

    /// The account is named in ARNs alone.
    fn account(&mut self) {
        let mut accounts: BTreeSet<String> = BTreeSet::new();
        accounts.extend(self.reader.text("idc_account_id"));
        for field in MODELS.into_iter().chain(["federated_role_arn"]) {
            let arn = self.reader.text(field).filter(|text| text.starts_with("arn:"));
            accounts.extend(arn.and_then(|arn| arn.split(':').nth(4).map(str::to_owned)));
        }
        accounts.retain(|account| check::account_id(account).is_ok());
        let mut accounts = accounts.into_iter();
        match (accounts.next(), accounts.next()) {
            (Some(account), None) => self.draft.account_id = Some(account),
            (Some(one), Some(other)) => {
                let text = format!("the profile names {one} and {other}; a deployment has one account");
                self.note("account", NoticeKind::Dropped, text);
            }
            (None, _) => {}
        }
    }

    fn models(&mut self) {
        let mut geography = None;
        for field in MODELS {
            let Some(written) = self.reader.text(field) else {
                continue;
            };
            let (key, prefix) = match self.model(&written) {
                Ok(found) => found,
                Err(reason) => {
                    self.note(
                        field,
                        NoticeKind::Dropped,
                        format!("{}: {reason}", written.escape_debug()),
                    );
                    continue;
                }
            };
            geography = geography.or(prefix);
            if field == "selected_model" {
                self.draft.default_model = Some(key.clone());
            }
            if !self.draft.allow.contains(&key) {
                self.draft.allow.push(key);
            }
        }
        self.geography(geography);
        if !self.draft.allow.is_empty() {
            let text =
                "developers may call the models of `allow` and no other, whatever the installation lets them call";
            self.note("models", NoticeKind::Advice, text);
            self.small_model();
        }
        if let Some(alias) = self.reader.text("model_alias") {
            let text = format!("Claude Code starts with `models.default` itself, not with the alias `{alias}`");
            self.note("model_alias", NoticeKind::Dropped, text);
        }
        if self.reader.field("allowed_bedrock_regions").is_some() {
            let text = "where requests may be served follows from `models.geography`";
            self.note("allowed_bedrock_regions", NoticeKind::Dropped, text);
        }
    }

    /// A model's key, and the geography of its profile.
    fn model(&self, written: &str) -> Result<(String, Option<String>), String> {
        if written.contains(":application-inference-profile/") {
            return Err(
                "an application profile does not tell its model; tfgen makes profiles of its own, name the model with \
                 `--allow`"
                    .to_owned(),
            );
        }
        let id = written.rsplit('/').next().unwrap_or(written);
        if let Some(found) = self.catalog.identify(id) {
            return Ok((found.model.key.clone(), found.geography.map(str::to_owned)));
        }
        // A profile in a geography that the catalogue does not have; the model may be known all the same.
        if let Some((prefix, _)) = id.split_once(".anthropic.")
            && let Some(found) = self.catalog.identify(&id[prefix.len() + 1..])
        {
            return Ok((found.model.key.clone(), Some(prefix.to_owned())));
        }
        let hint = self
            .catalog
            .nearest(id)
            .map(|near| format!("; the nearest is `{near}`"));
        Err(format!(
            "this model is not in the catalogue{}",
            hint.unwrap_or_default()
        ))
    }

    /// The geography is that of the profile that is called; the other field may be older than it.
    fn geography(&mut self, of_model: Option<String>) {
        let stated = self
            .reader
            .text("cross_region_profile")
            .map(|stated| match stated.as_str() {
                "europe" => "eu".to_owned(),
                "japan" => "jp".to_owned(),
                _ => stated,
            });
        if let (Some(of_model), Some(stated)) = (&of_model, &stated)
            && of_model != stated
        {
            let text = format!("it is `{stated}`, but the profile that is called is of `{of_model}`, which was taken");
            self.note("cross_region_profile", NoticeKind::Changed, text);
        }
        let Some(geography) = of_model.or(stated) else { return };
        if GEOGRAPHIES.contains(&geography.as_str()) {
            self.draft.geography = Some(geography);
        } else {
            let text = format!("`{geography}` is none of {}", GEOGRAPHIES.join(", "));
            self.note("cross_region_profile", NoticeKind::Dropped, text);
        }
    }

    /// Claude Code calls a small model in the background; a role that may not is a stream of denials.
    fn small_model(&mut self) {
        let family = |key: &String| self.catalog.model(key).map(|model| model.family.as_str());
        if !self
            .draft
            .allow
            .iter()
            .filter_map(family)
            .any(|family| family == "haiku")
        {
            let text = "Claude Code also calls a small model in the background; consider adding a haiku to `allow`";
            self.note("models", NoticeKind::Advice, text);
        }
    }

    fn access(&mut self) {
        let domain = self.reader.text("provider_domain");
        let stated = self.reader.text("auth_type");
        let switch = self.reader.boolean("sso_enabled");
        // Older profiles have the switch alone, the oldest only a domain.
        let by_switch = match (switch, domain.as_deref()) {
            (Some(false), _) | (None, Some("none")) => "none",
            _ => "oidc",
        };
        match stated.as_deref().unwrap_or(by_switch) {
            "oidc" => {
                self.draft.access = Some(Access::Federation);
                self.provider(domain);
            }
            "idc" => {
                self.draft.access = Some(Access::IdentityCenter);
                self.identity_center();
            }
            "none" => {
                self.draft.access = Some(Access::Roles);
                let text =
                    "developers have credentials already; `roles.trusted` says whose may assume the developer role";
                self.note("auth_type", NoticeKind::Changed, text);
            }
            _ => {
                let fault = Diagnostic::error("`auth_type` has a value that no version of `ccwb` knows");
                let span = self.reader.span("auth_type");
                let fault = fault.at(self.reader.source, span, "expected oidc, idc or none");
                self.reader.faults.push(fault);
            }
        }
    }

    fn identity_center(&mut self) {
        self.draft.identity.start_url = self.reader.text("idc_start_url");
        self.draft.identity.region = self.reader.text("sso_region");
        if let Some(set) = self.reader.text("idc_permission_set_name") {
            let text = format!(
                "the deployment makes permission sets of its own beside `{set}`; developers' sections of ~/.aws/config change"
            );
            self.note("idc_permission_set_name", NoticeKind::Changed, text);
        }
    }

    fn analytics(&mut self) {
        let text = match self.reader.boolean("analytics_enabled") {
            Some(true) => {
                "it is made of the log of invocations that Bedrock keeps, not of what the developers' machines tell"
            }
            Some(false) => {
                "it is off in the installation, and on here, made of the log of invocations that Bedrock keeps; `--no-logging` \
                 leaves both out"
            }
            None => return,
        };
        self.note("analytics_enabled", NoticeKind::Changed, text);
    }

    /// What stands in the account already.
    fn stacks(&mut self) {
        let mut names: Vec<String> = self
            .reader
            .pairs("stack_names")
            .into_iter()
            .map(|(_, stack)| stack)
            .filter(|stack| !stack.is_empty())
            .collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            let text = format!(
                "tfgen takes over and removes nothing of the installation's CloudFormation stacks ({}); delete them when the \
                 developers have moved",
                names.join(", ")
            );
            self.note("stack_names", NoticeKind::Advice, text);
        }
    }
}
