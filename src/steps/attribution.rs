//! Phase 4 with IAM Identity Center: who is seen in the log.

use super::attribution_sources as sources;
use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Access, Deployment, IdentityCenter, IdentitySource, ProfileScope};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let Access::IdentityCenter(center) = &deployment.access else {
        return Vec::new();
    };
    let mut steps = vec![instance(deployment, center)];
    steps.extend(sources::identity_source(center));
    steps.extend(sources::provisioning(center));
    steps.push(group(center));
    if let Some(tag) = &center.session_tag {
        steps.push(session_tag(deployment, center, tag));
    }
    steps.push(assignment(deployment, center));
    steps.push(login(deployment, center));
    steps.extend(query(deployment));
    steps
}

/// The account that manages Identity Center.
pub fn account(center: &IdentityCenter) -> Account {
    Account::IdentityCenter(center.account_id.clone())
}

fn instance(deployment: &Deployment, center: &IdentityCenter) -> Step {
    let delegated = deployment
        .organization
        .as_ref()
        .is_some_and(|organization| organization.management_account_id != center.account_id);
    Step::new(
        "attribution-identity-center",
        Phase::Attribution,
        "Have an organization instance of IAM Identity Center",
        account(center),
        Owner::Human,
    )
    .action(format!(
        "The instance `{}` exists in {} and is ACTIVE. It is enabled once, in the management account.",
        center.instance_arn, center.region
    ))
    .console("IAM Identity Center › Enable")
    .run(&[format!(
        "aws sso-admin list-instances --region {}",
        word(&center.region)
    )])
    .note("Its region need not be the one in which models are called.")
    .note("An account instance (owned by a member account) has no permission sets and is not enough.")
    .note_if(
        delegated,
        format!(
            "Account {} is not the management account, so it must be the delegated administrator (`aws organizations \
             list-delegated-administrators --service-principal sso.amazonaws.com`). A delegated administrator cannot \
             change permission sets that are provisioned in the management account.",
            center.account_id
        ),
    )
}

/// The command that puts the id of the identity store into `STORE`.
pub fn store(center: &IdentityCenter) -> String {
    format!(
        "STORE=$(aws sso-admin list-instances --region {} --query 'Instances[0].IdentityStoreId' --output text)",
        word(&center.region)
    )
}

/// The groups that permission sets are assigned to, with their permission sets.
fn groups<'a>(deployment: &'a Deployment, center: &'a IdentityCenter) -> Vec<(&'a str, &'a str)> {
    let names = &deployment.names;
    let mut groups = vec![(center.group.as_str(), names.developer.as_str())];
    groups.extend(center.admin_group.as_deref().map(|group| (group, names.admin.as_str())));
    groups.extend(
        center
            .analyst_group
            .as_deref()
            .map(|group| (group, names.analyst.as_str())),
    );
    groups
}

fn group(center: &IdentityCenter) -> Step {
    let region = word(&center.region);
    let names: Vec<&str> = [
        Some(&center.group),
        center.admin_group.as_ref(),
        center.analyst_group.as_ref(),
    ]
    .into_iter()
    .flatten()
    .map(String::as_str)
    .collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (title, owner, holder) = match center.source {
        IdentitySource::Directory | IdentitySource::Google => {
            ("Create the groups in Identity Center", Owner::Api, account(center))
        }
        source => (
            "Create the groups in the identity provider",
            Owner::Human,
            Account::IdentityProvider(sources::name(source)),
        ),
    };
    let mut lines = vec![store(center)];
    if matches!(center.source, IdentitySource::Directory | IdentitySource::Google) {
        lines.extend(names.iter().map(|name| {
            format!(
                "aws identitystore create-group --region {region} --identity-store-id \"$STORE\" --display-name {}",
                word(name)
            )
        }));
        lines.push(format!(
            "aws identitystore create-group-membership --region {region} --identity-store-id \"$STORE\" \
             --group-id GROUP_ID --member-id UserId=USER_ID"
        ));
    }
    lines.extend(names.iter().map(|name| {
        let attribute = format!(
            "{{\"UniqueAttribute\":{{\"AttributePath\":\"displayName\",\"AttributeValue\":{}}}}}",
            serde_json::Value::from(*name)
        );
        format!(
            "aws identitystore get-group-id --region {region} --identity-store-id \"$STORE\" \
             --alternate-identifier {}",
            word(&attribute)
        )
    }));
    let mut step = Step::new("attribution-group", Phase::Attribution, title, holder, owner).action(format!(
        "Create {} with exactly this spelling and add the people.",
        quoted.join(", ")
    ));
    for action in sources::group_actions(center.source) {
        step = step.action(*action);
    }
    step = step
        .action("The commands print the id of each group once it is in Identity Center; terraform/identity needs it.")
        .console(sources::group_console(center.source))
        .run(&lines);
    for note in sources::group_notes(center.source) {
        step = step.note(*note);
    }
    step
}

