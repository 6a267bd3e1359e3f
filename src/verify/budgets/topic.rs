//! Who is subscribed to the topic of alerts.

use std::rc::Rc;

use super::super::check::Check;
use super::super::probe::{Probe, Seen};
use super::{check, kebab};
use crate::aws::Trouble;
use crate::aws::operations::budgets::LIST_SUBSCRIPTIONS_BY_TOPIC;
use crate::deployment::model::{Budgets, Deployment};
use crate::guardrails::arns::Arns;
use crate::verify::next::APPLY_WORKLOAD;

/// Where Amazon Q Developer in chat applications listens.
///
/// Source: <https://docs.aws.amazon.com/chatbot/latest/adminguide/getting-started.html>
const CHAT: &str = "sns-api.chatbot.";

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// `email`, `https` and others.
    pub protocol: String,
    /// Address.
    pub endpoint: String,
    /// ARN, or a word instead of one.
    pub arn: String,
}

impl Subscription {
    fn is_confirmed(&self) -> bool {
        self.arn.starts_with("arn:")
    }

    fn is_chat(&self) -> bool {
        self.protocol == "https" && self.endpoint.contains(CHAT)
    }
}

pub fn email(deployment: &Deployment, address: &str) -> Check {
    let wanted = address.to_owned();
    let topic = Arns::new(deployment).topic();
    check(
        format!("budgets-emails-{}", kebab(address)),
        "budgets-emails",
        format!("{address} has confirmed its subscription"),
    )
    .expects(format!("a confirmed subscription of {address} to {topic}"))
    .calls(&[&LIST_SUBSCRIPTIONS_BY_TOPIC])
    .looks(move |probe| {
        let wanted = wanted.clone();
        async move {
            let Some(subscriptions) = subscriptions(&probe).await? else {
                return Ok(no_topic(&probe));
            };
            Ok(of_email(&wanted, &subscriptions))
        }
    })
}

/// AWS keeps addresses as they were given, and mail does not tell their case apart.
fn of_email(wanted: &str, subscriptions: &[Subscription]) -> Seen {
    let mut own = subscriptions
        .iter()
        .filter(|found| found.protocol.starts_with("email") && found.endpoint.eq_ignore_ascii_case(wanted));
    let Some(first) = own.next() else {
        return Seen::fail("not subscribed: never, unsubscribed, or not confirmed within 48 hours").next(format!(
            "{APPLY_WORKLOAD} subscribes it again; then confirm within 48 hours"
        ));
    };
    match std::iter::once(first).chain(own).find(|found| found.is_confirmed()) {
        Some(found) => Seen::pass(format!("confirmed: {}", found.arn)),
        None if first.arn == "PendingConfirmation" => Seen::pending("the link in AWS's message was not followed yet")
            .next(format!(
                "let {wanted} follow the link \"Confirm subscription\"; after 48 hours AWS deletes the subscription, and \
                 {APPLY_WORKLOAD} makes it again"
            )),
        None if first.arn == "Deleted" => {
            Seen::fail("the subscription was deleted").next(format!("{APPLY_WORKLOAD} subscribes it again"))
        }
        None => Seen::unknown(format!("the subscription has the ARN `{}`", first.arn)),
    }
}

pub fn https(deployment: &Deployment, budgets: &Budgets) -> Check {
    let names = budgets.https.join(", ");
    let wanted = budgets.https.len();
    check(
        "budgets-https",
        "budgets-https",
        format!("{names} listens to the topic"),
    )
    .expects(format!(
        "{wanted} confirmed subscription(s) by HTTPS to {}, beside those of chat applications",
        Arns::new(deployment).topic()
    ))
    .calls(&[&LIST_SUBSCRIPTIONS_BY_TOPIC])
    .looks(move |probe| async move {
        let Some(subscriptions) = subscriptions(&probe).await? else {
            return Ok(no_topic(&probe));
        };
        Ok(of_https(wanted, &subscriptions))
    })
}

/// URLs are secrets that the deployment file does not have, so the subscriptions are counted, and never shown.
fn of_https(wanted: usize, subscriptions: &[Subscription]) -> Seen {
    let own: Vec<&Subscription> = subscriptions
        .iter()
        .filter(|found| found.protocol == "https" && !found.is_chat())
        .collect();
    let confirmed = own.iter().filter(|found| found.is_confirmed()).count();
    let observed = format!("{confirmed} confirmed of {}", own.len());
    if confirmed >= wanted {
        Seen::pass(observed)
    } else if own.len() >= wanted {
        Seen::pending(observed).next(
            "an endpoint must confirm by itself: PagerDuty's integration \"Amazon CloudWatch\" does, its Events API and \
             incoming webhooks of Slack do not",
        )
    } else {
        Seen::fail(observed).next(format!("set TF_VAR_https_endpoints, then {APPLY_WORKLOAD}"))
    }
}

