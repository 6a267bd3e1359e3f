"""Operations of the layer: checked input in, checked answer out."""

import base64
import random
import re
import string
from datetime import datetime, timezone

from moto.core.utils import get_service_model
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from .shapes import problems
from .state import STORE, WORLD

ALPHANUMERIC = string.ascii_lowercase + string.digits
# (service, operation): function of a call to its answer.
OPERATIONS = {}
# Service: function of a call, before each of its operations, moto's as well.
BEFORE = {}
# Where AWS's answers break its model: dots in the names of the system's inference profiles, more than five models in
# them, and ARNs of models without a region in global ones.
BROKEN_BY_AWS = re.compile(r"InferenceProfiles?Response\.(inferenceProfileSummaries\[\d+\]\.)?(inferenceProfileName|models)")
# The answer of an operation that leaves this call to moto.
PASS = object()


class Refused(Exception):
    """An error answer of AWS."""

    def __init__(self, code, message, status=None, **members):
        super().__init__(code, message)
        self.code, self.message, self.status, self.members = code, message, status, members


class Call:
    """One request: what is called, by whom, where, with what."""

    def __init__(self, service, operation, account, region, access_key):
        self.service, self.operation = service, operation
        self.account, self.region, self.access_key = account, region, access_key
        self.request = {}

    @property
    def partition(self):
        return get_partition(self.region)

    @property
    def principal(self):
        return sts_backends[self.account][self.partition].get_caller_identity(self.access_key, self.region)[1]

    def table(self, name, region=None):
        """Objects of one kind in the caller's account and region."""
        return STORE.setdefault((self.account, region or self.region, name), {})


def operation(service, name):
    """Adds an operation to the layer."""

    def decorate(function):
        OPERATIONS[service, name] = function
        return function

    return decorate


def before(service):
    def decorate(function):
        BEFORE[service] = function
        return function

    return decorate


def answer(call):
    """The checked answer to a call with a parsed request."""
    model = get_service_model(call.service).operation_model(call.operation)
    if model.input_shape is not None:
        found = problems(model.input_shape, call.request, call.operation)
        if found:
            raise Refused(invalid(call.service), "; ".join(found))
    answered = OPERATIONS[call.service, call.operation](call)
    if answered is PASS:
        return PASS
    answered = without_none(answered)
    if model.output_shape is not None:
        found = problems(model.output_shape, answered, f"{call.operation}Response")
        found = [problem for problem in found if not BROKEN_BY_AWS.search(problem)]
        if WORLD["new_values"]:
            found = [problem for problem in found if " is none of " not in problem]
        assert not found, found
    return answered


def invalid(service):
    """The code of a service for input that breaks its model."""
    codes = {"athena": "InvalidRequestException", "budgets": "InvalidParameterException", "sns": "InvalidParameter"}
    return codes.get(service, "ValidationException")


def without_none(value):
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_none(item) for item in value]
    return value


def page(call, items, token="NextToken", limit="MaxResults", longest=100, refusal="ValidationException"):
    """The part of `items` that the call asks for, and the token of the next one."""
    given = call.request.get(token)
    if given is None:
        if WORLD["empty_pages"]:
            return [], written(0)
        start = 0
    else:
        try:
            start = int(base64.b64decode(given, validate=True).removeprefix(b"page:"))
        except ValueError:
            raise Refused(refusal, "The token is not one of this operation's.") from None
    length = min(call.request.get(limit) or longest, longest, WORLD["page_size"] or longest)
    end = start + length
    return items[start:end], written(end) if end < len(items) else None


def written(start):
    return base64.b64encode(f"page:{start}".encode()).decode()


def now():
    return datetime.now(timezone.utc)


def short_id():
    return "".join(random.choices(ALPHANUMERIC, k=12))


def missing(what):
    return Refused("ResourceNotFoundException", f"{what} was not found")
