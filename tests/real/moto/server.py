"""moto behind the layer of this folder, which adds what moto lacks and our roots and checks need.

Each added operation checks its input and its answer against botocore's service model (required members, types, lengths,
patterns, enums): what AWS's model forbids is refused here too. They are ours, so they prove plumbing only; see docs/testing.md.
The knobs of a test are listed in layer/state.py.

Usage: server.py PORT [FILE]; each call is written to FILE, as SERVICE:OPERATION, for S3 as s3:METHOD TYPE and query.
"""

import os
import stat
import sys
import threading

from layer import (  # noqa: F401 (each adds its operations)
    access,
    account,
    athena,
    budgets,
    cost_explorer,
    guardrails,
    identity,
    identity_center,
    identity_pools,
    identity_store,
    logins,
    metrics,
    notifications,
    organization,
    portal,
    profiles,
    storage,
)
from layer.gate import Gate
from moto.iam.access_control import PermissionResult
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from werkzeug.serving import run_simple


class Handler(MotoRequestHandler):
    """Keeps the header of the access portal: the server drops names with an underscore."""

    def make_environ(self):
        environ = super().make_environ()
        token = self.headers.get("x-amz-sso_bearer_token")
        return {**environ, "HTTP_X_AMZ_SSO_BEARER_TOKEN": token} if token else environ


def record_s3(calls):
    """Writes a line for each call of S3 that moto sees."""
    original = S3Response._set_action

    def recorded(self, kind, method, query):
        print(f"s3:{method} {kind} {' '.join(sorted(query))}", file=calls, flush=True)
        return original(self, kind, method, query)

    S3Response._set_action = recorded


def end_with_parent():
    """A test that is killed closes the pipe that is our standard input."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=end_with_parent, daemon=True).start()
    port, calls = int(sys.argv[1]), None
    if len(sys.argv) > 2:
        calls = open(sys.argv[2], "a")
        record_s3(calls)
    # moto evaluates bucket policies without their conditions: "deny without TLS" would deny everything.
    FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL
    os.environ.setdefault("MOTO_PORT", str(port))
    moto = DomainDispatcherApplication(create_backend_app)
    moto.debug = True
    gate = Gate(moto, f"http://127.0.0.1:{port}", calls)
    run_simple("127.0.0.1", port, gate, threaded=True, request_handler=Handler)
