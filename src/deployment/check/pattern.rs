//! Whether a pattern of ARNs can match a role of the deployment.

/// One character of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This character.
    Is(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// A hexadecimal digit in lower case: the suffix that Identity Center chooses.
    Hex,
}

impl Token {
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Is(a), Self::Is(b)) => a == b,
            (Self::Is(c), Self::Hex) | (Self::Hex, Self::Is(c)) => c.is_ascii_digit() || matches!(c, 'a'..='f'),
            _ => true,
        }
    }
}

/// A pattern of ARNs as IAM's `ArnLike` reads it: in six parts, in each of which `*` and `?` stand for any characters.
#[derive(Debug)]
pub struct ArnPattern(Vec<Vec<Token>>);

impl ArnPattern {
    /// The pattern that `arn` is.
    pub fn new(arn: &str) -> Self {
        let part = |text: &str| {
            text.chars()
                .map(|c| match c {
                    '*' => Token::Many,
                    '?' => Token::One,
                    c => Token::Is(c),
                })
                .collect()
        };
        Self(arn.splitn(6, ':').map(part).collect())
    }

    /// This pattern followed by so many hexadecimal digits.
    #[must_use]
    pub fn followed_by_hex(mut self, digits: usize) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.extend(std::iter::repeat_n(Token::Hex, digits));
        }
        self
    }

    /// Whether there is an ARN that both patterns match.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| overlap(a, b))
    }
}

/// Whether there is a text that both patterns match: `row[j]` says so for the tokens of `a` so far and the first `j` of `b`.
fn overlap(a: &[Token], b: &[Token]) -> bool {
    let mut row = Vec::with_capacity(b.len() + 1);
    row.push(true);
    for token in b {
        row.push(row.last() == Some(&true) && *token == Token::Many);
    }
    for left in a {
        let mut next = Vec::with_capacity(row.len());
        next.push(row[0] && *left == Token::Many);
        for (j, right) in b.iter().enumerate() {
            let skip_left = *left == Token::Many && row[j + 1];
            let skip_right = *right == Token::Many && next[j];
            let swallow = match (*left == Token::Many, *right == Token::Many) {
                (true, _) => next[j],
                (_, true) => row[j + 1],
                (false, false) => row[j] && left.meets(*right),
            };
            next.push(skip_left || skip_right || swallow);
        }
        row = next;
    }
    row.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlaps(a: &str, b: &str) -> bool {
        ArnPattern::new(a).overlaps(&ArnPattern::new(b))
    }

    #[test]
    fn patterns_that_have_an_arn_in_common() {
        let role = "arn:aws:iam::123456789012:role/claude-code-developer";
        assert!(overlaps("arn:aws:iam::*:role/claude-*", role));
        assert!(overlaps("arn:aws:iam::123456789012:role/*-develop??", role));
        assert!(overlaps("arn:aws:iam::*:role/a*b*", "arn:aws:iam::*:role/*xb"));
        assert!(!overlaps("arn:aws:iam::*:role/terraform-*", role));
        assert!(!overlaps("arn:aws:iam::999999999999:role/*", role));
        assert!(!overlaps("arn:aws:iam::*:role/claude-code-developer?", role));
        assert!(!overlaps("arn:aws:iam::*:role/a*b", "arn:aws:iam::*:role/*c"));
    }

    #[test]
    fn a_star_stays_within_its_part_of_the_arn() {
        assert!(!overlaps("arn:aws:iam:*", "arn:aws:iam::123456789012:role/x"));
    }

    #[test]
    fn the_suffix_of_a_permission_set_is_hexadecimal() {
        let role = || ArnPattern::new("arn:aws:iam::*:role/AWSReservedSSO_x_").followed_by_hex(4);
        assert!(role().overlaps(&ArnPattern::new("arn:aws:iam::*:role/*_beef")));
        assert!(!role().overlaps(&ArnPattern::new("arn:aws:iam::*:role/*-deploy")));
    }
}
