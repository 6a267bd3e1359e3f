//! Random cases: requests with every kind of policy around them, of one seed the same everywhere.

use policy::{
    Actions, Caller, Condition, Context, Document, Effect, Named, PolicySet, PrincipalPattern, Principals, Request,
    Resources, Statement, Version,
};

use super::values::{KEYS, Key, Shape, alike, operator};

/// Account of most callers and resources.
pub const HOME: &str = "111122223333";
/// Another account.
pub const AWAY: &str = "444455556666";

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// An action with a resource it takes, and the account that owns the resource.
struct Target {
    action: &'static str,
    resource: &'static str,
    owner: &'static str,
}

const TARGETS: [Target; 14] = [
    target("s3:GetObject", "arn:aws:s3:::logs-bucket/alice/a:b/2026.json", HOME),
    target("s3:PutObject", "arn:aws:s3:::logs-bucket/alice/x", AWAY),
    target("s3:ListBucket", "arn:aws:s3:::logs-bucket", HOME),
    target("s3:ListAllMyBuckets", "*", HOME),
    target(
        "bedrock:InvokeModel",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-6-v1",
        HOME,
    ),
    target(
        "bedrock:InvokeModelWithResponseStream",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6",
        HOME,
    ),
    target(
        "bedrock:InvokeModel",
        "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123def456",
        HOME,
    ),
    target("iam:GetRole", "arn:aws:iam::111122223333:role/team/alice", HOME),
    target("iam:DeleteRolePolicy", "arn:aws:iam::111122223333:role/deploy", HOME),
    target(
        "logs:DeleteLogGroup",
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/bedrock/alice:*",
        HOME,
    ),
    target("sts:AssumeRole", "arn:aws:iam::111122223333:role/deploy", HOME),
    target("sts:AssumeRole", "arn:aws:iam::444455556666:role/deploy", AWAY),
    target(
        "sts:AssumeRoleWithWebIdentity",
        "arn:aws:iam::111122223333:role/deploy",
        HOME,
    ),
    target(
        "kms:Decrypt",
        "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        HOME,
    ),
];

const fn target(action: &'static str, resource: &'static str, owner: &'static str) -> Target {
    Target {
        action,
        resource,
        owner,
    }
}

/// A request and all that applies to it.
#[derive(Clone)]
pub struct Case {
    pub policies: PolicySet,
    pub request: Request,
}

impl Case {
    pub fn random(random: &mut Random) -> Self {
        let target = random.pick(&TARGETS);
        let caller = caller(random, target);
        let context = context(random, &caller, target.action);
        let request = Request::new(caller, target.action, target.resource)
            .resource_account(target.owner)
            .context(context);
        let policies = Maker {
            random,
            request: &request,
        }
        .policies();
        Self { policies, request }
    }
}

fn caller(random: &mut Random, target: &Target) -> Caller {
    if target.action == "sts:AssumeRoleWithWebIdentity" {
        return Caller::federated(&format!("arn:aws:iam::{HOME}:oidc-provider/idp.example.com"));
    }
    let trust = target.action.starts_with("sts:");
    match random.below(if trust { 80 } else { 100 }) {
        0..30 => Caller::user(&format!("arn:aws:iam::{HOME}:user/team/alice")),
        30..70 => Caller::role_session(&format!("arn:aws:iam::{HOME}:role/dev"), "alice"),
        70..80 => Caller::role_session(&format!("arn:aws:iam::{AWAY}:role/dev"), "alice"),
        80..86 => Caller::FederatedUser {
            arn: format!("arn:aws:sts::{HOME}:federated-user/alice"),
        },
        86..93 if !target.resource.contains('*') => Caller::service("bedrock.amazonaws.com"),
        93..96 if target.action == "s3:GetObject" => Caller::Anonymous,
        _ => Caller::root(HOME),
    }
}

fn context(random: &mut Random, caller: &Caller, action: &str) -> Context {
    let mut context = Context::new().rest_absent();
    match caller {
        Caller::User { .. } => context.set("aws:userid", ["AIDAEXAMPLEEXAMPLE01"]),
        Caller::RoleSession { .. } => context.set("aws:userid", ["AROAEXAMPLEEXAMPLE01:alice"]),
        _ => {}
    }
    for key in KEYS.iter().filter(|key| key.fits(caller, action) && !key.is_derived()) {
        if random.chance(60) {
            let count = if key.shape == Shape::Texts {
                1 + random.below(3)
            } else {
                1
            };
            let mut values: Vec<&str> = (0..count).map(|_| *random.pick(key.values)).collect();
            values.sort_unstable();
            values.dedup();
            context.set(key.name, values);
        }
    }
    context
}

