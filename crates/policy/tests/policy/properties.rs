//! What holds for every document and every request.

use policy::{
    Actions, Caller, Condition, Context, Decision, Document, Effect, Kind, Named, PolicySet, PrincipalPattern,
    Principals, Request, Resources, Statement, Version, canonical, check, evaluate, parse, print,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq};

use super::support::{ROLE, SESSION};

fn texts(of: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    vec(select(of).prop_map(str::to_owned), 1..4)
}

fn actions() -> impl Strategy<Value = Actions> {
    let patterns = texts(&[
        "*",
        "s3:*",
        "S3:getobject",
        "s3:GetObject",
        "s3:Put*",
        "iam:?etRole",
        "ec2:Describe*",
    ]);
    (patterns, any::<bool>()).prop_map(|(list, not)| {
        if not {
            Actions::AllBut(list)
        } else {
            Actions::Only(list)
        }
    })
}

fn resources() -> impl Strategy<Value = Resources> {
    let patterns = texts(&[
        "*",
        "arn:aws:s3:::bucket/*",
        "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*",
        "arn:aws:s3:::bucket/${aws:username, 'x'}",
        "arn:aws:s3",
        "arn:aws:s3:::b?cket/red/\"quoted\\",
    ]);
    (patterns, any::<bool>()).prop_map(|(list, not)| {
        if not {
            Resources::AllBut(list)
        } else {
            Resources::Only(list)
        }
    })
}

fn principals(effect: Effect) -> impl Strategy<Value = Principals> {
    let aws = [
        "*",
        "111122223333",
        "arn:aws:iam::111122223333:root",
        ROLE,
        SESSION,
        "444455556666",
    ];
    let pattern = prop_oneof![
        select(aws.to_vec()).prop_map(|text| PrincipalPattern::Aws(text.to_owned())),
        Just(PrincipalPattern::Service("logs.amazonaws.com".to_owned())),
    ];
    // Members of one type side by side, as JSON groups them.
    let grouped = vec(pattern, 1..4).prop_map(|mut list| {
        list.sort();
        list
    });
    let not = any::<bool>().prop_map(move |not| not && effect == Effect::Deny);
    let list = prop_oneof![3 => grouped, 1 => Just(vec![PrincipalPattern::Anyone])];
    (list, not).prop_map(|(list, not)| {
        if not {
            Principals::AllBut(list)
        } else {
            Principals::Only(list)
        }
    })
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let operators = [
        "StringEquals",
        "stringnotlike",
        "ForAnyValue:StringLike",
        "ForAllValues:StringEquals",
        "Null",
        "BoolIfExists",
        "ArnNotLike",
    ];
    let keys = [
        "aws:PrincipalTag/team",
        "AWS:requestedRegion",
        "aws:SecureTransport",
        "aws:PrincipalArn",
    ];
    let values = texts(&[
        "red",
        "RED",
        "r*",
        "true",
        "True",
        "${aws:PrincipalTag/team}",
        "arn:aws:iam::*:role/*",
        "",
    ]);
    let one = (select(operators.to_vec()), select(keys.to_vec()), values);
    vec(one, 0..3).prop_map(|list| {
        let mut conditions: Vec<Condition> = Vec::new();
        for (operator, key, values) in list {
            if !conditions.iter().any(|c| c.operator == operator && c.key == key) {
                let (operator, key) = (operator.to_owned(), key.to_owned());
                conditions.push(Condition { operator, key, values });
            }
        }
        // Keys of one operator side by side, as JSON groups them.
        conditions.sort_by(|a, b| a.operator.cmp(&b.operator));
        conditions
    })
}

fn statement(kind: Kind) -> impl Strategy<Value = Statement> {
    let effect = select(vec![Effect::Allow, Effect::Deny]);
    effect.prop_flat_map(move |effect| {
        let principals = principals(effect).prop_map(move |all| (kind == Kind::Resource).then_some(all));
        (actions(), resources(), conditions(), principals).prop_map(
            move |(actions, resources, conditions, principals)| Statement {
                sid: None,
                effect,
                principals,
                actions,
                resources: Some(resources),
                conditions,
            },
        )
    })
}

fn documents(kind: Kind) -> impl Strategy<Value = Document> {
    let version = prop_oneof![1 => Just(Version::V2008), 4 => Just(Version::V2012)];
    (version, vec(statement(kind), 1..4)).prop_map(|(version, statements)| Document {
        version,
        id: None,
        statements,
    })
}

fn contexts() -> impl Strategy<Value = Context> {
    let team = option::of(select(vec!["red", "RED", ""]));
    let region = option::of(select(vec!["red", "us-east-1"]));
    (team, region, any::<bool>()).prop_map(|(team, region, closed)| {
        let mut context = Context::new();
        if let Some(team) = team {
            context.set("aws:PrincipalTag/Team", [team]);
        }
        if let Some(region) = region {
            context.set("aws:RequestedRegion", [region]);
        }
        if closed { context.rest_absent() } else { context }
    })
}

fn requests() -> impl Strategy<Value = Request> {
    let callers = vec![
        Caller::role_session(ROLE, "alice"),
        Caller::user("arn:aws:iam::111122223333:user/alice"),
        Caller::service("logs.amazonaws.com"),
        Caller::root("111122223333"),
    ];
    let owner = select(vec!["111122223333", "444455556666"]);
    let resources = [
        "arn:aws:s3:::bucket/red/x",
        "arn:aws:s3:::bucket/x",
        "arn:aws:s3:::other",
    ];
    (select(callers), select(resources.to_vec()), owner, contexts()).prop_map(|(caller, resource, owner, context)| {
        Request::new(caller, "s3:GetObject", resource)
            .resource_account(owner)
            .context(context)
    })
}

