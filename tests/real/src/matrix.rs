//! Deployments for the tests: every pair of choices stands together in at least one of them.

use std::fmt::Write as _;

/// The choices of one deployment: for each parameter of [`PARAMETERS`] the index of its value.
pub type Case = Vec<usize>;

/// Parameters and the number of their values.
const PARAMETERS: [(&str, usize); 15] = [
    ("access", 3),
    ("geography", 5),
    ("models", 3),
    ("developers", 2),
    ("profiles", 3),
    ("organization", 2),
    ("state", 2),
    ("cost_tags", 2),
    ("logging", 3),
    ("analytics", 2),
    ("budgets", 4),
    ("guardrail", 3),
    ("session_tag", 2),
    ("further_groups", 2),
    ("attributes", 2),
];

const GEOGRAPHIES: [(&str, &str); 5] = [
    ("us", "us-east-1"),
    ("eu", "eu-central-1"),
    ("au", "ap-southeast-2"),
    ("jp", "ap-northeast-1"),
    ("global", "us-west-2"),
];

/// A small set of deployments in which each pair of values of two parameters occurs wherever it is allowed.
///
/// Greedy: each case starts with a pair that is still missing and takes, parameter by parameter, the value that covers
/// most of the others. The order is fixed, so the set is the same on every machine.
pub fn pairwise() -> Vec<Case> {
    let mut missing: Vec<[(usize, usize); 2]> = Vec::new();
    for (first, (_, values)) in PARAMETERS.iter().enumerate() {
        for (second, (_, others)) in PARAMETERS.iter().enumerate().skip(first + 1) {
            for a in 0..*values {
                for b in 0..*others {
                    let pair = [(first, a), (second, b)];
                    if complete(&mut partial(&pair), 0) {
                        missing.push(pair);
                    }
                }
            }
        }
    }
    let mut cases = Vec::new();
    while let Some(pair) = missing.first().copied() {
        let mut case = partial(&pair);
        for parameter in 0..PARAMETERS.len() {
            if case[parameter].is_some() {
                continue;
            }
            let best = (0..PARAMETERS[parameter].1)
                .filter_map(|value| {
                    let mut trial = case.clone();
                    trial[parameter] = Some(value);
                    complete(&mut trial.clone(), 0).then(|| (covered(&trial, &missing), std::cmp::Reverse(value)))
                })
                .max();
            case[parameter] = best.map(|(_, std::cmp::Reverse(value))| value);
        }
        missing.retain(|pair| !contains(&case, pair));
        cases.push(case.into_iter().map(Option::unwrap_or_default).collect());
    }
    cases
}

fn partial(pair: &[(usize, usize); 2]) -> Vec<Option<usize>> {
    let mut case = vec![None; PARAMETERS.len()];
    for (parameter, value) in pair {
        case[*parameter] = Some(*value);
    }
    case
}

fn contains(case: &[Option<usize>], pair: &[(usize, usize); 2]) -> bool {
    pair.iter().all(|(parameter, value)| case[*parameter] == Some(*value))
}

fn covered(case: &[Option<usize>], missing: &[[(usize, usize); 2]]) -> usize {
    missing.iter().filter(|pair| contains(case, pair)).count()
}

/// Whether the open choices can be filled so that the deployment is allowed; fills them.
fn complete(case: &mut Vec<Option<usize>>, from: usize) -> bool {
    if !allowed(case) {
        return false;
    }
    let Some(open) = (from..case.len()).find(|parameter| case[*parameter].is_none()) else {
        return true;
    };
    for value in 0..PARAMETERS[open].1 {
        case[open] = Some(value);
        if complete(case, open + 1) {
            return true;
        }
    }
    case[open] = None;
    false
}

/// What the deployment file itself forbids; choices that are still open forbid nothing.
fn allowed(case: &[Option<usize>]) -> bool {
    let value = |name: &str| {
        PARAMETERS
            .iter()
            .position(|(known, _)| *known == name)
            .and_then(|index| case[index])
    };
    let is = |name: &str, wanted: usize| value(name) == Some(wanted);
    let not = |name: &str, unwanted: usize| value(name).is_some_and(|value| value != unwanted);
    // Analytics and budgets read the log; team budgets and cost tags need tagged profiles,
    // and a team's cost centre is its developers'; Opus has no profile in Japan
    // and Australia; a session tag is Identity Center's or the token's and tells profiles apart.
    !(is("logging", 0) && (is("analytics", 1) || not("budgets", 0)))
        && !(is("profiles", 2) && (is("cost_tags", 1) || is("budgets", 2) || is("session_tag", 1)))
        && !(is("budgets", 2) && (is("cost_tags", 0) || is("attributes", 0)))
        && !(is("models", 2) && (is("geography", 2) || is("geography", 3)))
        && !(is("session_tag", 1) && is("access", 1))
}

