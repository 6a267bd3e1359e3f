"""Budgets: moto's own, behind AWS's model, with what AWS computes set by knobs."""

from moto.budgets.models import budgets_backends

from .base import Refused, operation, page
from .state import WORLD, chosen


def budgets_of(call):
    return budgets_backends[call.account][call.partition].budgets[call.request["AccountId"]]


def budget_of(call, name):
    budget = budgets_of(call).get(name)
    if budget is None:
        raise Refused("NotFoundException", f"Unable to get budget: {name} - the budget doesn't exist.")
    return budget


def described(budget):
    """A budget with the spend and the health that a knob says."""
    knob = chosen(WORLD["budgets"], budget.budget["BudgetName"], {})
    answer = budget.to_dict()
    answer["CalculatedSpend"] = {
        "ActualSpend": {"Amount": str(knob.get("actual", "0")), "Unit": "USD"},
        "ForecastedSpend": {"Amount": str(knob["forecast"]), "Unit": "USD"} if "forecast" in knob else None,
    }
    answer["HealthStatus"] = {
        "Status": knob.get("health", "HEALTHY"),
        "StatusReason": knob.get("health_reason"),
        "LastUpdatedTime": answer.get("LastUpdatedTime"),
    }
    return answer


@operation("budgets", "DescribeBudget")
def describe_budget(call):
    return {"Budget": described(budget_of(call, call.request["BudgetName"]))}


@operation("budgets", "DescribeBudgets")
def describe_budgets(call):
    found, token = page(call, [described(budget) for budget in budgets_of(call).values()])
    return {"Budgets": found, "NextToken": token}


@operation("budgets", "DescribeNotificationsForBudget")
def describe_notifications_for_budget(call):
    name = call.request["BudgetName"]
    state = "ALARM" if chosen(WORLD["budgets"], name, {}).get("alarm") else "OK"
    notifications = [{**entry.details, "NotificationState": state} for entry in budget_of(call, name).notifications]
    found, token = page(call, notifications)
    return {"Notifications": found, "NextToken": token}


@operation("budgets", "DescribeSubscribersForNotification")
def describe_subscribers_for_notification(call):
    def same(details):
        keys = {"NotificationType": None, "ComparisonOperator": None, "Threshold": None, "ThresholdType": "PERCENTAGE"}
        wanted = call.request["Notification"]
        return all(details.get(key, otherwise) == wanted.get(key, otherwise) for key, otherwise in keys.items())

    for notification in budget_of(call, call.request["BudgetName"]).notifications:
        if same(notification.details):
            found, token = page(call, notification.subscribers)
            return {"Subscribers": found or None, "NextToken": token}
    raise Refused("NotFoundException", "Unable to get subscribers: the notification doesn't exist.")


@operation("budgets", "UpdateBudget")
def update_budget(call):
    budget_of(call, call.request["NewBudget"]["BudgetName"]).budget.update(call.request["NewBudget"])
    return {}


@operation("budgets", "ListTagsForResource")
def list_budget_tags(call):
    return {"ResourceTags": call.table("tags").get(call.request["ResourceARN"], [])}


@operation("budgets", "TagResource")
def tag_budget(call):
    call.table("tags")[call.request["ResourceARN"]] = call.request["ResourceTags"]
    return {}


@operation("budgets", "CreateBudget")
def create_budget(call):
    """At most 10 notifications, 1 to 11 subscribers, no colon in the name."""
    notifications = call.request.get("NotificationsWithSubscribers", [])
    if len(notifications) > 10:
        raise Refused("InvalidParameterException", "more than 10 notifications")
    backend = budgets_backends[call.account][call.partition]
    backend.create_budget(call.request["AccountId"], call.request["Budget"], notifications)
    arn = f"arn:aws:budgets::{call.request['AccountId']}:budget/{call.request['Budget']['BudgetName']}"
    call.table("tags")[arn] = call.request.get("ResourceTags", [])
    return {}
