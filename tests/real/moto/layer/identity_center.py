"""Identity Center's administration: the instance, provisioning, assignments and the roles that they make."""

import json
import uuid

from moto.iam.models import iam_backends
from moto.ssoadmin.models import AccountAssignment, PermissionSet, ssoadmin_backends

from .base import Refused, before, missing, now, operation, page
from .state import STORE, WORLD

# Whoever sees the instance may ask for it.
OF_EVERYBODY = {"ListInstances", "DescribeInstance"}
HEXADECIMAL = 16


def permission_set_arn(instance_arn):
    """moto's own has a form that AWS's model forbids."""
    return instance_arn.replace(":instance/", ":permissionSet/") + "/ps-" + uuid.uuid4().hex[:HEXADECIMAL]


PermissionSet.generate_id = staticmethod(permission_set_arn)


def knob():
    return WORLD["identity_center"]


@before("sso-admin")
def owner_alone(call):
    """Delegated administrators are answered as the owner is, other accounts see the instance alone."""
    settle()
    if call.operation in OF_EVERYBODY:
        return
    if call.account not in (knob()["account"], *knob()["administrators"]):
        action = f"sso:{call.operation}"
        raise Refused("AccessDeniedException", f"User: {call.principal} is not authorized to perform: {action} on resource: *")
    call.account = knob()["account"]
    if call.region != knob()["region"] or not knob()["present"]:
        raise missing("The instance")


def backend():
    return ssoadmin_backends[knob()["account"]][knob()["region"]]


def instance():
    known = knob()
    partition = known["instance_arn"].split(":")[1]
    return {
        "InstanceArn": known["instance_arn"],
        "IdentityStoreId": known["identity_store_id"],
        "IdentityStoreArn": f"arn:{partition}:identitystore::{known['account']}:identitystore/{known['identity_store_id']}",
        "OwnerAccountId": known["account"],
        "Name": known["name"],
        "CreatedDate": "2026-01-05T10:00:00Z",
        "Status": known["status"],
        "StatusReason": known["status_reason"],
        "PrimaryRegion": known["region"],
    }


@operation("sso-admin", "ListInstances")
def list_instances(call):
    elsewhere = call.region != knob()["region"] and call.request.get("RegionScope") != "ALL_REGIONS"
    listed = [] if elsewhere or not knob()["present"] else [instance()]
    found, token = page(call, listed)
    return {"Instances": found, "NextToken": token}


@operation("sso-admin", "DescribeInstance")
def describe_instance(call):
    if call.request["InstanceArn"] != knob()["instance_arn"] or not knob()["present"]:
        raise Refused("AccessDeniedException", f"User: {call.principal} is not authorized to perform: sso:DescribeInstance on resource: {call.request['InstanceArn']}")
    return {
        **instance(),
        "PermissionSetsEnabled": knob()["permission_sets"],
        "EncryptionConfigurationDetails": {"KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED"},
    }


# --- tags ------------------------------------------------------------------------------------------------------------


def tagged(call):
    """The permission set that tags are asked of, if it is one."""
    for permission_set in backend().permission_sets:
        if permission_set.permission_set_arn == call.request["ResourceArn"]:
            return permission_set
    return None


@operation("sso-admin", "ListTagsForResource")
def list_sso_tags(call):
    permission_set = tagged(call)
    found, token = page(call, permission_set.tags or [] if permission_set else [])
    return {"Tags": found, "NextToken": token}


@operation("sso-admin", "TagResource")
def tag_sso(call):
    permission_set = tagged(call)
    if permission_set:
        added = call.request["Tags"]
        kept = [tag for tag in permission_set.tags or [] if tag["Key"] not in {new["Key"] for new in added}]
        permission_set.tags = kept + added
    return {}


@operation("sso-admin", "ListPermissionSets")
def list_permission_sets(call):
    found, token = page(call, [permission_set.permission_set_arn for permission_set in backend().permission_sets])
    return {"PermissionSets": found, "NextToken": token}


# --- provisioning ----------------------------------------------------------------------------------------------------


def provisioned():
    """Account: permission set: what of it was provisioned."""
    return STORE.setdefault("provisioned", {})


def requests():
    """Requests of provisioning and assignment, by id."""
    return STORE.setdefault("requests", {})


