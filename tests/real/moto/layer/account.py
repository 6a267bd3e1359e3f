"""Account Management, and Bedrock's quotas."""

import zlib

from .base import PASS, Refused, operation, page
from .state import WORLD, chosen

# Enabled in every account; the others are opted into.
OPT_IN = {
    "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
    "me-central-1", "me-south-1", "mx-central-1",
}


def of_caller(call):
    """Another account's data is for the management account with trusted access, which the emulation does not have."""
    if call.request.get("AccountId") not in (None, call.account):
        raise Refused("AccessDeniedException", "You don't have permissions to access this resource.")


@operation("account", "GetRegionOptStatus")
def get_region_opt_status(call):
    of_caller(call)
    region = call.request["RegionName"]
    status = chosen(WORLD["region_opt"], region, "DISABLED" if region in OPT_IN else "ENABLED_BY_DEFAULT")
    return {"RegionName": region, "RegionOptStatus": status}


@operation("account", "GetAccountInformation")
def get_account_information(call):
    of_caller(call)
    knob = WORLD["account"]
    state = knob["state"] or WORLD["organization"]["states"].get(call.account, "ACTIVE")
    return {
        "AccountId": call.account,
        "AccountName": knob["name"],
        "AccountCreatedDate": "2026-01-05T10:00:00Z",
        "AccountState": "SUSPENDED" if state == "PENDING_CLOSURE" else state,
    }


# Names as Service Quotas has them: some of Claude's models end in "V1", the newer ones do not; every model has three
# quotas across regions and three of the global profile.
MODELS = [
    "Anthropic Claude Opus 4.6 V1", "Anthropic Claude Sonnet 4.6", "Anthropic Claude Haiku 4.5",
    "Anthropic Claude Opus 4.6 V1 1M Context Length", "Anthropic Claude Sonnet 4.5 V1",
    "Anthropic Claude Sonnet 4.5 V1 1M Context Length", "Anthropic Claude Opus 4.5", "Anthropic Claude Opus 4.7",
    "Anthropic Claude Opus 5", "Anthropic Claude Sonnet 5", "Anthropic Claude Opus 5.5", "Anthropic Claude Sonnet 5.5",
    "Anthropic Claude Sonnet 4 V1", "Anthropic Claude 3.7 Sonnet V1", "Anthropic Claude 3.5 Haiku", "Amazon Nova Pro",
    "Amazon Nova Lite", "Amazon Nova Micro", "Meta Llama 4 Maverick 17B Instruct", "DeepSeek R1 V1",
]
KINDS = {
    "Cross-region model inference tokens per minute for {}": 2_000_000,
    "Cross-region model inference requests per minute for {}": 1_000,
    "Model invocation max tokens per day for {} (doubled for cross-region calls)": 1_440_000_000,
    "Global cross-region model inference tokens per minute for {}": 4_000_000,
    "Global cross-region model inference requests per minute for {}": 2_000,
    "Global cross-region model inference tokens per day for {}": 2_880_000_000,
}


@operation("service-quotas", "ListServiceQuotas")
def list_service_quotas(call):
    if call.request["ServiceCode"] != "bedrock":
        return PASS
    values = {kind.format(model): value for model in MODELS for kind, value in KINDS.items()}
    values.update(WORLD["quotas"])
    quotas = [quota(call, name, value) for name, value in values.items()]
    # AWS's order is that of the codes, which says nothing about names.
    quotas.sort(key=lambda entry: entry["QuotaCode"])
    found, token = page(call, quotas, refusal="InvalidPaginationTokenException")
    return {"Quotas": found, "NextToken": token}


def quota(call, name, value):
    code = f"L-{zlib.crc32(name.encode()):08X}"
    return {
        "ServiceCode": "bedrock",
        "ServiceName": "Amazon Bedrock",
        "QuotaArn": f"arn:{call.partition}:servicequotas:{call.region}:{call.account}:bedrock/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": float(value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }
