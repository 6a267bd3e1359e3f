"""The calls of drive.py: each operation of the layer, answered and, where it can be, refused."""

import json
from datetime import date, datetime, timedelta, timezone

MANAGEMENT = "999999999999"
ACCOUNT = "123456789012"
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
STORE = "d-1234567890"
MODEL = "anthropic.claude-opus-4-6-v1"
PROFILE = f"us.{MODEL}"
MISSING = "ResourceNotFoundException"
NOBODY = "00000000-0000-0000-0000-000000000000"


def profiles(call):
    call("bedrock", "list_inference_profiles", typeEquals="SYSTEM_DEFINED")
    call("bedrock", "list_inference_profiles", typeEquals="APPLICATION")
    call("bedrock", "get_inference_profile", inferenceProfileIdentifier=PROFILE)
    call("bedrock", "get_inference_profile", inferenceProfileIdentifier="us.unknown", refused=MISSING)
    source = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{PROFILE}"
    made = call("bedrock", "create_inference_profile", inferenceProfileName="a_b", modelSource={"copyFrom": source})
    arn = made["inferenceProfileArn"]
    call("bedrock", "create_inference_profile", inferenceProfileName="a", modelSource={"copyFrom": arn}, refused="ValidationException")
    call("bedrock", "tag_resource", resourceARN=arn, tags=[{"key": "User", "value": "alice"}])
    call("bedrock", "list_tags_for_resource", resourceARN=arn)
    call("bedrock", "list_tags_for_resource", resourceARN=arn.replace("123456789012", "123456789013"), refused=MISSING)
    call("bedrock", "untag_resource", resourceARN=arn, tagKeys=["User"])
    call("bedrock", "delete_inference_profile", inferenceProfileIdentifier=arn)
    call("bedrock", "delete_inference_profile", inferenceProfileIdentifier=arn, refused=MISSING)


def access(call):
    call("bedrock", "get_foundation_model_availability", modelId=MODEL)
    call.knobs({"bedrock": {"agreements": {MODEL: "ERROR"}}})
    call("bedrock", "get_foundation_model_availability", modelId=MODEL)
    call("bedrock", "get_use_case_for_model_access")
    call("bedrock", "get_use_case_for_model_access", account=MANAGEMENT, refused=MISSING)
    call("bedrock", "put_use_case_for_model_access", formData=b"not a form", refused="ValidationException")
    form = {name: "text" for name in ("companyName", "companyWebsite", "intendedUsers", "industryOption", "useCases")}
    call("bedrock", "put_use_case_for_model_access", formData=json.dumps(form).encode())
    offer = call("bedrock", "list_foundation_model_agreement_offers", modelId=MODEL)["offers"][0]["offerToken"]
    call("bedrock", "create_foundation_model_agreement", modelId=MODEL, offerToken="stale", refused="ValidationException")
    call("bedrock", "create_foundation_model_agreement", modelId=MODEL, offerToken=offer)
    call("bedrock", "create_foundation_model_agreement", modelId=MODEL, offerToken=offer, refused="ConflictException")
    call("bedrock", "put_account_data_retention", mode="none")
    call("bedrock", "get_account_data_retention")
    call("bedrock", "get_model_invocation_logging_configuration")
    call("bedrock", "get_model_invocation_logging_configuration", region="us-west-2")
    body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 1, "messages": []}).encode()
    call("bedrock-runtime", "invoke_model", modelId=PROFILE, body=body)
    call("bedrock-runtime", "invoke_model", modelId=MODEL, body=body, refused="ValidationException")
    call("bedrock-runtime", "invoke_model", modelId=PROFILE, body=b"{}", refused="ValidationException")
    call.knobs({"bedrock": {"invoke_denied": True}})
    call("bedrock-runtime", "invoke_model", modelId=PROFILE, body=body, refused="AccessDeniedException")
    call.knobs({"bedrock": {"invoke_denied": False}})


