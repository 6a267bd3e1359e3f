"""Amazon Bedrock's inference profiles: the system's, which a knob lists, and those of applications."""

import re

from .base import Refused, missing, now, operation, page, short_id
from .state import WORLD


def find(call, kind, identifier):
    """An object by id or ARN."""
    found = call.table(kind).get(identifier.rsplit("/", 1)[-1])
    if found is None:
        raise missing(identifier)
    return found


def system_profiles(call):
    """The system's profiles in the region of the call, by id."""
    listed = WORLD["bedrock"]["profiles"]
    made = {}
    for entry in [*listed.get("*", []), *listed.get(call.region, [])]:
        identifier = entry["id"]
        made[identifier] = {
            "inferenceProfileName": entry.get("name", identifier.replace(".", " ")),
            "description": f"Routes requests to {entry.get('name', identifier)}",
            "createdAt": "2026-02-05T00:00:00Z",
            "updatedAt": "2026-02-05T00:00:00Z",
            "inferenceProfileArn": f"arn:{call.partition}:bedrock:{call.region}:{call.account}:inference-profile/{identifier}",
            "models": [{"modelArn": model_arn(call, model)} for model in entry["models"]],
            "inferenceProfileId": identifier,
            "status": entry.get("status", "ACTIVE"),
            "type": "SYSTEM_DEFINED",
        }
    return made


def model_arn(call, model):
    """An ARN as it is; else REGION/MODEL, whose region is empty in global profiles."""
    if model.startswith("arn:"):
        return model
    region, identifier = model.split("/", 1)
    return f"arn:{call.partition}:bedrock:{region}::foundation-model/{identifier}"


def profile_of(call, identifier):
    """A profile of either kind, by id or ARN."""
    found = system_profiles(call).get(identifier.rsplit("/", 1)[-1])
    return found or find(call, "profiles", identifier)


@operation("bedrock", "CreateInferenceProfile")
def create_inference_profile(call):
    source = call.request["modelSource"]["copyFrom"]
    base = re.sub(r"^(us|eu|apac|au|jp|global)\.", "", source.rsplit("/", 1)[-1])
    if ":application-inference-profile/" in source:
        raise Refused("ValidationException", "copyFrom must not be an application inference profile")
    copied = system_profiles(call).get(source.rsplit("/", 1)[-1])
    identifier = short_id()
    arn = f"arn:{call.partition}:bedrock:{call.region}:{call.account}:application-inference-profile/{identifier}"
    call.table("profiles")[identifier] = {
        "inferenceProfileName": call.request["inferenceProfileName"],
        "description": call.request.get("description"),
        "createdAt": now(),
        "updatedAt": now(),
        "inferenceProfileArn": arn,
        "models": copied["models"] if copied else [{"modelArn": model_arn(call, f"{call.region}/{base}")}],
        "inferenceProfileId": identifier,
        "status": "ACTIVE",
        "type": "APPLICATION",
    }
    call.table("tags")[arn] = {tag["key"]: tag["value"] for tag in call.request.get("tags", [])}
    return {"inferenceProfileArn": arn, "status": "ACTIVE"}


@operation("bedrock", "GetInferenceProfile")
def get_inference_profile(call):
    return profile_of(call, call.request["inferenceProfileIdentifier"])


@operation("bedrock", "ListInferenceProfiles")
def list_inference_profiles(call):
    profiles = [*system_profiles(call).values(), *call.table("profiles").values()]
    kind = call.request.get("typeEquals", "SYSTEM_DEFINED")
    wanted = [profile for profile in profiles if profile["type"] == kind]
    found, token = page(call, wanted, "nextToken", "maxResults", 1000)
    return {"inferenceProfileSummaries": found, "nextToken": token}


@operation("bedrock", "DeleteInferenceProfile")
def delete_inference_profile(call):
    profile = find(call, "profiles", call.request["inferenceProfileIdentifier"])
    del call.table("profiles")[profile["inferenceProfileId"]]
    return {}


@operation("bedrock", "ListTagsForResource")
def list_tags_for_resource(call):
    tags = call.table("tags").get(call.request["resourceARN"])
    if tags is None:
        raise missing(call.request["resourceARN"])
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


@operation("bedrock", "TagResource")
def tag_resource(call):
    tags = call.table("tags").setdefault(call.request["resourceARN"], {})
    tags.update({tag["key"]: tag["value"] for tag in call.request["tags"]})
    return {}


@operation("bedrock", "UntagResource")
def untag_resource(call):
    tags = call.table("tags").get(call.request["resourceARN"], {})
    for key in call.request["tagKeys"]:
        tags.pop(key, None)
    return {}
