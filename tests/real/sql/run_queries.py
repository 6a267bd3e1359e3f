"""Runs Athena queries over a directory that stands for S3, in DuckDB.

Reads one JSON object from stdin:
    now      moment that `current_date` is taken from, ISO 8601
    storage  directory with one folder per bucket
    tables   values of aws_glue_catalog_table resources, as `terraform show -json` prints them
    queries  SQL by name, in Athena's dialect
and writes the columns and rows of every query by its name to stdout.

What stands between the queries and DuckDB, and why, is in docs/queries.md.
"""

import datetime
import gzip
import json
import pathlib
import re
import sys
import tempfile

import duckdb
import sqlglot
from sqlglot import exp

JAVA_DATE = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H"}
JSON_SERDE = "org.openx.data.jsonserde.JsonSerDe"


def lower_keys(pairs):
    """OpenX's default: keys are lower case, and two that differ only by case are an error."""
    result = {}
    for key, value in pairs:
        key = key.lower()
        if key in result:
            raise ValueError(f"Duplicate key {key!r}")
        result[key] = value
    return result


def lines(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return [line for line in data.decode().splitlines() if line.strip()]


def s3_path(storage, url):
    match = re.fullmatch(r"s3://([^/]+)/(.+/)", url)
    if not match:
        raise ValueError(f"{url}: a location must be s3://bucket/prefix/")
    return storage / match[1] / match[2]


def partitions(table, now):
    """The partitions of a table: their values and locations."""
    parameters = table["parameters"]
    keys = [key["name"] for key in table["partition_keys"]]
    if not keys:
        return [({}, table["storage_descriptor"][0]["location"])]
    if len(keys) > 1 or parameters["projection.enabled"] != "true":
        raise ValueError("one projected partition key is expected")

    key = keys[0]
    prefix = f"projection.{key}."
    if parameters[prefix + "type"] != "date":
        raise ValueError(f"projection of type {parameters[prefix + 'type']}")
    if (parameters[prefix + "interval"], parameters[prefix + "interval.unit"]) != ("1", "HOURS"):
        raise ValueError("a projection by hours is expected")
    days = int(re.fullmatch(r"NOW-(\d+)DAYS,NOW", parameters[prefix + "range"])[1])
    pattern = re.sub("|".join(JAVA_DATE), lambda match: JAVA_DATE[match[0]], parameters[prefix + "format"])
    placeholder = "${" + key + "}"
    template = parameters["storage.location.template"]
    if placeholder not in template:
        raise ValueError(f"{template} does not contain {placeholder}")

    result = []
    for hours in range(days * 24 + 1):
        value = (now - datetime.timedelta(hours=hours)).strftime(pattern)
        result.append(({key: value}, template.replace(placeholder, value)))
    return result


def create(connection, table, storage, now, scratch):
    descriptor = table["storage_descriptor"][0]
    if descriptor["ser_de_info"][0]["serialization_library"] != JSON_SERDE:
        raise ValueError(f"{table['name']}: no reader for {descriptor['ser_de_info']}")
    columns = {column["name"]: column["type"] for column in descriptor["columns"] + table["partition_keys"]}
    types = {name: exp.DataType.build(kind, dialect="hive").sql("duckdb") for name, kind in columns.items()}
    types["$path"] = "VARCHAR"

    data = scratch / f"{table['name']}.jsonl"
    with data.open("w") as out:
        for values, location in partitions(table, now):
            # Athena reads what lies below a location, in whatever folder.
            for path in sorted(s3_path(storage, location).rglob("*")):
                if path.is_file():
                    for line in lines(path):
                        row = json.loads(line, object_pairs_hook=lower_keys)
                        row = {name: row.get(name) for name in columns} | values
                        row["$path"] = "s3://" + path.relative_to(storage).as_posix()
                        out.write(json.dumps(row) + "\n")

    fields = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{table["database_name"]}"')
    connection.execute(
        f'CREATE TABLE "{table["database_name"]}"."{table["name"]}" AS '
        f"SELECT * FROM read_json('{data}', columns = {{{fields}}}, format = 'newline_delimited')"
    )


def translate(sql, now):
    def adapt(node):
        if isinstance(node, exp.CurrentDate):
            return exp.cast(exp.Literal.string(now.strftime("%Y-%m-%d")), "date")
        # Where nothing matches, Trino's result is NULL and DuckDB's is ''.
        if isinstance(node, exp.RegexpExtract):
            return exp.func("NULLIF", node, exp.Literal.string(""))
        return node

    statements = sqlglot.parse(sql, read="athena", error_level=sqlglot.ErrorLevel.RAISE)
    if len(statements) != 1:
        raise ValueError("a named query must be one statement")
    return statements[0].transform(adapt).sql("duckdb")


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else value


def main():
    request = json.load(sys.stdin)
    now = datetime.datetime.fromisoformat(request["now"])
    storage = pathlib.Path(request["storage"])
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")

    with tempfile.TemporaryDirectory() as scratch:
        for table in request["tables"]:
            create(connection, table, storage, now, pathlib.Path(scratch))

    answer = {}
    for name, sql in request["queries"].items():
        try:
            cursor = connection.execute(translate(sql, now))
        except Exception as error:
            sys.exit(f"{name}: {error}")
        answer[name] = {
            "columns": [column[0] for column in cursor.description],
            "rows": [[plain(value) for value in row] for row in cursor.fetchall()],
        }
    json.dump(answer, sys.stdout)


main()
