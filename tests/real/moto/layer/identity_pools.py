"""The role of an identity pool of Amazon Cognito, and the tags that it makes of claims: moto has the pools alone."""

from moto.cognitoidentity.models import cognitoidentity_backends

from .base import Refused, missing, operation


def pool(call):
    identifier = call.request["IdentityPoolId"]
    if identifier not in cognitoidentity_backends[call.account][call.region].identity_pools:
        raise missing(f"IdentityPool '{identifier}'")
    return identifier


@operation("cognito-identity", "SetIdentityPoolRoles")
def set_identity_pool_roles(call):
    roles = call.request["Roles"]
    if not set(roles) <= {"authenticated", "unauthenticated"}:
        raise Refused("InvalidParameterException", "roles are for authenticated and unauthenticated callers")
    call.table("pool-roles")[pool(call)] = (roles, call.request.get("RoleMappings") or {})
    return {}


@operation("cognito-identity", "GetIdentityPoolRoles")
def get_identity_pool_roles(call):
    identifier = pool(call)
    roles, mappings = call.table("pool-roles").get(identifier, ({}, {}))
    return {"IdentityPoolId": identifier, "Roles": roles, "RoleMappings": mappings}


@operation("cognito-identity", "SetPrincipalTagAttributeMap")
def set_principal_tag_attribute_map(call):
    request = call.request
    made = {
        "IdentityPoolId": pool(call),
        "IdentityProviderName": request["IdentityProviderName"],
        "UseDefaults": request.get("UseDefaults", False),
        "PrincipalTags": request.get("PrincipalTags") or {},
    }
    call.table("pool-tags")[made["IdentityPoolId"], made["IdentityProviderName"]] = made
    return made


@operation("cognito-identity", "GetPrincipalTagAttributeMap")
def get_principal_tag_attribute_map(call):
    made = call.table("pool-tags").get((pool(call), call.request["IdentityProviderName"]))
    if made is None:
        raise missing(f"a map of tags for {call.request['IdentityProviderName']}")
    return made
