//! `terraform/workload`: everything that lives in the dedicated account.

use std::collections::{BTreeMap, BTreeSet};

use hcl::expr::{BinaryOp, BinaryOperator, Expression, ForExpr, Operation};
use hcl::{Block, Identifier};

use super::{Call, Output, Root, federation};
use crate::deployment::model::{Access, Analytics, Budgets, Deployment, Guardrail, Logging, ProfileScope, Roles};
use crate::guardrails::may_name_system_profiles;
use crate::render::expr::{call, compact_policy, index, json_file, object, policy, reference, strings};
use crate::render::profiles::Profiles;

/// Environment variables that every developer's Claude Code needs, for the output `developer_env_config`.
pub type Environment = BTreeMap<String, String>;

/// The root of the dedicated account.
///
/// `session_roles` are the patterns of [`session_roles`].
pub fn root(deployment: &Deployment, profiles: &Profiles, environment: &Environment, session_roles: &[String]) -> Root {
    let mut root = Root::empty("workload", deployment.account_id.clone(), deployment.region.clone());
    if let Some(logging) = &deployment.logging {
        root.calls.push(logging_call(deployment, logging));
        root.outputs.push(Output {
            name: "log_bucket",
            description: "Bucket of the model invocation logs.",
            value: reference("module.logging.bucket_name"),
        });
        root.outputs.push(Output {
            name: "log_group",
            description: "Log group of the model invocation logs.",
            value: reference("module.logging.log_group_name"),
        });
    }
    if profiles.entries.is_empty() {
        root.outputs.push(profile_output(object::<&str>([])));
    } else {
        root.locals.push(("profiles", json_file("profiles.json")));
        root.calls.push(profile_call(deployment));
        root.outputs
            .push(profile_output(reference("module.inference_profiles.arns")));
        root.moved = profiles
            .moved()
            .iter()
            .map(|(from, to)| (profile_address(from), profile_address(to)))
            .collect();
    }
    if let Some(guardrail) = &deployment.guardrail {
        root.calls.push(guardrail_call(deployment, guardrail));
        for (name, description) in [
            (
                "guardrail_id",
                "Id of the guardrail, for the request header of Claude Code.",
            ),
            (
                "guardrail_version",
                "Version of the guardrail, for the request header of Claude Code.",
            ),
        ] {
            root.outputs.push(Output {
                name,
                description,
                value: reference(&format!("module.guardrail.{name}")),
            });
        }
    }
    if let Access::Roles(roles) = &deployment.access {
        root.calls.push(access_call(deployment, roles));
        root.outputs.push(Output {
            name: "role_arns",
            description: "ARN of each role, by its part in the deployment.",
            value: reference("module.access.role_arns"),
        });
    }
    if let Access::Federation(federation) = &deployment.access {
        root.calls.push(federation::call(deployment, federation));
        root.outputs.extend(federation::outputs(federation));
    }
    if let Some(analytics) = &deployment.analytics
        && let Some(logging) = &deployment.logging
    {
        root.locals.push(("prices", json_file("prices.json")));
        root.calls.push(analytics_call(
            deployment,
            analytics,
            logging,
            !profiles.entries.is_empty(),
            session_roles,
        ));
        root.outputs.push(Output {
            name: "athena_workgroup",
            description: "Workgroup of the cost queries.",
            value: reference("module.analytics.workgroup_name"),
        });
    }
    if let Some(budgets) = &deployment.budgets {
        add_budgets(&mut root, deployment, budgets);
    }
    root.outputs.push(Output {
        name: "deployment",
        description: "Name of the deployment, by which `tfgen onboard` tells these outputs from another one's.",
        value: text(&deployment.name),
    });
    root.outputs.push(Output {
        name: "scp_policy_json",
        description: "Service control policy of the deployment, as proven.",
        value: compact_policy("scp.json"),
    });
    root.outputs.push(Output {
        name: "developer_env_config",
        description: "Environment variables that every developer's Claude Code needs; `tfgen onboard` prints each developer's own.",
        value: object(environment.iter().map(|(name, value)| (name, Expression::from(value.as_str())))),
    });
    root.outputs.sort_by_key(|output| output.name);
    root
}

fn text(value: &str) -> Expression {
    Expression::from(value)
}

/// The argument `kms_key_arn`, where there is a key.
fn key(logging: &Logging) -> impl Iterator<Item = (&'static str, Expression)> {
    logging.kms_key_arn.iter().map(|arn| ("kms_key_arn", text(arn)))
}