def guardrails(call):
    words = {"wordsConfig": [{"text": "secret"}]}
    given = {"name": "g", "blockedInputMessaging": "no", "blockedOutputsMessaging": "no", "wordPolicyConfig": words}
    made = call("bedrock", "create_guardrail", **given)["guardrailId"]
    call("bedrock", "create_guardrail", **{**given, "wordPolicyConfig": None}, refused="ValidationException")
    call("bedrock", "get_guardrail", guardrailIdentifier=made)
    call("bedrock", "get_guardrail", guardrailIdentifier="unknown", refused=MISSING)
    call("bedrock", "update_guardrail", guardrailIdentifier=made, **given)
    call("bedrock", "create_guardrail_version", guardrailIdentifier=made)
    call("bedrock", "list_guardrails")
    call("bedrock", "list_guardrails", guardrailIdentifier=made)
    call("bedrock", "delete_guardrail", guardrailIdentifier=made)


def account(call):
    call("account", "get_region_opt_status", RegionName="us-east-1")
    call("account", "get_region_opt_status", RegionName="us-east-1", AccountId=MANAGEMENT, refused="AccessDeniedException")
    call("account", "get_account_information")
    call("service-quotas", "list_service_quotas", ServiceCode="bedrock")
    call("service-quotas", "list_service_quotas", ServiceCode="bedrock", NextToken="AAAA", refused="InvalidPaginationTokenException")


