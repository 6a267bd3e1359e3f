//! The decision: explicit denies first, then whether every layer that must allow does
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>).

use super::keys::Keys;
use super::principal::{self, Reach};
use super::statement::{self, Reading};
use super::truth::{Open, Truth};
use super::{Caller, Decision, Layer, Named, PolicySet, Request, StatementRef};
use crate::{Document, Effect, Principals, Statement};

/// Decides a request.
///
/// Logic is three-valued: an unknown input matters only where it decides. It does not reason about two statements at
/// once: where one allows a key's value and another allows every other value, an unknown key still gives
/// [`Decision::DependsOn`].
pub fn evaluate(policies: &PolicySet, request: &Request) -> Decision {
    let keys = Keys::new(request);
    let mut scan = Scan {
        policies,
        request,
        keys: &keys,
        open: Open::default(),
        denies: Vec::new(),
    };
    match scan.run() {
        Err(by) => Decision::ExplicitDeny { by },
        Ok(tallies) => Grant::new(policies, request, tallies).decide(scan.denies),
    }
}

/// A statement whose effect is open, and the keys on which it depends.
type OpenStatement = (StatementRef, Vec<String>);

/// What the `Allow` statements of a layer come to.
#[derive(Debug)]
struct Tally {
    allow: Truth,
    by: Option<StatementRef>,
    open: Vec<OpenStatement>,
}

impl Tally {
    const NOTHING: Self = Self::of(Truth::False);

    /// The layer is not there and so restricts nothing.
    const ABSENT: Self = Self::of(Truth::True);

    const fn of(allow: Truth) -> Self {
        Self {
            allow,
            by: None,
            open: Vec::new(),
        }
    }

    fn add(&mut self, truth: Truth, place: impl FnOnce() -> StatementRef, keys: &[String]) {
        match truth {
            Truth::True if self.allow != Truth::True => self.by = Some(place()),
            Truth::Unknown if self.allow != Truth::True => self.open.push((place(), keys.to_vec())),
            _ => {}
        }
        self.allow = self.allow.or(truth);
    }
}

/// The layers' tallies.
#[derive(Debug)]
struct Tallies {
    service_control: Vec<Tally>,
    /// The resource's policy by the way in which it means the caller.
    direct: Tally,
    role: Tally,
    account: Tally,
    identity: Tally,
    boundary: Tally,
    session: Tally,
}

/// One pass over all statements.
struct Scan<'a> {
    policies: &'a PolicySet,
    request: &'a Request,
    keys: &'a Keys<'a>,
    open: Open,
    denies: Vec<OpenStatement>,
}

impl Scan<'_> {
    /// Tallies every layer; the error is the statement that denies.
    fn run(&mut self) -> Result<Tallies, StatementRef> {
        let policies = self.policies;
        let mut service_control = Vec::with_capacity(policies.scp_levels.len());
        if self.service_control_applies() {
            for (level, documents) in policies.scp_levels.iter().enumerate() {
                service_control.push(self.documents(Layer::ServiceControl { level }, documents)?);
            }
        }
        let (mut direct, mut role, mut account) = (Tally::NOTHING, Tally::NOTHING, Tally::NOTHING);
        if let Some(document) = &policies.resource {
            self.resource(document, &mut direct, &mut role, &mut account)?;
        }
        let identity = self.documents(Layer::Identity, &policies.identity)?;
        let boundary = match &policies.boundary {
            Some(document) => self.documents(Layer::Boundary, std::slice::from_ref(document))?,
            None => Tally::ABSENT,
        };
        let session = match policies.session.as_slice() {
            [] => Tally::ABSENT,
            documents => self.documents(Layer::Session, documents)?,
        };
        Ok(Tallies {
            service_control,
            direct,
            role,
            account,
            identity,
            boundary,
            session,
        })
    }

    /// SCPs restrict the principals of an account, but not its service-linked roles
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>).
    fn service_control_applies(&self) -> bool {
        let caller = &self.request.principal;
        caller.account().is_some() && !caller.is_service_linked()
    }

    fn documents(&mut self, layer: Layer, documents: &[Named<Document>]) -> Result<Tally, StatementRef> {
        let mut tally = Tally::NOTHING;
        for document in documents {
            let reading = Reading {
                version: document.value.version,
                completes_arns: matches!(layer, Layer::Identity | Layer::Boundary),
            };
            for (index, statement) in document.value.statements.iter().enumerate() {
                if statement.effect == Effect::Allow && tally.allow == Truth::True {
                    continue;
                }
                let truth = statement::applies(statement, reading, self.request, self.keys, &mut self.open);
                if truth == Truth::False {
                    continue;
                }
                let keys = self.open.take();
                let place = || place(layer, document, index, statement);
                match statement.effect {
                    Effect::Allow => tally.add(truth, place, &keys),
                    Effect::Deny => self.deny(truth, place(), keys)?,
                }
            }
        }
        Ok(tally)
    }

    fn resource(
        &mut self,
        document: &Named<Document>,
        direct: &mut Tally,
        role: &mut Tally,
        account: &mut Tally,
    ) -> Result<(), StatementRef> {
        let reading = Reading {
            version: document.value.version,
            completes_arns: false,
        };
        for (index, statement) in document.value.statements.iter().enumerate() {
            let reach = self.reach(statement);
            if reach.any() == Truth::False {
                continue;
            }
            let applies = statement::applies(statement, reading, self.request, self.keys, &mut self.open);
            let keys = self.open.take();
            if applies == Truth::False {
                continue;
            }
            let place = || place(Layer::Resource, document, index, statement);
            match statement.effect {
                Effect::Allow => {
                    direct.add(reach.direct.and(applies), place, &keys);
                    role.add(reach.role.and(applies), place, &keys);
                    account.add(reach.account.and(applies), place, &keys);
                }
                Effect::Deny => self.deny(reach.any().and(applies), place(), keys)?,
            }
        }
        Ok(())
    }

    fn reach(&mut self, statement: &Statement) -> Reach {
        match &statement.principals {
            // A resource policy without principals means nobody; AWS would not store it.
            None => Reach::NONE,
            // AWS denies everybody who has a permission boundary, whomever the element lists
            // (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>).
            Some(Principals::AllBut(_)) if statement.effect == Effect::Deny && self.policies.boundary.is_some() => {
                Reach::DIRECT
            }
            Some(principals) => principal::reach(principals, &self.request.principal, self.keys, &mut self.open),
        }
    }

    fn deny(&mut self, truth: Truth, place: StatementRef, keys: Vec<String>) -> Result<(), StatementRef> {
        match truth {
            Truth::True => Err(place),
            Truth::Unknown => {
                self.denies.push((place, keys));
                Ok(())
            }
            Truth::False => Ok(()),
        }
    }
}

fn place(layer: Layer, document: &Named<Document>, index: usize, statement: &Statement) -> StatementRef {
    StatementRef {
        layer,
        document: document.name.clone(),
        sid: statement.sid.clone(),
        index,
    }
}

/// Combines the layers.
struct Grant<'a> {
    policies: &'a PolicySet,
    request: &'a Request,
    tallies: Tallies,
}

impl<'a> Grant<'a> {
    fn new(policies: &'a PolicySet, request: &'a Request, mut tallies: Tallies) -> Self {
        match &request.principal {
            // The root user cannot assume a role, whatever the role's policy says
            // (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>).
            Caller::Root { .. } if is_assume_role(request) => {
                tallies.identity = Tally::NOTHING;
                tallies.direct = Tally::NOTHING;
                tallies.role = Tally::NOTHING;
                tallies.account = Tally::NOTHING;
            }
            // Everything else that its account may do, it may.
            Caller::Root { .. } => tallies.identity = Tally::ABSENT,
            // A federated user has what the session policies name, never more
            // (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>).
            Caller::FederatedUser { .. } if policies.session.is_empty() => tallies.session = Tally::NOTHING,
            _ => {}
        }
        Self {
            policies,
            request,
            tallies,
        }
    }

    fn decide(self, denies: Vec<OpenStatement>) -> Decision {
        let service_control = self.service_control();
        let granted = self.granted();
        let allowed = service_control.and(granted);
        if allowed == Truth::False {
            return Decision::ImplicitDeny {
                layer: self.missing_layer(),
            };
        }
        if allowed == Truth::True && denies.is_empty() {
            return Decision::Allowed { by: self.deciding() };
        }
        let mut open = denies;
        let mut keys = Vec::new();
        if service_control == Truth::Unknown {
            open.extend(
                self.tallies
                    .service_control
                    .iter()
                    .flat_map(|tally| tally.open.iter().cloned()),
            );
        }
        if granted == Truth::Unknown {
            let t = &self.tallies;
            for tally in [&t.direct, &t.role, &t.account, &t.identity, &t.boundary, &t.session] {
                if tally.allow == Truth::Unknown {
                    open.extend(tally.open.iter().cloned());
                }
            }
            if self.crosses_accounts() == Truth::Unknown && self.within() != self.across() {
                keys.push("aws:ResourceAccount".to_owned());
            }
        }
        let mut statements = Vec::with_capacity(open.len());
        for (statement, of) in open {
            statements.push(statement);
            keys.extend(of);
        }
        statements.sort();
        statements.dedup();
        keys.sort_by_cached_key(|key| key.to_ascii_lowercase());
        keys.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        Decision::DependsOn { keys, statements }
    }

