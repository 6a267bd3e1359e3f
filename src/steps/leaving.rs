//! What an apply does to objects that the deployment file no longer asks for, and roots that moved to another account.

use super::step::{Account, Context, Owner, Phase, RootState, Step};

/// What the next apply of a root destroys and forgets, a sentence each.
pub fn effects(state: &RootState) -> Vec<String> {
    let mut effects = Vec::new();
    if !state.destroyed.is_empty() {
        effects.push(format!("Destroys {}.", objects(&state.destroyed)));
    }
    if !state.forgotten.is_empty() {
        effects.push(format!(
            "Forgets {}, which stay as they are until they are deleted by hand.",
            objects(&state.forgotten)
        ));
    }
    effects
}

/// The applies that destroy something, and the roots that moved.
pub fn steps(context: &Context) -> Vec<Step> {
    let mut steps = Vec::new();
    for state in &context.roots {
        if !state.destroyed.is_empty() {
            steps.push(destroyed(state));
        }
        if !state.former_accounts.is_empty() {
            steps.push(moved(state));
        }
    }
    steps
}

fn account(state: &RootState) -> Account {
    use super::step::Root;
    let id = state.account_id.clone();
    match state.root {
        Root::Workload => Account::Workload(id),
        Root::Identity => Account::IdentityCenter(id),
        Root::Organization => Account::Management(Some(id)),
        Root::Billing => Account::Payer(id),
    }
}

fn destroyed(state: &RootState) -> Step {
    let (root, folder) = (state.root, state.root.folder());
    Step::new(
        format!("foundation-destroyed-{}", root.name()),
        Phase::Foundation,
        format!("Apply {folder}, which destroys what the deployment no longer has"),
        account(state),
        Owner::Terraform(root),
    )
    .action(format!("The next apply destroys {}.", objects(&state.destroyed)))
    .action("Read the plan before: it must destroy this and nothing else.")
    .run(&[
        format!("terraform -chdir={folder} plan"),
        format!("terraform -chdir={folder} apply"),
    ])
    .no_console("Terraform alone knows what it destroys")
    .note(
        "After the apply `tfgen render --drop-removed` takes this step out of the list, and a root with nothing left.",
    )
}

fn moved(state: &RootState) -> Step {
    let (root, folder) = (state.root, state.root.folder());
    let former = state.former_accounts.join(", ");
    Step::new(
        format!("foundation-moved-{}", root.name()),
        Phase::Foundation,
        format!("Part {folder} from the account that it was applied in before"),
        account(state),
        Owner::Human,
    )
    .action(format!(
        "Earlier renders made this root for account {former}; now it is for account {}. If it was never applied there, \
         there is nothing to do.",
        state.account_id
    ))
    .action(format!(
        "Otherwise its state describes objects of account {former}, which the new credentials cannot see. Before the \
         next apply, decide what is to become of them there, then take each out of the state."
    ))
    .run(&[
        format!("terraform -chdir={folder} state list"),
        format!("terraform -chdir={folder} state rm 'ADDRESS_FROM_THE_LIST'"),
    ])
    .note("No apply with the new credentials changes or deletes what is left in the former account.")
    .no_console("it is Terraform's own state")
    .note("`tfgen render --drop-removed` takes this step out of the list.")
}

/// The objects of modules in words: "a, b and c".
fn objects(modules: &[String]) -> String {
    let words: Vec<String> = modules.iter().map(|module| described(module)).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn described(module: &str) -> String {
    let words = match module {
        "logging" => "the logging configuration with its bucket, log group and role",
        "inference-profiles" => "the application inference profiles",
        "identity-center" => "the permission sets and their assignments",
        "access" => "the roles that people assume",
        "federation" => "the developers' role and the OpenID provider",
        "analytics" => "the tables, the workgroup and the results' bucket of analytics",
        "budgets" => "the budgets, the alarms and their topic",
        "cost-anomaly" => "the cost anomaly monitor and its subscription",
        "guardrail" => "the guardrail and the policy that enforces it",
        "scp" => "the service control policy and its attachments",
        "cost-tags" => "the activations of cost allocation tags",
        other => return format!("the objects of the module {other}"),
    };
    words.to_owned()
}
