//! How many tokens and requests a minute a team needs.

/// What one developer of a team of this size needs in a minute. The larger the team, the smaller the part of it that
/// works at the same moment.
struct Need {
    /// Largest team for which it holds.
    up_to: u64,
    /// Tokens per minute and developer.
    tokens: u64,
    /// Requests in 100 minutes and developer.
    requests_in_100: u64,
}

/// The lower ends of the ranges that Claude Code's documentation recommends: with less, developers are known to be
/// throttled. Bedrock counts a token of output several times, so the upper ends are better still.
///
/// Source: <https://code.claude.com/docs/en/costs>, "Rate limit recommendations"
const NEEDS: [Need; 6] = [
    need(5, 200_000, 500),
    need(20, 100_000, 250),
    need(50, 50_000, 125),
    need(100, 25_000, 62),
    need(500, 15_000, 37),
    need(u64::MAX, 10_000, 25),
];

const fn need(up_to: u64, tokens: u64, requests_in_100: u64) -> Need {
    Need {
        up_to,
        tokens,
        requests_in_100,
    }
}

/// What a team needs in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Tokens per minute.
    pub tokens: u64,
    /// Requests per minute.
    pub requests: u64,
}

impl Capacity {
    /// What so many developers need. A larger team never needs less: 21 developers need at least what 20 need, though
    /// the recommendation for each of them is half of that.
    pub fn of(developers: usize) -> Self {
        let developers = u64::try_from(developers).unwrap_or(u64::MAX).max(1);
        let mut capacity = Self { tokens: 0, requests: 0 };
        for need in NEEDS {
            let counted = developers.min(need.up_to);
            let requests = counted.saturating_mul(need.requests_in_100).div_ceil(100);
            capacity.tokens = capacity.tokens.max(counted.saturating_mul(need.tokens));
            capacity.requests = capacity.requests.max(requests);
            if developers <= need.up_to {
                break;
            }
        }
        capacity
    }
}

/// A number with its thousands apart, as `2,000,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_needs_what_is_recommended_for_its_size() {
        let tokens = |developers| Capacity::of(developers).tokens;
        let requests = |developers| Capacity::of(developers).requests;
        assert_eq!((tokens(1), requests(1)), (200_000, 5));
        assert_eq!((tokens(5), requests(5)), (1_000_000, 25));
        assert_eq!((tokens(20), requests(20)), (2_000_000, 50));
        assert_eq!((tokens(50), requests(50)), (2_500_000, 63));
        assert_eq!((tokens(400), requests(400)), (6_000_000, 148));
        assert_eq!((tokens(2000), requests(2000)), (20_000_000, 500));
    }

    #[test]
    fn a_larger_team_never_needs_less() {
        let all: Vec<Capacity> = (0..1200).map(Capacity::of).collect();
        for pair in all.windows(2) {
            assert!(
                pair[0].tokens <= pair[1].tokens && pair[0].requests <= pair[1].requests,
                "{pair:?}"
            );
        }
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!(grouped(5), "5");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(2_000_000), "2,000,000");
    }
}
