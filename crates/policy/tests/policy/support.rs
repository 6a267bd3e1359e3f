//! Short forms for what the tests are full of.

use policy::{Caller, Context, Decision, Document, Kind, Named, PolicySet, Request, Statement, evaluate, parse};

pub const ACCOUNT: &str = "111122223333";
pub const USER: &str = "arn:aws:iam::111122223333:user/team/alice";
pub const ROLE: &str = "arn:aws:iam::111122223333:role/path/dev";
pub const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/dev/alice";
pub const BUCKET: &str = "arn:aws:s3:::bucket";

/// A document of this kind; its errors fail the test.
pub fn document(kind: Kind, text: &str) -> Document {
    match parse(text, kind) {
        Ok(parsed) => parsed.document,
        Err(errors) => panic!("{}", errors.iter().map(|e| format!("{e}\n")).collect::<String>()),
    }
}

/// An identity policy of one statement: `Allow` everything where this condition holds.
pub fn allow_when(condition: &str) -> Document {
    let statement = format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#);
    document(
        Kind::Identity,
        &format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#),
    )
}

pub fn allow(action: &str, resource: &str) -> Document {
    Document::new(vec![Statement::allow("Allow", [action], [resource])])
}

pub fn deny(action: &str, resource: &str) -> Document {
    Document::new(vec![Statement::deny("Deny", [action], [resource])])
}

/// A resource policy that allows these principals everything.
pub fn grant(principal: &str) -> Document {
    let statement = format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"*","Resource":"*"}}"#);
    document(
        Kind::Resource,
        &format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#),
    )
}

pub fn named(document: Document) -> Named<Document> {
    Named::new("document", document)
}

pub fn identity(documents: impl IntoIterator<Item = Document>) -> PolicySet {
    PolicySet {
        identity: documents.into_iter().map(named).collect(),
        ..PolicySet::default()
    }
}

/// `s3:GetObject` of an object in a bucket of the own account.
pub fn get_object(caller: Caller) -> Request {
    Request::new(caller, "s3:GetObject", format!("{BUCKET}/key")).resource_account(ACCOUNT)
}

pub fn alice() -> Caller {
    Caller::user(USER)
}

pub fn session() -> Caller {
    Caller::role_session(ROLE, "alice")
}

/// The decision in a word, with what it turns on.
pub fn verdict(policies: &PolicySet, request: &Request) -> String {
    match evaluate(policies, request) {
        Decision::Allowed { .. } => "allowed".to_owned(),
        Decision::ExplicitDeny { by } => format!("denied by {by}"),
        Decision::ImplicitDeny { layer } => format!("not allowed by {layer}"),
        Decision::DependsOn { keys, .. } => format!("depends on {}", keys.join(", ")),
    }
}

/// Whether a condition lets a request with this context pass: `yes`, `no`, or the keys it depends on.
pub fn holds(condition: &str, context: Context) -> String {
    let policies = identity([allow_when(condition)]);
    match verdict(&policies, &get_object(session()).context(context)).as_str() {
        "allowed" => "yes".to_owned(),
        "not allowed by identity policies" => "no".to_owned(),
        other => other.to_owned(),
    }
}
