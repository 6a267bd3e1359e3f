//! One thing that is measured.

/// Per cent from which the user is warned. Source: the installations that exist.
pub(super) const WARN: f64 = 80.0;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Tokens.
    Tokens,
    /// US dollars.
    Dollars,
}

/// One thing that is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Meter {
    /// Its name, as it is shown.
    pub name: &'static str,
    /// What is counted.
    pub unit: Unit,
    /// What was used; `None` where the service tells nothing but how much of the limit that is.
    pub used: Option<f64>,
    /// What may be used; `None` without a limit, or where the service does not tell it.
    pub limit: Option<f64>,
    /// How much of the limit that is by the service's own word, in per cent.
    pub stated: Option<f64>,
}

impl Meter {
    /// How much of the limit is used, in per cent: as it can be reckoned, else as the service says; `None` without a limit.
    pub fn percent(&self) -> Option<f64> {
        let reckoned = self.used.zip(self.limit).map(|(used, limit)| used / limit * 100.0);
        reckoned.or(self.stated)
    }

    /// Whether it is so much that the user is warned.
    pub fn is_high(&self) -> bool {
        self.percent().is_some_and(|percent| percent >= WARN)
    }

    /// Its line: `Monthly: 230,000,000 / 225,000,000 tokens (102.2%)`.
    pub fn line(&self) -> String {
        let name = self.name;
        let unit = match self.unit {
            Unit::Tokens => " tokens",
            Unit::Dollars => "",
        };
        // A limit that is not reached is never shown as reached.
        let percent = self.percent();
        let percent = percent.map(|percent| if percent < 100.0 { percent.min(99.9) } else { percent });
        let amount = |amount: f64| self.amount(amount);
        match (self.used.map(amount), self.limit.map(amount), percent) {
            (Some(used), Some(limit), Some(percent)) => format!("{name}: {used} / {limit}{unit} ({percent:.1}%)"),
            (Some(used), _, Some(percent)) => format!("{name}: {used}{unit} ({percent:.1}%)"),
            (Some(used), _, None) => format!("{name}: {used}{unit} (no limit)"),
            (None, _, Some(percent)) => format!("{name}: {percent:.1}%"),
            (None, _, None) => format!("{name}: not known"),
        }
    }

    fn amount(&self, amount: f64) -> String {
        match self.unit {
            Unit::Tokens => grouped(&format!("{:.0}", amount.floor())),
            Unit::Dollars => {
                let text = format!("{amount:.2}");
                let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
                format!("${}.{cents}", grouped(whole))
            }
        }
    }
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
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

    fn line(unit: Unit, used: f64, limit: Option<f64>) -> String {
        let name = "Daily";
        Meter {
            name,
            unit,
            used: Some(used),
            limit,
            stated: None,
        }
        .line()
    }

    #[test]
    fn lines_are_those_of_the_contract() {
        let tokens = |used, limit| line(Unit::Tokens, used, limit);
        assert_eq!(
            tokens(9_500_000.0, Some(8_250_000.0)),
            "Daily: 9,500,000 / 8,250,000 tokens (115.2%)"
        );
        assert_eq!(tokens(0.0, Some(100.0)), "Daily: 0 / 100 tokens (0.0%)");
        assert_eq!(
            tokens(999_999.0, Some(1_000_000.0)),
            "Daily: 999,999 / 1,000,000 tokens (99.9%)"
        );
        assert_eq!(tokens(1000.0, None), "Daily: 1,000 tokens (no limit)");
        assert_eq!(
            line(Unit::Dollars, 1052.1, Some(50.0)),
            "Daily: $1,052.10 / $50.00 (2104.2%)"
        );
    }

    #[test]
    fn it_is_high_from_eighty_per_cent() {
        let high = |used, limit| {
            let meter = Meter {
                name: "x",
                unit: Unit::Dollars,
                used: Some(used),
                limit,
                stated: None,
            };
            meter.is_high()
        };
        assert!(high(80.0, Some(100.0)));
        assert!(!high(79.99, Some(100.0)));
        assert!(!high(1e9, None));
    }
}
