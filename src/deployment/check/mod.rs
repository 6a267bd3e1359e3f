//! What the schema cannot say: AWS's limits, and that the parts of a deployment fit together.
//!
//! Each part is checked on its own and yields nothing when it is faulty; a check across parts is made only when both
//! are sound, so that one mistake is one error.

mod access;
mod arn;
mod basics;
mod budgets;
mod cost;
mod federation;
mod guardrail;
mod identity_pool;
mod issuer;
mod kms;
mod lengths;
mod models;
mod organization;
mod override_ids;
mod overrides;
mod pattern;
mod profiles;
mod roles;
mod roster;
mod roster_file;
mod roster_pass;
mod state;
pub mod text;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use catalog::Catalog;
use jiff::civil::Date;

use super::analysis;
use super::model::{Access, Deployment};
use super::names::Names;
use super::read::{Faulty, Read, Spanned};
use crate::diagnostic::{Diagnostic, Severity, Source};

/// A catalogue that is older is warned about, in days.
const OLD_CATALOG: i32 = 90;

/// What checks share.
pub struct Check<'a> {
    /// The deployment file.
    pub source: &'a Arc<Source>,
    /// Folder of the deployment file.
    pub directory: &'a Path,
    /// The catalogue of this release.
    pub catalog: &'a Catalog,
    faulty: &'a Faulty,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    /// Checks of one file; faults go to `diagnostics`.
    pub fn new(
        source: &'a Arc<Source>,
        directory: &'a Path,
        catalog: &'a Catalog,
        faulty: &'a Faulty,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            source,
            directory,
            catalog,
            faulty,
            diagnostics,
        }
    }

    fn report(&mut self, fault: Diagnostic) {
        self.diagnostics.push(fault);
    }

    fn error(&self, span: &Range<usize>, message: impl Into<String>, expected: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.source, span.clone(), expected)
    }

    fn warning(&self, span: &Range<usize>, message: impl Into<String>, remark: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(message).at(self.source, span.clone(), remark)
    }

    /// Number of errors so far; warnings do not count.
    fn errors(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|fault| fault.severity == Severity::Error)
            .count()
    }

    /// Whether `part` really stands nowhere in the file, not even misspelt.
    fn absent<T>(&self, part: &Option<T>, path: &str) -> bool {
        part.is_none() && !self.faulty.contains(path)
    }

    /// The items of a list that are not repeated; a repeated one is an error with both places.
    fn distinct<'i>(&mut self, items: &'i [Spanned<String>], what: &str) -> Vec<&'i Spanned<String>> {
        let mut seen: Vec<&Spanned<String>> = Vec::new();
        for item in items {
            match seen.iter().find(|earlier| earlier.value == item.value) {
                Some(first) => {
                    let fault = self
                        .error(
                            &item.span,
                            format!("{what} `{}` is listed twice", item.value),
                            "expected each once",
                        )
                        .also(self.source, first.span.clone(), "first listed here");
                    self.report(fault);
                }
                None => seen.push(item),
            }
        }
        seen
    }
}

/// "one of a, b", or the only one there is.
fn one_of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [only] => (*only).to_owned(),
        many => format!("one of {}", many.join(", ")),
    }
}

/// The items of a list that may be absent.
fn items(list: &Option<Spanned<Vec<Spanned<String>>>>) -> &[Spanned<String>] {
    list.as_ref().map_or(&[], |list| &list.value)
}

/// The catalogue of this release with the file's `model` blocks; faulty ones are reported and left out.
pub fn catalog(check: &mut Check<'_>, file: &super::read::raw::File) -> Catalog {
    overrides::catalog(check, file)
}

/// The deployment that a file describes; `None`, with errors, when it describes none.
pub fn deployment(check: &mut Check<'_>, read: &Read, today: Date) -> Option<Deployment> {
    let file = &read.file;
    let basics = basics::check(check, file);
    let catalog = overrides::catalog(check, file);
    let age = catalog.age_in_days(today);
    if age > OLD_CATALOG {
        let message = format!(
            "the catalogue of models is {age} days old: it is as of {}",
            catalog.as_of()
        );
        check.report(Diagnostic::warning(message).help(
            "use a newer tfgen, or correct what has changed with `model` blocks; prices and regions may be wrong",
        ));
    }
    let models = models::check(check, file, &basics, &catalog, today);
    let mut roster = roster::check(check, file);
    let tag_keys = cost::tag_keys(check, file);
    let profiles = profiles::check(check, file, &roster, models.as_ref());
    roster.report_tags(check, profiles.as_ref().map(|profiles| profiles.scope));
    let access = access::check(check, file, &basics, profiles.as_ref());
    if let Some(access) = &access {
        roster.report_untrusted(check, access);
        if let Access::Federation(federation) = access {
            let emails: Vec<&str> = roster
                .developers
                .iter()
                .map(|developer| developer.email.as_str())
                .collect();
            federation::report_outsiders(check, file, federation, &emails);
        }
    }
    let organization = organization::organization(check, file, &basics);
    let deploy = organization::deploy(check, file, &basics, organization.as_ref());
    let state = state::check(check, file, &basics);
    let cost_tags = cost::cost_tags(check, file, &basics, organization.as_ref(), profiles.as_ref());
    let logging = cost::logging(check, file, &basics);
    let analytics = cost::analytics(check, file);
    let budgets = budgets::check(
        check,
        file,
        &budgets::Parts {
            name: basics.name.as_ref().map(|name| name.value.as_str()),
            roster: &roster,
            profiles: profiles.as_ref(),
            tag_keys: tag_keys.as_ref(),
        },
    );
    let guardrail = guardrail::check(check, file);
    // It is no part of what is deployed, but of the file.
    analysis::check(check.source, check.directory, file, check.diagnostics);
    lengths::check(check, file, &basics, profiles.as_ref(), models.as_ref());

    let (name, account_id, region) = (basics.name?.value, basics.account_id?.value, basics.region?.value);
    let (models, profiles) = (models?, profiles?);
    Some(Deployment {
        names: Names::new(&name, &account_id, &region),
        name,
        account_id,
        region,
        partition: "aws".to_owned(),
        geography: models.geography,
        models: models.allowed,
        price_lists: models::price_lists(&catalog),
        default_model: models.default,
        developers: roster.developers,
        profiles: profiles.scope,
        profiles_reason: profiles.reason,
        access: access?,
        organization,
        deploy,
        state,
        tag_keys: tag_keys?,
        cost_tags,
        logging,
        analytics,
        budgets,
        guardrail,
        catalog_as_of: catalog.as_of().to_string(),
    })
}
