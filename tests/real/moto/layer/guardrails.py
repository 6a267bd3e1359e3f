"""Amazon Bedrock's guardrails."""

import copy

from .base import Refused, missing, now, operation, page, short_id
from .profiles import find

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


@operation("bedrock", "CreateGuardrail")
def create_guardrail(call):
    identifier = short_id()
    arn = f"arn:{call.partition}:bedrock:{call.region}:{call.account}:guardrail/{identifier}"
    guardrail = {
        "guardrailId": identifier,
        "guardrailArn": arn,
        "version": "DRAFT",
        "status": "READY",
        "createdAt": now(),
    }
    fill_guardrail(guardrail, call.request)
    call.table("guardrails")[identifier] = {"DRAFT": guardrail}
    call.table("tags")[arn] = {tag["key"]: tag["value"] for tag in call.request.get("tags", [])}
    return {"guardrailId": identifier, "guardrailArn": arn, "version": "DRAFT", "createdAt": guardrail["createdAt"]}


@operation("bedrock", "GetGuardrail")
def get_guardrail(call):
    versions = find(call, "guardrails", call.request["guardrailIdentifier"])
    guardrail = versions.get(call.request.get("guardrailVersion") or "DRAFT")
    if guardrail is None:
        raise missing(f"version {call.request['guardrailVersion']}")
    return {key: value for key, value in guardrail.items() if value is not None}


@operation("bedrock", "UpdateGuardrail")
def update_guardrail(call):
    guardrail = find(call, "guardrails", call.request["guardrailIdentifier"])["DRAFT"]
    fill_guardrail(guardrail, call.request)
    return {key: guardrail[key] for key in ("guardrailId", "guardrailArn", "version", "updatedAt")}


@operation("bedrock", "DeleteGuardrail")
def delete_guardrail(call):
    versions = find(call, "guardrails", call.request["guardrailIdentifier"])
    if call.request.get("guardrailVersion"):
        versions.pop(call.request["guardrailVersion"], None)
    else:
        del call.table("guardrails")[versions["DRAFT"]["guardrailId"]]
    return {}


@operation("bedrock", "CreateGuardrailVersion")
def create_guardrail_version(call):
    versions = find(call, "guardrails", call.request["guardrailIdentifier"])
    version = str(max([0, *(int(name) for name in versions if name != "DRAFT")]) + 1)
    copied = copy.deepcopy(versions["DRAFT"])
    copied.update(version=version, description=call.request.get("description"))
    versions[version] = copied
    return {"guardrailId": copied["guardrailId"], "version": version}


@operation("bedrock", "ListGuardrails")
def list_guardrails(call):
    wanted = call.request.get("guardrailIdentifier")
    if wanted:
        listed = list(find(call, "guardrails", wanted).values())
    else:
        listed = [versions["DRAFT"] for versions in call.table("guardrails").values()]
    summaries = [
        {
            "id": guardrail["guardrailId"],
            "arn": guardrail["guardrailArn"],
            **{key: guardrail.get(key) for key in ("status", "name", "description", "version", "createdAt", "updatedAt")},
        }
        for guardrail in listed
    ]
    found, token = page(call, summaries, "nextToken", "maxResults", 1000)
    return {"guardrails": found, "nextToken": token}