fn logging_call(deployment: &Deployment, logging: &Logging) -> Call {
    let names = &deployment.names;
    let mut arguments = vec![
        ("bucket_name", text(&names.log_bucket)),
        ("key_prefix", text(&names.log_prefix)),
        ("log_group_name", text(&names.log_group)),
        ("retention_days", Expression::from(logging.retention_days)),
        ("expiration_days", Expression::from(logging.expiration_days)),
        ("prompts", Expression::from(logging.prompts)),
    ];
    arguments.extend(key(logging));
    arguments.extend([
        ("delivery_role_name", text(&names.log_delivery_role)),
        ("bucket_policy_json", policy("log-bucket.json")),
        ("delivery_trust_policy_json", policy("log-delivery-trust.json")),
        ("delivery_policy_json", policy("log-delivery.json")),
    ]);
    let comment = if logging.prompts {
        "One configuration per account and region. Prompts and answers, source code included, are stored in clear."
    } else {
        "One configuration per account and region. Who, which model and how many tokens are logged; prompts and answers are not."
    };
    Call::new("logging", comment, arguments)
}

fn profile_call(deployment: &Deployment) -> Call {
    let keys = &deployment.tag_keys;
    let tags = object(
        [
            (keys.user.as_str(), reference("profile.email")),
            (keys.team.as_str(), reference("profile.team")),
            (keys.project.as_str(), reference("profile.project")),
            (keys.cost_center.as_str(), reference("profile.cost_center")),
        ]
        .map(|(key, value)| (key, attribute_or_null(value))),
    );
    let stated = ForExpr::new(Identifier::sanitized("value"), tags, reference("value"))
        .with_key_var(Identifier::sanitized("tag"))
        .with_key_expr(reference("tag"))
        .with_cond_expr(not_null(reference("value")));
    let value = object([
        ("name", reference("profile.name")),
        // The description cannot change without replacing the profile: it says nothing that could.
        (
            "description",
            text(&format!("Claude Code deployment {}", deployment.name)),
        ),
        ("copy_from", reference("profile.copy_from")),
        ("tags", Expression::from(stated)),
    ]);
    Call::new(
        "inference-profiles",
        "One profile per model and owner, from the generated data file. Profiles of people who left stay: the log knows a\nprofile by its random id alone.",
        vec![("profiles", for_each_profile(value))],
    )
}

/// `{ for key, profile in local.profiles : key => VALUE }`
fn for_each_profile(value: Expression) -> Expression {
    Expression::from(
        ForExpr::new(Identifier::sanitized("profile"), reference("local.profiles"), value)
            .with_key_var(Identifier::sanitized("key"))
            .with_key_expr(reference("key")),
    )
}

/// `try(profile.x, null)`: the data file leaves out what is not known.
fn attribute_or_null(attribute: Expression) -> Expression {
    call("try", [attribute, Expression::Null])
}

fn not_null(value: Expression) -> Expression {
    Expression::from(Operation::Binary(BinaryOp::new(
        value,
        BinaryOperator::NotEq,
        Expression::Null,
    )))
}

fn profile_output(value: Expression) -> Output {
    Output {
        name: "inference_profile_arns",
        description: "ARN of each application inference profile, by owner and model.",
        value,
    }
}

fn profile_address(key: &str) -> Expression {
    index(
        "module.inference_profiles.aws_bedrock_inference_profile.this",
        text(key),
    )
}

fn guardrail_call(deployment: &Deployment, guardrail: &Guardrail) -> Call {
    let names = &deployment.names;
    let topics = guardrail
        .topics
        .iter()
        .map(|topic| object([("name", text(&topic.name)), ("definition", text(&topic.definition))]))
        .collect();
    let mut arguments = vec![
        ("name", text(&names.guardrail)),
        (
            "description",
            text(&format!("Guardrail of the deployment {}", deployment.name)),
        ),
        (
            "blocked_message",
            text("This request was blocked by a guardrail of your organization."),
        ),
        ("topics", Expression::Array(topics)),
        ("blocked_words", strings(&guardrail.blocked_words)),
        ("blocked_pii", strings(&guardrail.blocked_pii)),
    ];
    if let Some(strength) = &guardrail.content_filter {
        arguments.push(("content_filter_strength", text(strength)));
    }
    arguments.extend([
        ("enforcement_policy_name", text(&names.guardrail_policy)),
        ("enforcement_policy_template", policy("guardrail-enforcement.json")),
    ]);
    Call::new(
        "guardrail",
        "Enforced, not only offered: the managed policy denies every invocation that does not name this guardrail.",
        arguments,
    )
}

