"""The access portal of Identity Center: keys of a role for whoever has signed in. Its requests are not signed."""

import secrets
from datetime import timedelta

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from .base import Refused, missing, now, operation
from .state import STORE, WORLD

# The token of somebody who has signed in: this, and the user name.
SIGNED_IN = "signed-in-as:"
HOURS = 8


def sessions():
    """Users by the tokens of their logins (logins.py)."""
    return STORE.setdefault(("sso", "", "sessions"), {})


def signed_in(user):
    """The token of a new login."""
    token = secrets.token_urlsafe(48)
    sessions()[token] = user
    return token


def user_of(token):
    if token.startswith(SIGNED_IN):
        return token.removeprefix(SIGNED_IN)
    user = sessions().get(token)
    if user is None:
        raise Refused("UnauthorizedException", "Session token not found or invalid")
    return user


def named(request):
    """Account and region of a request to the portal."""
    return request.args.get("account_id", ""), WORLD["identity_center"]["region"]


@operation("sso", "Logout")
def logout(call):
    user_of(call.request["accessToken"])
    sessions().pop(call.request["accessToken"], None)
    return {}


@operation("sso", "GetRoleCredentials")
def get_role_credentials(call):
    user = user_of(call.request["accessToken"])
    start = f"AWSReservedSSO_{call.request['roleName']}_"
    roles = [role for role in iam_backends[call.account][call.partition].get_roles() if role.name.startswith(start)]
    if not roles:
        raise missing(f"The role {call.request['roleName']}")
    session = sts_backends[call.account][call.partition].assume_role(
        region_name=call.region,
        role_session_name=user,
        role_arn=roles[0].arn,
        policy=None,
        duration=HOURS * 3600,
        external_id=None,
    )
    return {
        "roleCredentials": {
            "accessKeyId": session.access_key_id,
            "secretAccessKey": session.secret_access_key,
            "sessionToken": session.session_token,
            "expiration": int((now() + timedelta(hours=HOURS)).timestamp() * 1000),
        }
    }
