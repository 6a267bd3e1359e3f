"""Calls every operation of the layer through boto3, in the world of world.py, and compares what boto3 reads from each
answer with botocore's model: of what the operation answers, of its errors, of a denial, and of its pages.

`drive` answers {driven: [operation], problems: [text]}; the test wants every operation of the layer driven, and no problem.
"""

import re

import calls
from botocore.exceptions import ClientError
from layer.base import BROKEN_BY_AWS, OPERATIONS
from layer.shapes import problems

TOKENS = ("NextToken", "nextToken", "NextPageToken", "Marker")
REPEATED = {"GroupDefinitions", "DimensionValueAttributes"}
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
# The answer to HEAD has no body that could say more than its status.
HEAD = {"Code": "403", "Message": "Forbidden"}
# Codes that AWS sends without modelling them for each service.
COMMON = {"ValidationException", "InvalidInput", *DENIED}
# boto3 reads IAM's documents, which are text in an answer.
READ_AS_JSON = re.compile(r"(PolicyDocument): expected a string$")


class Drive:
    def __init__(self, client, knobs):
        self.client, self.knobs = client, knobs
        self.answered, self.problems = {}, []

    def __call__(self, service, method, account="123456789012", refused=None, region="us-east-1", **parameters):
        """The checked answer of a call, or None when it was refused with the code that is expected."""
        client = self.client(service, account=account, region=region)
        name = client.meta.method_to_api_mapping[method]
        where = f"{service}:{name}"
        try:
            answer = getattr(client, method)(**parameters)
        except ClientError as error:
            self.compare_refusal(client, where, error, refused)
            return None
        if refused:
            self.problems.append(f"{where} was not refused with {refused}")
        answer.pop("ResponseMetadata")
        if (service, name) not in self.answered:
            self.answered[service, name] = client, method, parameters
            self.compare_pages(service, name)
        shape = client.meta.service_model.operation_model(name).output_shape
        if shape is not None:
            self.problems += compared(shape, answer, where)
        return answer

    def compare_refusal(self, client, where, error, expected):
        code = error.response["Error"]["Code"]
        if code != expected:
            self.problems.append(f"{where}: {code}, not {expected}: {error}")
        modelled = {name for shape in client.meta.service_model.error_shapes for name in (shape.error_code, shape.name)}
        if code not in modelled | COMMON:
            self.problems.append(f"{where}: the model has no error {code}")
        if not error.response["Error"].get("Message"):
            self.problems.append(f"{where}: the error {code} has no message")

    def denials(self):
        """Each operation once more, denied."""
        self.knobs({"deny": ["*"]})
        for (service, name), (client, method, parameters) in self.answered.items():
            try:
                getattr(client, method)(**parameters)
                self.problems.append(f"{service}:{name} was not denied")
            except ClientError as error:
                told = error.response["Error"]
                if told != HEAD and (told["Code"] not in DENIED or "is not authorized to perform" not in told["Message"]):
                    self.problems.append(f"{service}:{name} was denied as {told}")
        self.knobs({"deny": []})

    def compare_pages(self, service, name):
        """What an operation lists is the same in pages of one, after an empty one."""
        client, method, parameters = self.answered[service, name]
        shape = client.meta.service_model.operation_model(name).input_shape
        token = next((token for token in TOKENS if shape and token in shape.members), None)
        if token is None or (service, name) not in OPERATIONS:
            return
        whole = self.gather(client, method, parameters, token)
        self.knobs({"page_size": 1, "empty_pages": True})
        parts = self.gather(client, method, parameters, token)
        self.knobs({"page_size": None, "empty_pages": False})
        if whole[0] != parts[0] or parts[1] != max(whole[0], 1) + 1:
            self.problems.append(f"{service}:{name}: {whole} items and pages, in pages of one {parts}")

    def gather(self, client, method, parameters, token):
        """Items and pages. Cost Explorer repeats in each page what was asked."""
        items, pages, given = 0, 0, {}
        while True:
            answer = getattr(client, method)(**{**parameters, **given})
            answer.pop("ResponseMetadata")
            members = {**answer, **answer.get("ResultSet", {})}
            lists = [value for key, value in members.items() if isinstance(value, list) and key not in REPEATED]
            items += len(lists[0]) if lists else 0
            pages += 1
            following = next((answer[key] for key in (token, "nextToken") if answer.get(key)), None)
            if following is None:
                return items, pages
            given = {token: following}


def compared(shape, answer, where):
    """Problems of what boto3 read; streams are read whole."""
    read = {key: value.read() if hasattr(value, "read") else value for key, value in answer.items()}
    found = problems(shape, read, f"{where.rsplit(':', 1)[-1]}Response")
    return [f"{where}: {problem}" for problem in found if not BROKEN_BY_AWS.search(problem) and not READ_AS_JSON.search(problem)]


def drive(client, knobs):
    run = Drive(client, knobs)
    for part in calls.PARTS:
        part(run)
    run.denials()
    missing = sorted(f"{service}:{name}" for service, name in OPERATIONS if (service, name) not in run.answered)
    return {"missing": missing, "problems": run.problems, "driven": len(run.answered)}
