//! What AWS STS does before it gives credentials for a token, and the emulation does not: it believes any token, for any role. This
//! stands in front of it, verifies the token by the issuer's keys (`jose`, not our own code), and asks the role's trust policy.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use real::http;
use real::trust::{self, Exchange};
use serde_json::{Value, json};

use crate::pool::{self, Known, Pool};
use crate::stage::moto;

/// The role of the developers.
pub const ROLE: &str = "arn:aws:iam::123456789012:role/claude-code-developer";

/// An answer of AWS STS to a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Federated {
    /// `RoleSessionName`.
    pub session_name: String,
    /// Code of the refusal; none where credentials were given.
    pub refused: Option<&'static str>,
    /// The id of the access key that was given.
    pub access_key_id: Option<String>,
}

struct State {
    audience: String,
    control: u16,
    upstream: u16,
    trust: Mutex<String>,
    federated: Mutex<Vec<Federated>>,
    secrets: Mutex<BTreeSet<String>>,
    pool: Mutex<Known>,
}

/// AWS STS, and an identity pool, with their door.
pub struct Gate {
    port: u16,
    state: Arc<State>,
}

/// A trust policy for the tokens of an issuer, which asks for their audience.
pub fn trust_policy(issuer: &str, audience: &str) -> Value {
    let host = host(issuer);
    let provider = json!({ "Federated": provider_arn(issuer) });
    let condition = json!({ "StringEquals": { format!("{host}:aud"): audience } });
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": provider, "Condition": condition,
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    }] })
}

/// The identity provider in IAM of an issuer.
pub fn provider_arn(issuer: &str) -> String {
    format!("arn:aws:iam::123456789012:oidc-provider/{}", host(issuer))
}

/// What AWS names the issuer in condition keys.
pub fn host(issuer: &str) -> &str {
    issuer.split_once("://").map_or(issuer, |(_, host)| host)
}

impl Gate {
    /// Stands in front of the emulation on port `upstream`, and believes the tokens that the provider whose control port this is
    /// has issued for `audience`.
    pub fn start(issuer: &str, audience: &str, control: u16, upstream: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            audience: audience.to_owned(),
            control,
            upstream,
            trust: Mutex::new(trust_policy(issuer, audience).to_string()),
            federated: Mutex::default(),
            secrets: Mutex::default(),
            pool: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        // It ends with the process: nothing waits for it.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || state.serve(client));
            }
        });
        Self { port, state }
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets an identity pool in.
    pub fn open_pool(&self, pool: Pool) {
        self.state.pool.lock().unwrap().pool = Some(pool);
    }

    /// Every question to the identity pool, in their order.
    pub fn pooled(&self) -> Vec<pool::Asked> {
        self.state.pool.lock().unwrap().asked.clone()
    }

    /// Gives the role another trust policy.
    pub fn trust(&self, policy: &Value) {
        *self.state.trust.lock().unwrap() = policy.to_string();
    }

    /// Every answer to a token, in their order.
    pub fn federated(&self) -> Vec<Federated> {
        self.state.federated.lock().unwrap().clone()
    }

    /// Secret keys and session tokens that were given out.
    pub fn secrets(&self) -> BTreeSet<String> {
        self.state.secrets.lock().unwrap().clone()
    }
}

