//! A document as the rules see it: also one that the grammar refuses, with the place of every part, and with what is not
//! known told apart from what is not there.

use std::ops::Range;

use policy::operator::Operator;
use policy::{Effect, Kind, Version};

use super::UNKNOWN;
use super::finding::Part;

/// A string or a member's name.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// What it says, with [`UNKNOWN`] for what is not known.
    pub(crate) value: String,
    pub(crate) path: String,
    pub(crate) part: Part,
    pub(crate) span: Range<usize>,
}

impl Text {
    /// Whether all of it is known.
    pub(crate) fn known(&self) -> bool {
        !self.value.contains(UNKNOWN)
    }
}

/// `Version` of a document.
#[derive(Debug, Clone)]
pub(crate) enum Language {
    Missing,
    Unknown,
    Known(Version, Text),
}

/// A document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) span: Range<usize>,
    pub(crate) version: Language,
    pub(crate) statements: Vec<Statement>,
    /// Whether it may have further members.
    pub(crate) open: bool,
}

/// A statement.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) path: String,
    pub(crate) span: Range<usize>,
    /// Whether it may have further members.
    pub(crate) open: bool,
    pub(crate) sid: Option<Text>,
    /// Whether it has an `Effect`, of whatever value.
    pub(crate) has_effect: bool,
    /// `None` where it is missing, wrong or unknown.
    pub(crate) effect: Option<Effect>,
    pub(crate) principals: Option<Principals>,
    pub(crate) actions: Option<Values>,
    pub(crate) resources: Option<Values>,
    pub(crate) conditions: Option<Conditions>,
}

/// `Action`, `NotAction`, `Resource` or `NotResource`.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    pub(crate) negated: bool,
    pub(crate) name: Text,
    pub(crate) list: Vec<Text>,
    /// Whether there may be more.
    pub(crate) open: bool,
}

impl Values {
    /// Whether it is all there and known.
    pub(crate) fn known(&self) -> bool {
        !self.open && self.list.iter().all(Text::known)
    }
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone)]
pub(crate) struct Principals {
    pub(crate) negated: bool,
    /// `"*"`, not within an object.
    pub(crate) anyone: Option<Text>,
    /// Type (`AWS`) and text of each.
    pub(crate) list: Vec<(String, Text)>,
    pub(crate) open: bool,
}

/// `Condition`.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    pub(crate) name: Text,
    pub(crate) list: Vec<Condition>,
    /// Operators that hold no key.
    pub(crate) empty: Vec<Text>,
    /// Whether there may be more.
    pub(crate) open: bool,
}

/// One operator and key.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) operator: Text,
    /// `None` where AWS knows no such operator, or it is not known.
    pub(crate) parsed: Option<Operator>,
    pub(crate) key: Text,
    pub(crate) values: Vec<Text>,
    /// Whether there may be more values.
    pub(crate) open: bool,
}

impl Condition {
    /// Whether it holds only where the key is there with one of these values; such a condition narrows an `Allow`.
    pub(crate) fn demands(&self) -> bool {
        self.parsed.is_some_and(|operator| {
            !operator.negated
                && !operator.if_exists
                && operator.test != policy::operator::Test::Null
                && operator.qualifier != Some(policy::operator::Qualifier::ForAllValues)
        })
    }

    /// Whether the key is this one, case aside.
    pub(crate) fn is(&self, key: &str) -> bool {
        self.key.value.eq_ignore_ascii_case(key)
    }

    /// Whether every value is there and known.
    pub(crate) fn known(&self) -> bool {
        !self.open && self.key.known() && self.operator.known() && self.values.iter().all(Text::known)
    }
}

impl Statement {
    pub(crate) fn allows(&self) -> bool {
        self.effect == Some(Effect::Allow)
    }

    /// Its conditions, none if it has none.
    pub(crate) fn conditions(&self) -> &[Condition] {
        self.conditions.as_ref().map_or(&[], |conditions| &conditions.list)
    }

    /// Whether it may have conditions that are not known.
    pub(crate) fn may_have_conditions(&self) -> bool {
        self.open || self.conditions.as_ref().is_some_and(|conditions| conditions.open)
    }

    /// The patterns of `Action`.
    pub(crate) fn actions(&self) -> &[Text] {
        match &self.actions {
            Some(actions) if !actions.negated => &actions.list,
            _ => &[],
        }
    }

    /// The patterns of `Resource`.
    pub(crate) fn resources(&self) -> &[Text] {
        match &self.resources {
            Some(resources) if !resources.negated => &resources.list,
            _ => &[],
        }
    }

    /// How it is called in messages.
    pub(crate) fn called(&self) -> String {
        match &self.sid {
            Some(sid) if sid.known() && !sid.value.is_empty() => format!("statement `{}`", sid.value),
            _ => format!("`{}`", self.path),
        }
    }
}

impl Document {
    /// What kind of policy it looks like: trust and resource policies have principals.
    pub(crate) fn looks_like(&self) -> Kind {
        if !self.statements.iter().any(|statement| statement.principals.is_some()) {
            return Kind::Identity;
        }
        let trusts = |statement: &Statement| {
            statement.resources.is_none()
                && statement.actions().iter().all(|action| {
                    let action = action.value.to_ascii_lowercase();
                    action.starts_with("sts:") || action.starts_with(UNKNOWN)
                })
        };
        if self.statements.iter().all(trusts) {
            Kind::Trust
        } else {
            Kind::Resource
        }
    }
}
