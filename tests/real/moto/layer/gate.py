"""Stands in front of moto: names each request's operation, records it, denies it, answers it or lets it pass."""

import fnmatch
import io
import json
import traceback
import uuid

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from
from werkzeug.exceptions import HTTPException

from . import actions, portal, protocol, quota, script
from .base import BEFORE, OPERATIONS, PASS, Call, Refused, answer
from .state import LOCK, WORLD, merge, reset

# Services that sign with another name than botocore's; Bedrock's runtime is told from its control plane by the path.
SIGNED_AS = {
    "monitoring": ["cloudwatch"],
    "sso": ["sso-admin"],
    "servicequotas": ["service-quotas"],
    "bedrock": ["bedrock", "bedrock-runtime", "bedrock-agent"],
}
UNSIGNED = {"AssumeRoleWithWebIdentity": "sts", "AssumeRoleWithSAML": "sts"}
# Beginnings of paths of services whose requests are not signed.
UNSIGNED_PATHS = {
    "/federation/": "sso",
    "/logout": "sso",
    "/client/register": "sso-oidc",
    "/device_authorization": "sso-oidc",
    "/token": "sso-oidc",
}


class Gate:
    """The emulation as a WSGI application at `endpoint`; `calls` is a file that gets a line SERVICE:OPERATION for each call."""

    def __init__(self, moto, endpoint, calls=None):
        self.moto, self.endpoint, self.file, self.calls = moto, endpoint, calls, []

    def __call__(self, environ, start_response):
        body = read(environ)
        request = Request({**environ, "wsgi.input": io.BytesIO(body)})
        if environ["PATH_INFO"].startswith("/tfgen-"):
            return send(start_response, *self.own(request, body))
        call, uri_parameters = named(request)
        if call is None:
            return self.moto(environ, start_response)
        entry = {
            "service": call.service,
            "operation": call.operation,
            "action": actions.action(call.service, call.operation),
            "account": call.account,
            "region": call.region,
            "status": None,
        }
        with LOCK:
            self.calls.append(entry)
            # What moto sees of S3 is written by its hook in server.py, with the query of the request.
            if self.file and call.service != "s3":
                print(f"{call.service}:{call.operation}", file=self.file, flush=True)

        def noted(status, headers, exc_info=None):
            entry["status"] = int(status.split(" ", 1)[0])
            return start_response(status, headers, exc_info)

        how = protocol.protocol_of(call.service, request)
        try:
            refuse_what_knobs_refuse(call, how)
            if call.service in BEFORE:
                with LOCK:
                    BEFORE[call.service](call)
            if (call.service, call.operation) in OPERATIONS:
                call.request = protocol.parse(call, how, request, uri_parameters)
                with LOCK:
                    answered = answer(call)
                if answered is not PASS:
                    return send(noted, *protocol.serialize(call, how, answered))
        except Refused as error:
            status, headers, body = protocol.refusal(call, how, error)
            return send(noted, status, headers, b"" if request.method == "HEAD" else body)
        except HTTPException as error:
            # An error of moto's own, raised by a backend that the layer uses.
            refused = Refused(getattr(error, "error_type", "InternalFailure"), getattr(error, "message", str(error)))
            return send(noted, *protocol.refusal(call, how, refused))
        except Exception:
            return send(noted, 500, {"Content-Type": "text/plain"}, traceback.format_exc().encode())
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
        return self.moto(environ, noted)

    def own(self, request, body):
        """The endpoints of the tests."""
        if request.path.startswith(quota.PATH):
            return quota.answered(request, body)
        try:
            match request.method, request.path:
                case "POST", "/tfgen-world":
                    merge(json.loads(body))
                    return reply(WORLD)
                case "GET", "/tfgen-world":
                    return reply(WORLD)
                case "POST", "/tfgen-reset":
                    reset()
                    script.reset()
                    return reply({})
                case "GET", "/tfgen-calls":
                    return reply(self.calls)
                case "DELETE", "/tfgen-calls":
                    self.calls.clear()
                    return reply({})
                case "POST", "/tfgen-python":
                    return reply(self.unrecorded(lambda: script.run(body.decode(), self.endpoint)))
                case "POST", "/tfgen-build":
                    return reply(self.unrecorded(lambda: script.build(json.loads(body), self.endpoint)))
        except Exception:
            return 400, {"Content-Type": "text/plain"}, traceback.format_exc().encode()
        return 404, {"Content-Type": "text/plain"}, b"no such endpoint of the layer"

    def unrecorded(self, work):
        """Making a world is nobody's call."""
        before, file = len(self.calls), self.file
        self.file = None
        try:
            return work()
        finally:
            self.file = file
            del self.calls[before:]


