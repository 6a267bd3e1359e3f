//! A complete draft as a deployment file.

use hcl::{Attribute, Block, Expression, Number};
use terraform::write::{File, Item, WriteError, to_string};

use super::draft::{Access, Developer, Draft, IdentitySource, NoticeKind};
use super::examples;
use super::federation::{Federation, OpenId};

/// Columns of a comment, the `# ` not counted.
const COMMENT_COLUMNS: usize = 116;

/// The text of a deployment file: valid, commented, and a fixed point of `terraform fmt`.
///
/// # Errors
/// When a value cannot be written in HCL, as a control character in a comment.
pub fn write(draft: &Draft) -> Result<String, WriteError> {
    let mut items = Vec::new();
    items.push(Item::Comment(
        "The stem of every resource name, the dedicated account, the only region in use.".to_owned(),
    ));
    items.extend(arguments(&[
        ("name", draft.name.as_deref()),
        ("account_id", draft.account_id.as_deref()),
        ("region", draft.region.as_deref()),
    ]));
    push(
        &mut items,
        "Which models developers may call, and where requests may be served. `tfgen models` lists all.",
        models(draft),
    );
    developers(draft, &mut items)?;
    access(draft, &mut items);
    organization(draft, &mut items)?;
    if let Some(bucket) = &draft.state_bucket {
        let block = Block::builder("state").add_attribute(("bucket", bucket.as_str()));
        let block = match &draft.state_region {
            Some(region) => block.add_attribute(("region", region.as_str())),
            None => block,
        };
        push(
            &mut items,
            "Where Terraform keeps its state: one key per root, with S3's lock file.",
            block.build(),
        );
    } else {
        let text =
            "Not in use: Terraform's state in S3, in a bucket that exists. Without it each root has a local file.";
        items.extend([Item::Blank, examples::comment(text, [examples::state()])?]);
    }
    cost_tags(draft, &mut items)?;
    logs(draft, &mut items)?;
    if !draft.blocked_topics.is_empty() {
        let block = Block::builder("guardrail").add_attribute(("blocked_topics", draft.blocked_topics.clone()));
        push(
            &mut items,
            "Enforced on every call of a developer. A `topic` block can say more than a name.",
            block.build(),
        );
    } else {
        let text = "Not in use: a guardrail on every call of a developer, by topics, words, personal data and content.";
        items.extend([Item::Blank, examples::comment(text, [examples::guardrail()])?]);
    }
    to_string(&File {
        header: header(draft),
        items,
    })
}

fn cost_tags(draft: &Draft, items: &mut Vec<Item>) -> Result<(), WriteError> {
    let payer = draft.payer_account_id.as_deref();
    if draft.cost_tags {
        push(
            items,
            "The tags of the profiles (Team, Project, CostCenter, User) become cost allocation tags in the payer account: the\n\
             management account of `organization`, or this account where there is none.",
            block_of("cost_tags", &[("payer_account_id", payer)]),
        );
    } else if !draft.payer_is_known() {
        let text = "Not in use: the tags of the profiles as cost allocation tags, in the account that pays.";
        let account = draft.identity.account_id.as_deref().unwrap_or("999999999999");
        let block = block_of("cost_tags", &[("payer_account_id", Some(account))]);
        items.extend([Item::Blank, examples::comment(text, [block])?]);
    }
    Ok(())
}

fn header(draft: &Draft) -> Vec<String> {
    let mut lines = vec![
        "Deployment file of tfgen: one rollout of Claude Code on Amazon Bedrock.".to_owned(),
        "`tfgen render` makes Terraform of it. An absent block switches its part off; unknown names are errors."
            .to_owned(),
        "`tfgen schema --format markdown` explains every block and argument.".to_owned(),
    ];
    let from = match &draft.imported_from {
        Some(origin) => format!(" from {origin}"),
        None => String::new(),
    };
    for (kind, title) in [
        (NoticeKind::Advice, "To be considered:".to_owned()),
        (NoticeKind::Changed, format!("Taken over{from} in another form:")),
        (NoticeKind::Dropped, format!("Not carried over{from}:")),
    ] {
        let notices: Vec<_> = draft.notices.iter().filter(|notice| notice.kind == kind).collect();
        if notices.is_empty() {
            continue;
        }
        lines.extend([String::new(), title]);
        for notice in notices {
            lines.extend(wrapped(&format!("- {}: {}", notice.variable, notice.text)));
        }
    }
    lines
}

/// Lines of at most [`COMMENT_COLUMNS`] columns; further lines are indented by two.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= COMMENT_COLUMNS {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(format!("  {word}"));
        }
    }
    lines
}