/// The attribute of a user that the session tag is taken from; for teams an example.
pub fn session_tag_source(deployment: &Deployment) -> &'static str {
    match deployment.profiles {
        ProfileScope::Team => "${path:enterprise.department}",
        _ => "${path:emails[primary eq true].value}",
    }
}

fn session_tag(deployment: &Deployment, center: &IdentityCenter, tag: &str) -> Step {
    let path = session_tag_source(deployment);
    let what = match deployment.profiles {
        ProfileScope::Team => "the developer's team",
        _ => "the developer's e-mail address",
    };
    let value = serde_json::json!({"AccessControlAttributes": [{"Key": tag, "Value": {"Source": [path]}}]});
    Step::new(
        "attribution-session-tag",
        Phase::Attribution,
        format!("Put the session tag `{tag}` into every session"),
        account(center),
        Owner::Api,
    )
    .action(format!(
        "Enable attributes for access control and map the key `{tag}` to {what}: its value must equal the value of \
         the tag on the application inference profiles, or a developer may use none of them."
    ))
    .console("IAM Identity Center › Settings › Attributes for access control")
    .run(&[
        format!(
            "aws sso-admin create-instance-access-control-attribute-configuration --region {} --instance-arn {} \
             --instance-access-control-attribute-configuration {}",
            word(&center.region),
            word(&center.instance_arn),
            word(&value.to_string())
        ),
        format!(
            "aws sso-admin describe-instance-access-control-attribute-configuration --region {} --instance-arn {}",
            word(&center.region),
            word(&center.instance_arn)
        ),
    ])
    .note(
        "Where attributes are configured already, use `update-instance-access-control-attribute-configuration` with \
         all of them: it replaces the list.",
    )
    .note_if(
        deployment.profiles == ProfileScope::Team,
        "The department is an example: choose the attribute that holds exactly the team's name in developers.csv.",
    )
    .note_if(
        !matches!(center.source, IdentitySource::Directory),
        format!(
            "The identity provider can send it instead, as the SAML attribute \
             `https://aws.amazon.com/SAML/Attributes/AccessControl:{tag}`; a mapping in Identity Center outranks it."
        ),
    )
    .note_if(
        center.source == IdentitySource::Entra,
        "An attribute that is removed from a user in Entra ID stays in Identity Center; a changed one is synchronised.",
    )
}

fn assignment(deployment: &Deployment, center: &IdentityCenter) -> Step {
    let (region, instance) = (word(&center.region), word(&center.instance_arn));
    let account_id = &deployment.account_id;
    let assigned: Vec<String> = groups(deployment, center)
        .iter()
        .map(|(group, set)| format!("`{set}` to `{group}`"))
        .collect();
    Step::new(
        "attribution-assignment",
        Phase::Attribution,
        "Assign the permission sets to the groups",
        account(center),
        Owner::Terraform(Root::Identity),
    )
    .action(format!(
        "Apply terraform/identity: it creates the permission sets and assigns {} in account {account_id}.",
        assigned.join(", ")
    ))
    .console("IAM Identity Center › AWS accounts › the account")
    .run(&[
        "terraform -chdir=terraform/identity apply".to_owned(),
        format!(
            "aws sso-admin list-permission-sets-provisioned-to-account --region {region} --instance-arn {instance} \
             --account-id {account_id} --provisioning-status LATEST_PERMISSION_SET_PROVISIONED"
        ),
        "# A permission set that the list lacks was changed and not provisioned again:".to_owned(),
        format!(
            "aws sso-admin provision-permission-set --region {region} --instance-arn {instance} \
             --permission-set-arn PERMISSION_SET_ARN --target-type AWS_ACCOUNT --target-id {account_id}"
        ),
    ])
    .note("The roles appear in the account as `AWSReservedSSO_…`; they cannot be changed there.")
}

