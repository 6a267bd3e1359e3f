"""Access to Amazon Bedrock's models: availability, use-case form, agreements, one call of a model, data retention."""

import json
import zlib

from moto.bedrock.models import bedrock_backends

from .base import Refused, missing, now, operation
from .profiles import profile_of, system_profiles
from .state import WORLD, chosen


@operation("bedrock", "GetFoundationModelAvailability")
def get_foundation_model_availability(call):
    model = call.request["modelId"]
    bedrock = WORLD["bedrock"]
    agreement = call.table("agreements").get(model) or chosen(bedrock["agreements"], model)
    return {
        "modelId": model,
        "agreementAvailability": {
            "status": agreement,
            "errorMessage": bedrock["agreement_error"] if agreement == "ERROR" else None,
        },
        "authorizationStatus": chosen(bedrock["authorizations"], model),
        "entitlementAvailability": chosen(bedrock["entitlements"], model),
        "regionAvailability": chosen(bedrock["regions"], model),
    }


@operation("bedrock", "GetUseCaseForModelAccess")
def get_use_case_for_model_access(call):
    form = WORLD["bedrock"]["use_case"].get(call.account)
    if form is None:
        raise missing("The use case form")
    return {"formData": form}


@operation("bedrock", "PutUseCaseForModelAccess")
def put_use_case_for_model_access(call):
    form = call.request["formData"]
    text = form.decode() if isinstance(form, bytes) else form
    try:
        fields = json.loads(text)
    except ValueError:
        raise Refused("ValidationException", "The form is not JSON.") from None
    lacking = [key for key in ("companyName", "companyWebsite", "intendedUsers", "industryOption", "useCases") if key not in fields]
    if lacking:
        raise Refused("ValidationException", f"The form lacks {', '.join(lacking)}.")
    WORLD["bedrock"]["use_case"][call.account] = text
    return {}


@operation("bedrock", "ListFoundationModelAgreementOffers")
def list_foundation_model_agreement_offers(call):
    model = call.request["modelId"]
    offer = {
        "offerId": f"offer-{zlib.crc32(model.encode()):08x}",
        "offerToken": offer_token(model),
        "termDetails": {
            "usageBasedPricingTerm": {"rateCard": [{"dimension": "input", "price": "0.005", "description": "1K tokens", "unit": "1K"}]},
            "legalTerm": {"url": "https://www.anthropic.com/legal/aws-bedrock"},
            "supportTerm": {"refundPolicyDescription": "No refunds."},
        },
    }
    return {"modelId": model, "offers": [offer]}


def offer_token(model):
    return f"token-for-{model}"


@operation("bedrock", "CreateFoundationModelAgreement")
def create_foundation_model_agreement(call):
    model = call.request["modelId"]
    if call.request["offerToken"] != offer_token(model):
        raise Refused("ValidationException", "The offer token is invalid or has expired.")
    if model.startswith("anthropic.") and not WORLD["bedrock"]["use_case"]:
        raise Refused("ValidationException", "The use case form has not been submitted for this account.")
    agreements = call.table("agreements")
    if agreements.get(model) == "AVAILABLE":
        raise Refused("ConflictException", "There is an agreement for this model already.")
    agreements[model] = WORLD["bedrock"]["next_agreement"]
    return {"modelId": model}


@operation("bedrock", "GetAccountDataRetention")
def get_account_data_retention(call):
    return {"mode": WORLD["bedrock"]["retention"], "updatedAt": now()}


@operation("bedrock", "PutAccountDataRetention")
def put_account_data_retention(call):
    WORLD["bedrock"]["retention"] = call.request["mode"]
    return get_account_data_retention(call)


@operation("bedrock", "GetModelInvocationLoggingConfiguration")
def get_model_invocation_logging_configuration(call):
    """moto answers null for no configuration; AWS leaves the member out."""
    return {"loggingConfig": bedrock_backends[call.account][call.region].get_model_invocation_logging_configuration() or None}


@operation("bedrock-runtime", "InvokeModel")
def invoke_model(call):
    model = call.request["modelId"]
    if WORLD["bedrock"]["invoke_denied"]:
        raise Refused("AccessDeniedException", "You don't have access to the model with the specified model ID.")
    through_profile = any(
        entry["modelArn"].rsplit("/", 1)[-1] == model.rsplit("/", 1)[-1]
        for profile in system_profiles(call).values()
        for entry in profile["models"]
    )
    if through_profile:
        message = f"Invocation of model ID {model} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."
        raise Refused("ValidationException", message)
    try:
        profile = profile_of(call, model)
    except Refused:
        raise Refused("ValidationException", "The provided model identifier is invalid.") from None
    if not WORLD["bedrock"]["use_case"]:
        raise Refused("ResourceNotFoundException", "Model use case details have not been submitted for this account.")
    body = json.loads(call.request.get("body") or "{}")
    lacking = [key for key in ("anthropic_version", "max_tokens", "messages") if key not in body]
    if lacking:
        raise Refused("ValidationException", f"{lacking[0]}: Field required")
    answer = {
        "id": "msg_bdrk_0123456789",
        "type": "message",
        "role": "assistant",
        "model": profile["models"][0]["modelArn"].rsplit("/", 1)[-1],
        "content": [{"type": "text", "text": "H"}],
        "stop_reason": "max_tokens",
        "usage": {"input_tokens": 8, "output_tokens": body["max_tokens"]},
    }
    return {"body": json.dumps(answer).encode(), "contentType": "application/json"}
