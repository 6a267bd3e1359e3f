"""A deployment as JSON. Each key has the value of examples/acme.hcl unless it is given:

name, account_id, management_account_id, region
identity_center   {account, region, instance_arn, identity_store_id}
names             the fields of `Names`, those that are not given as `Names::new` makes them
models            [{profile_id, base_id, name, destinations: [region]}]
profiles          {key: {name, copy_from, email?, team?, project?, cost_center?}}: application inference profiles
policies          {developer, admin, analyst, scp, log-bucket, log-delivery-trust, log-delivery, results-bucket,
                  alerts-topic}: texts
access            identity-center, or roles: the principals are roles of the account, without Identity Center
trust             text: who may assume the roles of `access = roles`
groups            {developer, admin, analyst}: names of the groups
developers        [{id, email}]
tag_keys          [key]
prompts           whether prompts are logged
table             {columns, parameters, partition_keys, serde, location}: of the log table
scan_limit_bytes, emails, state_bucket
budgets           [{name, usd, tag?}], tag as KEY$VALUE; notifications: [{type, threshold}]
scp_targets       [account or ou], the root as "root"
athena            {columns, rows}: what a query over the log answers
"""

import json
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
# Regions that the geographic profiles of the United States may be served in.
UNITED_STATES = ["us-east-1", "us-east-2", "us-west-2"]
COLUMNS = {
    "schematype": "string",
    "schemaversion": "string",
    "timestamp": "string",
    "accountid": "string",
    "region": "string",
    "requestid": "string",
    "operation": "string",
    "modelid": "string",
    "inferenceregion": "string",
    "errorcode": "string",
    "identity": "struct<arn:string>",
    "requestmetadata": "map<string,string>",
    "input": "struct<inputcontenttype:string,inputbodys3path:string,inputtokencount:bigint,cachereadinputtokencount:bigint,cachewriteinputtokencount:bigint>",
    "output": "struct<outputcontenttype:string,outputbodys3path:string,outputtokencount:bigint>",
}


def defaults(given):
    """The deployment with the values of the example where it has none."""
    made = {
        "name": "claude-code",
        "account_id": "123456789012",
        "management_account_id": "999999999999",
        "region": "us-east-1",
        "models": [
            model("us.anthropic.claude-opus-4-6-v1", "US Anthropic Claude Opus 4.6"),
            model("us.anthropic.claude-sonnet-4-6", "US Anthropic Claude Sonnet 4.6"),
            model("us.anthropic.claude-haiku-4-5-20251001-v1:0", "US Anthropic Claude Haiku 4.5"),
        ],
        "access": "identity-center",
        "groups": {"developer": "Claude Code Developers", "admin": "Claude Code Admins", "analyst": "Claude Code Analysts"},
        "developers": [{"id": "alice.adams", "email": "alice.adams@example.com"}, {"id": "ben.baker", "email": "ben.baker@example.com"}],
        "tag_keys": ["User", "Team", "Project", "CostCenter"],
        "prompts": False,
        "scan_limit_bytes": 100_000_000_000,
        "emails": ["platform@example.com", "finops@example.com"],
        "state_bucket": "acme-terraform-state",
        "notifications": [*({"type": "ACTUAL", "threshold": at} for at in (50, 80, 100)), {"type": "FORECASTED", "threshold": 100}],
        "without": [],
        "knobs": {},
        **given,
    }
    made["names"] = {**names(made["name"], made["account_id"], made["region"]), **given.get("names", {})}
    made["identity_center"] = {
        "account": made["management_account_id"],
        "region": "us-east-1",
        "instance_arn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "identity_store_id": "d-1234567890",
        **given.get("identity_center", {}),
    }
    made["policies"] = {**example_policies(), **given.get("policies", {})}
    made.setdefault("scp_targets", [made["account_id"]])
    made.setdefault("trust", made["policies"]["log-delivery-trust"])
    if "profiles" not in given:
        made["profiles"] = json.loads((REPOSITORY / "terraform/workload/profiles.json").read_text())
    made["table"] = {**table(made), **given.get("table", {})}
    made.setdefault(
        "budgets",
        [
            {"name": made["names"]["budget"], "usd": 5000},
            {"name": f"{made['name']}-team-engineering", "usd": 3500, "tag": "user:CostCenter$CC-1001"},
            {"name": f"{made['name']}-team-data-science", "usd": 1500, "tag": "user:CostCenter$CC-1002"},
        ],
    )
    made["calls_through_profiles"] = "athena" not in given
    made.setdefault("athena", answered_query(made))
    return made


def names(name, account, region):
    """`Names::new` of src/deployment/names.rs, as far as the world needs it."""
    snake = name.replace("-", "_")
    return {
        "developer": f"{name}-developer",
        "admin": f"{name}-admin",
        "analyst": f"{name}-analyst",
        "log_bucket": f"{name}-logs-{account}-{region}",
        "log_prefix": "invocations",
        "log_group": f"/aws/bedrock/{name}",
        "log_delivery_role": f"{name}-log-delivery",
        "results_bucket": f"{name}-athena-{account}-{region}",
        "database": f"{snake}_bedrock_logs",
        "log_table": "invocation_logs",
        "workgroup": f"{snake}_bedrock_logs",
        "topic": f"{name}-alerts",
        "budget": f"{name}-monthly",
        "scp": f"{name}-guardrails",
    }


def model(profile_id, name):
    return {
        "profile_id": profile_id,
        "base_id": profile_id.split(".", 1)[1],
        "name": name,
        "destinations": UNITED_STATES,
    }


def example_policies():
    return {path.stem: path.read_text() for path in (REPOSITORY / "policies").glob("*.json")}


def log_location(d):
    n = d["names"]
    return f"s3://{n['log_bucket']}/{n['log_prefix']}/AWSLogs/{d['account_id']}/BedrockModelInvocationLogs/{d['region']}/"


def table(d):
    location = log_location(d)
    return {
        "columns": COLUMNS,
        "parameters": {
            "EXTERNAL": "TRUE",
            "classification": "json",
            "compressionType": "gzip",
            "projection.enabled": "true",
            "projection.datehour.type": "date",
            "projection.datehour.format": "yyyy/MM/dd/HH",
            "projection.datehour.range": "NOW-365DAYS,NOW",
            "projection.datehour.interval": "1",
            "projection.datehour.interval.unit": "HOURS",
            "storage.location.template": f"{location}${{datehour}}/",
        },
        "partition_keys": {"datehour": "string"},
        "serde": "org.openx.data.jsonserde.JsonSerDe",
        "location": location,
    }


def answered_query(d):
    """Two developers, as the query of the checklist shows them."""
    start = f"arn:aws:sts::{d['account_id']}:assumed-role/AWSReservedSSO_{d['names']['developer']}_0123456789abcdef/"
    if d["access"] == "roles":
        start = f"arn:aws:sts::{d['account_id']}:assumed-role/{d['names']['developer']}/"
    called = d["models"][0]["profile_id"] if d["models"] else ""
    rows = [[start + developer["email"], called, 3, 28857, 142] for developer in d["developers"]]
    return {"columns": ["arn", "modelid", "inputtokencount", "cachereadinputtokencount", "outputtokencount"], "rows": rows}
