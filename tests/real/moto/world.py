"""A deployment as it stands when every manual step is done, made through the emulation's own API and knobs.

`build` takes the JSON object of deployment.py, and besides

without           [part]: names in PARTS that are left out, with what needs them
only              [part]: those alone, where Terraform makes the rest
knobs             merged into the knobs at last

The answer has what AWS chose: {root_id, policy_id, topic_arn, permission_sets, groups, profiles, roles, credentials}, the
last with keys of a developer's and the management account's session.
"""

import gzip
import json
import time
from datetime import datetime, timezone

from deployment import defaults, log_location

# The organization allows these of an account under the SCP; the simulator answers so.
ALLOWED = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "*:Get*", "*:List*", "*:Describe*"]
FORM = {
    "companyName": "Acme",
    "companyWebsite": "https://acme.example",
    "intendedUsers": "0",
    "industryOption": "Software",
    "otherIndustryOption": "",
    "useCases": "Coding assistant for our developers",
}


class World:
    """What is being built: the deployment, clients of its accounts, what AWS chose so far."""

    def __init__(self, deployment, client, knobs):
        self.d, self.knobs, self.made = deployment, knobs, {}
        self.client_of = client

    def client(self, service, region=None):
        """Of the deployment's account, in its region."""
        return self.client_of(service, account=self.d["account_id"], region=region or self.d["region"])

    def management(self, service):
        return self.client_of(service, account=self.d["management_account_id"], region="us-east-1")

    def identity_center(self, service):
        knob = self.d["identity_center"]
        return self.client_of(service, account=knob["account"], region=knob["region"])


def organization(w):
    organizations = w.management("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.create_account(AccountName=w.d["name"], Email=f"{w.d['name']}@example.com")
    w.made["root_id"] = organizations.list_roots()["Roots"][0]["Id"]


def scp_type(w):
    w.management("organizations").enable_policy_type(RootId=w.made["root_id"], PolicyType="SERVICE_CONTROL_POLICY")


def scp(w):
    policy = w.management("organizations").create_policy(
        Name=w.d["names"]["scp"],
        Description="Guardrails of the deployment",
        Type="SERVICE_CONTROL_POLICY",
        Content=w.d["policies"]["scp"],
    )
    w.made["policy_id"] = policy["Policy"]["PolicySummary"]["Id"]


def scp_attachment(w):
    for target in w.d["scp_targets"]:
        identifier = w.made["root_id"] if target == "root" else target
        w.management("organizations").attach_policy(PolicyId=w.made["policy_id"], TargetId=identifier)
    w.knobs({"scp": {"default": False, "allowed": ALLOWED}})


def models(w):
    d = w.d
    listed = [
        {
            "id": entry["profile_id"],
            "name": entry["name"],
            # A global profile names the model once more without a region.
            "models": [f"{region}/{entry['base_id']}" for region in entry["destinations"]],
        }
        for entry in d["models"]
    ]
    w.knobs({"bedrock": {"profiles": {d["region"]: listed}}})


def model_access(w):
    w.knobs({"bedrock": {"agreements": {"*": "AVAILABLE"}}})


def use_case(w):
    w.client("bedrock").put_use_case_for_model_access(formData=json.dumps(FORM).encode())


def profiles(w):
    bedrock = w.client("bedrock")
    keys = {"email": "User", "team": "Team", "project": "Project", "cost_center": "CostCenter"}
    w.made["profiles"] = {}
    for key, profile in w.d["profiles"].items():
        tags = [{"key": tag, "value": profile[member]} for member, tag in keys.items() if profile.get(member)]
        made = bedrock.create_inference_profile(
            inferenceProfileName=profile["name"],
            description=f"Claude Code deployment {w.d['name']}",
            modelSource={"copyFrom": profile["copy_from"]},
            tags=tags,
        )
        w.made["profiles"][key] = made["inferenceProfileArn"]


def state(w):
    bucket(w, w.d["state_bucket"])


def bucket(w, name):
    s3, region = w.client("s3"), w.d["region"]
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **place)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def logging(w):
    d, n = w.d, w.d["names"]
    bucket(w, n["log_bucket"])
    w.client("s3").put_bucket_policy(Bucket=n["log_bucket"], Policy=d["policies"]["log-bucket"])
    w.client("logs").create_log_group(logGroupName=n["log_group"])
    iam = w.client("iam")
    iam.create_role(RoleName=n["log_delivery_role"], AssumeRolePolicyDocument=d["policies"]["log-delivery-trust"])
    iam.put_role_policy(RoleName=n["log_delivery_role"], PolicyName="deliver-invocation-logs", PolicyDocument=d["policies"]["log-delivery"])
    place = {"bucketName": n["log_bucket"], "keyPrefix": n["log_prefix"]}
    kinds = ("text", "image", "embedding", "video")
    w.client("bedrock").put_model_invocation_logging_configuration(
        loggingConfig={
            **{f"{kind}DataDeliveryEnabled": d["prompts"] for kind in kinds},
            "s3Config": place,
            "cloudWatchConfig": {
                "logGroupName": n["log_group"],
                "roleArn": f"arn:aws:iam::{d['account_id']}:role/{n['log_delivery_role']}",
                "largeDataDeliveryS3Config": place,
            },
        }
    )
    # AWS writes this one when the configuration is saved.
    folder = log_location(d).split("/", 3)[3]
    w.client("s3").put_object(Bucket=n["log_bucket"], Key=f"{folder}amazon-bedrock-logs-permission-check", Body=b"")