fn push(items: &mut Vec<Item>, comment: &str, block: Block) {
    items.extend([Item::Blank, Item::Comment(comment.to_owned()), Item::Block(block)]);
}

fn arguments<'a>(values: &'a [(&'a str, Option<&'a str>)]) -> impl Iterator<Item = Item> + 'a {
    values
        .iter()
        .filter_map(|(name, value)| Some(Item::Attribute(Attribute::new(*name, (*value)?))))
}

fn block_of(name: &str, values: &[(&str, Option<&str>)]) -> Block {
    let present = values
        .iter()
        .filter_map(|(name, value)| Some(Attribute::new(*name, (*value)?)));
    Block::builder(name).add_attributes(present).build()
}

fn models(draft: &Draft) -> Block {
    let mut block = Block::builder("models");
    if let Some(geography) = &draft.geography {
        block = block.add_attribute(("geography", geography.as_str()));
    }
    block = block.add_attribute(("allow", draft.allow.clone()));
    if let Some(default) = draft.default_model.as_ref().or(draft.allow.first()) {
        block = block.add_attribute(("default", default.as_str()));
    }
    block.build()
}

fn developers(draft: &Draft, items: &mut Vec<Item>) -> Result<(), WriteError> {
    if let Some(file) = &draft.developers_file {
        push(
            items,
            "Header line of the file: id,email,team,project,cost_center; only email is needed.",
            block_of("developers", &[("file", Some(file))]),
        );
    }
    let mut comment = Some("The label is a stable id: profiles are keyed by it.");
    for developer in &draft.developers {
        match comment.take() {
            Some(text) => push(items, text, developer_block(developer)),
            None => items.push(Item::Block(developer_block(developer))),
        }
    }
    if let Some(scope) = draft.profiles {
        push(
            items,
            "What an application inference profile, and with it a line of the bill, stands for: developer, team or none.",
            block_of("profiles", &[("per", Some(scope.as_str()))]),
        );
    } else {
        let text = "What an application inference profile, and with it a line of the bill, stands for follows from the \
                    number of\ndevelopers. This decides it: developer, team or none.";
        items.extend([Item::Blank, examples::comment(text, [examples::profiles()])?]);
    }
    Ok(())
}

fn developer_block(developer: &Developer) -> Block {
    let values = [
        ("email", &developer.email),
        ("team", &developer.team),
        ("project", &developer.project),
        ("cost_center", &developer.cost_center),
    ];
    let present = values
        .iter()
        .filter_map(|(name, value)| Some(Attribute::new(*name, value.as_deref()?)));
    Block::builder("developer")
        .add_label(developer.id.as_str())
        .add_attributes(present)
        .build()
}

fn access(draft: &Draft, items: &mut Vec<Item>) {
    match draft.access {
        Some(Access::IdentityCenter) => {
            let identity = &draft.identity;
            let block = block_of(
                "identity_center",
                &[
                    ("account_id", identity.account_id.as_deref()),
                    ("source", identity.source.map(IdentitySource::as_str)),
                    ("instance_arn", identity.instance_arn.as_deref()),
                    ("start_url", identity.start_url.as_deref()),
                    ("region", identity.region.as_deref()),
                    ("group", identity.group.as_deref()),
                    ("admin_group", identity.admin_group.as_deref()),
                    ("analyst_group", identity.analyst_group.as_deref()),
                    ("session_tag", identity.session_tag.as_deref()),
                ],
            );
            let text = "Who developers are. `account_id` is the management account or the delegated administrator.\n\
                        `admin_group` and `analyst_group` add a permission set each; `session_tag` binds developers to \
                        their profiles.";
            push(items, text, block);
        }
        Some(Access::Federation) => {
            let text = "Who developers are: whom the provider signs in. `issuer` is the claim `iss` of its tokens, letter for \
                        letter.\n`email_domains` narrows it, `session_tag` binds developers to their profiles, `group_tag` and \
                        `groups` let groups in.";
            push(items, text, federation(&draft.federation));
        }
        Some(Access::Roles) => {
            let mut block = Block::builder("roles").add_attribute(("trusted", draft.trusted.clone()));
            if !draft.admins.is_empty() {
                block = block.add_attribute(("admins", draft.admins.clone()));
            }
            if !draft.analysts.is_empty() {
                block = block.add_attribute(("analysts", draft.analysts.clone()));
            }
            let text = "Who may assume the roles. AWS binds the name of an IAM user to its session; the callers of a role \
                        choose it.\n`admins` and `analysts` add a role each.";
            push(items, text, block.build());
        }
        None => {}
    }
}

