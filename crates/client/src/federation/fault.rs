//! What AWS says when it says no.

use serde::Deserialize;

use crate::http::Answer;
use crate::oidc::text::printable;
use crate::{Error, Kind, Secret};

/// Characters of AWS's own words that are shown.
const LONGEST: usize = 300;

/// A refusal of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Status of HTTP.
    pub(super) status: u16,
    /// Its name; empty where AWS does not say it.
    pub(super) code: String,
    /// AWS's own words.
    pub(super) message: String,
}

/// A failure of a question, before it is explained.
#[derive(Debug)]
pub(super) enum Failed {
    /// AWS refused.
    Refused(Fault),
    /// No answer, or none that is understood.
    Other(Error),
}

impl Fault {
    fn new(status: u16, code: &str, message: &str, secret: &Secret) -> Self {
        // Some messages repeat the value that they are about.
        let message = match secret.is_empty() {
            true => message.to_owned(),
            false => message.replace(secret.expose(), "…"),
        };
        Self {
            status,
            code: printable(code, 80),
            message: printable(&message, LONGEST),
        }
    }

    /// The refusal in an answer of AWS's query protocol. `secret` is what was sent and must not come back in a message.
    pub(super) fn of_xml(answer: &Answer, secret: &Secret) -> Option<Self> {
        if let Some(silent) = Self::silent(answer) {
            return Some(silent);
        }
        let text = str::from_utf8(&answer.body).ok()?;
        let document = roxmltree::Document::parse(text).ok()?;
        let error = document.descendants().find(|node| node.tag_name().name() == "Error")?;
        let part = |name: &str| {
            let found = error.children().find(|node| node.tag_name().name() == name);
            found.and_then(|node| node.text()).unwrap_or_default()
        };
        Some(Self::new(answer.status, part("Code"), part("Message"), secret))
    }

    /// The refusal in an answer of AWS's JSON protocols. The name may have a namespace before it and an address behind it. It may
    /// stand in a header alone; where the body has one as well, that counts.
    ///
    /// Sources: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization>,
    /// <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>
    pub(super) fn of_json(answer: &Answer, secret: &Secret) -> Option<Self> {
        #[derive(Deserialize, Default)]
        struct Raw {
            #[serde(rename = "__type", alias = "code")]
            code: Option<String>,
            #[serde(alias = "Message")]
            message: Option<String>,
        }
        if answer.status < 400 {
            return None;
        }
        let said: Option<Raw> = answer.object();
        let named = answer.error_type.as_deref().map(name).filter(|name| !name.is_empty());
        // A page of a proxy is no refusal of AWS.
        if said.is_none() && named.is_none() {
            return Self::silent(answer);
        }
        let raw = said.unwrap_or_default();
        let code = raw.code.as_deref().map(name).filter(|name| !name.is_empty());
        let code = code.or(named).unwrap_or_default();
        let message = raw.message.as_deref().unwrap_or_default();
        Some(Self::new(answer.status, code, message, secret))
    }

    /// Trouble of which nothing is said: AWS's load balancers answer with a status and hardly a word, and AWS's SDKs ask again by the
    /// status alone. A page, which a proxy would send, is something else.
    fn silent(answer: &Answer) -> Option<Self> {
        let is_text = !matches!(answer.body.trim_ascii_start().first(), Some(b'<' | b'{'));
        (is_text && answer.status >= 500).then(|| Self {
            status: answer.status,
            code: String::new(),
            message: String::new(),
        })
    }

    /// Whether the service has too much to do, or a trouble of its own, which passes.
    pub(super) fn is_trouble(&self) -> bool {
        self.status == 429 || self.status >= 500 || self.code.starts_with("Throttling")
    }

    /// What AWS said to `action`, such as `sts:AssumeRoleWithWebIdentity`.
    pub(super) fn spoken(&self, action: &str) -> String {
        let status = self.status;
        let mut text = match self.code.as_str() {
            "" if status >= 500 => format!("AWS answered {action} with HTTP status {status} and no reason"),
            "" => format!("AWS refused {action} (HTTP status {status})"),
            code => format!("AWS refused {action}: {code}"),
        };
        if !self.message.is_empty() {
            text.push_str(": ");
            text.push_str(&self.message);
        }
        text
    }

    /// The error for trouble on AWS's side.
    pub(super) fn trouble(&self, action: &str) -> Error {
        Error::new(Kind::Network, self.spoken(action)).advise(
            "AWS was asked three times; try again in a minute, and look at <https://health.aws.amazon.com> if it stays so",
        )
    }
}

