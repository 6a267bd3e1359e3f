"""The knobs of the emulation: what no API of AWS sets, as one JSON object.

`POST /tfgen-world` merges its body into the object (objects key by key, other values replace, null takes a key away),
`GET /tfgen-world` answers the object. An operation is written as `SERVICE:Operation`, by botocore's name of the service or
the IAM prefix, `*` for any; with `ACCOUNT/` before it for calls from that account alone.

deny              [operation]: answered with AWS's AccessDenied of the service's protocol
errors            {operation: {code, message?, status?}}: answered with that error
page_size         longest page of every paginated operation of the layer
empty_pages       true: the first page of each is empty and has a token
new_values        true: answers may have values that the model does not list, as AWS adds them

organization      {delegates: [account]: answered as the management account is; states: {account: State}: AccountState and
                  State of accounts; without_state: true: the retired Status alone, as before September 2026}
region_opt        {region: RegionOptStatus}, else ENABLED_BY_DEFAULT
account           {name, state} of GetAccountInformation; state null: as the organization has it

bedrock           {profiles: {region or "*": [{id, name, models: [ARN or "REGION/MODEL ID"]}]}: system profiles;
                  agreements: {model or "*": AVAILABLE | PENDING | NOT_AVAILABLE | ERROR}; agreement_error: its message;
                  entitlements, authorizations, regions: {model or "*": status};
                  next_agreement: what an accepted agreement becomes, AVAILABLE or PENDING;
                  use_case: {account: form as text}: accounts that have handed in the form;
                  invoke_denied: true: InvokeModel is denied by the account's model access;
                  retention: mode of GetAccountDataRetention}
quotas            {name of a quota: value}: added to or changed in ListServiceQuotas of bedrock

cost_tags         {key: {status, type?, updated?, used?}}: allocation tags as payer sees them, updated in seconds ago
tag_values        {key: [value]}: answer of ce:GetTags
backfill          PROCESSING | SUCCEEDED | FAILED: of backfills that were started
costs             [{service, amount, billing_entity?, account?, record_type?, day?, tags?}]: the bill, day as days ago

scp               {denied: [action], allowed: [action], default: true | false, omit: true}: AllowedByOrganizations of
                  the simulator; omit leaves the detail out
simulated         allowed | implicitDeny | explicitDeny: EvalDecision where the organization allows

identity_center   {account, region, instance_arn, identity_store_id, status, status_reason, name, administrators:
                  [account], permission_sets: true | false, present: true | false}
sign_ins          {user code: user name | "denied" | "expired"}: what became of a code of device authorization
assignments       SUCCEEDED | IN_PROGRESS | FAILED: of assignments; while IN_PROGRESS an assignment has no effect
provisioning      SUCCEEDED | IN_PROGRESS | FAILED: of provisioned permission sets
external_ids      {user or group name or "*": [{Issuer, Id}]}: what SCIM leaves; [] for one made by hand

subscriptions     {endpoint or "*": pending | confirmed | deleted | absent} of e-mail and http(s) subscriptions
budgets           {budget or "*": {actual, forecast, health, health_reason, alarm: true}}
athena            {columns: [name], rows: [[value]], state, reason, polls: answers of RUNNING before it, retryable,
                  queries: [{contains, columns, rows, …}]: the first whose text is in the query}
metrics           {"NAMESPACE/METRIC": sum}: of CloudWatch in the asked period
"""

import copy
import threading

DEFAULTS = {
    "deny": [],
    "errors": {},
    "page_size": None,
    "empty_pages": False,
    "new_values": False,
    "organization": {"delegates": [], "states": {}, "without_state": False},
    "region_opt": {},
    "account": {"name": "claude-code", "state": None},
    "bedrock": {
        "profiles": {},
        "agreements": {"*": "NOT_AVAILABLE"},
        "agreement_error": "The agreement could not be made.",
        "entitlements": {"*": "AVAILABLE"},
        "authorizations": {"*": "AUTHORIZED"},
        "regions": {"*": "AVAILABLE"},
        "next_agreement": "AVAILABLE",
        "use_case": {},
        "invoke_denied": False,
        "retention": "default",
    },
    "quotas": {},
    "cost_tags": {},
    "tag_values": {},
    "backfill": "PROCESSING",
    "costs": [],
    "scp": {"denied": [], "allowed": [], "default": True, "omit": False},
    "simulated": "allowed",
    # The ids of examples/acme.hcl.
    "identity_center": {
        "account": "999999999999",
        "region": "us-east-1",
        "instance_arn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "identity_store_id": "d-1234567890",
        "status": "ACTIVE",
        "status_reason": None,
        "name": "acme",
        "administrators": [],
        "permission_sets": True,
        "present": True,
    },
    "sign_ins": {},
    "assignments": "SUCCEEDED",
    "provisioning": "SUCCEEDED",
    "external_ids": {},
    "subscriptions": {"*": "pending"},
    "budgets": {},
    "athena": {"columns": [], "rows": [], "state": "SUCCEEDED", "reason": None, "polls": 0, "retryable": False, "queries": []},
    "metrics": {},
}

WORLD = copy.deepcopy(DEFAULTS)
# Objects that the layer keeps itself: by account, region and kind.
STORE = {}
LOCK = threading.RLock()


def reset():
    with LOCK:
        WORLD.clear()
        WORLD.update(copy.deepcopy(DEFAULTS))
        STORE.clear()


def merge(changes, into=None):
    with LOCK:
        target = WORLD if into is None else into
        for key, value in changes.items():
            if value is None and into is not None:
                target.pop(key, None)
            elif isinstance(value, dict) and isinstance(target.get(key), dict):
                merge(value, target[key])
            else:
                target[key] = value


def chosen(table, key, otherwise=None):
    """The entry of `key`, else that of `*`."""
    return table.get(key, table.get("*", otherwise))