/// A refusal in the words of AWS STS.
struct Refusal(u16, &'static str, String);

impl State {
    fn serve(&self, mut client: TcpStream) {
        // A client that is killed in the middle is what some tests are for.
        let Some((head, body)) = read(&client) else { return };
        let answer = match operation(&head) {
            Some(operation) => self.ask_pool(&operation, &head, &body),
            None => self.ask_sts(&head, &body),
        };
        let _ = client.write_all(&answer);
        let _ = client.shutdown(Shutdown::Write);
    }

    fn ask_pool(&self, operation: &str, head: &str, body: &[u8]) -> Vec<u8> {
        let asked: Value = serde_json::from_slice(body).unwrap();
        let mut known = self.pool.lock().unwrap();
        let judged = pool::judge(&known, operation, &asked, |token| self.verify(token)).and_then(|claims| {
            let tags = match &known.pool {
                Some(pool) if operation == "GetCredentialsForIdentity" => pool::ask_role(moto(), pool, &claims)?,
                _ => BTreeMap::new(),
            };
            Ok((claims, tags))
        });
        known.asked.push(pool::Asked {
            operation: operation.to_owned(),
            refused: judged.as_ref().err().map(|refusal| refusal.0),
            tags: judged.as_ref().map(|(_, tags)| tags.clone()).unwrap_or_default(),
        });
        match judged {
            Ok((claims, _)) => {
                let answer = self.forward(head, body);
                let text = String::from_utf8_lossy(&answer);
                let (_, answered) = text.split_once("\r\n\r\n").unwrap();
                let answered: Value = serde_json::from_str(answered).unwrap();
                let identity = answered["IdentityId"].as_str().unwrap();
                let subject = claims["sub"].as_str().unwrap();
                known.identities.insert(identity.to_owned(), subject.to_owned());
                let secrets = ["SecretKey", "SessionToken"].map(|name| answered["Credentials"][name].as_str());
                let secrets = secrets.into_iter().flatten().map(str::to_owned);
                self.secrets.lock().unwrap().extend(secrets);
                answer
            }
            Err(refusal) => pool::refused(&refusal),
        }
    }

    fn ask_sts(&self, head: &str, body: &[u8]) -> Vec<u8> {
        let fields = fields(body);
        let is_federation = fields
            .get("Action")
            .is_some_and(|action| action == "AssumeRoleWithWebIdentity");
        let judged = if is_federation { self.judge(&fields) } else { Ok(()) };
        let answer = match judged {
            Ok(()) => self.forward(head, body),
            Err(Refusal(status, code, message)) => {
                self.note(&fields, Some(code), None);
                refused(status, code, &message)
            }
        };
        if is_federation {
            let text = String::from_utf8_lossy(&answer);
            if let Some(id) = element(&text, "AccessKeyId") {
                let secrets = ["SecretAccessKey", "SessionToken"].map(|name| element(&text, name).unwrap());
                self.secrets.lock().unwrap().extend(secrets);
                self.note(&fields, None, Some(id));
            }
        }
        answer
    }

    /// The claims of a token that the issuer has signed for the audience; else why it is not believed.
    fn verify(&self, token: &str) -> Result<Value, String> {
        let question = json!({ "token": token, "audience": self.audience });
        let (_, answer) = http::request(self.control, "POST", "/verify", question.to_string().as_bytes()).unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["claims"].clone()),
        }
    }

    fn note(&self, fields: &BTreeMap<String, String>, refused: Option<&'static str>, access_key_id: Option<String>) {
        self.federated.lock().unwrap().push(Federated {
            session_name: fields["RoleSessionName"].clone(),
            refused,
            access_key_id,
        });
    }

    fn judge(&self, fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
        let claims = self.verify(&fields["WebIdentityToken"]).map_err(|error| match error {
            error if error.contains("EXPIRED") => Refusal(400, "ExpiredTokenException", "Token expired".to_owned()),
            error if error.ends_with(" aud") => {
                Refusal(400, "InvalidIdentityToken", "Incorrect token audience".to_owned())
            }
            error if error.ends_with(" iss") => Refusal(
                400,
                "InvalidIdentityToken",
                "No OpenIDConnect provider found in your account for that issuer".to_owned(),
            ),
            _ => Refusal(
                400,
                "InvalidIdentityToken",
                format!("The ID Token provided is not a valid JWT ({error})"),
            ),
        })?;
        self.ask_trust(fields, &claims)
    }

    /// Asks the trust policy.
    fn ask_trust(&self, fields: &BTreeMap<String, String>, claims: &Value) -> Result<(), Refusal> {
        let policy = self.trust.lock().unwrap().clone();
        let exchange = Exchange {
            trust_policy: &policy,
            role_arn: &fields["RoleArn"],
            session_name: &fields["RoleSessionName"],
            client_ids: std::slice::from_ref(&self.audience),
        };
        trust::decide(&exchange, claims)
            .unwrap()
            .map(|_| ())
            .map_err(|refusal| match refusal {
                trust::Refusal::Provider => Refusal(
                    400,
                    "InvalidIdentityToken",
                    "No OpenIDConnect provider found in your account for that issuer".to_owned(),
                ),
                trust::Refusal::Trust { action, .. } => {
                    Refusal(403, "AccessDenied", format!("Not authorized to perform {action}"))
                }
            })
    }

    fn forward(&self, head: &str, body: &[u8]) -> Vec<u8> {
        let mut upstream = TcpStream::connect(("127.0.0.1", self.upstream)).unwrap();
        let kept = head
            .lines()
            .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
        let head: String = kept.map(|line| format!("{line}\r\n")).collect();
        upstream
            .write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())
            .unwrap();
        upstream.write_all(body).unwrap();
        let mut answer = Vec::new();
        upstream.read_to_end(&mut answer).unwrap();
        answer
    }
}

/// Head and body of a request.
fn read(client: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(client);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// The operation of an identity pool that a request names.
fn operation(head: &str) -> Option<String> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let mut targets = fields.filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-target"));
    let (_, target) = targets.next()?;
    Some(target.trim().strip_prefix("AWSCognitoIdentityService.")?.to_owned())
}

/// The fields of a form.
fn fields(body: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(body);
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match first {
            b'%' => {
                let (hex, after) = rest.split_at(2);
                rest = after;
                u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap()
            }
            b'+' => b' ',
            other => *other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// The text of the first element of this name.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0.to_owned())
}

fn refused(status: u16, code: &str, message: &str) -> Vec<u8> {
    let body = format!(
        r#"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>11111111-2222-3333-4444-555555555555</RequestId></ErrorResponse>"#
    );
    let length = body.len();
    format!("HTTP/1.1 {status} Refused\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}