pub fn chat(deployment: &Deployment) -> Check {
    check(
        "budgets-chat",
        "budgets-chat",
        "A chat application listens to the topic",
    )
    .expects(format!(
        "a confirmed subscription of Amazon Q Developer in chat applications to {}",
        Arns::new(deployment).topic()
    ))
    .calls(&[&LIST_SUBSCRIPTIONS_BY_TOPIC])
    .optional()
    .looks(|probe| async move {
        let Some(subscriptions) = subscriptions(&probe).await? else {
            return Ok(no_topic(&probe));
        };
        let mut chats = subscriptions.iter().filter(|found| found.is_chat());
        Ok(match chats.find(|found| found.is_confirmed()) {
            Some(found) => Seen::pass(format!("confirmed: {}", found.arn)),
            None => Seen::manual("no chat application is subscribed")
                .next("configure a channel in Amazon Q Developer in chat applications with this topic, or leave it"),
        })
    })
}

fn no_topic(probe: &Probe) -> Seen {
    Seen::fail(format!("there is no topic {}", Arns::new(probe.deployment()).topic())).next(APPLY_WORKLOAD)
}

/// The subscriptions of the topic; `None` where there is no topic.
///
/// # Errors
/// When AWS does not tell.
pub async fn subscriptions(probe: &Probe) -> Result<Option<Rc<Vec<Subscription>>>, Trouble> {
    let listed = probe
        .once("sns-subscriptions", |probe| async move {
            let topic = Arns::new(probe.deployment()).topic();
            let region = probe.region().to_owned();
            let pages = probe
                .pages(
                    &LIST_SUBSCRIPTIONS_BY_TOPIC,
                    |account, token| {
                        account
                            .sns(&region)
                            .list_subscriptions_by_topic()
                            .topic_arn(&topic)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            Ok(pages
                .iter()
                .flat_map(|page| page.subscriptions())
                .map(|found| Subscription {
                    protocol: found.protocol().unwrap_or_default().to_owned(),
                    endpoint: found.endpoint().unwrap_or_default().to_owned(),
                    arn: found.subscription_arn().unwrap_or_default().to_owned(),
                })
                .collect())
        })
        .await;
    match listed {
        Ok(found) => Ok(Some(found)),
        Err(trouble) if trouble.is("NotFound") || trouble.is("NotFoundException") => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    fn subscription(protocol: &str, endpoint: &str, arn: &str) -> Subscription {
        Subscription {
            protocol: protocol.to_owned(),
            endpoint: endpoint.to_owned(),
            arn: arn.to_owned(),
        }
    }

    #[test]
    fn an_address_has_confirmed_only_with_an_arn() {
        for (arn, status) in [
            ("arn:aws:sns:us-east-1:123456789012:t:1", Status::Pass),
            ("PendingConfirmation", Status::Pending),
            ("Deleted", Status::Fail),
            ("", Status::Unknown),
        ] {
            let found = [subscription("email", "A@example.com", arn)];
            assert_eq!(of_email("a@example.com", &found).status, status, "{arn}");
        }
        assert_eq!(of_email("b@example.com", &[]).status, Status::Fail);
    }

    #[test]
    fn an_address_that_subscribed_twice_counts_by_the_confirmed_one() {
        let found = [
            subscription("email", "a@example.com", "PendingConfirmation"),
            subscription("email", "a@example.com", "arn:aws:sns:us-east-1:123456789012:t:1"),
        ];
        assert_eq!(of_email("a@example.com", &found).status, Status::Pass);
    }

    #[test]
    fn chat_applications_are_no_endpoints_of_the_deployment() {
        let chat = subscription("https", "https://global.sns-api.chatbot.amazonaws.com", "arn:x");
        assert_eq!(of_https(1, std::slice::from_ref(&chat)).status, Status::Fail);
        let pager = subscription("https", "https://events.pagerduty.com/x", "PendingConfirmation");
        assert_eq!(of_https(1, &[chat, pager.clone()]).status, Status::Pending);
        let seen = of_https(
            1,
            &[Subscription {
                arn: "arn:x".to_owned(),
                ..pager
            }],
        );
        assert_eq!(seen.status, Status::Pass);
        assert!(!seen.observed.contains("pagerduty"), "{seen:?}");
    }
}
