//! Which documents a deployment has, under which file names.

use std::collections::BTreeMap;

use policy::size::of_document;
use policy::{Document, Kind};

use super::invocation::ModelForm;
use super::{admin, analyst, buckets, developer, guardrail, key, log_delivery, scp, topic, trust};
use crate::deployment::model::{Access, Deployment};

/// What a document is attached to; decides how long it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attachment {
    /// Inline policy of a permission set.
    PermissionSet,
    /// Inline policy of a role; the only one of its role.
    RoleInline,
    /// Customer-managed policy.
    Managed,
    /// Trust policy of a role.
    Trust,
    /// Service control policy.
    ServiceControl,
    /// Policy of a bucket.
    Bucket,
    /// Policy of a topic.
    Topic,
    /// Statements for the policy of a key.
    Key,
}

impl Attachment {
    /// The limit that AWS sets there; none for topics and keys, whose documents here are a small part of theirs.
    pub fn limited(self) -> Option<policy::size::Attachment> {
        use policy::size::Attachment as Limited;
        match self {
            Self::PermissionSet => Some(Limited::PermissionSetInline),
            Self::RoleInline => Some(Limited::RoleInline),
            Self::Managed => Some(Limited::Managed),
            Self::Trust => Some(Limited::RoleTrust),
            Self::ServiceControl => Some(Limited::ServiceControl),
            Self::Bucket => Some(Limited::Bucket),
            Self::Topic | Self::Key => None,
        }
    }

    /// The kind of document that is attached there.
    pub fn kind(self) -> Kind {
        match self {
            Self::PermissionSet | Self::RoleInline | Self::Managed => Kind::Identity,
            Self::Trust => Kind::Trust,
            Self::ServiceControl => Kind::ServiceControl,
            Self::Bucket | Self::Topic | Self::Key => Kind::Resource,
        }
    }
}

/// One file of `policies/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The document.
    pub document: Document,
    /// What it is attached to.
    pub attachment: Attachment,
}

impl File {
    /// What the document is.
    pub fn kind(&self) -> Kind {
        self.attachment.kind()
    }
}

/// The documents of a deployment by file name, as `developer.json`.
pub type Documents = BTreeMap<&'static str, File>;

/// Policy of the developers.
pub const DEVELOPER: &str = "developer.json";
/// Policy of the administrators.
pub const ADMIN: &str = "admin.json";
/// Policy of the analysts.
pub const ANALYST: &str = "analyst.json";
/// Service control policy.
pub const SCP: &str = "scp.json";
/// Policy of the log bucket.
pub const LOG_BUCKET: &str = "log-bucket.json";
/// Trust policy of the role that delivers logs.
pub const LOG_DELIVERY_TRUST: &str = "log-delivery-trust.json";
/// Policy of the role that delivers logs.
pub const LOG_DELIVERY: &str = "log-delivery.json";
/// Key policy statements to add, where the logs are encrypted with a key of the customer's.
pub const LOG_KEY: &str = "log-key.json";
/// Policy of the bucket of query results.
pub const RESULTS_BUCKET: &str = "results-bucket.json";
/// Policy of the topic of budgets and alarms.
pub const ALERTS_TOPIC: &str = "alerts-topic.json";
/// Trust policy of the developer role.
pub const DEVELOPER_TRUST: &str = "developer-trust.json";
/// Trust policy of the admin role.
pub const ADMIN_TRUST: &str = "admin-trust.json";
/// Trust policy of the analyst role.
pub const ANALYST_TRUST: &str = "analyst-trust.json";
/// Denies invocation without the guardrail; holds a placeholder for its ARN.
pub const GUARDRAIL_ENFORCEMENT: &str = "guardrail-enforcement.json";

/// The documents of this deployment. A document whose part is switched off is absent; `scp.json` is always there,
/// because the workload root outputs it even where no organization is known.
pub fn documents(d: &Deployment) -> Documents {
    let mut files = Documents::new();
    let mut add = |name, attachment, document| {
        files.insert(name, File { document, attachment });
    };
    let people = match d.access {
        Access::IdentityCenter(_) => Attachment::PermissionSet,
        Access::Roles(_) | Access::Federation(_) => Attachment::RoleInline,
    };
    let (admins, analysts) = match &d.access {
        Access::IdentityCenter(_) => (true, true),
        Access::Roles(roles) => (!roles.admins.is_empty(), !roles.analysts.is_empty()),
        Access::Federation(_) => (false, false),
    };
    add(DEVELOPER, people, fitting(people, |form| developer::document(d, form)));
    if admins {
        add(ADMIN, people, fitting(people, |form| admin::document(d, form)));
    }
    if analysts {
        add(ANALYST, people, analyst::document(d));
    }
    if let Access::Roles(roles) = &d.access {
        for (name, callers) in [
            (DEVELOPER_TRUST, &roles.developers),
            (ADMIN_TRUST, &roles.admins),
            (ANALYST_TRUST, &roles.analysts),
        ] {
            if !callers.is_empty() {
                add(name, Attachment::Trust, trust::document(roles, callers));
            }
        }
    }
    if let Access::Federation(federation) = &d.access {
        add(DEVELOPER_TRUST, Attachment::Trust, trust::federation(d, federation));
    }
    add(SCP, Attachment::ServiceControl, scp::document(d));
    if let Some(logging) = &d.logging {
        add(LOG_BUCKET, Attachment::Bucket, buckets::logs(d));
        add(LOG_DELIVERY_TRUST, Attachment::Trust, log_delivery::trust(d));
        add(LOG_DELIVERY, Attachment::RoleInline, log_delivery::permissions(d));
        if logging.kms_key_arn.is_some() {
            add(LOG_KEY, Attachment::Key, key::document(d));
        }
    }
    if d.analytics.is_some() {
        add(RESULTS_BUCKET, Attachment::Bucket, buckets::results(d));
    }
    if d.budgets.is_some() {
        add(ALERTS_TOPIC, Attachment::Topic, topic::document(d));
    }
    if d.guardrail.is_some() {
        add(GUARDRAIL_ENFORCEMENT, Attachment::Managed, guardrail::document(d));
    }
    files
}

/// The exact form of a document, or the compact one where the exact one would be too long for its attachment.
fn fitting(attachment: Attachment, build: impl Fn(ModelForm) -> Document) -> Document {
    let exact = build(ModelForm::Exact);
    if attachment
        .limited()
        .is_none_or(|limited| of_document(&exact, limited).fits())
    {
        return exact;
    }
    build(ModelForm::Compact)
}
