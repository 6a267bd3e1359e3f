//! What the terminal says about the quota.

use super::answer::{Answer, Refusal};
use crate::oidc::text::printable;

/// Characters of the service's words that are shown.
const LONGEST: usize = 1000;
/// Width of the text, as of the lines around it.
const WIDTH: usize = 60;
/// What is said when the service has no words of its own.
const TOKENS: &str = "Your Claude Code access has been temporarily blocked due to\nexceeding your token quota.";
const MONEY: &str = "Your Claude Code access has been temporarily blocked due to\nexceeding your cost quota.";
const UNDECIDED: &str = "The quota service could not decide whether you may go on.";
const REFUSED: &str = "The quota service does not let you go on.";

/// The warning, when so much of a limit is used that there is one: 80 per cent.
pub fn warning(answer: &Answer) -> Option<String> {
    let meters = answer.meters();
    if !meters.iter().any(super::Meter::is_high) {
        return None;
    }
    let rule = "=".repeat(WIDTH);
    let mut lines = vec![rule.clone(), "QUOTA WARNING".to_owned(), rule.clone()];
    lines.extend(meters.iter().map(|meter| format!("  {}", meter.line())));
    lines.extend(resets(answer));
    lines.push(rule);
    Some(lines.join("\n"))
}

/// The block, with the lines of the contract.
pub fn block(answer: &Answer) -> String {
    let rule = "=".repeat(WIDTH);
    let mut lines = vec![rule.clone(), title(answer).to_owned(), rule.clone(), String::new()];
    lines.push(message(answer));
    let meters = answer.meters();
    let says_money = meters.iter().any(|meter| meter.unit == super::Unit::Dollars);
    if !meters.is_empty() {
        lines.extend([String::new(), "Current Usage:".to_owned()]);
        lines.extend(meters.iter().map(|meter| format!("  {}", meter.line())));
    }
    if answer.is_about_money() && !says_money {
        // Tokens alone would look as if nothing were used up.
        lines.push("  Cost: over its limit (the service does not say the amounts)".to_owned());
    }
    if let Some(policy) = policy(answer) {
        lines.extend([String::new(), policy]);
    }
    let resets = resets(answer);
    if resets.is_some() {
        lines.push(String::new());
        lines.extend(resets);
    }
    lines.extend([String::new(), ask(answer), rule]);
    lines.join("\n")
}

/// The title.
pub(super) fn title(answer: &Answer) -> &'static str {
    match answer.refusal() {
        Refusal::Undecided => "ACCESS BLOCKED - QUOTA NOT KNOWN",
        Refusal::UsedUp => "ACCESS BLOCKED - QUOTA EXCEEDED",
        Refusal::Other => "ACCESS BLOCKED",
    }
}

/// The block in one line.
pub(super) fn headline(answer: &Answer) -> String {
    let what = match answer.refusal() {
        Refusal::Undecided => "the quota service refused without knowing the quota",
        Refusal::UsedUp => "the quota is used up",
        Refusal::Other => "the quota service refused",
    };
    let reason = printable(answer.reason.as_deref().unwrap_or_default(), 60);
    let reason = match reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    match answer.message.as_deref().map(|message| printable(message, 300)) {
        Some(message) if !message.is_empty() => format!("{what}{reason}: {message}"),
        _ => format!("{what}{reason}"),
    }
}

/// Whom to ask, in the words that follow a failure.
pub(super) fn whom_to_ask(answer: &Answer) -> String {
    let who = contact(answer).unwrap_or_else(|| "your administrator".to_owned());
    match answer.refusal() {
        Refusal::Undecided => format!("sign in again, and if it stays so, ask {who} to look at the quota service"),
        Refusal::UsedUp | Refusal::Other => format!("ask {who} to unblock you"),
    }
}

/// The last line of the block.
pub(super) fn ask(answer: &Answer) -> String {
    let who = contact(answer).unwrap_or_else(|| "your administrator".to_owned());
    match answer.refusal() {
        Refusal::Undecided => format!("If it stays so, ask {who} to look at the quota service."),
        Refusal::UsedUp | Refusal::Other => format!("To request an unblock, contact {who}."),
    }
}

/// The service's words, or our own.
pub(super) fn message(answer: &Answer) -> String {
    let given = answer.message.as_deref().map(|message| printable(message, LONGEST));
    match given.filter(|message| !message.is_empty()) {
        Some(message) => wrapped(&message),
        None if answer.refusal() == Refusal::Undecided => UNDECIDED.to_owned(),
        None if answer.refusal() == Refusal::Other => REFUSED.to_owned(),
        None if answer.is_about_money() => MONEY.to_owned(),
        None => TOKENS.to_owned(),
    }
}

