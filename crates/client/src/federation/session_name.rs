//! The name of a session of AWS STS. It stands in AWS CloudTrail and in cost reports, so it is the same in all programs and
//! versions: one person must not become two.

use crate::oidc::Claims;

/// Longest and shortest name.
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
const LONGEST: usize = 64;
const SHORTEST: usize = 2;
/// What names begin with that are not made of an e-mail address.
const PREFIX: &str = "claude-code";
/// Characters of the subject that follow it.
const SUBJECT: usize = 32;

/// The name: the e-mail address, or `claude-code-` and the subject without one. What AWS does not take becomes `-`.
pub fn of(claims: &Claims) -> String {
    named(claims.email.as_deref().unwrap_or_default(), &claims.subject)
}

fn named(email: &str, subject: &str) -> String {
    let email = sanitized(email, LONGEST);
    // No address has one character, and AWS takes none for a name.
    if email.len() >= SHORTEST {
        return email;
    }
    match sanitized(subject, SUBJECT) {
        subject if subject.is_empty() => PREFIX.to_owned(),
        subject => format!("{PREFIX}-{subject}"),
    }
}

/// Each character that AWS does not take becomes one `-`; the first so many are left.
fn sanitized(text: &str, longest: usize) -> String {
    let taken = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    text.chars()
        .take(longest)
        .map(|c| if taken(c) { c } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_is_made_by_the_rule() {
        for (email, subject, name) in [
            ("alice@company.com", "s", "alice@company.com"),
            ("Alice.B+x_y-z@Company.com", "s", "Alice.B+x_y-z@Company.com"),
            ("o'brien@company.com", "s", "o-brien@company.com"),
            ("\"a b\"@c.d", "s", "-a-b-@c.d"),
            ("a/b=c,d@e.f", "s", "a-b=c,d@e.f"),
            ("jürgen@müller.example", "s", "j-rgen@m-ller.example"),
            ("名前@例え.jp", "s", "--@--.jp"),
            ("👩‍💻@x.y", "s", "---@x.y"),
            ("a\n@x", "s", "a-@x"),
            ("", "auth0|12:3", "claude-code-auth0-12-3"),
            ("a", "s", "claude-code-s"),
            ("", "", "claude-code"),
        ] {
            assert_eq!(named(email, subject), name, "{email}");
        }
    }

    #[test]
    fn it_is_cut() {
        let long = format!("{}@x.example", "a".repeat(60));
        assert_eq!(named(&long, "s"), format!("{}@x.e", "a".repeat(60)));
        let fits = format!("{}@x.y", "a".repeat(60));
        assert_eq!(named(&fits, "s"), fits);
        assert_eq!(named(&"ü".repeat(65), "s"), "-".repeat(64));
        assert_eq!(named("", &"s".repeat(33)), format!("claude-code-{}", "s".repeat(32)));
    }

    proptest! {
        #[test]
        fn aws_takes_it(email in any::<String>(), subject in any::<String>()) {
            let name = named(&email, &subject);
            prop_assert!((SHORTEST..=LONGEST).contains(&name.len()));
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b)));
        }
    }
}
