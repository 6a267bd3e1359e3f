"""IAM: the simulator, whose answers are knobs, credentials of users that belong to one service, and changes of a role."""

import fnmatch

from moto.iam.models import iam_backends

from .base import Refused, operation, page
from .state import WORLD

# Kind of a principal in an ARN: its ARNs in moto.
KINDS = {
    "user": lambda iam: [user.arn for user in iam.users.values()],
    "role": lambda iam: [role.arn for role in iam.roles.values()],
    "group": lambda iam: [group.arn for group in iam.groups.values()],
}


@operation("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(call):
    principal = call.request["PolicySourceArn"]
    exists(call, principal)
    results = [
        result(action, resource)
        for action in call.request["ActionNames"]
        for resource in call.request.get("ResourceArns") or ["*"]
    ]
    found, marker = page(call, results, token="Marker", limit="MaxItems", longest=1000, refusal="InvalidInput")
    return {"EvaluationResults": found, "IsTruncated": marker is not None, "Marker": marker}


def exists(call, principal):
    kind, _, name = principal.rsplit(":", 1)[-1].partition("/")
    if kind not in KINDS:
        raise Refused("InvalidInput", f"Invalid Entity Arn: {principal} does not clearly define entity type and name.")
    account = principal.split(":")[4]
    if account != call.account or principal not in KINDS[kind](iam_backends[account][call.partition]):
        raise Refused("NoSuchEntity", f"The {kind} with name {name} cannot be found.", 404)


def result(action, resource):
    knob = WORLD["scp"]
    allowed = knob["default"]
    if any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in knob["allowed"]):
        allowed = True
    if any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in knob["denied"]):
        allowed = False
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": WORLD["simulated"] if allowed else "explicitDeny",
        "MatchedStatements": [],
        "MissingContextValues": [],
        "OrganizationsDecisionDetail": None if knob["omit"] else {"AllowedByOrganizations": allowed},
    }


@operation("iam", "CreateServiceSpecificCredential")
def create_service_specific_credential(call):
    made = call.table("service-credentials", "aws-global")
    name = call.request["UserName"]
    if name not in [user.name for user in iam_backends[call.account][call.partition].users.values()]:
        raise Refused("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
    identifier = f"ACCA{len(made):016d}"
    made[identifier] = {
        "UserName": name,
        "Status": "Active",
        "ServiceUserName": f"{name}-at-{call.account}",
        "ServiceCredentialAlias": f"{name}-at-{call.account}",
        "CreateDate": "2026-02-01T00:00:00Z",
        "ServiceSpecificCredentialId": identifier,
        "ServiceName": call.request["ServiceName"],
    }
    secret = {"ServiceCredentialSecret": "secret"} if call.request["ServiceName"].startswith("bedrock") else {}
    return {"ServiceSpecificCredential": {**made[identifier], **secret}}


@operation("iam", "ListServiceSpecificCredentials")
def list_service_specific_credentials(call):
    request = call.request
    wanted = [
        entry
        for entry in call.table("service-credentials", "aws-global").values()
        if entry["ServiceName"] == request.get("ServiceName", entry["ServiceName"])
        and (request.get("AllUsers") or entry["UserName"] == request.get("UserName"))
    ]
    found, marker = page(call, wanted, token="Marker", limit="MaxItems", refusal="InvalidInput")
    return {"ServiceSpecificCredentials": found, "IsTruncated": marker is not None, "Marker": marker}


@operation("iam", "UpdateRole")
def update_role(call):
    """What is not said stays: moto takes a missing description for none."""
    roles = iam_backends[call.account][call.partition].roles.values()
    role = next((role for role in roles if role.name == call.request["RoleName"]), None)
    if role is None:
        raise Refused("NoSuchEntity", f"Role {call.request['RoleName']} not found")
    role.description = call.request.get("Description", role.description)
    role.max_session_duration = call.request.get("MaxSessionDuration", role.max_session_duration)
    return {}
