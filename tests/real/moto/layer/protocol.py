"""Requests read and answers written in AWS's protocols: moto's code where it has one, botocore's for CBOR."""

import json
import uuid
from xml.sax.saxutils import escape

from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.serialize import XFormedAttributePicker, get_serializer_class
from moto.core.utils import get_service_model

CBOR = "smithy-rpc-v2-cbor"
# Codes of a denied call where it is not AccessDeniedException. IAM, STS and S3 of old, SNS for itself.
DENIED = {"iam": "AccessDenied", "sts": "AccessDenied", "s3": "AccessDenied", "sns": "AuthorizationError"}


def protocol_of(service, request):
    if request.path.startswith("/service/") and "/operation/" in request.path:
        return CBOR
    return determine_request_protocol(get_service_model(service), request.headers.get("Content-Type", ""))


def parse(call, protocol, request, uri_parameters):
    model = get_service_model(call.service).operation_model(call.operation)
    if protocol == CBOR:
        body = request.get_data()
        if not body:
            return {}
        parser = RpcV2CBORParser()
        return dict(parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)))
    parser = PROTOCOL_PARSERS[protocol](model, map_type=dict)
    parsed = parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.get_data(),
            "url_path": request.path,
            "url_params": uri_parameters,
        }
    )
    return {key: value for key, value in parsed.items() if value is not None}


def serialize(call, protocol, answered):
    """Status, headers and body of an answer."""
    model = get_service_model(call.service).operation_model(call.operation)
    if protocol == CBOR:
        body = bytearray()
        if model.output_shape is not None:
            RpcV2CBORSerializer()._serialize_data_item(body, answered, model.output_shape)
        return 200, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, bytes(body)
    serializer = get_serializer_class(call.service, protocol)(
        operation_model=model, pretty_print=False, value_picker=XFormedAttributePicker()
    )
    written = serializer.serialize(answered)
    body = written["body"]
    status = model.http.get("responseCode", 200) if protocol.startswith("rest") else written["status_code"]
    return status, dict(written["headers"]), body.encode() if isinstance(body, str) else body


def refusal(call, protocol, error):
    """Status, headers and body of an error, as the protocol has it."""
    status = error.status or status_of(call.service, error.code)
    code, message = error.code, error.message
    if protocol == CBOR:
        body = bytearray()
        text = get_service_model(call.service).shape_for("ErrorMessage")
        serializer = RpcV2CBORSerializer()
        body.append(0xA2)
        for part in ("__type", code, "message", message):
            serializer._serialize_type_string(body, part, text, None)
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", "x-amzn-query-error": f"{code};Sender"}
        return status, headers, bytes(body)
    if protocol == "rest-xml":
        identifier = uuid.uuid4().hex[:16].upper()
        body = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message><RequestId>{identifier}</RequestId></Error>"
        headers = {"Content-Type": "application/xml", "x-amz-request-id": identifier}
        return status, headers, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()
    if protocol in ("query", "ec2"):
        namespace = get_service_model(call.service).metadata.get("xmlNamespace", "")
        inner = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
        body = f'<ErrorResponse xmlns="{namespace}"><Error>{inner}</Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>'
        return status, {"Content-Type": "text/xml"}, body.encode()
    body = {"message": message, **error.members}
    if protocol == "json":
        version = get_service_model(call.service).metadata.get("jsonVersion", "1.1")
        return status, {"Content-Type": f"application/x-amz-json-{version}"}, json.dumps({"__type": code, **body}).encode()
    return status, {"Content-Type": "application/json", "x-amzn-errortype": code}, json.dumps(body).encode()


def status_of(service, code):
    """The status that the service's model gives to an error."""
    model = get_service_model(service)
    for shape in model.error_shapes:
        if shape.error_code == code or shape.name == code:
            status = shape.metadata.get("error", {}).get("httpStatusCode")
            if status:
                return status
    if code in ("AccessDenied", "AuthorizationError") or (code.startswith("AccessDenied") and model.protocol != "json"):
        return 403
    return 404 if "NotFound" in code and model.protocol.startswith("rest") else 400


def denied_code(service, protocol):
    if service == "cloudwatch":
        return "AccessDenied" if protocol == "query" else "AccessDeniedException"
    return DENIED.get(service, "AccessDeniedException")