def delivery(w):
    d, n = w.d, w.d["names"]
    at = datetime.now(timezone.utc)
    record = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "accountId": d["account_id"],
        "region": d["region"],
        "requestId": "11111111-2222-3333-4444-555555555555",
        "operation": "InvokeModelWithResponseStream",
        "modelId": d["models"][0]["profile_id"] if d["models"] else "",
        "identity": {"arn": d["athena"]["rows"][0][0] if d["athena"]["rows"] else ""},
        "input": {"inputTokenCount": 3},
        "output": {"outputTokenCount": 142},
    }
    line = json.dumps(record)
    folder = log_location(d).split("/", 3)[3]
    key = f"{folder}{at:%Y/%m/%d/%H}/{at:%Y%m%dT%H%M%S}000Z_0123456789abcdef.json.gz"
    w.client("s3").put_object(Bucket=n["log_bucket"], Key=key, Body=gzip.compress(line.encode()))
    stream = {"logGroupName": n["log_group"], "logStreamName": "aws/bedrock/modelinvocations"}
    w.client("logs").create_log_stream(**stream)
    w.client("logs").put_log_events(**stream, logEvents=[{"timestamp": int(time.time() * 1000), "message": line}])
    kinds = ("ModelInvocationLogsS3Delivery", "ModelInvocationLogsCloudWatchDelivery")
    w.knobs({"metrics": {f"AWS/Bedrock/{kind}Success": 42 for kind in kinds}})


def analytics(w):
    d, n = w.d, w.d["names"]
    bucket(w, n["results_bucket"])
    glue, shape = w.client("glue"), d["table"]
    glue.create_database(DatabaseInput={"Name": n["database"]})
    glue.create_table(
        DatabaseName=n["database"],
        TableInput={
            "Name": n["log_table"],
            "TableType": "EXTERNAL_TABLE",
            "Parameters": shape["parameters"],
            "PartitionKeys": columns(shape["partition_keys"]),
            "StorageDescriptor": {
                "Columns": columns(shape["columns"]),
                "Location": shape["location"],
                "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                "SerdeInfo": {"SerializationLibrary": shape["serde"]},
            },
        },
    )
    w.client("athena").create_work_group(
        Name=n["workgroup"],
        Configuration={
            "EnforceWorkGroupConfiguration": True,
            "BytesScannedCutoffPerQuery": d["scan_limit_bytes"],
            "PublishCloudWatchMetricsEnabled": True,
            "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
            "ResultConfiguration": {
                "OutputLocation": f"s3://{n['results_bucket']}/results/",
                "ExpectedBucketOwner": d["account_id"],
                "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
            },
        },
    )


def columns(types):
    return [{"Name": name, "Type": kind} for name, kind in types.items()]


def query(w):
    """Developers call through a profile of their own, where they have one."""
    athena, own = w.d["athena"], {}
    if w.d["calls_through_profiles"]:
        own = {w.d["profiles"][key].get("email"): arn for key, arn in w.made.get("profiles", {}).items()}
    rows = [[row[0], own.get(row[0].rsplit("/", 1)[-1], row[1]), *row[2:]] for row in athena["rows"]]
    w.knobs({"athena": {**athena, "rows": rows}})


