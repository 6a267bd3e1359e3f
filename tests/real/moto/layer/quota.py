"""Quota services as deployments have them: an API of Amazon API Gateway, whose authorizer lets nobody through whom it does not know.

An id_token is verified by the issuer's keys (joserfc), a signature by making it once more (botocore's own signer) with the secret
that STS gave out. What the service then answers is the test's.

  POST /tfgen-quota/NAME        makes one, or changes it: {"issuer", "audience", "region", "status", "answer", "delay", "ahead"}
  GET  /tfgen-quota/NAME        what it was asked: [{"path", "who" or "refused"}]
  GET  /tfgen-quota/NAME/check  is the service

`delay` is seconds before an answer, `ahead` the seconds by which its clock is ahead.
"""

import json
import re
import time
import urllib.request
from datetime import datetime, timezone

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from moto.iam.models import get_account_id_from
from moto.sts.models import sts_backends

PATH = "/tfgen-quota/"
# Seconds that a request may be off: AWS's.
SKEW = 300
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)
SIGNED = ["host", "x-amz-date", "x-amz-security-token"]
DEFAULTS = {
    "issuer": None,
    "audience": None,
    "region": "us-east-1",
    "status": 200,
    "answer": {"allowed": True},
    "delay": 0,
    "ahead": 0,
}
SERVICES = {}


class Unknown(Exception):
    """Whom the authorizer does not know: the status of its refusal, and why."""

    def __init__(self, status, why):
        super().__init__(why)
        self.status, self.why = status, why


def answered(request, body):
    name, _, path = request.path.removeprefix(PATH).partition("/")
    if request.method == "POST":
        service = SERVICES.setdefault(name, {**DEFAULTS, "asked": []})
        service.update(json.loads(body))
        return reply(200, {})
    service = SERVICES.get(name)
    if service is None:
        return reply(404, {"message": "Not Found"})
    if not path:
        return reply(200, service["asked"])
    entry = {"path": path}
    service["asked"].append(entry)
    try:
        entry["who"] = caller(request, service)
    except Unknown as unknown:
        entry["refused"] = unknown.why
        # API Gateway says no more than that.
        return reply(unknown.status, {"message": "Unauthorized" if unknown.status == 401 else "Forbidden"})
    time.sleep(service["delay"])
    return reply(service["status"], service["answer"])


def reply(status, value):
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def caller(request, service):
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith("Bearer "):
        return person(authorization.removeprefix("Bearer "), service)
    if authorization.startswith("AWS4-HMAC-SHA256 "):
        return session(request, authorization, service)
    raise Unknown(401, "nobody")


def person(token, service):
    """The e-mail address of an id_token."""
    try:
        verified = jwt.decode(token, keys_of(service["issuer"]), algorithms=["RS256"])
        registry = jwt.JWTClaimsRegistry(
            now=int(time.time()) + service["ahead"],
            iss={"essential": True, "value": service["issuer"]},
            aud={"essential": True, "value": service["audience"]},
            exp={"essential": True},
        )
        registry.validate(verified.claims)
    except JoseError as error:
        raise Unknown(401, error.error) from None
    return verified.claims["email"]


def keys_of(issuer):
    def read(url):
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)

    return KeySet.import_key_set(read(read(f"{issuer}/.well-known/openid-configuration")["jwks_uri"]))


def session(request, authorization, service):
    """The ARN of the session whose credentials have signed."""
    given = AUTHORIZATION.fullmatch(authorization)
    if given is None or given["headers"].split(";") != SIGNED:
        raise Unknown(403, "what is no signature of this request")
    date = request.headers["X-Amz-Date"]
    at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
    if abs(time.time() + service["ahead"] - at) > SKEW:
        raise Unknown(403, "a signature of another time")
    backend = sts_backends[get_account_id_from(given["id"])]["aws"]
    held = backend.get_assumed_role_from_access_key(given["id"])
    if held is None or request.headers["X-Amz-Security-Token"] != held.session_token:
        raise Unknown(403, "a session that is unknown")
    signed = AWSRequest(request.method, request.base_url, headers={name: request.headers[name] for name in SIGNED})
    signed.context["timestamp"] = date
    keys = Credentials(held.access_key_id, held.secret_access_key, held.session_token)
    signer = SigV4Auth(keys, "execute-api", service["region"])
    text = signer.string_to_sign(signed, signer.canonical_request(signed))
    if signer.signature(text, signed) != given["signature"]:
        raise Unknown(403, "a wrong signature")
    return held.arn