def costs(call):
    payer = {"account": MANAGEMENT}
    arn = f"arn:aws:ce::{MANAGEMENT}:anomalymonitor/{NOBODY}"
    call("ce", "tag_resource", ResourceArn=arn, ResourceTags=[{"Key": "Found", "Value": "x"}], **payer)
    call("ce", "list_cost_allocation_tags", **payer)
    call("ce", "list_cost_allocation_tags", TagKeys=["User"], Status="Inactive", **payer)
    call("ce", "list_cost_allocation_tags", refused="AccessDeniedException")
    call("ce", "list_cost_allocation_tags", NextToken="nonsense", refused="InvalidNextTokenException", **payer)
    wanted = [{"TagKey": "Found", "Status": "Active"}, {"TagKey": "Unknown", "Status": "Active"}]
    call("ce", "update_cost_allocation_tags_status", CostAllocationTagsStatus=wanted, **payer)
    since = f"{date.today().replace(day=1)}T00:00:00Z"
    call("ce", "start_cost_allocation_tag_backfill", BackfillFrom="2020-01-01T00:00:00Z", refused="ValidationException", **payer)
    call("ce", "start_cost_allocation_tag_backfill", BackfillFrom=since, **payer)
    call("ce", "start_cost_allocation_tag_backfill", BackfillFrom=since, refused="BackfillLimitExceededException", **payer)
    call.knobs({"backfill": "SUCCEEDED"})
    call("ce", "list_cost_allocation_tag_backfill_history", **payer)
    days = {"Start": str(date.today() - timedelta(days=3)), "End": str(date.today() + timedelta(days=1))}
    call("ce", "get_tags", TimePeriod=days, TagKey="User")
    marketplace = {"Dimensions": {"Key": "BILLING_ENTITY", "Values": ["AWS Marketplace"]}}
    asked = {"TimePeriod": days, "Granularity": "DAILY", "Metrics": ["UnblendedCost"]}
    call("ce", "get_cost_and_usage", **asked, GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}])
    call("ce", "get_cost_and_usage", **asked, Filter={"And": [marketplace, {"Not": marketplace}]})
    monitor = {"MonitorName": "m", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
    monitor = call("ce", "create_anomaly_monitor", AnomalyMonitor=monitor)["MonitorArn"]
    call("ce", "get_anomaly_monitors", MonitorArnList=[monitor])
    call("ce", "list_tags_for_resource", ResourceArn=monitor)
    subscription = {
        "SubscriptionName": "s",
        "MonitorArnList": [monitor],
        "Subscribers": [{"Type": "EMAIL", "Address": "finops@example.com"}],
        "Frequency": "DAILY",
    }
    subscription = call("ce", "create_anomaly_subscription", AnomalySubscription=subscription)["SubscriptionArn"]
    call("ce", "get_anomaly_subscriptions", SubscriptionArnList=[subscription])
    call("ce", "delete_anomaly_subscription", SubscriptionArn=subscription)
    call("ce", "delete_anomaly_monitor", MonitorArn=monitor)


def identity(call):
    role = call.client("iam").list_roles(PathPrefix="/aws-reserved/sso.amazonaws.com/")["Roles"][0]["Arn"]
    asked = {"ActionNames": ["bedrock:InvokeModel", "ec2:RunInstances"], "ResourceArns": ["*"]}
    call("iam", "simulate_principal_policy", PolicySourceArn=role, **asked)
    call("iam", "simulate_principal_policy", PolicySourceArn=f"{role}x", refused="NoSuchEntity", **asked)
    name = role.rsplit("/", 1)[1]
    call("iam", "update_role", RoleName=name, MaxSessionDuration=7200)
    call("iam", "update_role", RoleName="nobody", refused="NoSuchEntity")
    call.client("iam").create_user(UserName="BedrockAPIKey-abcd")
    service = {"ServiceName": "bedrock.amazonaws.com"}
    call("iam", "create_service_specific_credential", UserName="BedrockAPIKey-abcd", **service)
    call("iam", "create_service_specific_credential", UserName="nobody", refused="NoSuchEntity", **service)
    call("iam", "list_service_specific_credentials", AllUsers=True, **service)


def organization(call):
    payer = {"account": MANAGEMENT}
    call("organizations", "describe_account", AccountId=ACCOUNT, **payer)
    call("organizations", "describe_account", AccountId="111111111111", refused="AccountNotFoundException", **payer)
    call("organizations", "describe_account", AccountId=ACCOUNT, refused="AccessDeniedException")
    call.knobs({"organization": {"without_state": True, "delegates": [ACCOUNT]}})
    call("organizations", "describe_account", AccountId=ACCOUNT)
    call.knobs({"organization": {"without_state": False, "delegates": []}})
    call("organizations", "list_accounts", **payer)
    call("organizations", "list_roots", **payer)
    call("organizations", "list_parents", ChildId=ACCOUNT, **payer)
    call("organizations", "list_parents", ChildId="111111111111", refused="ChildNotFoundException", **payer)
    call("organizations", "list_policies_for_target", TargetId=ACCOUNT, Filter="SERVICE_CONTROL_POLICY", **payer)


def identity_store(call):
    owner, store = {"account": MANAGEMENT}, {"IdentityStoreId": STORE}
    call("identitystore", "list_users", refused="AccessDeniedException", **store)
    group = call("identitystore", "create_group", DisplayName="Others", **store, **owner)["GroupId"]
    call("identitystore", "create_group", DisplayName="Others", refused="ConflictException", **store, **owner)
    named = {"UserName": "carla", "DisplayName": "Carla", "Name": {"GivenName": "Carla", "FamilyName": "Cruz"}}
    user = call("identitystore", "create_user", **named, **store, **owner)["UserId"]
    membership = {"GroupId": group, "MemberId": {"UserId": user}}
    made = call("identitystore", "create_group_membership", **membership, **store, **owner)["MembershipId"]
    call("identitystore", "list_groups", **store, **owner)
    call("identitystore", "list_users", **store, **owner)
    call("identitystore", "describe_group", GroupId=group, **store, **owner)
    call("identitystore", "describe_group", GroupId=NOBODY, refused=MISSING, **store, **owner)
    call("identitystore", "describe_user", UserId=user, **store, **owner)
    call("identitystore", "list_group_memberships", GroupId=group, **store, **owner)
    call("identitystore", "list_group_memberships_for_member", MemberId={"UserId": user}, **store, **owner)

    def unique(path, value):
        return {"AlternateIdentifier": {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}}

    call("identitystore", "get_group_id", **unique("displayName", "Others"), **store, **owner)
    call("identitystore", "get_group_id", **unique("displayName", "others"), refused=MISSING, **store, **owner)
    call("identitystore", "get_user_id", **unique("userName", "carla"), **store, **owner)
    call("identitystore", "get_user_id", **unique("nickName", "carla"), refused="ValidationException", **store, **owner)
    call("identitystore", "delete_group_membership", MembershipId=made, **store, **owner)
    call("identitystore", "delete_user", UserId=user, **store, **owner)
    call("identitystore", "delete_group", GroupId=group, **store, **owner)


def identity_center(call):
    owner, instance = {"account": MANAGEMENT}, {"InstanceArn": INSTANCE}
    call("sso-admin", "list_instances", **owner)
    call("sso-admin", "list_instances", region="eu-west-1", **owner)
    call("sso-admin", "describe_instance", **instance, **owner)
    call("sso-admin", "describe_instance", InstanceArn=INSTANCE[:-1] + "0", refused="AccessDeniedException", **owner)
    arn = call.client("sso-admin", account=MANAGEMENT).list_permission_sets(**instance)["PermissionSets"][0]
    of_set = {**instance, "PermissionSetArn": arn}
    call("sso-admin", "tag_resource", **instance, ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}], **owner)
    call("sso-admin", "list_tags_for_resource", **instance, ResourceArn=arn, **owner)
    call("sso-admin", "list_permission_sets_provisioned_to_account", **instance, AccountId=ACCOUNT, **owner)
    call("sso-admin", "list_permission_sets_provisioned_to_account", **instance, AccountId=ACCOUNT, refused="AccessDeniedException")
    call("sso-admin", "list_accounts_for_provisioned_permission_set", **of_set, **owner)
    call.knobs({"provisioning": "FAILED", "assignments": "IN_PROGRESS"})
    target = {"TargetId": ACCOUNT, "TargetType": "AWS_ACCOUNT"}
    made = call("sso-admin", "provision_permission_set", **of_set, **target, **owner)["PermissionSetProvisioningStatus"]
    asked = {**instance, "ProvisionPermissionSetRequestId": made["RequestId"]}
    call("sso-admin", "describe_permission_set_provisioning_status", **asked, **owner)
    asked["ProvisionPermissionSetRequestId"] = NOBODY
    call("sso-admin", "describe_permission_set_provisioning_status", **asked, refused=MISSING, **owner)
    assignment = {**of_set, **target, "PrincipalType": "USER", "PrincipalId": NOBODY}
    made = call("sso-admin", "create_account_assignment", **assignment, **owner)["AccountAssignmentCreationStatus"]
    asked = {**instance, "AccountAssignmentCreationRequestId": made["RequestId"]}
    call("sso-admin", "describe_account_assignment_creation_status", **asked, **owner)
    call.knobs({"provisioning": "SUCCEEDED", "assignments": "SUCCEEDED"})
    call("sso-admin", "describe_account_assignment_creation_status", **asked, **owner)
    call("sso-admin", "delete_account_assignment", **assignment, **owner)
    attributes = {"AccessControlAttributes": [{"Key": "User", "Value": {"Source": ["${path:userName}"]}}]}
    attributes = {**instance, "InstanceAccessControlAttributeConfiguration": attributes}
    named = "instance_access_control_attribute_configuration"
    call("sso-admin", f"describe_{named}", **instance, refused=MISSING, **owner)
    call("sso-admin", f"create_{named}", **attributes, **owner)
    call("sso-admin", f"update_{named}", **attributes, **owner)
    call("sso-admin", f"describe_{named}", **instance, **owner)
    call("sso-admin", f"delete_{named}", **instance, **owner)