/// Which policy decided.
pub(super) fn policy(answer: &Answer) -> Option<String> {
    let part = |text: &Option<String>| text.as_deref().map(|text| printable(text, 100));
    let kind = part(&answer.policy.kind)?;
    Some(match part(&answer.policy.identifier) {
        Some(identifier) => format!("Policy: {kind}:{identifier}"),
        None => format!("Policy: {kind}"),
    })
}

/// When the use begins at zero again. Without the service's word nothing is said.
pub(super) fn resets(answer: &Answer) -> Option<String> {
    let at = answer.resets_at?.strftime("%Y-%m-%d %H:%M UTC");
    Some(format!("Resets at: {at}"))
}

fn contact(answer: &Answer) -> Option<String> {
    let contact = answer.contact.as_deref().map(|contact| printable(contact, 200));
    contact.filter(|contact| !contact.is_empty())
}

/// Text in lines of the banner's width; longer words stay whole.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn answer(value: serde_json::Value) -> Answer {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_block_is_that_of_the_guide() {
        let text = block(&answer(json!({
            "allowed": false, "reason": "monthly_exceeded",
            "usage": {"monthly_tokens": 230_000_000, "monthly_limit": 225_000_000, "daily_tokens": 9_500_000, "daily_limit": 8_250_000},
            "policy": {"type": "user", "identifier": "alice@company.com"},
        })));
        let guide = "\
============================================================
ACCESS BLOCKED - QUOTA EXCEEDED
============================================================

Your Claude Code access has been temporarily blocked due to
exceeding your token quota.

Current Usage:
  Monthly: 230,000,000 / 225,000,000 tokens (102.2%)
  Daily: 9,500,000 / 8,250,000 tokens (115.2%)

Policy: user:alice@company.com

To request an unblock, contact your administrator.
============================================================";
        assert_eq!(text, guide);
    }

    #[test]
    fn money_is_said_even_where_the_service_does_not_say_how_much() {
        let existing = json!({"allowed": false, "reason": "monthly_cost_exceeded", "usage": {"monthly_tokens": 1000, "monthly_limit": 0}});
        insta::assert_snapshot!(block(&answer(existing)), @r"
        ============================================================
        ACCESS BLOCKED - QUOTA EXCEEDED
        ============================================================

        Your Claude Code access has been temporarily blocked due to
        exceeding your cost quota.

        Current Usage:
          Monthly: 1,000 tokens (no limit)
          Cost: over its limit (the service does not say the amounts)

        To request an unblock, contact your administrator.
        ============================================================
        ");
        let ours = json!({
            "allowed": false, "reason": "monthly_cost_exceeded", "message": "Your team's budget for this month has been spent, which is more than sixty characters.",
            "usage": {"monthly_cost": 52.1, "monthly_cost_limit": 50, "monthly_tokens": 1000, "monthly_limit": 0},
            "policy": {"type": "default"}, "resets_at": "2026-12-01T00:00:00Z", "contact": "ai-team@company.com",
        });
        insta::assert_snapshot!(block(&answer(ours)), @r"
        ============================================================
        ACCESS BLOCKED - QUOTA EXCEEDED
        ============================================================

        Your team's budget for this month has been spent, which is
        more than sixty characters.

        Current Usage:
          Monthly: 1,000 tokens (no limit)
          Monthly cost: $52.10 / $50.00 (104.2%)

        Policy: default

        Resets at: 2026-12-01 00:00 UTC

        To request an unblock, contact ai-team@company.com.
        ============================================================
        ");
    }

    #[test]
    fn who_could_not_be_judged_has_not_exceeded() {
        let text = block(&answer(json!({"allowed": false, "reason": "missing_identity"})));
        assert!(!text.contains("EXCEEDED") && !text.contains("exceeding"), "{text}");
    }

    #[test]
    fn the_warning_begins_at_eighty_per_cent_of_anything() {
        let warned = |usage: serde_json::Value| warning(&answer(json!({"allowed": true, "usage": usage})));
        assert_eq!(warned(json!({"monthly_tokens": 79, "monthly_limit": 100})), None);
        assert_eq!(warned(json!({"monthly_tokens": 79, "monthly_limit": 0})), None);
        let text = warned(json!({"monthly_tokens": 80, "monthly_limit": 100, "daily_tokens": 1, "daily_limit": 0}));
        insta::assert_snapshot!(text.unwrap(), @r"
        ============================================================
        QUOTA WARNING
        ============================================================
          Monthly: 80 / 100 tokens (80.0%)
          Daily: 1 tokens (no limit)
        ============================================================
        ");
        assert!(warned(json!({"monthly_cost": 40, "monthly_cost_limit": 50})).is_some());
    }

    proptest! {
        #[test]
        fn nothing_moves_the_cursor(text in any::<String>()) {
            let odd = answer(json!({
                "allowed": false, "reason": text, "message": text, "contact": text, "policy": {"type": text, "identifier": text},
            }));
            for shown in [block(&odd), headline(&odd), whom_to_ask(&odd)] {
                prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()));
            }
        }
    }
}
