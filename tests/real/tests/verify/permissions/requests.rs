//! Requests with the ARNs of what is there.

use super::ACCOUNT;
use super::worlds::text;
use crate::stage::{Run, Stage};

/// What a request of the query or of a check names, by what the emulation has: scoped statements must fit real ARNs.
pub fn requests(stage: &Stage, run: &Run, region: &str) -> Vec<(&'static str, String)> {
    let found = stage.boto3(&format!(
        "r = '{region}'\n\
         result = {{\n\
         'buckets': [b['Name'] for b in client('s3').list_buckets()['Buckets']],\n\
         'topics': [t['TopicArn'] for t in client('sns', region=r).list_topics()['Topics']],\n\
         'groups': [g['logGroupArn'] for g in client('logs', region=r).describe_log_groups()['logGroups']],\n\
         'workgroups': [g['Name'] for g in client('athena', region=r).list_work_groups()['WorkGroups'] if g['Name'] != 'primary'],\n\
         'databases': [d['Name'] for d in client('glue', region=r).get_databases()['DatabaseList']],\n\
         'budgets': [b['BudgetName'] for b in client('budgets').describe_budgets(AccountId='{ACCOUNT}')['Budgets']],\n\
         'roles': [r['Arn'] for r in client('iam').list_roles()['Roles']],\n\
         }}"
    ));
    let each = |key: &str| -> Vec<String> { found[key].as_array().unwrap().iter().map(text).collect() };
    let bucket = |part: &str| {
        let mut buckets = each("buckets").into_iter();
        let name = buckets
            .find(|name| name.contains(part))
            .unwrap_or_else(|| panic!("no bucket {part}"));
        format!("arn:aws:s3:::{name}")
    };
    let (logs, results) = (bucket("-logs-"), bucket("-athena-"));
    let name = run.report()["deployment"].as_str().unwrap().to_owned();
    let mut requests = vec![
        ("s3:ListBucket", logs.clone()),
        ("s3:GetBucketVersioning", bucket("terraform-state")),
        ("s3:GetBucketLocation", results.clone()),
        ("s3:ListBucket", results.clone()),
        ("s3:ListBucketMultipartUploads", results.clone()),
        ("s3:PutObject", format!("{results}/results/1.csv")),
        ("s3:GetObject", format!("{results}/results/1.csv")),
        ("s3:AbortMultipartUpload", format!("{results}/results/1.csv")),
        ("s3:ListMultipartUploadParts", format!("{results}/results/1.csv")),
        ("s3:GetBucketLocation", logs.clone()),
        (
            "s3:GetObject",
            format!("{logs}/invocations/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/{region}/2026/11/26/03/x.json.gz"),
        ),
        ("glue:GetDatabase", format!("arn:aws:glue:{region}:{ACCOUNT}:catalog")),
        (
            "glue:GetDatabase",
            format!("arn:aws:glue:{region}:{ACCOUNT}:database/default"),
        ),
    ];
    for database in each("databases") {
        let table = format!("arn:aws:glue:{region}:{ACCOUNT}:table/{database}/invocation_logs");
        requests.extend(["glue:GetTable", "glue:GetPartitions"].map(|action| (action, table.clone())));
        requests.push((
            "glue:GetDatabase",
            format!("arn:aws:glue:{region}:{ACCOUNT}:database/{database}"),
        ));
    }
    for workgroup in each("workgroups") {
        let arn = format!("arn:aws:athena:{region}:{ACCOUNT}:workgroup/{workgroup}");
        let of = [
            "athena:GetWorkGroup",
            "athena:StartQueryExecution",
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
        ];
        requests.extend(of.map(|action| (action, arn.clone())));
    }
    requests.extend(
        each("topics")
            .into_iter()
            .map(|arn| ("sns:ListSubscriptionsByTopic", arn)),
    );
    requests.extend(each("groups").into_iter().map(|arn| ("logs:DescribeLogStreams", arn)));
    for budget in each("budgets").iter().filter(|budget| budget.starts_with(&name)) {
        requests.push((
            "budgets:ViewBudget",
            format!("arn:aws:budgets::{ACCOUNT}:budget/{budget}"),
        ));
    }
    let own = |arn: &&String| {
        ["developer", "admin", "analyst"]
            .iter()
            .any(|role| arn.contains(&format!("{name}-{role}")))
    };
    for role in each("roles").iter().filter(own) {
        requests.push(("iam:GetRolePolicy", role.clone()));
        if role.contains(&format!("{name}-developer")) {
            requests.push(("iam:SimulatePrincipalPolicy", role.clone()));
        }
    }
    requests
}
