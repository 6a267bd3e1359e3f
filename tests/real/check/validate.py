"""Validates a JSON document: validate.py SCHEMA DOCUMENT. Prints what is wrong and exits with 1."""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    document = json.load(file)

validator_class = jsonschema.validators.validator_for(schema)
validator_class.check_schema(schema)
validator = validator_class(schema, format_checker=validator_class.FORMAT_CHECKER)
faults = sorted(validator.iter_errors(document), key=lambda fault: list(map(str, fault.path)))
for fault in faults:
    print(f"{fault.json_path}: {fault.message[:400]}")
sys.exit(1 if faults else 0)