struct Maker<'a> {
    random: &'a mut Random,
    request: &'a Request,
}

impl Maker<'_> {
    fn policies(&mut self) -> PolicySet {
        let person = self.request.principal.account().is_some();
        let session = matches!(
            self.request.principal,
            Caller::RoleSession { .. } | Caller::FederatedUser { .. }
        );
        let entity = matches!(self.request.principal, Caller::RoleSession { .. } | Caller::User { .. });
        let trust = self.request.action.starts_with("sts:") || self.request.action.starts_with("kms:");
        let mut set = PolicySet::default();
        if person && self.random.chance(35) {
            set.scp_levels = (0..1 + self.random.below(3)).map(|level| self.level(level)).collect();
        }
        if person {
            set.identity = (0..self.random.below(3) + 1)
                .map(|i| self.named("identity", i, 65, false))
                .collect();
        }
        if trust || !person || self.random.chance(45) {
            set.resource = Some(self.named("resource", 0, 75, true));
        }
        if entity && self.random.chance(20) {
            set.boundary = Some(self.named("boundary", 0, 80, false));
        }
        if session && self.random.chance(25) {
            set.session = vec![self.named("session", 0, 80, false)];
        }
        set
    }

    /// Mostly everything allowed at a level, as in a real organization, with denies beside it.
    fn level(&mut self, level: usize) -> Vec<Named<Document>> {
        let mut documents = vec![self.named("scp", level, 40, false)];
        if self.random.chance(80) {
            documents.push(Named::new(
                "full",
                Document::new(vec![Statement::allow("Full", ["*"], ["*"])]),
            ));
        }
        documents
    }

    fn named(&mut self, kind: &str, index: usize, allow: usize, principals: bool) -> Named<Document> {
        let statements = (0..1 + self.random.below(3))
            .map(|i| self.statement(i, allow, principals))
            .collect();
        let mut document = Document::new(statements);
        if self.random.chance(8) {
            document.version = Version::V2008;
        }
        Named::new(format!("{kind}{index}"), document)
    }

    fn statement(&mut self, index: usize, allow: usize, principals: bool) -> Statement {
        let effect = if self.random.chance(allow) {
            Effect::Allow
        } else {
            Effect::Deny
        };
        let actions = self.actions();
        let resources = self.resources(principals);
        let mut statement = Statement::new(&format!("S{index}"), effect, actions, resources);
        if principals {
            statement.principals = Some(self.principals(effect));
        }
        for _ in 0..*self.random.pick(&[0, 0, 1, 1, 2]) {
            let condition = self.condition();
            let twice = |c: &Condition| {
                c.operator.eq_ignore_ascii_case(&condition.operator) && c.key.eq_ignore_ascii_case(&condition.key)
            };
            if !statement.conditions.iter().any(twice) {
                statement.conditions.push(condition);
            }
        }
        statement
    }

    fn actions(&mut self) -> Actions {
        let action = self.request.action.clone();
        let (service, name) = action.split_once(':').unwrap();
        let negated = self.random.chance(12);
        let mut patterns = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            patterns.push(match self.random.below(if negated { 4 } else { 10 }) {
                0 => format!("{service}:{}*", &name[..3]),
                1 => "ec2:Describe*".to_owned(),
                2 => format!("{service}:Put?bject"),
                3 => "iam:Create*".to_owned(),
                4 => "*".to_owned(),
                5 => format!("{service}:*"),
                6 => format!("{}:{}", service.to_uppercase(), name.to_lowercase()),
                7 => format!("{service}:*{}", &name[name.len() - 4..]),
                8 => format!("{service}:?{}", &name[1..]),
                _ => action.clone(),
            });
        }
        if negated {
            Actions::AllBut(patterns)
        } else {
            Actions::Only(patterns)
        }
    }

    fn resources(&mut self, of_resource: bool) -> Option<Resources> {
        if of_resource && self.request.action.starts_with("sts:") {
            return None;
        }
        let negated = self.random.chance(12);
        let patterns: Vec<String> = (0..1 + self.random.below(2))
            .map(|_| self.resource(of_resource, negated))
            .collect();
        Some(if negated {
            Resources::AllBut(patterns)
        } else {
            Resources::Only(patterns)
        })
    }

    fn resource(&mut self, of_resource: bool, negated: bool) -> String {
        let resource = self.request.resource.clone();
        if resource == "*" || self.random.chance(if negated { 5 } else { 25 }) {
            return "*".to_owned();
        }
        let cut = resource.match_indices(':').nth(4).unwrap().0 + 1;
        let (head, tail) = resource.split_at(cut);
        match self.random.below(14) {
            0 => format!("{head}*"),
            1 => format!("{}*", &resource[..cut + tail.len() / 2]),
            2 => tail.rsplit_once('/').map_or(resource.clone(), |(before, last)| {
                format!("{head}{before}/?{}", &last[1..])
            }),
            3 => resource.replace("alice", "${aws:username}"),
            4 => resource.replace("alice", "${aws:PrincipalTag/team, 'alice'}"),
            5 => resource.replace("alice", "${AWS:principaltag/Team}"),
            6 => format!("{head}{}", tail.to_uppercase()),
            7 => "arn:aws:s3:::other/*".to_owned(),
            8 => resource.replace("us-east-1", "*").replace(HOME, "*"),
            9 => format!("{}{}", head, tail.replacen(['a', 'e'], "*", 1)),
            10 if !of_resource => resource.split(':').take(3).collect::<Vec<_>>().join(":"),
            11 => format!("{head}{}${{*}}", &tail[..tail.len() - 1]),
            // Over the colons that keys and log groups hold.
            12 => {
                let kind = tail.find(['/', ':']).map_or(0, |at| at + 1);
                format!("{head}{}*{}", &tail[..kind], tail[tail.len() - 4..].replace(':', "?"))
            }
            _ => resource,
        }
    }

    fn principals(&mut self, effect: Effect) -> Principals {
        let count = 1 + self.random.below(2);
        let patterns: Vec<PrincipalPattern> = (0..count).map(|_| self.principal()).collect();
        let anyone = patterns.contains(&PrincipalPattern::Anyone);
        let negated = effect == Effect::Deny && self.random.chance(20) && !anyone;
        match (negated, anyone) {
            (true, _) => Principals::AllBut(patterns),
            (false, true) => Principals::Only(vec![PrincipalPattern::Anyone]),
            (false, false) => Principals::Only(patterns),
        }
    }

    fn principal(&mut self) -> PrincipalPattern {
        let aws = |text: &str| PrincipalPattern::Aws(text.to_owned());
        let caller = &self.request.principal;
        let own = caller.account().unwrap_or(HOME);
        match (self.random.below(10), caller) {
            (0, _) => PrincipalPattern::Anyone,
            (1, _) => aws("*"),
            (2, _) => aws(own),
            (3, _) => aws(&format!("arn:aws:iam::{own}:root")),
            (4, _) => aws(AWAY),
            (5, _) => aws("arn:aws:iam::111122223333:user/bob"),
            (_, Caller::User { arn } | Caller::FederatedUser { arn }) => aws(arn),
            (6 | 7, Caller::RoleSession { role_arn, .. }) => aws(role_arn),
            (_, Caller::RoleSession { session_arn, .. }) => aws(session_arn),
            (_, Caller::Service { name }) => PrincipalPattern::Service(name.clone()),
            (_, Caller::Federated { provider }) => PrincipalPattern::Federated(provider.clone()),
            _ => aws(own),
        }
    }

    fn condition(&mut self) -> Condition {
        let caller = &self.request.principal;
        let keys: Vec<&Key> = KEYS
            .iter()
            .filter(|key| key.fits(caller, &self.request.action))
            .collect();
        let key = **self.random.pick(&keys);
        let values = (0..1 + self.random.below(2))
            .map(|_| alike(self.random, &key))
            .collect();
        let name = match self.random.chance(10) {
            true => key.name.to_uppercase(),
            false => key.name.to_owned(),
        };
        let (operator, values) = operator(self.random, &key, values);
        Condition {
            operator,
            key: name,
            values,
        }
    }
}
