"""moto with the operations that it lacks and our roots need.

Each added operation checks its input and its answer against botocore's service model (required members, types, lengths,
patterns, enums): what AWS's model forbids is refused here too. They are ours, so they prove plumbing only; see docs/testing.md.

Usage: server.py PORT [FILE]; each call is written to FILE, as SERVICE:OPERATION, for S3 as s3:METHOD TYPE and query.
"""

import copy
import json
import random
import re
import string
import sys
import uuid
from datetime import datetime, timezone
from urllib.parse import unquote

import regex
from moto.bedrock.responses import BedrockResponse
from moto.budgets.responses import BudgetsResponse
from moto.ce.responses import CostExplorerResponse
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.iam.access_control import PermissionResult
from moto.organizations import utils as organizations_utils
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.server import main
from moto.ssoadmin.models import Instance, PermissionSet
from moto.ssoadmin.responses import SSOAdminResponse
from moto.utilities.utils import get_partition

ALPHANUMERIC = string.ascii_lowercase + string.digits
STORE = {}


class Refused(Exception):
    """An error answer of AWS: code and message."""


def refusal(error):
    code, message = error.args
    status = 404 if "NotFound" in code else 400
    headers = {"status": status, "x-amzn-errortype": code, "content-type": "application/json"}
    return json.dumps({"__type": code, "message": message}), headers


def table(response, name):
    """Objects of one kind in the caller's account and region."""
    return STORE.setdefault((response.current_account, response.region, name), {})


def now():
    return datetime.now(timezone.utc)


def short_id():
    return "".join(random.choices(ALPHANUMERIC, k=12))


