"""Python of a test, run inside the emulation against its own endpoint: no process to start, nothing to import anew."""

import importlib
import json

import boto3
from botocore.config import Config
from moto.moto_api._internal import moto_api_backend

from . import organization, state

# A retry would hide an answer that a test wants to see.
CONFIG = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, parameter_validation=False)
SESSION = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
CLIENTS = {}


def client(endpoint, service, account="123456789012", region="us-east-1"):
    key = endpoint, service, account, region
    if key not in CLIENTS:
        made = SESSION.client(service, endpoint_url=endpoint.rstrip("/"), region_name=region, config=CONFIG)
        made.meta.events.register("before-sign.*.*", lambda request, **_: request.headers.add_header("x-moto-account-id", account))
        CLIENTS[key] = made
    return CLIENTS[key]


def bound(endpoint):
    """`client` of the emulation at the endpoint."""

    def client_of(service, account="123456789012", region="us-east-1"):
        return client(endpoint, service, account, region)

    return client_of


def run(text, endpoint):
    """Runs a script with `client(service, account=…, region=…)`, `knobs({…})` and `world`; what it leaves in `result`."""
    scope = {"client": bound(endpoint), "knobs": state.merge, "world": state.WORLD, "json": json}
    exec(compile(text, "<script of the test>", "exec"), scope)
    return scope.get("result")


def build(deployment, endpoint):
    return importlib.import_module("world").build(deployment, bound(endpoint), state.merge)


def reset():
    """Empties moto as well."""
    moto_api_backend.reset()
    organization.forget()