fn federation(federation: &Federation) -> Block {
    let mut block = Block::builder("federation");
    for (name, value) in [
        ("provider", federation.provider.map(OpenId::as_str)),
        ("issuer", federation.issuer.as_deref()),
        ("client_id", federation.client_id.as_deref()),
    ] {
        if let Some(value) = value {
            block = block.add_attribute((name, value));
        }
    }
    if !federation.email_domains.is_empty() {
        block = block.add_attribute(("email_domains", federation.email_domains.clone()));
    }
    if let Some(tag) = &federation.session_tag {
        block = block.add_attribute(("session_tag", tag.as_str()));
    }
    if let Some(hours) = federation.max_session_hours {
        block = block.add_attribute(("max_session_hours", hours));
    }
    if let Some(arn) = &federation.oidc_provider_arn {
        block = block.add_attribute(("oidc_provider_arn", arn.as_str()));
    }
    if federation.identity_pool {
        block = block.add_block(Block::builder("identity_pool").build());
    }
    block.build()
}

fn organization(draft: &Draft, items: &mut Vec<Item>) -> Result<(), WriteError> {
    if let Some(account) = &draft.management_account_id {
        let mut block = Block::builder("organization").add_attribute(("management_account_id", account.as_str()));
        if !draft.attach_scp_to.is_empty() {
            block = block.add_attribute(("attach_scp_to", draft.attach_scp_to.clone()));
        }
        push(
            items,
            "The service control policy comes from the management account; by default it hits this account alone.",
            block.build(),
        );
    } else {
        let account = draft.identity.account_id.as_deref().unwrap_or("999999999999");
        let mut blocks = examples::organization(account).to_vec();
        if !draft.deploy_principals.is_empty() {
            blocks.truncate(1);
        }
        let text = "Not in use: the service control policy, attached from the management account. `deploy` names whom it \
                    must not stop.";
        items.extend([Item::Blank, examples::comment(text, blocks)?]);
    }
    if !draft.deploy_principals.is_empty() {
        let mut block = Block::builder("deploy").add_attribute(("principals", draft.deploy_principals.clone()));
        if !draft.break_glass.is_empty() {
            block = block.add_attribute(("break_glass", draft.break_glass.clone()));
        }
        push(
            items,
            "Whom the service control policy must not stop: the roles that run Terraform.",
            block.build(),
        );
    }
    Ok(())
}

fn logs(draft: &Draft, items: &mut Vec<Item>) -> Result<(), WriteError> {
    if draft.no_logging {
        let text = "Not in use: the log of model invocations, and cost per developer from it, through Athena.";
        items.extend([Item::Blank, examples::comment(text, examples::logging())?]);
    } else {
        let mut block = Block::builder("logging");
        if let Some(days) = draft.retention_days {
            block = block.add_attribute(("retention_days", days));
        }
        if let Some(days) = draft.expiration_days {
            block = block.add_attribute(("expiration_days", days));
        }
        block = block.add_attribute(("prompts", draft.prompts.unwrap_or(false)));
        push(
            items,
            "One log of model invocations per account and region. `prompts = true` stores prompts and code in clear.",
            block.build(),
        );
        push(
            items,
            "Cost per developer from the logs, through Athena.",
            Block::builder("analytics").build(),
        );
    }
    if let Some(usd) = draft.monthly_usd {
        let mut block = Block::builder("budgets").add_attribute(("monthly_usd", amount(usd)));
        if !draft.emails.is_empty() {
            block = block.add_attribute(("emails", draft.emails.clone()));
        }
        for budget in &draft.team_budgets {
            let mut team = Block::builder("team")
                .add_label(budget.team.as_str())
                .add_attribute(("monthly_usd", amount(budget.monthly_usd)));
            if let Some(cost_center) = &budget.cost_center {
                team = team.add_attribute(("cost_center", cost_center.as_str()));
            }
            block = block.add_block(team.build());
        }
        push(
            items,
            "Budgets tell people, they stop nobody. Each address has to confirm a mail from AWS within two days.\n\
             Blocks `team`, `alarms` and `anomaly` divide the limit and say what else is told.",
            block.build(),
        );
    } else {
        let needs = if draft.no_logging { " They need `logging`." } else { "" };
        let text = format!("Not in use: budgets and alarms. They tell people and stop nobody.{needs}");
        items.extend([Item::Blank, examples::comment(&text, [examples::budgets()])?]);
    }
    Ok(())
}

/// A whole amount is written without a point.
fn amount(usd: f64) -> Expression {
    let whole = usd.trunc();
    if usd == whole && whole.abs() < 9_007_199_254_740_992.0 {
        return Expression::Number(Number::from(whole as i64));
    }
    Number::from_f64(usd).map_or(Expression::Null, Expression::Number)
}
