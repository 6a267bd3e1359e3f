//! Matching of text against patterns with `*` and `?`.

/// One element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// `*`: any run of characters, none included.
    Any,
    /// `?`: one character.
    One,
    /// A character that stands for itself.
    Char(char),
}

/// A sequence of tokens; positions are opaque and start at 0.
pub(crate) trait Pattern {
    /// The token at a position and the position behind it.
    fn at(&self, position: usize) -> Option<(Token, usize)>;
}

/// Text in which `*` and `?` are wildcards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wild<'a>(pub(crate) &'a str);

impl Pattern for Wild<'_> {
    fn at(&self, position: usize) -> Option<(Token, usize)> {
        let (c, next) = char_at(self.0, position)?;
        let token = match c {
            '*' => Token::Any,
            '?' => Token::One,
            c => Token::Char(c),
        };
        Some((token, next))
    }
}

impl Pattern for [Token] {
    fn at(&self, position: usize) -> Option<(Token, usize)> {
        self.get(position).map(|token| (*token, position + 1))
    }
}

/// How characters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Exact,
    Ignored,
}

/// Whether the pattern matches the whole text. Linear in practice: one point of return suffices, since a later `*`
/// can always take over what an earlier one would have taken.
pub(crate) fn matches<P: Pattern + ?Sized>(pattern: &P, text: &str, case: Case) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.at(p), char_at(text, t)) {
            (None, None) => return true,
            (Some((Token::Any, next)), _) => {
                retry = Some((next, t));
                p = next;
                continue;
            }
            (Some((Token::One, next)), Some((_, after))) => {
                (p, t) = (next, after);
                continue;
            }
            (Some((Token::Char(want), next)), Some((have, after))) if same(want, have, case) => {
                (p, t) = (next, after);
                continue;
            }
            _ => {}
        }
        let Some((from, start)) = retry else { return false };
        let Some((_, after)) = char_at(text, start) else {
            return false;
        };
        retry = Some((from, after));
        (p, t) = (from, after);
    }
}

/// Whether a pattern with `*` and `?` matches the whole text, case aside: so AWS compares actions
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>) and names of condition
/// keys.
pub fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    matches(&Wild(pattern), text, Case::Ignored)
}

/// Colons of an ARN in front of its last part, which may hold more of them: an object's key, a log group's stream.
const COLONS: usize = 5;

/// Whether the pattern matches the whole text when wildcards stay within the parts that colons separate; only a `*`
/// at the end of a part may run on over colons. So AWS defines wildcards of resource ARNs
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>). Behind the fifth
/// colon is one part, whatever it holds.
pub(crate) fn matches_in_segments<P: Pattern + ?Sized>(pattern: &P, text: &str) -> bool {
    matches(pattern, text, Case::Exact) && (!has_confined(pattern) || confined(pattern, text))
}

fn has_confined<P: Pattern + ?Sized>(pattern: &P) -> bool {
    let (mut position, mut colons) = (0, 0);
    while let Some((token, next)) = pattern.at(position).filter(|_| colons < COLONS) {
        match token {
            Token::One => return true,
            Token::Any if !ends_segment(pattern, next) => return true,
            _ => {
                colons += usize::from(token == Token::Char(':'));
                position = next;
            }
        }
    }
    false
}

fn ends_segment<P: Pattern + ?Sized>(pattern: &P, position: usize) -> bool {
    matches!(pattern.at(position), None | Some((Token::Char(':'), _)))
}

/// Set of the text positions that the pattern can reach, token by token.
fn confined<P: Pattern + ?Sized>(pattern: &P, text: &str) -> bool {
    let mut reachable = vec![false; text.len() + 1];
    reachable[0] = true;
    let (mut position, mut colons) = (0, 0);
    while let Some((token, next)) = pattern.at(position) {
        let mut after = vec![false; text.len() + 1];
        let last = colons == COLONS;
        let free = last || ends_segment(pattern, next);
        let mut running = false;
        for (at, c) in text.char_indices() {
            let here = reachable[at];
            let end = at + c.len_utf8();
            match token {
                Token::Char(want) => after[end] |= here && want == c,
                Token::One => after[end] |= here && (last || c != ':'),
                Token::Any => {
                    running |= here;
                    after[at] |= running;
                    running &= free || c != ':';
                }
            }
        }
        if token == Token::Any {
            after[text.len()] |= running || reachable[text.len()];
        }
        reachable = after;
        position = next;
        colons += usize::from(!last && token == Token::Char(':'));
    }
    reachable[text.len()]
}