/// The name of an error, without a namespace before it and an address behind it.
fn name(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            body: body.as_bytes().to_vec(),
            date: None,
            error_type: None,
        }
    }

    #[test]
    fn names_are_found_in_every_shape() {
        let none = Secret::new("");
        for (body, code, message) in [
            (
                r#"{"__type":"NotAuthorizedException","message":"m"}"#,
                "NotAuthorizedException",
                "m",
            ),
            (
                r#"{"__type":"com.amazonaws.x#YException:http://z/","Message":"m"}"#,
                "YException",
                "m",
            ),
            (r#"{"message":null}"#, "", ""),
        ] {
            let fault = Fault::of_json(&answer(400, body), &none).unwrap();
            assert_eq!((fault.code.as_str(), fault.message.as_str()), (code, message));
        }
        assert_eq!(Fault::of_json(&answer(502, "<html>"), &none), None);
        assert_eq!(Fault::of_json(&answer(404, "no"), &none), None);
        assert_eq!(Fault::of_json(&answer(200, "{}"), &none), None);
        let xml = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
                   <Code>AccessDenied</Code><Message>no &amp; no</Message></Error></ErrorResponse>";
        let fault = Fault::of_xml(&answer(403, xml), &none).unwrap();
        assert_eq!(fault.spoken("sts:X"), "AWS refused sts:X: AccessDenied: no & no");
        assert_eq!(Fault::of_xml(&answer(403, "<html><Errors/></html>"), &none), None);
    }

    #[test]
    fn trouble_without_words_is_trouble() {
        let none = Secret::new("");
        for body in ["", "x", "upstream connect error"] {
            let answer = answer(503, body);
            for fault in [Fault::of_xml(&answer, &none), Fault::of_json(&answer, &none)] {
                let fault = fault.unwrap();
                assert!(fault.is_trouble());
                assert_eq!(
                    fault.spoken("sts:X"),
                    "AWS answered sts:X with HTTP status 503 and no reason"
                );
            }
        }
        assert_eq!(Fault::of_xml(&answer(503, "<html>"), &none), None);
        assert_eq!(Fault::of_xml(&answer(400, ""), &none), None);
    }

    #[test]
    fn a_name_in_a_header_counts_where_the_body_has_none() {
        let none = Secret::new("");
        let fault = |header: &str, body: &str| {
            let mut answer = answer(403, body);
            answer.error_type = Some(header.to_owned());
            Fault::of_json(&answer, &none).map(|fault| (fault.code, fault.message))
        };
        let pair = |code: &str, message: &str| Some((code.to_owned(), message.to_owned()));
        let header = "ForbiddenException:http://internal.amazon.com/coral/com.amazonaws.switchboard.portal/";
        assert_eq!(fault(header, r#"{"message":"m"}"#), pair("ForbiddenException", "m"));
        assert_eq!(
            fault("x.y#ForbiddenException", r#"{"__type":""}"#),
            pair("ForbiddenException", "")
        );
        assert_eq!(fault(header, r#"{"__type":"x#Other:http://z/#y"}"#), pair("Other", ""));
        // Without a body, and with one that is not understood.
        assert_eq!(fault(header, ""), pair("ForbiddenException", ""));
        assert_eq!(fault(" :http://z/", "<html>"), None);
    }

    #[test]
    fn a_secret_does_not_come_back() {
        let body = "<Error><Code>V</Code><Message>Value 'abc.def' at 'webIdentityToken'</Message></Error>";
        let fault = Fault::of_xml(&answer(400, body), &Secret::new("abc.def")).unwrap();
        assert_eq!(fault.message, "Value '…' at 'webIdentityToken'");
    }

    #[test]
    fn depth_breaks_nothing() {
        let none = Secret::new("");
        let deep = "<a>".repeat(300_000);
        assert_eq!(Fault::of_xml(&answer(400, &deep), &none), None);
        let deep = format!("{deep}<Error/>{}", "</a>".repeat(300_000));
        assert!(Fault::of_xml(&answer(400, &deep), &none).is_none_or(|fault| fault.code.is_empty()));
    }

    #[test]
    fn entities_do_not_grow() {
        let body = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><Error><Code>&a;</Code></Error>";
        assert_eq!(Fault::of_xml(&answer(400, body), &Secret::new("")), None);
    }
}