    fn service_control(&self) -> Truth {
        let levels = self.tallies.service_control.iter();
        levels.fold(Truth::True, |truth, tally| truth.and(tally.allow))
    }

    fn granted(&self) -> Truth {
        let any = self.any_resource();
        if self.request.principal.account().is_none() {
            return any;
        }
        let (within, across) = (self.within(), self.across());
        match self.crosses_accounts() {
            Truth::False => within,
            Truth::True => across,
            Truth::Unknown if within == across => within,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// Within one account: resource policy and identity policies together; whoever is named as himself needs no more,
    /// whoever is named through a role stays within the role's limits.
    fn within(&self) -> Truth {
        let t = &self.tallies;
        let limits = self.limits();
        let identity = if self.resource_must_allow() {
            t.account.allow.and(t.identity.allow)
        } else {
            t.identity.allow
        };
        t.direct.allow.or(t.role.allow.and(limits)).or(identity.and(limits))
    }

    /// Across accounts both sides must allow.
    fn across(&self) -> Truth {
        self.any_resource().and(self.tallies.identity.allow).and(self.limits())
    }

    fn any_resource(&self) -> Truth {
        let t = &self.tallies;
        t.direct.allow.or(t.role.allow).or(t.account.allow)
    }

    fn limits(&self) -> Truth {
        self.tallies.boundary.allow.and(self.tallies.session.allow)
    }

    fn crosses_accounts(&self) -> Truth {
        match (self.request.owner(), &self.policies.resource) {
            (Some(owner), _) => (self.request.principal.account() != Some(owner)).into(),
            (None, Some(_)) => Truth::Unknown,
            (None, None) => Truth::False,
        }
    }

    /// Trust policies and key policies must allow, also within the account.
    fn resource_must_allow(&self) -> bool {
        is_assume_role(self.request)
            || has_prefix(&self.request.action, "kms:") && self.request.resource.contains(":key/")
    }

    fn missing_layer(&self) -> Layer {
        let t = &self.tallies;
        if let Some(level) = t.service_control.iter().position(|tally| tally.allow == Truth::False) {
            return Layer::ServiceControl { level };
        }
        let alone = self.request.principal.account().is_none();
        let needed = alone || self.crosses_accounts() == Truth::True || self.resource_must_allow();
        if needed && self.any_resource() == Truth::False {
            return Layer::Resource;
        }
        let by_role = t.role.allow != Truth::False && self.crosses_accounts() == Truth::False;
        let layers = [
            (Layer::Identity, t.identity.allow == Truth::False && !by_role),
            (Layer::Boundary, t.boundary.allow == Truth::False),
            (Layer::Session, t.session.allow == Truth::False),
        ];
        let first = layers.into_iter().find_map(|(layer, missing)| missing.then_some(layer));
        first.unwrap_or(Layer::Identity)
    }

    /// The statements that an allowed request rests on, one for each layer that was needed.
    fn deciding(self) -> Vec<StatementRef> {
        let t = &self.tallies;
        let within = self.crosses_accounts() == Truth::False;
        let alone = self.request.principal.account().is_none();
        let limits_hold = self.limits() == Truth::True;
        let resource = [&t.direct, &t.role, &t.account]
            .into_iter()
            .find(|tally| tally.allow == Truth::True);
        let mut needed: Vec<&Tally> = t.service_control.iter().collect();
        if alone || within && t.direct.allow == Truth::True {
            needed.extend(resource);
        } else if within && t.role.allow == Truth::True && limits_hold {
            needed.extend([&t.role, &t.boundary, &t.session]);
        } else {
            if !within || self.resource_must_allow() {
                needed.extend(resource);
            }
            needed.extend([&t.identity, &t.boundary, &t.session]);
        }
        needed.into_iter().filter_map(|tally| tally.by.clone()).collect()
    }
}

fn is_assume_role(request: &Request) -> bool {
    has_prefix(&request.action, "sts:") && request.resource.contains(":role/")
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