fn access_call(deployment: &Deployment, roles: &Roles) -> Call {
    let names = &deployment.names;
    let enforced = || match deployment.guardrail {
        Some(_) => object([("guardrail", reference("module.guardrail.enforcement_policy_arn"))]),
        None => object::<&str>([]),
    };
    let role = |name: &str, description: &str, part: &str, managed: Expression| {
        object([
            ("name", text(name)),
            ("description", text(description)),
            ("max_session_seconds", Expression::from(roles.max_session_seconds)),
            ("trust_policy_json", policy(&format!("{part}-trust.json"))),
            ("policy_json", policy(&format!("{part}.json"))),
            ("managed_policy_arns", managed),
        ])
    };
    let mut entries = vec![(
        "developer",
        role(
            &names.developer,
            "Calls the allowed Claude models",
            "developer",
            enforced(),
        ),
    )];
    if !roles.admins.is_empty() {
        let description = "Operates the deployment and reads its logs and costs";
        entries.push(("admin", role(&names.admin, description, "admin", enforced())));
    }
    if !roles.analysts.is_empty() {
        let nothing = object::<&str>([]);
        entries.push((
            "analyst",
            role(&names.analyst, "Reads usage and costs", "analyst", nothing),
        ));
    }
    Call::new(
        "access",
        "Roles of this account; who may assume them stands in policies/*-trust.json.",
        vec![("roles", object(entries))],
    )
}

fn analytics_call(
    deployment: &Deployment,
    analytics: &Analytics,
    logging: &Logging,
    has_profiles: bool,
    session_roles: &[String],
) -> Call {
    let names = &deployment.names;
    let profiles = if has_profiles {
        let fields = ["developer", "email", "team", "project", "cost_center"];
        let known = [
            ("profile_id", index("module.inference_profiles.ids", reference("key"))),
            ("model_id", reference("profile.model_id")),
            // A retired profile may be of another geography than the deployment.
            ("geography", reference("profile.geography")),
        ];
        let optional = fields.map(|field| (field, attribute_or_null(reference(&format!("profile.{field}")))));
        for_each_profile(object(known.into_iter().chain(optional)))
    } else {
        object::<&str>([])
    };
    let mut arguments = vec![
        ("database_name", text(&names.database)),
        ("log_table_name", text(&names.log_table)),
        ("price_table_name", text(&names.price_table)),
        ("profile_table_name", text(&names.profile_table)),
        ("workgroup_name", text(&names.workgroup)),
        ("log_bucket_name", text(&names.log_bucket)),
        ("log_prefix", text(&names.log_prefix)),
        ("account_id", text(&deployment.account_id)),
        ("region", text(&deployment.region)),
        ("geography", text(deployment.geography.as_str())),
        ("session_roles", strings(session_roles)),
        ("results_bucket_name", text(&names.results_bucket)),
        ("results_bucket_policy_json", policy("results-bucket.json")),
        (
            "results_expiration_days",
            Expression::from(analytics.results_expiration_days),
        ),
    ];
    arguments.extend(key(logging));
    if !may_name_system_profiles(deployment) && deployment.profiles == ProfileScope::Developer {
        // The name of a session is the caller's choice here, and the profile is not.
        arguments.push(("bound_roles", strings([&names.developer])));
    }
    arguments.extend([
        ("scan_limit_bytes", Expression::from(analytics.scan_limit_bytes)),
        ("lookback_days", Expression::from(logging.expiration_days)),
        ("prices", reference("local.prices")),
        ("profiles", profiles),
    ]);
    Call::new(
        "analytics",
        "The bucket's name is given literally: a reference would make the table's parameters unknown in every plan.",
        arguments,
    )
}