def portal(call):
    """Where somebody who has signed in gets the keys of a role."""
    role = {"roleName": "claude-code-developer", "accountId": ACCOUNT}
    call("sso", "get_role_credentials", **role, accessToken="signed-in-as:alice")
    call("sso", "get_role_credentials", **role, accessToken="stale", refused="UnauthorizedException")
    other = {**role, "roleName": "nobody"}
    call("sso", "get_role_credentials", **other, accessToken="signed-in-as:alice", refused=MISSING)
    call("sso", "logout", accessToken="signed-in-as:alice")
    call("sso", "logout", accessToken="stale", refused="UnauthorizedException")


def logins(call):
    """A login by a code that somebody confirms."""
    call("sso-oidc", "register_client", clientName="c", clientType="odd", refused="InvalidRequestException")
    made = call("sso-oidc", "register_client", clientName="c", clientType="public", scopes=["sso:account:access"])
    client = {name: made[name] for name in ("clientId", "clientSecret")}
    other = {**client, "clientSecret": "x"}
    portal = "https://acme.awsapps.com/start"
    call("sso-oidc", "start_device_authorization", **other, startUrl=portal, refused="InvalidClientException")
    call("sso-oidc", "start_device_authorization", **client, startUrl="x", refused="InvalidRequestException")
    grant = {**client, "grantType": "urn:ietf:params:oauth:grant-type:device_code"}

    def start():
        started = call("sso-oidc", "start_device_authorization", **client, startUrl=portal)
        return {**grant, "deviceCode": started["deviceCode"]}, started["userCode"]

    asked, code = start()
    call("sso-oidc", "create_token", **asked, refused="AuthorizationPendingException")
    for said, refused in [("denied", "AccessDeniedException"), ("expired", "ExpiredTokenException"), ("alice", None)]:
        asked, code = start()
        call.knobs({"sign_ins": {code: said}})
        token = call("sso-oidc", "create_token", **asked, refused=refused)
    # A code is good once, and so is a refresh token.
    call("sso-oidc", "create_token", **asked, refused="InvalidGrantException")
    renewal = {**client, "grantType": "refresh_token", "refreshToken": token["refreshToken"]}
    call("sso-oidc", "create_token", **renewal)
    call("sso-oidc", "create_token", **renewal, refused="InvalidGrantException")
    call("sso-oidc", "create_token", **{**grant, "grantType": "x"}, refused="UnsupportedGrantTypeException")
    role = {"roleName": "claude-code-developer", "accountId": ACCOUNT}
    call("sso", "get_role_credentials", **role, accessToken=token["accessToken"])
    call("sso", "logout", accessToken=token["accessToken"])
    call("sso", "get_role_credentials", **role, accessToken=token["accessToken"], refused="UnauthorizedException")