def problems(shape, value, patterns, path):
    """Where `value` breaks the model's shape."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path}: expected an object"]
        found = [f"{path}.{name}: required" for name in shape.required_members if value.get(name) is None]
        found += [f"{path}.{name}: unknown member" for name in value if name not in shape.members]
        for name, member in shape.members.items():
            if value.get(name) is not None:
                found += problems(member, value[name], patterns, f"{path}.{name}")
        return found
    if kind == "list":
        if not isinstance(value, list):
            return [f"{path}: expected a list"]
        found = length_problems(shape, len(value), path)
        for index, item in enumerate(value):
            found += problems(shape.member, item, patterns, f"{path}[{index}]")
        return found
    if kind == "map":
        return [] if isinstance(value, dict) else [f"{path}: expected a map"]
    if kind == "string":
        if not isinstance(value, str):
            return [f"{path}: expected a string"]
        found = length_problems(shape, len(value), path)
        if shape.enum and value not in shape.enum:
            found.append(f"{path}: {value!r} is none of {shape.enum}")
        pattern = patterns.get(shape.name)
        if pattern and not regex.fullmatch(pattern, value):
            found.append(f"{path}: {value!r} does not match {pattern}")
        return found
    return []


def length_problems(shape, length, path):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and length < low) or (high is not None and length > high):
        return [f"{path}: length {length} is not within {low}..{high}"]
    return []


def operation(name):
    """Adds an operation to a response class: checked input in, checked answer out."""

    def decorate(function):
        def handler(self):
            model = get_service_model(self.boto3_service_name)
            action = model.operation_model(name)
            shapes = model._service_description["shapes"]
            patterns = {key: shape["pattern"] for key, shape in shapes.items() if "pattern" in shape}
            request = json.loads(self.body) if self.body else {}
            request.update({key: unquote(value) for key, value in (getattr(self, "uri_match", None) or {}).items()})
            for key, member in action.input_shape.members.items():
                if member.serialization.get("location") == "querystring":
                    values = self.querystring.get(member.serialization.get("name", key))
                    if values:
                        request[key] = values[0]
            found = problems(action.input_shape, request, patterns, name)
            if found:
                return refusal(Refused("ValidationException", "; ".join(found)))
            try:
                answer = function(self, request)
            except Refused as error:
                return refusal(error)
            if action.output_shape is not None:
                found = problems(action.output_shape, answer, patterns, f"{name}Response")
                assert not found, found
            return ActionResult(answer)

        handler.__name__ = function.__name__
        return handler

    return decorate


def missing(what):
    return Refused("ResourceNotFoundException", f"{what} was not found")


# --- bedrock: inference profiles -------------------------------------------------------------------------------------


def find(response, kind, identifier):
    """An object by id or ARN."""
    found = table(response, kind).get(identifier.rsplit("/", 1)[-1])
    if found is None:
        raise missing(identifier)
    return found


@operation("CreateInferenceProfile")
def create_inference_profile(self, request):
    source = request["modelSource"]["copyFrom"]
    base = re.sub(r"^(us|eu|apac|au|jp|global)\.", "", source.rsplit("/", 1)[-1])
    if ":application-inference-profile/" in source:
        raise Refused("ValidationException", "copyFrom must not be an application inference profile")
    identifier = short_id()
    partition = get_partition(self.region)
    arn = f"arn:{partition}:bedrock:{self.region}:{self.current_account}:application-inference-profile/{identifier}"
    table(self, "profiles")[identifier] = {
        "inferenceProfileName": request["inferenceProfileName"],
        "description": request.get("description"),
        "createdAt": now(),
        "updatedAt": now(),
        "inferenceProfileArn": arn,
        "models": [{"modelArn": f"arn:{partition}:bedrock:{self.region}::foundation-model/{base}"}],
        "inferenceProfileId": identifier,
        "status": "ACTIVE",
        "type": "APPLICATION",
    }
    table(self, "tags")[arn] = {tag["key"]: tag["value"] for tag in request.get("tags", [])}
    return {"inferenceProfileArn": arn, "status": "ACTIVE"}


@operation("GetInferenceProfile")
def get_inference_profile(self, request):
    profile = find(self, "profiles", request["inferenceProfileIdentifier"])
    return {key: value for key, value in profile.items() if value is not None}


@operation("DeleteInferenceProfile")
def delete_inference_profile(self, request):
    profile = find(self, "profiles", request["inferenceProfileIdentifier"])
    del table(self, "profiles")[profile["inferenceProfileId"]]
    return {}


@operation("ListTagsForResource")
def list_tags_for_resource(self, request):
    tags = table(self, "tags").get(request["resourceARN"])
    if tags is None:
        raise missing(request["resourceARN"])
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


@operation("TagResource")
def tag_resource(self, request):
    tags = table(self, "tags").setdefault(request["resourceARN"], {})
    tags.update({tag["key"]: tag["value"] for tag in request["tags"]})
    return {}


@operation("UntagResource")
def untag_resource(self, request):
    tags = table(self, "tags").get(request["resourceARN"], {})
    for key in request["tagKeys"]:
        tags.pop(key, None)
    return {}


# --- bedrock: guardrails ---------------------------------------------------------------------------------------------

# Member of the configuration in a request: member of the policy in an answer, and its list's names.
POLICIES = {
    "topicPolicyConfig": ("topicPolicy", {"topicsConfig": "topics"}),
    "contentPolicyConfig": ("contentPolicy", {"filtersConfig": "filters"}),
    "wordPolicyConfig": ("wordPolicy", {"wordsConfig": "words", "managedWordListsConfig": "managedWordLists"}),
    "sensitiveInformationPolicyConfig": (
        "sensitiveInformationPolicy",
        {"piiEntitiesConfig": "piiEntities", "regexesConfig": "regexes"},
    ),
    "contextualGroundingPolicyConfig": ("contextualGroundingPolicy", {"filtersConfig": "filters"}),
}


def fill_guardrail(guardrail, request):
    for key in ("name", "description", "blockedInputMessaging", "blockedOutputsMessaging"):
        guardrail[key] = request.get(key)
    if not any(request.get(key) for key in POLICIES):
        raise Refused("ValidationException", "a guardrail needs at least one policy")
    for key, (policy, lists) in POLICIES.items():
        guardrail.pop(policy, None)
        if request.get(key):
            guardrail[policy] = {lists[name]: copy.deepcopy(items) for name, items in request[key].items() if name in lists}
    guardrail["updatedAt"] = now()


@operation("CreateGuardrail")
def create_guardrail(self, request):
    identifier = short_id()
    arn = f"arn:{get_partition(self.region)}:bedrock:{self.region}:{self.current_account}:guardrail/{identifier}"
    guardrail = {
        "guardrailId": identifier,
        "guardrailArn": arn,
        "version": "DRAFT",
        "status": "READY",
        "createdAt": now(),
    }
    fill_guardrail(guardrail, request)
    table(self, "guardrails")[identifier] = {"DRAFT": guardrail}
    table(self, "tags")[arn] = {tag["key"]: tag["value"] for tag in request.get("tags", [])}
    return {"guardrailId": identifier, "guardrailArn": arn, "version": "DRAFT", "createdAt": guardrail["createdAt"]}


@operation("GetGuardrail")
def get_guardrail(self, request):
    versions = find(self, "guardrails", request["guardrailIdentifier"])
    guardrail = versions.get(request.get("guardrailVersion") or "DRAFT")
    if guardrail is None:
        raise missing(f"version {request['guardrailVersion']}")
    return {key: value for key, value in guardrail.items() if value is not None}


@operation("UpdateGuardrail")
def update_guardrail(self, request):
    guardrail = find(self, "guardrails", request["guardrailIdentifier"])["DRAFT"]
    fill_guardrail(guardrail, request)
    return {key: guardrail[key] for key in ("guardrailId", "guardrailArn", "version", "updatedAt")}


@operation("DeleteGuardrail")
def delete_guardrail(self, request):
    versions = find(self, "guardrails", request["guardrailIdentifier"])
    if request.get("guardrailVersion"):
        versions.pop(request["guardrailVersion"], None)
    else:
        del table(self, "guardrails")[versions["DRAFT"]["guardrailId"]]
    return {}


@operation("CreateGuardrailVersion")
def create_guardrail_version(self, request):
    versions = find(self, "guardrails", request["guardrailIdentifier"])
    version = str(max([0, *(int(name) for name in versions if name != "DRAFT")]) + 1)
    copied = copy.deepcopy(versions["DRAFT"])
    copied.update(version=version, description=request.get("description"))
    versions[version] = copied
    return {"guardrailId": copied["guardrailId"], "version": version}


# --- cost explorer ---------------------------------------------------------------------------------------------------


@operation("UpdateCostAllocationTagsStatus")
def update_cost_allocation_tags_status(self, request):
    known = table(self, "cost-tags")
    errors = []
    for entry in request["CostAllocationTagsStatus"]:
        if entry["TagKey"] in known:
            known[entry["TagKey"]] = entry["Status"]
        else:
            errors.append({"TagKey": entry["TagKey"], "Code": "TagKeysNotFoundException", "Message": "not discovered"})
    return {"Errors": errors}


@operation("ListCostAllocationTags")
def list_cost_allocation_tags(self, request):
    wanted = request.get("TagKeys")
    tags = [
        {"TagKey": key, "Type": "UserDefined", "Status": status}
        for key, status in sorted(table(self, "cost-tags").items())
        if not wanted or key in wanted
    ]
    return {"CostAllocationTags": tags}


@operation("TagResource")
def discover_cost_tags(self, request):
    """AWS discovers keys from usage, which an emulation does not have: the test says here which it would have found."""
    for tag in request["ResourceTags"]:
        table(self, "cost-tags").setdefault(tag["Key"], "Inactive")
    return {}


@operation("CreateAnomalyMonitor")
def create_anomaly_monitor(self, request):
    arn = f"arn:aws:ce::{self.current_account}:anomalymonitor/{uuid.uuid4()}"
    table(self, "monitors")[arn] = {**request["AnomalyMonitor"], "MonitorArn": arn}
    table(self, "tags")[arn] = request.get("ResourceTags", [])
    return {"MonitorArn": arn}


@operation("GetAnomalyMonitors")
def get_anomaly_monitors(self, request):
    wanted = request.get("MonitorArnList")
    return {"AnomalyMonitors": [m for arn, m in table(self, "monitors").items() if not wanted or arn in wanted]}


@operation("DeleteAnomalyMonitor")
def delete_anomaly_monitor(self, request):
    table(self, "monitors").pop(request["MonitorArn"], None)
    return {}


@operation("CreateAnomalySubscription")
def create_anomaly_subscription(self, request):
    arn = f"arn:aws:ce::{self.current_account}:anomalysubscription/{uuid.uuid4()}"
    subscription = {**request["AnomalySubscription"], "SubscriptionArn": arn, "AccountId": self.current_account}
    table(self, "subscriptions")[arn] = subscription
    table(self, "tags")[arn] = request.get("ResourceTags", [])
    return {"SubscriptionArn": arn}


@operation("GetAnomalySubscriptions")
def get_anomaly_subscriptions(self, request):
    wanted = request.get("SubscriptionArnList")
    found = [s for arn, s in table(self, "subscriptions").items() if not wanted or arn in wanted]
    return {"AnomalySubscriptions": found}


@operation("DeleteAnomalySubscription")
def delete_anomaly_subscription(self, request):
    table(self, "subscriptions").pop(request["SubscriptionArn"], None)
    return {}


@operation("ListTagsForResource")
def list_cost_explorer_tags(self, request):
    return {"ResourceTags": table(self, "tags").get(request["ResourceArn"], [])}


# --- budgets ---------------------------------------------------------------------------------------------------------


def budget_of(self, request):
    budget = self.backend.budgets[request["AccountId"]].get(request["BudgetName"])
    if budget is None:
        raise Refused("NotFoundException", f"{request['BudgetName']} was not found")
    return budget


@operation("DescribeSubscribersForNotification")
def describe_subscribers_for_notification(self, request):
    def same(details):
        keys = ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
        return all(details.get(key) == request["Notification"].get(key) for key in keys)

    for notification in budget_of(self, request).notifications:
        if same(notification.details):
            return {"Subscribers": notification.subscribers}
    raise Refused("NotFoundException", "no such notification")


@operation("UpdateBudget")
def update_budget(self, request):
    name = request["NewBudget"]["BudgetName"]
    budget_of(self, {**request, "BudgetName": name}).budget.update(request["NewBudget"])
    return {}


@operation("ListTagsForResource")
def list_budget_tags(self, request):
    return {"ResourceTags": table(self, "tags").get(request["ResourceARN"], [])}


@operation("TagResource")
def tag_budget(self, request):
    table(self, "tags")[request["ResourceARN"]] = request["ResourceTags"]
    return {}


@operation("CreateBudget")
def create_budget(self, request):
    """moto's own, behind AWS's model: at most 10 notifications, 1 to 11 subscribers, no colon in the name."""
    notifications = request.get("NotificationsWithSubscribers", [])
    if len(notifications) > 10:
        raise Refused("InvalidParameterException", "more than 10 notifications")
    self.backend.create_budget(request["AccountId"], request["Budget"], notifications)
    arn = f"arn:aws:budgets::{request['AccountId']}:budget/{request['Budget']['BudgetName']}"
    table(self, "tags")[arn] = request.get("ResourceTags", [])
    return {}


# --- identity center -------------------------------------------------------------------------------------------------


@operation("ListTagsForResource")
def list_sso_tags(self, request):
    for permission_set in self.ssoadmin_backend.permission_sets:
        if permission_set.permission_set_arn == request["ResourceArn"]:
            return {"Tags": permission_set.tags or []}
    return {"Tags": []}


@operation("TagResource")
def tag_sso(self, request):
    for permission_set in self.ssoadmin_backend.permission_sets:
        if permission_set.permission_set_arn == request["ResourceArn"]:
            kept = [t for t in permission_set.tags or [] if t["Key"] not in {n["Key"] for n in request["Tags"]}]
            permission_set.tags = kept + request["Tags"]
    return {}


@operation("DescribePermissionSetProvisioningStatus")
def describe_permission_set_provisioning_status(self, request):
    return {
        "PermissionSetProvisioningStatus": {
            "Status": "SUCCEEDED",
            "RequestId": request["ProvisionPermissionSetRequestId"],
        }
    }


ADDITIONS = {
    BedrockResponse: {
        "create_inference_profile": create_inference_profile,
        "get_inference_profile": get_inference_profile,
        "delete_inference_profile": delete_inference_profile,
        "list_tags_for_resource": list_tags_for_resource,
        "tag_resource": tag_resource,
        "untag_resource": untag_resource,
        "create_guardrail": create_guardrail,
        "get_guardrail": get_guardrail,
        "update_guardrail": update_guardrail,
        "delete_guardrail": delete_guardrail,
        "create_guardrail_version": create_guardrail_version,
    },
    CostExplorerResponse: {
        "update_cost_allocation_tags_status": update_cost_allocation_tags_status,
        "list_cost_allocation_tags": list_cost_allocation_tags,
        "tag_resource": discover_cost_tags,
        "create_anomaly_monitor": create_anomaly_monitor,
        "get_anomaly_monitors": get_anomaly_monitors,
        "delete_anomaly_monitor": delete_anomaly_monitor,
        "create_anomaly_subscription": create_anomaly_subscription,
        "get_anomaly_subscriptions": get_anomaly_subscriptions,
        "delete_anomaly_subscription": delete_anomaly_subscription,
        "list_tags_for_resource": list_cost_explorer_tags,
    },
    BudgetsResponse: {
        "create_budget": create_budget,
        "describe_subscribers_for_notification": describe_subscribers_for_notification,
        "update_budget": update_budget,
        "list_tags_for_resource": list_budget_tags,
        "tag_resource": tag_budget,
    },
    SSOAdminResponse: {
        "list_tags_for_resource": list_sso_tags,
        "tag_resource": tag_sso,
        "describe_permission_set_provisioning_status": describe_permission_set_provisioning_status,
    },
}

# The ids of examples/acme.hcl, where moto would invent some.
ACCOUNT = "123456789012"
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
IDENTITY_STORE = "d-1234567890"


def known_instance(self, account_id, region, invent=Instance.__init__):
    invent(self, account_id, region)
    self.instance_arn, self.identity_store_id = INSTANCE, IDENTITY_STORE


def permission_set_arn(instance_arn):
    """moto's own has a form that AWS's model forbids."""
    return instance_arn.replace(":instance/", ":permissionSet/") + "/ps-" + uuid.uuid4().hex[:16]


def record(response, name, line):
    """Writes a line for each call of a method of moto's."""
    original = getattr(response, name)

    def recorded(self, *arguments):
        print(line(self, *arguments), file=CALLS, flush=True)
        return original(self, *arguments)

    setattr(response, name, recorded)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        CALLS = open(sys.argv[2], "a")
        record(BaseResponse, "call_action", lambda self: f"{self.boto3_service_name}:{self._get_action()}")
        record(S3Response, "_set_action", lambda self, kind, method, query: f"s3:{method} {kind} {' '.join(sorted(query))}")
    # moto evaluates bucket policies without their conditions: "deny without TLS" would deny everything.
    FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL
    Instance.__init__ = known_instance
    PermissionSet.generate_id = staticmethod(permission_set_arn)
    invent_account = organizations_utils.make_random_account_id
    # The management account takes an invented one first and drops it.
    ids = iter([None, ACCOUNT])
    organizations_utils.make_random_account_id = lambda: next(ids, None) or invent_account()
    for response, methods in ADDITIONS.items():
        for name, method in methods.items():
            setattr(response, name, method)
    main(["-H", "127.0.0.1", "-p", sys.argv[1]])