/// Names of the roles whose sessions call models, as regular expressions: who may assume them, and under which session
/// name, is this deployment's own matter. Names are of letters, digits and hyphens.
///
/// Those of `earlier` renders stay behind the present ones: the log goes back to the time before the access mode or a
/// name was changed.
pub fn session_roles(deployment: &Deployment, earlier: &[String]) -> Vec<String> {
    let names = &deployment.names;
    let mut patterns = match &deployment.access {
        // Identity Center adds the suffix.
        Access::IdentityCenter(_) => [&names.developer, &names.admin]
            .map(|name| format!("AWSReservedSSO_{name}_[0-9a-f]{{16}}"))
            .to_vec(),
        Access::Roles(roles) if roles.admins.is_empty() => vec![names.developer.clone()],
        Access::Federation(_) => vec![names.developer.clone()],
        Access::Roles(_) => vec![names.developer.clone(), names.admin.clone()],
    };
    let gone: BTreeSet<&String> = earlier.iter().filter(|pattern| !patterns.contains(pattern)).collect();
    let gone: Vec<String> = gone.into_iter().cloned().collect();
    patterns.extend(gone);
    patterns
}

fn add_budgets(root: &mut Root, deployment: &Deployment, budgets: &Budgets) {
    let names = &deployment.names;
    let percent = |values: &[u32]| Expression::Array(values.iter().map(|value| Expression::from(*value)).collect());
    let teams = object(budgets.teams.iter().map(|(team, budget)| {
        let value = object([
            (
                "name",
                text(&crate::deployment::names::Names::team_budget(&deployment.name, team)),
            ),
            ("monthly_usd", number(budget.monthly_usd)),
            ("tag_key", text(&budget.tag_key)),
            ("tag_value", text(&budget.tag_value)),
        ]);
        (team.as_str(), value)
    }));
    let models = object(deployment.models.iter().map(|model| {
        let ids = object([
            ("base_id", text(&model.base_id)),
            ("profile_id", text(&model.profile_id)),
        ]);
        (model.key.as_str(), ids)
    }));
    let endpoints = if budgets.https.is_empty() {
        object::<&str>([])
    } else {
        root.variables.push(endpoint_variable(&budgets.https));
        reference("var.https_endpoints")
    };
    root.calls.push(Call::new(
        "budgets",
        "Claude is billed through AWS Marketplace, not as Amazon Bedrock: the account's budget has no service filter, so\nthat it counts.",
        vec![
            ("topic_name", text(&names.topic)),
            ("topic_policy_json", policy("alerts-topic.json")),
            ("emails", strings(&budgets.emails)),
            ("https_endpoint_names", strings(&budgets.https)),
            ("https_endpoints", endpoints),
            ("budget_name", text(&names.budget)),
            ("monthly_usd", number(budgets.monthly_usd)),
            ("thresholds", percent(&budgets.thresholds)),
            ("forecast_thresholds", percent(&budgets.forecast_thresholds)),
            ("team_budgets", teams),
            ("log_group_name", reference("module.logging.log_group_name")),
            ("metric_namespace", text(&names.metric_namespace)),
            ("alarm_name_prefix", text(&deployment.name)),
            ("model_ids", models),
            ("invocations_per_5m", Expression::from(budgets.alarms.invocations_per_5m)),
            ("output_tokens_per_5m", Expression::from(budgets.alarms.output_tokens_per_5m)),
            ("throttles_per_5m", Expression::from(budgets.alarms.throttles_per_5m)),
        ],
    ));
    root.outputs.push(Output {
        name: "alerts_topic_arn",
        description: "Topic of budgets and alarms.",
        value: reference("module.budgets.topic_arn"),
    });
    if let Some(anomaly) = &budgets.anomaly {
        root.calls.push(Call::new(
            "cost-anomaly",
            "An account has one monitor of this kind: creating it fails where AWS has already made its default one.",
            vec![
                ("name", text(&names.anomaly)),
                ("threshold_usd", number(anomaly.threshold_usd)),
                ("topic_arn", reference("module.budgets.topic_arn")),
            ],
        ));
    }
}

/// A number as a person would write it: 5000 rather than 5000.0.
fn number(value: f64) -> Expression {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        #[expect(clippy::cast_possible_truncation, reason = "the value is whole and far below 2^53")]
        return Expression::from(value as i64);
    }
    Expression::from(value)
}

fn endpoint_variable(names: &[String]) -> Block {
    Block::builder("variable")
        .add_label("https_endpoints")
        .add_attribute((
            "description",
            format!(
                "URLs that receive alerts, by name: {}. They are secrets.",
                names.join(", ")
            ),
        ))
        .add_attribute(("type", call("map", [reference("string")])))
        .add_attribute(("sensitive", true))
        .build()
}