def notifications(call):
    topic = call.client("sns").list_topics()["Topics"][0]["TopicArn"]
    call("sns", "subscribe", TopicArn=topic, Protocol="email", Endpoint="new@example.com")
    call("sns", "subscribe", TopicArn=f"{topic}x", Protocol="email", Endpoint="a@example.com", refused="NotFound")
    call.knobs({"subscriptions": {"finops@example.com": "deleted"}})
    call("sns", "list_subscriptions_by_topic", TopicArn=topic)
    call("sns", "list_subscriptions_by_topic", TopicArn=f"{topic}x", refused="NotFound")
    call("sns", "list_subscriptions")


def budgets(call):
    of_account = {"AccountId": ACCOUNT}
    missing = "NotFoundException"
    budget = {"BudgetName": "b", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "1", "Unit": "USD"}}
    call("budgets", "create_budget", Budget=budget, **of_account)
    call("budgets", "update_budget", NewBudget=budget, **of_account)
    call.knobs({"budgets": {"claude-code-monthly": {"alarm": True, "health": "UNHEALTHY", "health_reason": "FILTER_INVALID"}}})
    named = {**of_account, "BudgetName": "claude-code-monthly"}
    call("budgets", "describe_budget", ShowFilterExpression=True, **named)
    call("budgets", "describe_budget", BudgetName="unknown", refused=missing, **of_account)
    call("budgets", "describe_budgets", **of_account)
    notification = call("budgets", "describe_notifications_for_budget", **named)["Notifications"][0]
    call("budgets", "describe_subscribers_for_notification", Notification=notification, **named)
    notification = {**notification, "Threshold": 99.5}
    call("budgets", "describe_subscribers_for_notification", Notification=notification, refused=missing, **named)
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/b"
    call("budgets", "tag_resource", ResourceARN=arn, ResourceTags=[{"Key": "a", "Value": "b"}])
    call("budgets", "list_tags_for_resource", ResourceARN=arn)


