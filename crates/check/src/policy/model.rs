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

    /// Whether every action that it names is one of `sts`.
    fn is_of_sts(&self) -> bool {
        self.actions().iter().all(|action| {
            let action = action.value.to_ascii_lowercase();
            action.starts_with("sts:") || action.starts_with(UNKNOWN)
        })
    }

    /// How it is called in messages.
    pub(crate) fn called(&self) -> String {
        match &self.sid {
            Some(sid) if sid.known() && !sid.value.is_empty() => format!("statement `{}`", sid.value),
            _ => format!("`{}`", self.path),
        }
    }
}

/// What the elements of a document say about its kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Whether some statement has principals.
    has_principals: bool,
    /// Whether some statement has none.
    lacks_principals: bool,
    /// Whether some statement has resources.
    has_resources: bool,
    /// Whether all actions that are named are those of `sts`.
    is_of_sts: bool,
    /// Whether all statements deny everybody, as those of a resource control policy do
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>).
    denies_everybody: bool,
}

impl Shape {
    /// That of a text; what is no document contradicts nothing.
    pub(crate) fn of(text: &str) -> Self {
        let document = super::read::document(text, true);
        let statements = document.as_ref().map_or(&[][..], |document| &document.statements);
        let denies_everybody = |statement: &Statement| {
            let anyone = statement.principals.as_ref().is_some_and(|of| of.anyone.is_some());
            statement.effect == Some(Effect::Deny) && anyone
        };
        Self {
            has_principals: statements.iter().any(|statement| statement.principals.is_some()),
            lacks_principals: statements
                .iter()
                .any(|statement| statement.principals.is_none() && !statement.open),
            has_resources: statements.iter().any(|statement| statement.resources.is_some()),
            is_of_sts: statements.iter().all(Statement::is_of_sts),
            denies_everybody: !statements.is_empty() && statements.iter().all(denies_everybody),
        }
    }

    /// Whether a document of this kind may look so, be it right or wrong. What is wrong as any kind may be any.
    pub(crate) fn can_be(self, kind: Kind) -> bool {
        let principals_alone = self.has_principals && !self.lacks_principals;
        match kind {
            Kind::Identity | Kind::ServiceControl | Kind::Boundary | Kind::Session => !principals_alone,
            Kind::Trust if self.has_principals => self.is_of_sts || !self.has_resources,
            Kind::Trust => self.is_of_sts && !self.has_resources,
            Kind::Resource => {
                let trusts = self.is_of_sts && !self.has_resources;
                self.has_principals && !trusts && !self.denies_everybody
            }
        }
    }
}

impl Document {
    /// What kind of policy it looks like: trust and resource policies have principals.
    pub(crate) fn looks_like(&self) -> Kind {
        if !self.statements.iter().any(|statement| statement.principals.is_some()) {
            return Kind::Identity;
        }
        let trusts = |statement: &Statement| statement.resources.is_none() && statement.is_of_sts();
        if self.statements.iter().all(trusts) {
            Kind::Trust
        } else {
            Kind::Resource
        }
    }
}
