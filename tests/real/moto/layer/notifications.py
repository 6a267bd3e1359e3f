"""SNS: a subscription of an e-mail address or a web endpoint has no effect until it is confirmed."""

from moto.sns.models import sns_backends

from .base import Refused, before, operation, page
from .state import WORLD, chosen

CONFIRMED_BY_HAND = {"email", "email-json", "http", "https"}
STATES = {"pending", "confirmed", "deleted", "absent"}


def state_of(subscription):
    if subscription.protocol not in CONFIRMED_BY_HAND:
        return "confirmed"
    state = chosen(WORLD["subscriptions"], subscription.endpoint, "pending")
    assert state in STATES, state
    return state


@before("sns")
def attributes_follow_the_knob(call):
    for subscription in sns_backends[call.account][call.region].subscriptions.values():
        pending = state_of(subscription) == "pending"
        subscription.attributes["PendingConfirmation"] = "true" if pending else "false"


@operation("sns", "Subscribe")
def subscribe(call):
    """An endpoint that was removed waits for its confirmation again."""
    request = call.request
    if WORLD["subscriptions"].get(request.get("Endpoint")) in ("deleted", "absent"):
        WORLD["subscriptions"][request["Endpoint"]] = "pending"
    backend = sns_backends[call.account][call.region]
    if request["TopicArn"] not in backend.topics:
        raise Refused("NotFound", "Topic does not exist", 404)
    made = backend.subscribe(request["TopicArn"], request.get("Endpoint"), request["Protocol"])
    for name, value in (request.get("Attributes") or {}).items():
        backend.set_subscription_attributes(made.arn, name, value)
    attributes_follow_the_knob(call)
    shown = state_of(made) != "pending" or request.get("ReturnSubscriptionArn")
    return {"SubscriptionArn": made.arn if shown else "pending confirmation"}


def listed(call, subscriptions):
    arns = {"pending": "PendingConfirmation", "deleted": "Deleted"}
    entries = [
        {
            "SubscriptionArn": arns.get(state_of(entry), entry.arn),
            "Owner": entry.owner,
            "Protocol": entry.protocol,
            "Endpoint": entry.endpoint,
            "TopicArn": entry.topic.arn,
        }
        for entry in subscriptions
        if state_of(entry) != "absent"
    ]
    found, token = page(call, entries)
    return {"Subscriptions": found, "NextToken": token}


@operation("sns", "ListSubscriptionsByTopic")
def list_subscriptions_by_topic(call):
    backend = sns_backends[call.account][call.region]
    topic = call.request["TopicArn"]
    if topic not in backend.topics:
        raise Refused("NotFound", "Topic does not exist", 404)
    return listed(call, [entry for entry in backend.subscriptions.values() if entry.topic.arn == topic])


@operation("sns", "ListSubscriptions")
def list_subscriptions(call):
    return listed(call, list(sns_backends[call.account][call.region].subscriptions.values()))