fn same(a: char, b: char, case: Case) -> bool {
    a == b
        || case == Case::Ignored
            && (a.eq_ignore_ascii_case(&b) || !a.is_ascii() && a.to_lowercase().eq(b.to_lowercase()))
}

fn char_at(text: &str, position: usize) -> Option<(char, usize)> {
    let byte = *text.as_bytes().get(position)?;
    if byte.is_ascii() {
        return Some((char::from(byte), position + 1));
    }
    let c = text.get(position..)?.chars().next()?;
    Some((c, position + c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(pattern: &str, text: &str) -> bool {
        matches(&Wild(pattern), text, Case::Exact)
    }

    #[test]
    fn wildcards_match_any_run_and_one_character() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "a:b"),
            ("a*c", "ac"),
            ("a*c", "abcabc"),
            ("a?c", "abc"),
            ("?", "ü"),
            ("*a*b", "xaxxab"),
            ("**", "x"),
        ] {
            assert!(plain(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a", ""),
            ("a*c", "abcd"),
            ("a?c", "ac"),
            ("A", "a"),
            ("?", ""),
            ("*a*b", "ba"),
        ] {
            assert!(!plain(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn case_is_ignored_on_demand() {
        assert!(matches(&Wild("BEDROCK:invoke*"), "bedrock:InvokeModel", Case::Ignored));
        assert!(matches(&Wild("Ä"), "ä", Case::Ignored));
        assert!(!matches(&Wild("a"), "b", Case::Ignored));
    }

    #[test]
    fn a_star_within_a_segment_stays_there() {
        assert!(matches_in_segments(
            &Wild("arn:aws:s3:::b*/x"),
            "arn:aws:s3:::bucket/y/x"
        ));
        assert!(!matches_in_segments(
            &Wild("arn:aws:logs:us-*-1:1:g"),
            "arn:aws:logs:us-east-2:1:x-1:1:g"
        ));
        assert!(matches_in_segments(
            &Wild("arn:aws:logs:*:log-group:g"),
            "arn:aws:logs:us-east-1:1:log-group:g"
        ));
        assert!(matches_in_segments(
            &Wild("arn:aws:logs:*"),
            "arn:aws:logs:us-east-1:1:log-group:g:*"
        ));
        assert!(!matches_in_segments(&Wild("arn:aws:logs?:b"), "arn:aws:logs::b"));
        assert!(matches_in_segments(&Wild("*a*:z"), "a:b:z"));
        assert!(!matches_in_segments(&Wild("*a*b:z"), "a:b:z"));
        assert!(matches_in_segments(&Wild("*?"), "ab"));
    }

    #[test]
    fn behind_the_fifth_colon_wildcards_are_free() {
        for (pattern, text) in [
            ("arn:aws:s3:::b/*.json", "arn:aws:s3:::b/2026-01-01T00:00:00.json"),
            ("arn:aws:s3:::b/a?b", "arn:aws:s3:::b/a:b"),
            ("arn:aws:logs:us-*-1:1:g*h", "arn:aws:logs:us-east-1:1:g:x:h"),
        ] {
            assert!(matches_in_segments(&Wild(pattern), text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("arn:aws:s3:*a::b/*", "arn:aws:s3:x:a::b/k"),
            ("arn:aws:logs:us-*-1:1:g*", "arn:aws:logs:us-east-1:x-1:1:g"),
        ] {
            assert!(!matches_in_segments(&Wild(pattern), text), "{pattern} {text}");
        }
    }
}