def queries(call):
    workgroup = {"WorkGroup": "claude_code_bedrock_logs"}
    refused = {"refused": "InvalidRequestException"}
    call("athena", "get_work_group", **workgroup)
    call("athena", "get_work_group", WorkGroup="unknown", **refused)
    made = call.client("athena").create_named_query(Name="a", Database="d", QueryString="SELECT 1", **workgroup)
    kept = {"NamedQueryId": made["NamedQueryId"]}
    call("athena", "delete_named_query", **kept)
    call("athena", "delete_named_query", **kept, **refused)
    call.knobs({"athena": {"queries": [{"contains": "broken", "state": "FAILED"}], "polls": 1}})
    started = call("athena", "start_query_execution", QueryString="SELECT 1", **workgroup)
    call("athena", "get_query_results", **started, **refused)
    call("athena", "get_query_execution", **started)
    call("athena", "get_query_execution", **started)
    call("athena", "get_query_results", **started)
    call("athena", "get_query_results", QueryExecutionId=NOBODY, **refused)
    broken = call("athena", "start_query_execution", QueryString="SELECT broken", **workgroup)
    call("athena", "get_query_execution", **broken)
    call("athena", "get_query_execution", **broken)
    call("athena", "stop_query_execution", **call("athena", "start_query_execution", QueryString="SELECT 1", **workgroup))


def metrics(call):
    until = datetime.now(timezone.utc)
    asked = {"StartTime": until - timedelta(days=1), "EndTime": until, "Period": 3600, "Statistics": ["Sum"]}
    for name in ("ModelInvocationLogsS3DeliverySuccess", "ModelInvocationLogsS3DeliveryFailure"):
        call("cloudwatch", "get_metric_statistics", Namespace="AWS/Bedrock", MetricName=name, **asked)