/// The deployment file of a case, and its `developers.csv`.
pub fn deployment(case: &[usize]) -> (String, String) {
    let value = |name: &str| {
        PARAMETERS
            .iter()
            .position(|(known, _)| *known == name)
            .map(|index| case[index])
            .unwrap_or_default()
    };
    let (geography, region) = GEOGRAPHIES[value("geography")];
    let models = [
        vec!["haiku-4-5"],
        vec!["sonnet-4-6", "haiku-4-5"],
        vec!["opus-4-6", "sonnet-4-6", "haiku-4-5"],
    ][value("models")]
    .iter()
    .map(|model| format!("{model:?}"))
    .collect::<Vec<_>>()
    .join(", ");
    let mut file = format!(
        "name = \"claude-code\"\naccount_id = \"123456789012\"\nregion = {region:?}\n\nmodels {{\n  geography = {geography:?}\n  allow = [{models}]\n}}\n\ndevelopers {{\n  file = \"developers.csv\"\n}}\n\nprofiles {{\n  per = {:?}\n}}\n\n",
        ["developer", "team", "none"][value("profiles")]
    );
    let further = value("further_groups") == 1;
    if value("access") == 0 {
        file.push_str("identity_center {\n  account_id = \"999999999999\"\n  source = \"okta\"\n  instance_arn = \"arn:aws:sso:::instance/ssoins-1234567890abcdef\"\n  start_url = \"https://d-1234567890.awsapps.com/start\"\n  region = \"us-east-1\"\n  group = \"Claude Code Developers\"\n");
        if further {
            file.push_str("  admin_group = \"Claude Code Admins\"\n  analyst_group = \"Claude Code Analysts\"\n");
        }
        if value("session_tag") == 1 {
            file.push_str("  session_tag = \"email\"\n");
        }
        file.push_str("}\n\n");
    } else if value("access") == 2 {
        // A mode of its own would make the set larger by a third.
        let (pooled, tagged) = (value("attributes") == 1, value("session_tag") == 1);
        file.push_str("federation {\n  provider = \"okta\"\n  issuer = \"https://acme.okta.com/oauth2/default\"\n  client_id = \"0oa1b2c3d4e5f6g7h8i9\"\n");
        // Through a pool the role sees an address only where it is the tag.
        if !pooled || (tagged && value("profiles") == 0) {
            file.push_str("  email_domains = [\"example.com\"]\n");
        }
        if pooled {
            file.push_str("  identity_pool {\n");
            if tagged {
                file.push_str("    session_tag_claim = \"custom:owner\"\n");
            }
            if further {
                file.push_str("    group_tag_claim = \"department\"\n");
            }
            file.push_str("  }\n");
        }
        if further {
            file.push_str("  audiences = [\"0oa9i8h7g6f5e4d3c2b1\"]\n  group_tag = \"Group\"\n  groups = [\"developers\", \"contractors\"]\n");
        }
        if tagged {
            file.push_str("  session_tag = \"Email\"\n");
        }
        file.push_str("}\n\n");
    } else {
        file.push_str("roles {\n  trusted = [\"arn:aws:iam::123456789012:user/alice\", \"arn:aws:iam::555555555555:role/engineers/*\"]\n");
        if further {
            file.push_str("  admins = [\"arn:aws:iam::123456789012:role/platform\"]\n  analysts = [\"arn:aws:iam::555555555555:user/finance\"]\n");
        }
        file.push_str("}\n\n");
    }
    if value("organization") == 1 {
        file.push_str("organization {\n  management_account_id = \"999999999999\"\n  attach_scp_to = [\"123456789012\"]\n}\n\ndeploy {\n  principals = [\"arn:aws:iam::*:role/terraform-*\"]\n  break_glass = [\"arn:aws:iam::123456789012:role/break-glass\"]\n}\n\n");
    }
    if value("state") == 1 {
        file.push_str("state {\n  bucket = \"acme-terraform-state\"\n}\n\n");
    }
    if value("cost_tags") == 1 {
        file.push_str("cost_tags {\n  cost_center = \"cost-center\"\n");
        // Identity Center of another account says that there is an organization, and not who pays.
        if value("access") == 0 && value("organization") == 0 {
            file.push_str("  payer_account_id = \"999999999999\"\n");
        }
        file.push_str("}\n\n");
    }
    match value("logging") {
        1 => file.push_str("logging {}\n\n"),
        2 => {
            let key = format!("arn:aws:kms:{region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
            let _ = write!(
                file,
                "logging {{\n  retention_days = 90\n  prompts = true\n  kms_key_arn = {key:?}\n}}\n\n"
            );
        }
        _ => {}
    }
    if value("analytics") == 1 {
        file.push_str("analytics {}\n\n");
    }
    let count = [1, 500][value("developers")];
    match value("budgets") {
        1 => file.push_str("budgets {\n  monthly_usd = 5000\n  emails = [\"platform@example.com\"]\n}\n\n"),
        2 => {
            file.push_str("budgets {\n  monthly_usd = 1234.5\n  emails = [\"a@example.com\", \"b@example.com\"]\n  https = [\"pagerduty\"]\n\n  team \"engineering\" {\n    monthly_usd = 2000\n    cost_center = \"CC-1001\"\n  }\n");
            if count > 1 {
                file.push_str("\n  team \"data\" {\n    monthly_usd = 300\n  }\n");
            }
            file.push_str("}\n\n");
        }
        3 => file.push_str("budgets {\n  monthly_usd = 10\n  emails = [\"platform@example.com\"]\n  thresholds = [90]\n  forecast_thresholds = []\n\n  anomaly {\n    threshold_usd = 50\n  }\n}\n\n"),
        _ => {}
    }
    match value("guardrail") {
        1 => file.push_str("guardrail {\n  topic \"Investment advice\" {\n    definition = \"Recommendations about buying or selling financial products.\"\n  }\n}\n\n"),
        2 => file.push_str("guardrail {\n  blocked_words = [\"say \\\"secret\\\" $${x}\"]\n  blocked_pii = [\"AWS_SECRET_KEY\"]\n  content_filter = \"HIGH\"\n}\n\n"),
        _ => {}
    }
    let mut roster = String::from("id,email,team,project,cost_center\n");
    for number in 0..count {
        let (team, center) = if number % 2 == 0 {
            ("engineering", "CC-1001")
        } else {
            ("data", "CC-2002")
        };
        let (project, center) = if value("attributes") == 1 {
            ("claude-code", center)
        } else {
            ("", "")
        };
        let _ = writeln!(
            roster,
            "developer-{number},developer.{number}@example.com,{team},{project},{center}"
        );
    }
    (file, roster)
}
