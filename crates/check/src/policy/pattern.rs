//! Patterns against patterns: what a policy's pattern and the reference's ARN have in common.

use super::arn::is_account;

/// One element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    /// One character other than a colon: AWS keeps `?` within its part.
    One,
    /// Any run of characters.
    Any,
    /// Any run without a colon: a field of an ARN.
    Field,
    /// Any run without colon and slash: a bucket's name.
    Name,
}

/// A pattern: the six parts of an ARN, or all of it as one where a wildcard may run on over colons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Vec<Token>>);

impl Pattern {
    /// A text in which `*` and `?` are wildcards.
    fn wild(text: &str) -> Self {
        let token = |c| match c {
            '*' => Token::Any,
            '?' => Token::One,
            c => Token::Char(c),
        };
        Self(vec![text.chars().map(token).collect()])
    }

    /// An ARN of a policy, in which `*` and `?` are wildcards. In the parts before the resource's a `*` stays within its
    /// part: AWS lets it run on over colons, but who writes `arn:aws:bedrock:*:*:inference-profile/*` does not mean another
    /// resource's name that has `:inference-profile/` in it. Where what stands for the account can be none, as in
    /// `arn:aws:logs:*:log-group:g`, it may run on.
    pub(crate) fn arn(text: &str) -> Self {
        let account = text.split(':').nth(4).unwrap_or_default();
        let is_account = account.is_empty() || account == "aws" || account.contains(['*', '?']) || is_account(account);
        if !is_account {
            return Self::wild(text);
        }
        let mut colons = 0;
        let token = |c| {
            colons += usize::from(c == ':');
            match c {
                '*' if colons < 5 => Token::Field,
                '*' => Token::Any,
                '?' => Token::One,
                c => Token::Char(c),
            }
        };
        Self::of_parts(text.chars().map(token).collect())
    }

    /// An ARN of the reference, in which `${…}` is a placeholder and `*` a wildcard.
    pub(crate) fn template(arn: &str) -> Self {
        let mut tokens = Vec::with_capacity(arn.len());
        let mut rest = arn;
        let mut colons = 0;
        while let Some(c) = rest.chars().next() {
            if let Some((name, after)) = rest.strip_prefix("${").and_then(|inside| inside.split_once('}')) {
                // AWS's own resources often have no account where others have one, but no access point of S3 is without:
                // `arn:aws:s3:::` begins a bucket's ARN, whatever follows.
                if name == "Account" && arn.contains(":s3:") {
                    tokens.push(Token::One);
                }
                tokens.push(match name {
                    "BucketName" => Token::Name,
                    _ if colons < 5 => Token::Field,
                    _ => Token::Any,
                });
                rest = after;
                continue;
            }
            colons += usize::from(c == ':');
            tokens.push(if c == '*' { Token::Any } else { Token::Char(c) });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        Self::of_parts(tokens)
    }

    /// Tokens of which none in the first five parts stands for a colon.
    fn of_parts(tokens: Vec<Token>) -> Self {
        let parts = tokens.splitn(6, |token| *token == Token::Char(':'));
        Self(parts.map(<[Token]>::to_vec).collect())
    }

    fn is_whole(&self) -> bool {
        self.0.len() == 6
    }

    /// Whether some text matches both.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        if self.is_whole() && other.is_whole() {
            return self.0.iter().zip(&other.0).all(|(a, b)| overlap(a, b));
        }
        let colon = [Token::Char(':')];
        overlap(&self.0.join(colon.as_slice()), &other.0.join(colon.as_slice()))
    }
}

/// Whether some text matches both.
fn overlap(a: &[Token], b: &[Token]) -> bool {
    // Most pairs differ before the first wildcard.
    let mut fixed = a.iter().zip(b).take_while(|(x, y)| !x.is_run() && !y.is_run());
    if !fixed.all(|(x, y)| x.meets(*y)) {
        return false;
    }
    // Nor do many of the others need the table: a run by itself has every text that its kind of run can go over.
    for (one, other) in [(a, b), (b, a)] {
        if let [run] = one
            && run.is_run()
        {
            return other.iter().all(|token| token.is_run() || run.takes(*token));
        }
    }
    // Whether what is behind position `i` of `a` and `j` of `b` has a text in common, for all `j` of one `i`.
    let mut behind = vec![false; b.len() + 1];
    for i in (0..=a.len()).rev() {
        let mut here = vec![false; b.len() + 1];
        for j in (0..=b.len()).rev() {
            let at = |row: &[bool], column: usize| row.get(column).copied().unwrap_or(false);
            let possible = match (a.get(i), b.get(j)) {
                (None, None) => true,
                (Some(x), None) => x.is_run() && at(&behind, j),
                (None, Some(y)) => y.is_run() && at(&here, j + 1),
                (Some(x), Some(y)) if x.is_run() || y.is_run() => {
                    x.is_run() && (at(&behind, j) || x.takes(*y) && at(&here, j + 1))
                        || y.is_run() && (at(&here, j + 1) || y.takes(*x) && at(&behind, j))
                }
                (Some(x), Some(y)) => x.meets(*y) && at(&behind, j + 1),
            };
            if let Some(cell) = here.get_mut(j) {
                *cell = possible;
            }
        }
        behind = here;
    }
    behind.first().copied().unwrap_or(false)
}

impl Token {
    fn is_run(self) -> bool {
        matches!(self, Self::Any | Self::Field | Self::Name)
    }

    /// Whether a run can go over another token.
    fn takes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Field, Self::Char(c)) => c != ':',
            (Self::Name, Self::Char(c)) => c != ':' && c != '/',
            _ => true,
        }
    }

    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Char(a), Self::Char(b)) => a == b,
            (Self::One, Self::Char(':')) | (Self::Char(':'), Self::One) => false,
            _ => true,
        }
    }
}

/// Whether every text that `narrow` matches is matched by `wide`; sometimes `false` where it is so.
pub(crate) fn covers(wide: &str, narrow: &str, ignore_case: bool) -> bool {
    let fold = |text: &str| {
        if ignore_case {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
    };
    let (wide, narrow): (Vec<char>, Vec<char>) = (fold(wide).chars().collect(), fold(narrow).chars().collect());
    let (mut w, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = match (wide.get(w), narrow.get(n)) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((w + 1, n));
                w += 1;
                continue;
            }
            (Some('?'), Some(have)) => *have != '*',
            (Some(want), Some(have)) => want == have,
            _ => false,
        };
        if step {
            (w, n) = (w + 1, n + 1);
            continue;
        }
        let Some((from, start)) = retry.filter(|(_, start)| *start < narrow.len()) else {
            return false;
        };
        retry = Some((from, start + 1));
        (w, n) = (from, start + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(written: &str, template: &str) -> bool {
        Pattern::arn(written).overlaps(&Pattern::template(template))
    }

    #[test]
    fn an_arn_overlaps_the_types_that_it_can_name() {
        let bucket = "arn:${Partition}:s3:::${BucketName}";
        let object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
        assert!(overlap("arn:aws:s3:::b", bucket) && !overlap("arn:aws:s3:::b", object));
        assert!(overlap("arn:aws:s3:::b/*", object) && !overlap("arn:aws:s3:::b/*", bucket));
        assert!(overlap("arn:aws:s3:::b*", object) && overlap("arn:aws:s3:::b*", bucket));
        assert!(overlap("arn:aws:*:*:*:*", bucket) && !overlap("arn:aws:sqs:*", bucket));
        let point = "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}";
        assert!(!overlap("arn:aws:s3:::*/*", point) && overlap("arn:aws:s3:*:*:*/*", point));
        let model = "arn:${Partition}:bedrock:${Region}::foundation-model/${ResourceId}";
        assert!(overlap(
            "arn:aws:bedrock:::foundation-model/anthropic.claude-x-v1:0",
            model
        ));
        assert!(overlap("arn:aws:bedrock:*::foundation-model/*", model));
        assert!(!overlap(
            "arn:aws:bedrock:us-east-1:123456789012:foundation-model/x",
            model
        ));
        assert!(overlap("arn:aws:bedrock:us-east-1:*:foundation-model/x", model));
        let profile = "arn:${Partition}:bedrock:${Region}:${Account}:application-inference-profile/${ResourceId}";
        assert!(!overlap("arn:aws:bedrock:*:*:inference-profile/*", profile));
        assert!(overlap("arn:aws:bedrock:*:*:*inference-profile/*", profile));
        let group = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}";
        assert!(overlap("arn:aws:logs:*:log-group:g", group) && overlap("arn:aws:logs:*:*:log-group:g:*", group));
        assert!(!overlap(
            "arn:aws:iam:us-east-1:*:role/x",
            "arn:${Partition}:iam::${Account}:role/${R}"
        ));
    }

    #[test]
    fn a_run_by_itself_goes_over_what_its_kind_can() {
        let part = |tokens: &[Token]| tokens.to_vec();
        let path = part(&[Token::Char('a'), Token::Char('/'), Token::Any]);
        let field = part(&[Token::Char('a'), Token::One, Token::Field]);
        for (run, over_path, over_colon) in [
            (Token::Any, true, true),
            (Token::Field, true, false),
            (Token::Name, false, false),
        ] {
            assert_eq!(super::overlap(&[run], &path), over_path, "{run:?}");
            assert_eq!(super::overlap(&path, &[run]), over_path, "{run:?}");
            assert_eq!(
                super::overlap(&[run], &[Token::Char(':'), Token::Any]),
                over_colon,
                "{run:?}"
            );
            assert!(super::overlap(&[run], &field) && super::overlap(&[run], &[]), "{run:?}");
        }
        assert!(!super::overlap(&[], &field));
    }

    #[test]
    fn covering_is_not_matching() {
        assert!(covers("s3:*", "s3:Get*", true) && covers("S3:GET?", "s3:geta", true));
        assert!(covers("*", "", false) && covers("a*c", "abc*c", false));
        assert!(!covers("s3:Get?", "s3:Get*", true) && !covers("s3:Get*", "s3:*", true));
        assert!(!covers("a", "A", false) && covers("a?", "a?", false) && !covers("", "a", false));
    }
}
