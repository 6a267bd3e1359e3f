//! The page of a rule and the list of all rules.

use crate::{Family, Rule};

/// A rule's page as it stands in `docs/rules` and as `tfgen explain` shows it.
pub fn page(rule: &Rule) -> String {
    format!(
        "# {}\n\n{}\n\nFamily: {} · severity: {} · confidence: {}\n\n{}\n",
        rule.id,
        rule.summary,
        rule.family.as_str(),
        rule.severity.as_str(),
        rule.confidence.as_str(),
        rule.page.trim()
    )
}

/// The list of rules that stands beside their pages.
pub fn index(rules: &[&Rule]) -> String {
    let mut out = String::from(
        "# The rules of `tfgen check`\n\n\
         `tfgen explain RULE` shows a page in the terminal. A comment `# tfgen:ignore RULE: reason` on the line of a\n\
         finding, or above the argument or block that it is in, suppresses it.\n\n\
         <!-- Generated from the rules: TFGEN_UPDATE=1 cargo test -p check --test pages -->\n",
    );
    for family in Family::ALL {
        let rows: Vec<String> = rules
            .iter()
            .filter(|rule| rule.family == family)
            .map(|rule| {
                let summary = rule.summary.replace('|', "\\|");
                format!(
                    "| [{id}]({id}.md) | {} | {summary} |\n",
                    rule.severity.as_str(),
                    id = rule.id
                )
            })
            .collect();
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("\n## {}\n\n{}\n\n", family.as_str(), family.about()));
        out.push_str("| rule | severity | finds |\n|---|---|---|\n");
        out.extend(rows);
    }
    out
}
