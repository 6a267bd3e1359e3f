"""Cost Explorer: allocation tags and their backfill, anomaly monitors, and a bill that a knob lists."""

import uuid
from datetime import date, timedelta

from moto.organizations.models import organizations_backends

from .base import Refused, before, now, operation, page
from .state import WORLD, chosen

CALLED_BY_PAYER = ("CostAllocationTag",)


@before("ce")
def payer_alone(call):
    """Allocation tags are the payer's alone."""
    if any(part in call.operation for part in CALLED_BY_PAYER) and call.account in organizations_backends.master_accounts:
        raise Refused("AccessDeniedException", "Linked account doesn't have access to cost allocation tags.")


def stamp(seconds_ago=0):
    return (now() - timedelta(seconds=seconds_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


@operation("ce", "UpdateCostAllocationTagsStatus")
def update_cost_allocation_tags_status(call):
    known = WORLD["cost_tags"]
    errors = []
    for entry in call.request["CostAllocationTagsStatus"]:
        if entry["TagKey"] in known:
            if known[entry["TagKey"]]["status"] != entry["Status"]:
                known[entry["TagKey"]].update(status=entry["Status"], updated=0)
        else:
            errors.append({"TagKey": entry["TagKey"], "Code": "TagKeysNotFoundException", "Message": "not discovered"})
    return {"Errors": errors}


@operation("ce", "ListCostAllocationTags")
def list_cost_allocation_tags(call):
    request = call.request
    tags = [
        {
            "TagKey": key,
            "Type": tag.get("type", "UserDefined"),
            "Status": tag["status"],
            "LastUpdatedDate": stamp(tag["updated"]) if tag.get("updated") is not None else None,
            "LastUsedDate": stamp(tag["used"]) if tag.get("used") is not None else None,
        }
        for key, tag in sorted(WORLD["cost_tags"].items())
        if key in (request.get("TagKeys") or [key])
        and tag["status"] == request.get("Status", tag["status"])
        and tag.get("type", "UserDefined") == request.get("Type", tag.get("type", "UserDefined"))
    ]
    found, token = page(call, tags, refusal="InvalidNextTokenException")
    return {"CostAllocationTags": found, "NextToken": token}


@operation("ce", "StartCostAllocationTagBackfill")
def start_cost_allocation_tag_backfill(call):
    """At most one in 24 hours, from the first of a month at most 12 months ago."""
    started = call.table("backfills").setdefault("requests", [])
    since = call.request["BackfillFrom"][:10]
    if since[8:] != "01" or date.fromisoformat(since) < date.today().replace(day=1) - timedelta(days=367):
        raise Refused("ValidationException", "BackfillFrom must be the first day of a month, at most twelve months ago.")
    if started:
        raise Refused("BackfillLimitExceededException", "A backfill was requested in the last 24 hours.")
    started.insert(0, {"BackfillFrom": call.request["BackfillFrom"], "RequestedAt": stamp()})
    return {"BackfillRequest": backfill(started[0])}


def backfill(request):
    done = WORLD["backfill"] != "PROCESSING"
    return {**request, "BackfillStatus": WORLD["backfill"], "LastUpdatedAt": stamp(), "CompletedAt": stamp() if done else None}


@operation("ce", "ListCostAllocationTagBackfillHistory")
def list_cost_allocation_tag_backfill_history(call):
    requests = [backfill(request) for request in call.table("backfills").get("requests", [])]
    found, token = page(call, requests, refusal="InvalidNextTokenException")
    return {"BackfillRequests": found, "NextToken": token}


@operation("ce", "TagResource")
def discover_cost_tags(call):
    """AWS discovers keys from usage, which an emulation does not have: a test says here which it would have found."""
    for tag in call.request["ResourceTags"]:
        WORLD["cost_tags"].setdefault(tag["Key"], {"status": "Inactive"})
    return {}


@operation("ce", "GetTags")
def get_tags(call):
    key = call.request.get("TagKey")
    values = chosen(WORLD["tag_values"], key, []) if key else sorted(WORLD["tag_values"])
    values = [value for value in values if call.request.get("SearchString", "") in value]
    found, token = page(call, values, token="NextPageToken", longest=1000)
    return {"Tags": found, "ReturnSize": len(found), "TotalSize": len(values), "NextPageToken": token}


# --- the bill --------------------------------------------------------------------------------------------------------

DIMENSIONS = {
    "SERVICE": lambda line: line["service"],
    "BILLING_ENTITY": lambda line: line.get("billing_entity", "AWS"),
    "LINKED_ACCOUNT": lambda line: line.get("account", ""),
    "RECORD_TYPE": lambda line: line.get("record_type", "Usage"),
}


def charged(line, wanted):
    """Whether a line of the bill is in a filter expression."""
    if "And" in wanted:
        return all(charged(line, part) for part in wanted["And"])
    if "Or" in wanted:
        return any(charged(line, part) for part in wanted["Or"])
    if "Not" in wanted:
        return not charged(line, wanted["Not"])
    if "Dimensions" in wanted:
        return compared(dimension(line, wanted["Dimensions"]["Key"]), wanted["Dimensions"])
    if "Tags" in wanted:
        return compared(line.get("tags", {}).get(wanted["Tags"]["Key"], ""), wanted["Tags"])
    return True


def dimension(line, key):
    if key not in DIMENSIONS:
        raise Refused("ValidationException", f"The bill of the emulation has no dimension {key}.")
    return DIMENSIONS[key](line)


def compared(value, condition):
    options = condition.get("MatchOptions", ["EQUALS"])
    if "ABSENT" in options:
        return not value
    if "STARTS_WITH" in options:
        return any(value.startswith(start) for start in condition["Values"])
    if "CONTAINS" in options:
        return any(part in value for part in condition["Values"])
    return value in condition["Values"]


@operation("ce", "GetCostAndUsage")
def get_cost_and_usage(call):
    request = call.request
    start, end = (date.fromisoformat(request["TimePeriod"][name][:10]) for name in ("Start", "End"))
    if start >= end:
        raise Refused("ValidationException", "Start date (and hour) should be before end date (and hour)")
    lines = [line for line in WORLD["costs"] if charged(line, request.get("Filter") or {})]
    results = [
        period(request, begun, ended, [line for line in lines if begun <= day_of(line) < ended])
        for begun, ended in periods(request["Granularity"], start, end)
    ]
    found, token = page(call, results, token="NextPageToken", refusal="InvalidNextTokenException")
    return {"ResultsByTime": found, "NextPageToken": token, "GroupDefinitions": request.get("GroupBy"), "DimensionValueAttributes": []}


def day_of(line):
    return date.today() - timedelta(days=line.get("day", 0))


def periods(granularity, start, end):
    while start < end:
        month = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        until = min(month, end) if granularity == "MONTHLY" else start + timedelta(days=1)
        yield start, until
        start = until


def period(request, start, end, lines):
    groups = {}
    for line in lines:
        groups.setdefault(tuple(group_key(line, group) for group in request.get("GroupBy") or []), []).append(line)
    grouped = [{"Keys": list(keys), "Metrics": metrics(request, part)} for keys, part in sorted(groups.items())]
    return {
        "TimePeriod": {"Start": str(start), "End": str(end)},
        "Total": {} if request.get("GroupBy") else metrics(request, lines),
        "Groups": grouped if request.get("GroupBy") else [],
        "Estimated": end > date.today().replace(day=1),
    }


def group_key(line, group):
    if group["Type"] == "TAG":
        return f"{group['Key']}${line.get('tags', {}).get(group['Key'], '')}"
    return dimension(line, group["Key"])


def metrics(request, lines):
    amount = str(sum(float(line["amount"]) for line in lines) or 0)
    return {metric: {"Amount": amount, "Unit": "USD"} for metric in request["Metrics"]}


# --- anomalies -------------------------------------------------------------------------------------------------------


@operation("ce", "CreateAnomalyMonitor")
def create_anomaly_monitor(call):
    arn = f"arn:aws:ce::{call.account}:anomalymonitor/{uuid.uuid4()}"
    call.table("monitors")[arn] = {**call.request["AnomalyMonitor"], "MonitorArn": arn}
    call.table("tags")[arn] = call.request.get("ResourceTags", [])
    return {"MonitorArn": arn}


@operation("ce", "GetAnomalyMonitors")
def get_anomaly_monitors(call):
    wanted = call.request.get("MonitorArnList")
    listed = [m for arn, m in call.table("monitors").items() if not wanted or arn in wanted]
    found, token = page(call, listed, token="NextPageToken", refusal="InvalidNextTokenException")
    return {"AnomalyMonitors": found, "NextPageToken": token}


@operation("ce", "DeleteAnomalyMonitor")
def delete_anomaly_monitor(call):
    call.table("monitors").pop(call.request["MonitorArn"], None)
    return {}


@operation("ce", "CreateAnomalySubscription")
def create_anomaly_subscription(call):
    arn = f"arn:aws:ce::{call.account}:anomalysubscription/{uuid.uuid4()}"
    subscription = {**call.request["AnomalySubscription"], "SubscriptionArn": arn, "AccountId": call.account}
    call.table("subscriptions")[arn] = subscription
    call.table("tags")[arn] = call.request.get("ResourceTags", [])
    return {"SubscriptionArn": arn}


@operation("ce", "GetAnomalySubscriptions")
def get_anomaly_subscriptions(call):
    wanted = call.request.get("SubscriptionArnList")
    listed = [s for arn, s in call.table("subscriptions").items() if not wanted or arn in wanted]
    found, token = page(call, listed, token="NextPageToken", refusal="InvalidNextTokenException")
    return {"AnomalySubscriptions": found, "NextPageToken": token}


@operation("ce", "DeleteAnomalySubscription")
def delete_anomaly_subscription(call):
    call.table("subscriptions").pop(call.request["SubscriptionArn"], None)
    return {}


@operation("ce", "ListTagsForResource")
def list_cost_explorer_tags(call):
    return {"ResourceTags": call.table("tags").get(call.request["ResourceArn"], [])}