def tags(w):
    """Discovered and active for three days."""
    w.knobs({"cost_tags": {key: {"status": "Active", "updated": 3 * 86400, "used": 3600} for key in w.d["tag_keys"]}})
    emails = [developer["email"] for developer in w.d["developers"]]
    w.knobs({"tag_values": {key: emails if key == "User" else ["a value"] for key in w.d["tag_keys"]}})


def bill(w):
    """Of today: a day ago may have been another month, whose costs a budget no longer shows."""
    # Cost Explorer has the model's name without that of its profile.
    names = ["Claude" + entry["name"].split("Claude")[-1] for entry in w.d["models"]]
    lines = [{"service": f"{name} (Amazon Bedrock Edition)", "amount": "12.50"} for name in names]
    costs = [{**line, "billing_entity": "AWS Marketplace", "account": w.d["account_id"]} for line in lines]
    own = [{"service": "Amazon Simple Storage Service", "amount": "0.10", "account": w.d["account_id"]}]
    w.knobs({"costs": costs + own})
    spent = str(round(sum(float(line["amount"]) for line in costs + own), 2))
    w.knobs({"budgets": {"*": {"actual": spent, "forecast": spent}}})


def identity_center(w):
    w.knobs({"identity_center": {**w.d["identity_center"], "name": "acme"}})


def users(w):
    store, d = w.identity_center("identitystore"), w.d
    where = {"IdentityStoreId": d["identity_center"]["identity_store_id"]}
    w.made["users"] = {
        developer["email"]: store.create_user(
            **where,
            UserName=developer["email"],
            DisplayName=developer["id"],
            Name={"GivenName": developer["id"], "FamilyName": "Developer"},
            Emails=[{"Value": developer["email"], "Type": "work", "Primary": True}],
        )["UserId"]
        for developer in d["developers"]
    }


def scim(w):
    w.knobs({"external_ids": {"*": [{"Issuer": "https://scim.aws.com/acme", "Id": "0f2e4d6c"}]}})


def groups(w):
    store = w.identity_center("identitystore")
    where = {"IdentityStoreId": w.d["identity_center"]["identity_store_id"]}
    w.made["groups"] = {
        role: store.create_group(**where, DisplayName=name)["GroupId"] for role, name in w.d["groups"].items()
    }


def membership(w):
    store = w.identity_center("identitystore")
    where = {"IdentityStoreId": w.d["identity_center"]["identity_store_id"]}
    for group in w.made["groups"].values():
        for user in w.made["users"].values():
            store.create_group_membership(**where, GroupId=group, MemberId={"UserId": user})


def permission_sets(w):
    admin, d = w.identity_center("sso-admin"), w.d
    instance = d["identity_center"]["instance_arn"]
    w.made["permission_sets"] = {}
    for role in d["groups"]:
        made = admin.create_permission_set(InstanceArn=instance, Name=d["names"][role], SessionDuration="PT8H")
        arn = made["PermissionSet"]["PermissionSetArn"]
        admin.put_inline_policy_to_permission_set(InstanceArn=instance, PermissionSetArn=arn, InlinePolicy=d["policies"][role])
        w.made["permission_sets"][role] = arn


def assignment(w):
    admin, d = w.identity_center("sso-admin"), w.d
    for role, group in w.made["groups"].items():
        admin.create_account_assignment(
            InstanceArn=d["identity_center"]["instance_arn"],
            TargetId=d["account_id"],
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=w.made["permission_sets"][role],
            PrincipalType="GROUP",
            PrincipalId=group,
        )


def roles(w):
    iam, d = w.client("iam"), w.d
    for role in ("developer", "admin", "analyst"):
        iam.create_role(RoleName=d["names"][role], AssumeRolePolicyDocument=d["trust"])
        document = d["policies"][role]
        policy = iam.create_policy(PolicyName=d["names"][role], PolicyDocument=document, Description=role)["Policy"]["Arn"]
        iam.attach_role_policy(RoleName=d["names"][role], PolicyArn=policy)


def topic(w):
    sns, d = w.client("sns"), w.d
    w.made["topic_arn"] = arn = sns.create_topic(Name=d["names"]["topic"])["TopicArn"]
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=d["policies"]["alerts-topic"])


def subscriptions(w):
    for email in w.d["emails"]:
        w.client("sns").subscribe(TopicArn=w.made["topic_arn"], Protocol="email", Endpoint=email)


def confirmations(w):
    w.knobs({"subscriptions": {email: "confirmed" for email in w.d["emails"]}})


def budgets(w):
    d = w.d
    subscribers = [{"SubscriptionType": "SNS", "Address": w.made["topic_arn"]}]
    notifications = [
        {
            "Notification": {
                "NotificationType": entry["type"],
                "ComparisonOperator": "GREATER_THAN",
                "Threshold": entry["threshold"],
                "ThresholdType": "PERCENTAGE",
            },
            "Subscribers": subscribers,
        }
        for entry in d["notifications"]
    ]
    for entry in d["budgets"]:
        budget = {
            "BudgetName": entry["name"],
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": str(entry["usd"]), "Unit": "USD"},
            "CostTypes": {"IncludeCredit": False, "IncludeRefund": False},
            "CostFilters": {"TagKeyValue": [entry["tag"]]} if entry.get("tag") else {},
        }
        w.client("budgets").create_budget(AccountId=d["account_id"], Budget=budget, NotificationsWithSubscribers=notifications)


PARTS = {
    "organization": organization,
    "scp-type": scp_type,
    "scp": scp,
    "scp-attachment": scp_attachment,
    "models": models,
    "model-access": model_access,
    "use-case": use_case,
    "profiles": profiles,
    "state": state,
    "logging": logging,
    "delivery": delivery,
    "analytics": analytics,
    "query": query,
    "tags": tags,
    "bill": bill,
    "identity-center": identity_center,
    "users": users,
    "scim": scim,
    "groups": groups,
    "membership": membership,
    "permission-sets": permission_sets,
    "assignment": assignment,
    "topic": topic,
    "subscriptions": subscriptions,
    "confirmations": confirmations,
    "budgets": budgets,
}
OF_IDENTITY_CENTER = {"identity-center", "users", "scim", "groups", "membership", "permission-sets", "assignment"}
# What cannot be made without the part that is left out.
NEEDS = {
    "scp-type": ["organization"],
    "scp": ["organization"],
    "scp-attachment": ["scp"],
    "delivery": ["logging"],
    "membership": ["users", "groups"],
    "assignment": ["groups", "permission-sets"],
    "subscriptions": ["topic"],
    "budgets": ["topic"],
}


def chosen(d):
    """The parts that are made, in their order."""
    if "only" in d:
        return [name for name in PARTS if name in d["only"]]
    left_out = set(d["without"])
    if d["access"] == "roles":
        left_out |= OF_IDENTITY_CENTER
    made = []
    for name in PARTS:
        if name in left_out or left_out.intersection(NEEDS.get(name, [])):
            left_out.add(name)
        else:
            made.append(name)
    return made


def build(given, client, knobs):
    """Makes the world of a deployment."""
    d = defaults(given)
    unknown = {*d["without"], *d.get("only", [])} - PARTS.keys()
    assert not unknown, f"no such part: {sorted(unknown)}; the parts are {', '.join(PARTS)}"
    w = World(d, client, knobs)
    for name in chosen(d):
        PARTS[name](w)
    if d["access"] == "roles" and "only" not in d:
        roles(w)
    knobs(d["knobs"])
    w.made["roles"] = sorted(role["Arn"] for role in w.client("iam").list_roles()["Roles"])
    w.made["credentials"] = credentials(w)
    return w.made


def credentials(w):
    """Keys of sessions: a developer's, and the management account's."""
    d = w.d
    named = f"AWSReservedSSO_{d['names']['developer']}_" if d["access"] != "roles" else f"role/{d['names']['developer']}"
    sessions = {"management": (f"arn:aws:iam::{d['management_account_id']}:role/tfgen-verify", "verify")}
    for arn in w.made["roles"]:
        if named in arn and d["developers"]:
            sessions["developer"] = (arn, d["developers"][0]["email"])
    made = {}
    for who, (role, session) in sessions.items():
        keys = w.client("sts").assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
        made[who] = {name: keys[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}
    return made