def of_moto(call):
    """What moto answers itself and the checks read."""
    payer, owner = {"account": MANAGEMENT}, {"account": MANAGEMENT, "InstanceArn": INSTANCE}
    call("sts", "get_caller_identity")
    call("organizations", "describe_organization")
    policies = call.client("organizations", account=MANAGEMENT).list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    for policy in policies:
        call("organizations", "describe_policy", PolicyId=policy["Id"], **payer)
    call("organizations", "describe_policy", PolicyId="p-0123456789", refused="PolicyNotFoundException", **payer)
    call("organizations", "describe_policy", PolicyId=policies[0]["Id"], refused="AccessDeniedException")
    call("organizations", "list_policies", Filter="SERVICE_CONTROL_POLICY", **payer)
    call("organizations", "list_targets_for_policy", PolicyId=policies[-1]["Id"], **payer)
    named = "claude-code-logs-123456789012-us-east-1"
    call("s3", "list_objects_v2", Bucket=named, Prefix="invocations/AWSLogs/", MaxKeys=1)
    call("s3", "list_objects_v2", Bucket="no-such-bucket-anywhere", refused="NoSuchBucket")
    call("s3", "get_bucket_versioning", Bucket=named)
    call("s3", "get_bucket_location", Bucket=named)
    call("s3", "head_bucket", Bucket=named)
    streams = {"logStreamNamePrefix": "aws/bedrock/modelinvocations"}
    call("logs", "describe_log_streams", logGroupName="/aws/bedrock/claude-code", **streams)
    call("logs", "describe_log_streams", logGroupName="/aws/bedrock/none", refused=MISSING, **streams)
    call("logs", "describe_log_groups", logGroupNamePrefix="/aws/bedrock")
    table = {"DatabaseName": "claude_code_bedrock_logs", "Name": "invocation_logs"}
    call("glue", "get_table", **table)
    call("glue", "get_table", refused="EntityNotFoundException", **{**table, "Name": "none"})
    call("glue", "get_table", refused="EntityNotFoundException", **{**table, "DatabaseName": "none"})
    call("glue", "get_database", Name="claude_code_bedrock_logs")
    call("athena", "get_work_group", WorkGroup="claude_code_bedrock_logs")
    call("iam", "list_roles", PathPrefix="/aws-reserved/sso.amazonaws.com/")
    call("iam", "get_role", RoleName="claude-code-log-delivery")
    call("iam", "get_role", RoleName="none", refused="NoSuchEntity")
    call("iam", "list_role_policies", RoleName="claude-code-log-delivery")
    call("iam", "get_role_policy", RoleName="claude-code-log-delivery", PolicyName="deliver-invocation-logs")
    call("iam", "list_attached_role_policies", RoleName="claude-code-log-delivery")
    call.client("iam").create_user(UserName="alice")
    call("iam", "get_user", UserName="alice")
    call("iam", "list_users")
    call("iam", "list_mfa_devices", UserName="alice")
    call("iam", "list_mfa_devices", UserName="nobody", refused="NoSuchEntity")
    arn = call.client("sso-admin", account=MANAGEMENT).list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"][0]
    call("sso-admin", "list_permission_sets", **owner)
    call("sso-admin", "describe_permission_set", PermissionSetArn=arn, **owner)
    call("sso-admin", "get_inline_policy_for_permission_set", PermissionSetArn=arn, **owner)
    call("sso-admin", "list_account_assignments", AccountId=ACCOUNT, PermissionSetArn=arn, **owner)
    call("sns", "get_topic_attributes", TopicArn=call.client("sns").list_topics()["Topics"][0]["TopicArn"])
    key = call.client("kms").create_key()["KeyMetadata"]["KeyId"]
    call("kms", "describe_key", KeyId=key)
    call("kms", "get_key_policy", KeyId=key, PolicyName="default")
    call("kms", "get_key_policy", KeyId=NOBODY, PolicyName="default", refused="NotFoundException")


def identity_pools(call):
    made = call.client("cognito-identity").create_identity_pool(IdentityPoolName="a", AllowUnauthenticatedIdentities=False)
    pool = {"IdentityPoolId": made["IdentityPoolId"]}
    nobody = {"IdentityPoolId": f"us-east-1:{NOBODY}"}
    name = {"IdentityProviderName": "accounts.google.com"}
    role = f"arn:aws:iam::{ACCOUNT}:role/developer"
    call("cognito-identity", "get_identity_pool_roles", **pool)
    call("cognito-identity", "set_identity_pool_roles", **pool, Roles={"authenticated": role})
    call("cognito-identity", "set_identity_pool_roles", **pool, Roles={"guest": role}, refused="InvalidParameterException")
    call("cognito-identity", "get_identity_pool_roles", **nobody, refused=MISSING)
    call("cognito-identity", "get_principal_tag_attribute_map", **pool, **name, refused=MISSING)
    call("cognito-identity", "set_principal_tag_attribute_map", **pool, **name, PrincipalTags={"Email": "email"})
    call("cognito-identity", "get_principal_tag_attribute_map", **pool, **name)


PARTS = [
    of_moto,
    profiles,
    access,
    guardrails,
    account,
    costs,
    identity,
    identity_pools,
    organization,
    identity_store,
    identity_center,
    portal,
    logins,
    notifications,
    budgets,
    queries,
    metrics,
]
