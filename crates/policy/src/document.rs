//! A policy document as a value.

/// What a document is attached to; decides its grammar, its size limit and how it takes part in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Identity policy: managed, inline of a role or user, inline of a permission set.
    Identity,
    /// Resource policy, as of a bucket, topic or key.
    Resource,
    /// Trust policy of a role.
    Trust,
    /// Service control policy.
    ServiceControl,
    /// Permission boundary.
    Boundary,
    /// Session policy.
    Session,
}

/// `Version` of a document; without it AWS takes 2008-10-17, which knows no policy variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Version {
    /// `2008-10-17`
    V2008,
    /// `2012-10-17`
    #[default]
    V2012,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Language version.
    pub version: Version,
    /// `Id`, where given.
    pub id: Option<String>,
    /// Statements in order.
    pub statements: Vec<Statement>,
}

/// `Effect` of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// `Sid`, where given.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`, in resource and trust policies.
    pub principals: Option<Principals>,
    /// `Action` or `NotAction`.
    pub actions: Actions,
    /// `Resource` or `NotResource`; absent in trust policies.
    pub resources: Option<Resources>,
    /// `Condition`: all must hold.
    pub conditions: Vec<Condition>,
}

/// `Action` or `NotAction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actions {
    /// Matches an action that matches one of the patterns.
    Only(Vec<String>),
    /// Matches an action that matches none.
    AllBut(Vec<String>),
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resources {
    /// Matches a resource that matches one of the patterns.
    Only(Vec<String>),
    /// Matches a resource that matches none.
    AllBut(Vec<String>),
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// Matches a caller that is one of them.
    Only(Vec<PrincipalPattern>),
    /// Matches a caller that is none of them.
    AllBut(Vec<PrincipalPattern>),
}

/// One member of a principal element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalPattern {
    /// `"*"`: anybody, anonymous callers included.
    Anyone,
    /// `{"AWS": …}`: an account id, an ARN or `*`.
    Aws(String),
    /// `{"Service": …}`
    Service(String),
    /// `{"Federated": …}`
    Federated(String),
    /// `{"CanonicalUser": …}`
    CanonicalUser(String),
}

/// One condition: operator, key and the values of which one must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Operator as written, set qualifier and `IfExists` included: `ForAnyValue:StringLikeIfExists`.
    pub operator: String,
    /// Condition key as written.
    pub key: String,
    /// Values as written.
    pub values: Vec<String>,
}

impl Document {
    /// A 2012-10-17 document of these statements.
    pub fn new(statements: Vec<Statement>) -> Self {
        Self {
            version: Version::V2012,
            id: None,
            statements,
        }
    }
}

impl Statement {
    /// An `Allow` of these actions on these resources.
    pub fn allow<A: Into<String>, R: Into<String>>(
        sid: &str,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        Self::new(
            sid,
            Effect::Allow,
            Actions::Only(strings(actions)),
            Some(Resources::Only(strings(resources))),
        )
    }

    /// A `Deny` of these actions on these resources.
    pub fn deny<A: Into<String>, R: Into<String>>(
        sid: &str,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        Self::new(
            sid,
            Effect::Deny,
            Actions::Only(strings(actions)),
            Some(Resources::Only(strings(resources))),
        )
    }

    /// A statement without principals and conditions.
    pub fn new(sid: &str, effect: Effect, actions: Actions, resources: Option<Resources>) -> Self {
        Self {
            sid: Some(sid.to_owned()),
            effect,
            principals: None,
            actions,
            resources,
            conditions: Vec::new(),
        }
    }

    /// Adds a condition.
    #[must_use]
    pub fn when<V: Into<String>>(mut self, operator: &str, key: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.conditions.push(Condition {
            operator: operator.to_owned(),
            key: key.to_owned(),
            values: strings(values),
        });
        self
    }

    /// Sets the principals.
    #[must_use]
    pub fn principals(mut self, principals: impl IntoIterator<Item = PrincipalPattern>) -> Self {
        self.principals = Some(Principals::Only(principals.into_iter().collect()));
        self
    }
}

fn strings<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
