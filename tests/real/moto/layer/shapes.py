"""Values compared with botocore's shapes: required members, types, lengths, patterns, enums."""

import numbers
from datetime import datetime

import regex


def problems(shape, value, path):
    """Where `value` breaks the model's shape."""
    kind = shape.type_name
    if kind == "structure":
        return structure_problems(shape, value, path)
    if kind == "list":
        if not isinstance(value, list):
            return [f"{path}: expected a list"]
        found = length_problems(shape, len(value), path)
        for index, item in enumerate(value):
            found += problems(shape.member, item, f"{path}[{index}]")
        return found
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{path}: expected a map"]
        return [found for key, item in value.items() for found in problems(shape.value, item, f"{path}.{key}")]
    if kind == "string":
        return string_problems(shape, value, path)
    if kind in ("integer", "long"):
        return range_problems(shape, value, path) if is_number(value, numbers.Integral) else [f"{path}: expected an integer"]
    if kind in ("double", "float"):
        return range_problems(shape, value, path) if is_number(value, numbers.Real) else [f"{path}: expected a number"]
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{path}: expected a boolean"]
    if kind == "blob":
        return length_problems(shape, len(value), path) if isinstance(value, (bytes, str)) else [f"{path}: expected bytes"]
    if kind == "timestamp":
        return [] if isinstance(value, (datetime, int, float, str)) else [f"{path}: expected a time"]
    return []


def is_number(value, kind):
    return isinstance(value, kind) and not isinstance(value, bool)


def structure_problems(shape, value, path):
    if shape.is_document_type:
        return []
    if not isinstance(value, dict):
        return [f"{path}: expected an object"]
    found = [f"{path}.{name}: required" for name in shape.required_members if value.get(name) is None]
    found += [f"{path}.{name}: unknown member" for name in value if name not in shape.members]
    for name, member in shape.members.items():
        if value.get(name) is not None:
            found += problems(member, value[name], f"{path}.{name}")
    return found


def string_problems(shape, value, path):
    if not isinstance(value, str):
        return [f"{path}: expected a string"]
    found = length_problems(shape, len(value), path)
    if shape.enum and value not in shape.enum:
        found.append(f"{path}: {value!r} is none of {shape.enum}")
    # Planes above the first are written in UTF-16 in some models.
    pattern = shape.metadata.get("pattern", "").replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    if pattern and not regex.fullmatch(pattern, value):
        found.append(f"{path}: {value!r} does not match {pattern}")
    return found


def length_problems(shape, length, path):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and length < low) or (high is not None and length > high):
        return [f"{path}: length {length} is not within {low}..{high}"]
    return []


def range_problems(shape, value, path):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and value < low) or (high is not None and value > high):
        return [f"{path}: {value} is not within {low}..{high}"]
    return []