def permission_set_of(arn):
    for permission_set in backend().permission_sets:
        if permission_set.permission_set_arn == arn:
            return permission_set
    raise missing(f"PermissionSet with id {arn.rsplit('/', 1)[-1]}")


def content(permission_set):
    """What a later change makes out of date."""
    managed = [policy.arn for policy in permission_set.managed_policies]
    customer = [f"{policy.path}{policy.name}" for policy in permission_set.customer_managed_policies]
    return [permission_set.session_duration, permission_set.inline_policy, managed, customer]


def provision(account, permission_set):
    """Makes the role in the account, or brings it up to date."""
    provisioned().setdefault(account, {})[permission_set.permission_set_arn] = content(permission_set)
    partition = permission_set.permission_set_arn.split(":")[1]
    iam = iam_backends[account][partition]
    role = role_of(iam, permission_set)
    if role is None:
        region = knob()["region"]
        role = iam.create_role(
            role_name=f"AWSReservedSSO_{permission_set.name}_{uuid.uuid4().hex[:HEXADECIMAL]}",
            assume_role_policy_document=json.dumps(trust(account, partition)),
            # Of an instance in us-east-1 the path has no region.
            path="/aws-reserved/sso.amazonaws.com/" + ("" if region == "us-east-1" else f"{region}/"),
            permissions_boundary=None,
            description=permission_set.description or "",
            tags=[],
            max_session_duration="43200",
        )
    role.policies.pop("AwsSSOInlinePolicy", None)
    if permission_set.inline_policy:
        role.policies["AwsSSOInlinePolicy"] = permission_set.inline_policy


def role_of(iam, permission_set):
    start = f"AWSReservedSSO_{permission_set.name}_"
    for role in iam.get_roles():
        if role.name.startswith(start) and len(role.name) == len(start) + HEXADECIMAL:
            return role
    return None


def trust(account, partition):
    provider = f"arn:{partition}:iam::{account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def settle():
    """Brings about what was requested, once the knobs let it succeed."""
    for request in requests().values():
        if request["done"] or WORLD[request["knob"]] != "SUCCEEDED":
            continue
        request["done"] = True
        permission_set = permission_set_of(request["PermissionSetArn"])
        if "assignment" in request:
            backend().account_assignments.append(request["assignment"])
        for account in request["accounts"]:
            provision(account, permission_set)


def status(request):
    reason = "The account could not be reached." if WORLD[request["knob"]] == "FAILED" and not request["done"] else None
    return {
        "Status": "SUCCEEDED" if request["done"] else WORLD[request["knob"]],
        "RequestId": request["RequestId"],
        "PermissionSetArn": request["PermissionSetArn"],
        "CreatedDate": request["CreatedDate"],
        "FailureReason": reason,
    }


def requested(identifier):
    if identifier not in requests():
        raise missing(f"The request {identifier}")
    return requests()[identifier]


def begin(**request):
    made = {"RequestId": str(uuid.uuid4()), "CreatedDate": now(), "done": False, **request}
    requests()[made["RequestId"]] = made
    settle()
    return made


@operation("sso-admin", "ProvisionPermissionSet")
def provision_permission_set(call):
    arn = call.request["PermissionSetArn"]
    permission_set_of(arn)
    if call.request["TargetType"] == "AWS_ACCOUNT":
        if not call.request.get("TargetId"):
            raise Refused("ValidationException", "TargetId is required for AWS_ACCOUNT")
        accounts = [call.request["TargetId"]]
    else:
        accounts = [account for account, sets in provisioned().items() if arn in sets]
    request = begin(knob="provisioning", PermissionSetArn=arn, accounts=accounts)
    return {"PermissionSetProvisioningStatus": {**status(request), "AccountId": accounts[0] if len(accounts) == 1 else None}}


@operation("sso-admin", "DescribePermissionSetProvisioningStatus")
def describe_permission_set_provisioning_status(call):
    return {"PermissionSetProvisioningStatus": status(requested(call.request["ProvisionPermissionSetRequestId"]))}


@operation("sso-admin", "ListPermissionSetsProvisionedToAccount")
def list_permission_sets_provisioned_to_account(call):
    wanted = call.request.get("ProvisioningStatus")
    listed = []
    for arn, was in provisioned().get(call.request["AccountId"], {}).items():
        latest = was == content(permission_set_of(arn))
        if wanted is None or latest == (wanted == "LATEST_PERMISSION_SET_PROVISIONED"):
            listed.append(arn)
    found, token = page(call, listed)
    return {"PermissionSets": found, "NextToken": token}


@operation("sso-admin", "ListAccountsForProvisionedPermissionSet")
def list_accounts_for_provisioned_permission_set(call):
    arn = call.request["PermissionSetArn"]
    found, token = page(call, [account for account, sets in provisioned().items() if arn in sets])
    return {"AccountIds": found, "NextToken": token}


# --- assignments -----------------------------------------------------------------------------------------------------


@operation("sso-admin", "CreateAccountAssignment")
def create_account_assignment(call):
    request = call.request
    permission_set_of(request["PermissionSetArn"])
    names = ("InstanceArn", "TargetId", "TargetType", "PermissionSetArn", "PrincipalType", "PrincipalId")
    assignment = AccountAssignment(*(request[name] for name in names))
    made = begin(
        knob="assignments",
        PermissionSetArn=request["PermissionSetArn"],
        accounts=[request["TargetId"]],
        assignment=assignment,
    )
    return {"AccountAssignmentCreationStatus": assignment_status(made)}


def assignment_status(request):
    made = request["assignment"]
    return {
        **status(request),
        "TargetId": made.target_id,
        "TargetType": made.target_type,
        "PrincipalType": made.principal_type,
        "PrincipalId": made.principal_id,
    }


@operation("sso-admin", "DescribeAccountAssignmentCreationStatus")
def describe_account_assignment_creation_status(call):
    request = requested(call.request["AccountAssignmentCreationRequestId"])
    return {"AccountAssignmentCreationStatus": assignment_status(request)}


@operation("sso-admin", "ListAccountAssignments")
def list_account_assignments(call):
    asked = call.request["PermissionSetArn"], call.request["AccountId"]
    permission_set_of(asked[0])
    listed = [
        {
            "AccountId": made.target_id,
            "PermissionSetArn": made.permission_set_arn,
            "PrincipalType": made.principal_type,
            "PrincipalId": made.principal_id,
        }
        for made in backend().account_assignments
        if (made.permission_set_arn, made.target_id) == asked
    ]
    found, token = page(call, listed)
    return {"AccountAssignments": found, "NextToken": token}


@operation("sso-admin", "DeleteAccountAssignment")
def delete_account_assignment(call):
    """With the last assignment of a permission set its role leaves the account."""
    request = call.request
    names = ("InstanceArn", "TargetId", "TargetType", "PermissionSetArn", "PrincipalType", "PrincipalId")
    made = backend().delete_account_assignment(*(request[name] for name in names))
    arn, account = request["PermissionSetArn"], request["TargetId"]
    if all((a.permission_set_arn, a.target_id) != (arn, account) for a in backend().account_assignments):
        provisioned().get(account, {}).pop(arn, None)
        iam = iam_backends[account][arn.split(":")[1]]
        role = role_of(iam, permission_set_of(arn))
        if role:
            role.policies.pop("AwsSSOInlinePolicy", None)
            iam.delete_role(role.name)
    return {"AccountAssignmentDeletionStatus": {"Status": "IN_PROGRESS", **made}}


# --- attributes for access control ------------------------------------------------------------------------------------


@operation("sso-admin", "CreateInstanceAccessControlAttributeConfiguration")
def create_attributes(call):
    STORE["access-control-attributes"] = call.request["InstanceAccessControlAttributeConfiguration"]
    return {}


@operation("sso-admin", "UpdateInstanceAccessControlAttributeConfiguration")
def update_attributes(call):
    return create_attributes(call)


@operation("sso-admin", "DeleteInstanceAccessControlAttributeConfiguration")
def delete_attributes(call):
    STORE.pop("access-control-attributes", None)
    return {}


@operation("sso-admin", "DescribeInstanceAccessControlAttributeConfiguration")
def describe_attributes(call):
    if "access-control-attributes" not in STORE:
        raise missing("The configuration of attributes for access control")
    return {"Status": "ENABLED", "InstanceAccessControlAttributeConfiguration": STORE["access-control-attributes"]}