fn sets() -> impl Strategy<Value = PolicySet> {
    let identity = vec(documents(Kind::Identity), 0..3);
    let level = vec(documents(Kind::ServiceControl), 1..3);
    let resource = option::of(documents(Kind::Resource));
    let boundary = option::of(documents(Kind::Boundary));
    (identity, option::of(level), resource, boundary).prop_map(|(identity, level, resource, boundary)| {
        let named = |document| Named::new("d", document);
        PolicySet {
            scp_levels: level
                .into_iter()
                .map(|level| level.into_iter().map(named).collect())
                .collect(),
            identity: identity.into_iter().map(named).collect(),
            resource: resource.map(named),
            boundary: boundary.map(named),
            session: Vec::new(),
        }
    })
}

fn each(set: &PolicySet, change: impl Fn(&Document) -> Document) -> PolicySet {
    let mut set = set.clone();
    let all = set
        .scp_levels
        .iter_mut()
        .flatten()
        .chain(&mut set.identity)
        .chain(&mut set.resource)
        .chain(&mut set.boundary);
    all.for_each(|named| named.value = change(&named.value));
    set
}

/// The decision without the places, which other forms of a document may move.
fn outline(decision: &Decision) -> String {
    match decision {
        Decision::Allowed { .. } => "allowed".to_owned(),
        Decision::ExplicitDeny { .. } => "denied".to_owned(),
        Decision::ImplicitDeny { layer } => layer.to_string(),
        Decision::DependsOn { .. } => "open".to_owned(),
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(document in documents(Kind::Identity)) {
        for text in [print::minified(&document), print::readable(&document), print::as_terraform_encodes(&document)] {
            let parsed = parse(&text, Kind::Identity).map(|parsed| parsed.document);
            prop_assert_eq!(parsed.as_ref(), Ok(&document), "{}", text);
        }
    }

    #[test]
    fn resource_policies_too(document in documents(Kind::Resource)) {
        let text = print::readable(&document);
        prop_assert_eq!(parse(&text, Kind::Resource).map(|parsed| parsed.document), Ok(document.clone()), "{}", text);
        prop_assert!(check(&document, Kind::Resource).is_empty());
    }

    #[test]
    fn the_canonical_form_is_its_own(document in documents(Kind::Resource)) {
        let once = canonical(&document);
        prop_assert_eq!(canonical(&once), once);
    }

    #[test]
    fn the_canonical_form_decides_alike(set in sets(), request in requests()) {
        let decision = evaluate(&set, &request);
        let other = evaluate(&each(&set, canonical), &request);
        prop_assert_eq!(outline(&decision), outline(&other), "{:?} {:?}", decision, other);
    }

    /// What is settled without a key stays so whatever its value turns out to be.
    #[test]
    fn an_unknown_key_decides_nothing_that_is_settled(set in sets(), request in requests(), value in option::of(select(vec!["red", "RED", "blue"]))) {
        let open = Request { context: request.context.clone().unknown("aws:PrincipalTag/team"), ..request.clone() };
        let decision = evaluate(&set, &open);
        let context = match value {
            Some(value) => request.context.clone().with("aws:PrincipalTag/team", value),
            None => request.context.clone().without("aws:PrincipalTag/team"),
        };
        let known = evaluate(&set, &Request { context, ..request });
        match decision {
            Decision::Allowed { .. } => prop_assert!(known.is_allowed(), "{:?}", known),
            Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => prop_assert!(known.is_denied(), "{:?}", known),
            Decision::DependsOn { keys, statements } => {
                prop_assert!(!keys.is_empty());
                prop_assert!(!statements.is_empty() || keys == ["aws:ResourceAccount"]);
            }
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC*") {
        for kind in [Kind::Identity, Kind::Trust] {
            if let Err(errors) = parse(&text, kind) {
                prop_assert!(!errors.is_empty());
            }
        }
    }

    #[test]
    fn nor_does_a_document_with_a_hole(document in documents(Kind::Resource), at in 0..4_000_usize, with in "[\\PC\"\\[\\]{},:]{0,3}") {
        let text = print::readable(&document);
        let chars: Vec<char> = text.chars().collect();
        let at = at % chars.len();
        let broken: String = chars[..at].iter().chain(with.chars().collect::<Vec<_>>().iter()).chain(&chars[at + 1..]).collect();
        if let Err(errors) = parse(&broken, Kind::Resource) {
            for error in errors {
                let position = error.position.unwrap();
                prop_assert!(position.range.end <= broken.len());
                prop_assert!(position.line <= broken.lines().count().max(1));
            }
        }
    }

    #[test]
    fn no_request_makes_the_evaluator_panic(action in "\\PC{0,8}", resource in "(arn:)?[a:${}*?']{0,12}", pattern in "(arn:)?[a:${}*?', ]{0,12}") {
        let document = Document::new(vec![
            Statement::allow("S", [pattern.clone()], [pattern.clone()])
                .when("StringLike", "aws:a", [pattern.clone()])
                .when("ArnLike", "aws:a", [pattern]),
        ]);
        let set = PolicySet { identity: vec![Named::new("d", document)], ..PolicySet::default() };
        let caller = Caller::user(&resource);
        let context = Context::new().with("aws:a", resource.clone());
        evaluate(&set, &Request::new(caller, action, resource).context(context));
    }
}
