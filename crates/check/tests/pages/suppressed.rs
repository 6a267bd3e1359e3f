//! Every rule can be suppressed: its bad examples, with a comment where the file may have one, or by configuration.

use check::Options;
use findings::{Family, Report, Rule};

use crate::examples::{Example, examples};

const REASON: &str = "it is meant";

fn run(example: &Example, options: &Options) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let inputs = example.write(folder.path());
    let mut report = check::run(&inputs, options).unwrap();
    // Names as in the example.
    let root = folder.path().to_string_lossy().into_owned() + "/";
    let relative = |finding: &mut findings::Finding| {
        let source = &finding.place.source;
        let name = source.name.strip_prefix(&root).unwrap_or(&source.name).to_owned();
        finding.place.source = findings::Source::new(name, source.text.clone());
    };
    report.findings.iter_mut().for_each(relative);
    report
}

fn count(rule: &Rule, report: &Report) -> (usize, usize) {
    let is_ours = |finding: &findings::Finding| finding.rule == rule;
    let found = report.findings.iter().filter(|finding| is_ours(finding)).count();
    let suppressed = report
        .suppressed
        .iter()
        .filter(|suppressed| is_ours(&suppressed.finding) && suppressed.reason == REASON)
        .count();
    (found, suppressed)
}

fn has_comments(name: &str) -> bool {
    !name.ends_with(".json")
}

/// The example with a comment behind each line that the rule fires at, or in front of it.
fn commented(rule: &Rule, example: &Example, lines: &[(String, usize)], behind: bool) -> Example {
    let mut commented = example.clone();
    for (name, line) in lines.iter().rev() {
        let text = commented.files.get_mut(name).unwrap();
        let mut written: Vec<String> = text.lines().map(str::to_owned).collect();
        let comment = format!("# tfgen:ignore {}: {REASON}", rule.id);
        if behind {
            written[line - 1] = format!("{} {comment}", written[line - 1]);
        } else {
            // Within a heredoc a comment is text: it stands above the argument.
            let heredoc = written[..*line].iter().rposition(|line| line.contains("<<"));
            written.insert(heredoc.unwrap_or(line - 1), comment);
        }
        *text = written.join("\n") + "\n";
    }
    commented
}

/// How a rule was suppressed in an example.
#[derive(PartialEq)]
enum Way {
    Comment,
    Configuration,
}

fn suppressed(rule: &Rule, example: &Example) -> Result<Way, String> {
    let before = run(example, &Options::default());
    let (found, _) = count(rule, &before);
    let mut lines: Vec<(String, usize)> = before
        .findings
        .iter()
        .filter(|finding| finding.rule == rule)
        .map(|finding| (finding.place.source.name.clone(), finding.place.region().line))
        .collect();
    lines.sort();
    lines.dedup();
    let ignored = Options {
        ignore: vec![rule.id.to_owned()],
        ..Options::default()
    };
    let (left, _) = count(rule, &run(example, &ignored));
    if found == 0 || left > 0 {
        return Err(format!("{found} findings, {left} of them with the rule ignored"));
    }
    // What is wrong with suppressions cannot be suppressed by one.
    if rule.family == Family::Check || !lines.iter().all(|(name, _)| has_comments(name)) {
        return Ok(Way::Configuration);
    }
    let told = [true, false].map(|behind| {
        let example = commented(rule, example, &lines, behind);
        count(rule, &run(&example, &Options::default()))
    });
    match told.contains(&(0, found)) {
        true => Ok(Way::Comment),
        false => Err(format!(
            "{found} findings; with comments left and suppressed: {told:?} behind and above"
        )),
    }
}

#[test]
fn every_rule_is_positive_negative_and_suppressed() {
    let mut faults = Vec::new();
    let (mut by_comment, mut by_configuration) = (0, 0);
    for rule in check::rules() {
        // That the bad ones fire and the good ones do not is tested beside this.
        let bad = examples(rule, "Bad");
        assert!(!bad.is_empty() && !examples(rule, "Good").is_empty(), "{}", rule.id);
        for (number, example) in bad.iter().enumerate() {
            match suppressed(rule, example) {
                Ok(Way::Comment) => by_comment += 1,
                Ok(Way::Configuration) => by_configuration += 1,
                Err(fault) => faults.push(format!("{}, bad example {}: {fault}", rule.id, number + 1)),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // The comments are the point: they must not go missing behind the other way.
    assert!(by_comment > by_configuration / 2, "{by_comment} and {by_configuration}");
    assert!(by_comment + by_configuration >= check::rules().len());
}