def reply(value):
    return 200, {"Content-Type": "application/json"}, json.dumps(value, default=str).encode()


def send(start_response, status, headers, body):
    headers = {"x-amzn-RequestId": str(uuid.uuid4()), **headers, "Content-Length": str(len(body))}
    start_response(f"{status} -", [(name, str(value)) for name, value in headers.items()])
    return [body]


def read(environ):
    """The body, put back for moto. One without a length (chunked) is moto's alone."""
    length = environ.get("CONTENT_LENGTH")
    if not length:
        return b""
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def named(request):
    """The call that a request is, with the parameters of its path; None when it is none that the layer knows."""
    scope = signed_for(request)
    if scope is None:
        action = request.form.get("Action")
        for start, service in UNSIGNED_PATHS.items():
            if request.path.startswith(start):
                account, region = portal.named(request)
                operation, uri_parameters = operation_of(service, request)
                return Call(service, operation, account, region, ""), uri_parameters
        if action not in UNSIGNED:
            return None, {}
        access_key, region, services = "", "us-east-1", [UNSIGNED[action]]
    else:
        access_key, region, name = scope
        services = SIGNED_AS.get(name, [name])
    account = request.headers.get("x-moto-account-id") or get_account_id_from(access_key)
    for service in services:
        try:
            operation, uri_parameters = operation_of(service, request)
        except (UnknownServiceError, OperationNotFoundError, HTTPException, NotImplementedError):
            continue
        if operation:
            return Call(service, operation, account, region, access_key), uri_parameters
    return None, {}


def signed_for(request):
    """Access key, region and service of the signature."""
    try:
        scope = request.headers["Authorization"].split("Credential=", 1)[1].split(",", 1)[0]
        access_key, _, region, service, _ = scope.split("/")
    except (KeyError, IndexError, ValueError):
        return None
    return access_key, region, service


def operation_of(service, request):
    target = request.headers.get("X-Amz-Target")
    if target:
        return target.rsplit(".", 1)[-1], {}
    if request.path.startswith("/service/") and "/operation/" in request.path:
        return request.path.rsplit("/", 1)[-1], {}
    model = get_service_model(service)
    if model.protocol.startswith("rest"):
        operation, uri_parameters = get_service_router(service).match(request)
        return operation.name, uri_parameters
    return request.values.get("Action"), {}


def refuse_what_knobs_refuse(call, how):
    for pattern in WORLD["deny"]:
        if matches(pattern, call):
            raise denied(call, how)
    for pattern, error in WORLD["errors"].items():
        if matches(pattern, call):
            raise Refused(error["code"], error.get("message", error["code"]), error.get("status"))


def matches(pattern, call):
    account, _, name = pattern.rpartition("/")
    if account and account != call.account:
        return False
    names = (f"{call.service}:{call.operation}", actions.action(call.service, call.operation))
    return any(fnmatch.fnmatchcase(known, name) for known in names)


def denied(call, how):
    action = actions.action(call.service, call.operation)
    message = f"User: {call.principal} is not authorized to perform: {action} on resource: * because no identity-based policy allows the {action} action"
    return Refused(protocol.denied_code(call.service, how), message)
