"""Athena: workgroups that do not exist, and queries whose states and rows are knobs. No SQL is run."""

import uuid

from moto.athena.models import athena_backends

from .base import PASS, Refused, now, operation, page
from .state import WORLD


def workgroup_of(call, name):
    found = athena_backends[call.account][call.region].work_groups.get(name)
    if found is None:
        raise Refused("InvalidRequestException", f"WorkGroup {name} is not found.")
    return found


@operation("athena", "GetWorkGroup")
def get_work_group(call):
    workgroup_of(call, call.request["WorkGroup"])
    return PASS


@operation("athena", "DeleteNamedQuery")
def delete_named_query(call):
    queries = athena_backends[call.account][call.region].named_queries
    if queries.pop(call.request["NamedQueryId"], None) is None:
        raise Refused("InvalidRequestException", f"NamedQuery {call.request['NamedQueryId']} was not found")
    return {}


@operation("athena", "StartQueryExecution")
def start_query_execution(call):
    request = call.request
    workgroup = workgroup_of(call, request.get("WorkGroup") or "primary")
    if workgroup.state == "DISABLED":
        raise Refused("InvalidRequestException", f"WorkGroup {workgroup.name} is disabled.")
    own = (workgroup.configuration.get("ResultConfiguration") or {}).get("OutputLocation")
    asked = (request.get("ResultConfiguration") or {}).get("OutputLocation")
    enforced = workgroup.configuration.get("EnforceWorkGroupConfiguration", True)
    location = (own or asked) if enforced else (asked or own)
    if not location:
        raise Refused("InvalidRequestException", "No output location provided.")
    identifier = str(uuid.uuid4())
    call.table("executions")[identifier] = {
        "query": request["QueryString"],
        "context": request.get("QueryExecutionContext") or {},
        "workgroup": workgroup.name,
        "location": f"{location.rstrip('/')}/{identifier}.csv",
        "submitted": now(),
        "answers": 0,
    }
    return {"QueryExecutionId": identifier}


def outcome_of(execution):
    """What the knob says of a query: the first entry of `queries` whose text is in it, over the rest."""
    knob = WORLD["athena"]
    for entry in knob["queries"]:
        if entry["contains"] in execution["query"]:
            return {**knob, **entry}
    return knob


def execution_of(call):
    found = call.table("executions").get(call.request["QueryExecutionId"])
    if found is None:
        raise Refused("InvalidRequestException", f"QueryExecution {call.request['QueryExecutionId']} was not found")
    return found


def state_of(execution):
    outcome = outcome_of(execution)
    if execution.get("stopped"):
        return "CANCELLED"
    if execution["answers"] <= outcome["polls"]:
        return "QUEUED" if execution["answers"] == 1 and outcome["polls"] > 1 else "RUNNING"
    return outcome["state"]


@operation("athena", "GetQueryExecution")
def get_query_execution(call):
    execution = execution_of(call)
    execution["answers"] += 1
    outcome, state = outcome_of(execution), state_of(execution)
    failed = state == "FAILED"
    reason = outcome["reason"] or ("COLUMN_NOT_FOUND: line 1:8" if failed else None)
    error = {"ErrorCategory": 2, "ErrorType": 1006, "Retryable": outcome["retryable"], "ErrorMessage": reason}
    return {
        "QueryExecution": {
            "QueryExecutionId": call.request["QueryExecutionId"],
            "Query": execution["query"],
            "StatementType": "DML",
            "ResultConfiguration": {"OutputLocation": execution["location"]},
            "QueryExecutionContext": execution["context"],
            "Status": {
                "State": state,
                "StateChangeReason": reason if state in ("FAILED", "CANCELLED") else None,
                "SubmissionDateTime": execution["submitted"],
                "CompletionDateTime": now() if state in ("SUCCEEDED", "FAILED", "CANCELLED") else None,
                "AthenaError": error if failed else None,
            },
            "Statistics": {"EngineExecutionTimeInMillis": 120, "DataScannedInBytes": 4096},
            "WorkGroup": execution["workgroup"],
        }
    }


@operation("athena", "StopQueryExecution")
def stop_query_execution(call):
    execution_of(call)["stopped"] = True
    return {}


@operation("athena", "GetQueryResults")
def get_query_results(call):
    """The first row is the header; every value is text, and a null has no value."""
    execution = execution_of(call)
    state = state_of(execution)
    if state != "SUCCEEDED":
        raise Refused("InvalidRequestException", f"Query has not yet finished. Current state: {state}")
    outcome = outcome_of(execution)
    rows = [outcome["columns"], *outcome["rows"]]
    shown, token = page(call, [row_of(row) for row in rows], longest=1000)
    columns = [
        {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name, "Type": "varchar"}
        for name in outcome["columns"]
    ]
    return {"ResultSet": {"Rows": shown, "ResultSetMetadata": {"ColumnInfo": columns}}, "UpdateCount": 0, "NextToken": token}


def row_of(row):
    return {"Data": [{} if value is None else {"VarCharValue": str(value)} for value in row]}