/// The names under which the log shows developers.
fn login(deployment: &Deployment, center: &IdentityCenter) -> Step {
    let (profile, set) = (word(&deployment.names.cli_profile), &deployment.names.developer);
    let (partition, account) = (&deployment.partition, &deployment.account_id);
    Step::new(
        "attribution-login",
        Phase::Attribution,
        "Sign in as a developer",
        Account::Developer,
        Owner::Human,
    )
    .action(format!(
        "The ARN must read `arn:{partition}:sts::{account}:assumed-role/AWSReservedSSO_{set}_<16 hex digits>/<user \
         name>`."
    ))
    .console(format!("{} › the account › `{set}`", center.start_url))
    .run(&[
        format!("aws sso login --profile {profile}"),
        format!("aws sts get-caller-identity --profile {profile}"),
    ])
    .note(format!(
        "The profile `{}` comes from `tfgen onboard`; AWS CLI 2 is needed.",
        deployment.names.cli_profile
    ))
}

/// Who called which model in the last day, and how many tokens were counted: one row each, whose sum is null where no call
/// of theirs has the count.
pub fn callers_sql(deployment: &Deployment) -> String {
    let names = &deployment.names;
    [
        "SELECT identity.arn AS arn, modelid, count(*) AS calls,".to_owned(),
        "       sum(input.inputtokencount) AS inputtokencount,".to_owned(),
        "       sum(input.cachereadinputtokencount) AS cachereadinputtokencount,".to_owned(),
        "       sum(output.outputtokencount) AS outputtokencount".to_owned(),
        format!("FROM {}.{}", names.database, names.log_table),
        "WHERE datehour >= date_format(current_timestamp - interval '1' day, '%Y/%m/%d/%H')".to_owned(),
        "  AND schematype = 'ModelInvocationLog'".to_owned(),
        "  AND coalesce(errorcode, '') = ''".to_owned(),
        "  AND \"$path\" NOT LIKE '%/data/%'".to_owned(),
        "GROUP BY identity.arn, modelid".to_owned(),
        "ORDER BY calls DESC".to_owned(),
    ]
    .join("\n")
}

/// The query that shows whether the log names people and counts tokens.
pub fn query(deployment: &Deployment) -> Option<Step> {
    deployment.analytics.as_ref()?;
    let names = &deployment.names;
    let region = word(&deployment.region);
    let (database, workgroup) = (&names.database, word(&names.workgroup));
    let developer_arn = match deployment.access {
        Access::IdentityCenter(_) => format!("assumed-role/AWSReservedSSO_{}_…/<user name>", names.developer),
        Access::Roles(_) | Access::Federation(_) => format!("assumed-role/{}/<session name>", names.developer),
    };
    Some(
        Step::new(
            "attribution-query",
            Phase::Attribution,
            "Read developers and token counts from the log",
            Account::Workload(deployment.account_id.clone()),
            Owner::Terraform(Root::Workload),
        )
        .action(format!(
            "After some calls: rows come, `arn` ends like `{developer_arn}`, and neither \
             `inputtokencount` nor `outputtokencount` is null."
        ))
        .console(format!(
            "Athena › Query editor › workgroup `{}` › database `{database}`",
            names.workgroup
        ))
        .paste("sql", callers_sql(deployment))
        .run(&[
            format!(
                "aws athena start-query-execution --region {region} --work-group {workgroup} \
                 --query-execution-context Database={} --query-string file://query.sql",
                word(database)
            ),
            format!("aws athena get-query-execution --region {region} --query-execution-id QUERY_ID"),
            format!("aws athena get-query-results --region {region} --query-execution-id QUERY_ID"),
        ])
        .note(
            "No rows: nothing was logged in the last day. Rows whose counts are all null: the table's schema is wrong.",
        )
        .note("The log is independent of the cost allocation tags; this works before they are active.")
        .note_if(
            deployment
                .logging
                .as_ref()
                .is_some_and(|logging| logging.kms_key_arn.is_some()),
            "The caller needs `kms:Decrypt` on the logs' key.",
        ),
    )
}
