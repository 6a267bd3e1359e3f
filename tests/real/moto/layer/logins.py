"""Logins of Identity Center by a code that somebody confirms (device authorization). Its requests are not signed.

Nobody looks at the page of the portal here: the knob `sign_ins` says who confirms which code.
"""

import secrets
from datetime import timedelta

from . import portal
from .base import Refused, now, operation
from .state import STORE, WORLD

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH = "refresh_token"
# What the model says of the errors: names of RFC 6749 and RFC 8628.
ERRORS = {
    "AccessDeniedException": "access_denied",
    "AuthorizationPendingException": "authorization_pending",
    "ExpiredTokenException": "expired_token",
    "InvalidClientException": "invalid_client",
    "InvalidGrantException": "invalid_grant",
    "InvalidRequestException": "invalid_request",
    "UnsupportedGrantTypeException": "unsupported_grant_type",
}
# No vowels and nothing that looks like something else, as in AWS's codes.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
REGISTERED = timedelta(days=90)
CODE_SECONDS = 600
TOKEN_SECONDS = 8 * 3600


def refused(code, description):
    return Refused(code, description, error=ERRORS[code], error_description=description)


def table(name):
    return STORE.setdefault(("sso-oidc", "", name), {})


def registered(call):
    """The client of a call, which proves itself."""
    client = table("clients").get(call.request["clientId"])
    if client is None or client != call.request["clientSecret"]:
        raise refused("InvalidClientException", "The client is unknown, or its secret another one.")
    return call.request["clientId"]


@operation("sso-oidc", "RegisterClient")
def register_client(call):
    if call.request["clientType"] != "public":
        raise refused("InvalidRequestException", "Only public clients are registered.")
    identifier, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
    table("clients")[identifier] = secret
    return {
        "clientId": identifier,
        "clientSecret": secret,
        "clientIdIssuedAt": int(now().timestamp()),
        "clientSecretExpiresAt": int((now() + REGISTERED).timestamp()),
    }


@operation("sso-oidc", "StartDeviceAuthorization")
def start_device_authorization(call):
    client = registered(call)
    if not call.request["startUrl"].startswith("https://"):
        raise refused("InvalidRequestException", "The start URL is no access portal.")
    code, device = ("".join(secrets.choice(LETTERS) for _ in range(8)) for _ in range(2))
    code, device = f"{code[:4]}-{code[4:]}", f"{device}-{secrets.token_urlsafe(32)}"
    table("devices")[device] = {"client": client, "code": code}
    page = call.request["startUrl"].rstrip("/") + "/#/device"
    return {
        "deviceCode": device,
        "userCode": code,
        "verificationUri": page,
        "verificationUriComplete": f"{page}?user_code={code}",
        "expiresIn": CODE_SECONDS,
        "interval": 1,
    }


@operation("sso-oidc", "CreateToken")
def create_token(call):
    client, grant = registered(call), call.request["grantType"]
    if grant == DEVICE:
        return issued(client, confirmed(client, call.request.get("deviceCode")))
    if grant == REFRESH:
        # Each is good once.
        kept = table("refresh").pop(call.request.get("refreshToken"), None)
        if kept is None or kept["client"] != client:
            raise refused("InvalidGrantException", "The refresh token is not valid.")
        return issued(client, kept["user"])
    raise refused("UnsupportedGrantTypeException", f"The grant {grant} is not supported.")


def confirmed(client, device):
    """Who has confirmed the code of a device, which is good once."""
    started = table("devices").get(device)
    if started is None or started["client"] != client:
        raise refused("InvalidGrantException", "The device code is not valid.")
    said = WORLD["sign_ins"].get(started["code"])
    if said is None:
        raise refused("AuthorizationPendingException", "Nobody has confirmed the code yet.")
    del table("devices")[device]
    if said == "denied":
        raise refused("AccessDeniedException", "The request was denied.")
    if said == "expired":
        raise refused("ExpiredTokenException", "The code is no longer good.")
    return said


def issued(client, user):
    refresh = secrets.token_urlsafe(48)
    table("refresh")[refresh] = {"client": client, "user": user}
    return {
        "accessToken": portal.signed_in(user),
        "tokenType": "Bearer",
        "expiresIn": TOKEN_SECONDS,
        "refreshToken": refresh,
    }
