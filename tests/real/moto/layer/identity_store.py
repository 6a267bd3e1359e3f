"""The identity store: users, groups and memberships, with the external ids that SCIM leaves."""

import uuid

from .base import Refused, before, missing, now, operation, page
from .state import STORE, WORLD, chosen


@before("identitystore")
def owner_alone(call):
    knob = WORLD["identity_center"]
    if call.account not in (knob["account"], *knob["administrators"]):
        action = f"identitystore:{call.operation}"
        raise Refused("AccessDeniedException", f"User: {call.principal} is not authorized to perform: {action} on resource: *")
    if call.region != knob["region"] or not knob["present"]:
        raise missing("The identity store")


def objects(call, kind):
    """Objects of one kind in the identity store that is asked, by id."""
    asked = call.request["IdentityStoreId"].rsplit("/", 1)[-1]
    if asked != WORLD["identity_center"]["identity_store_id"]:
        raise Refused("ResourceNotFoundException", "IDENTITY_STORE not found.", ResourceType="IDENTITY_STORE", ResourceId=asked)
    return STORE.setdefault(("identity-store", kind), {})


def absent(kind):
    return Refused("ResourceNotFoundException", f"{kind} not found.", ResourceType=kind)


def found(call, kind, key):
    identifier = call.request[key].rsplit("/", 1)[-1]
    if identifier not in objects(call, kind):
        raise absent(kind)
    return objects(call, kind)[identifier]


def add(call, kind, **members):
    identifier = str(uuid.uuid4())
    made = {
        "IdentityStoreId": call.request["IdentityStoreId"].rsplit("/", 1)[-1],
        f"{kind.title()}Id": identifier,
        f"{kind.title()}Arn": f"arn:{call.partition}:identitystore:::{kind.lower()}/{identifier}",
        **({} if kind == "MEMBERSHIP" else {"Revision": "1"}),
        "CreatedAt": now(),
        "UpdatedAt": now(),
        **members,
    }
    objects(call, kind)[identifier] = made
    return made


def keys_of(made, kind):
    names = ("IdentityStoreId", f"{kind.title()}Id", f"{kind.title()}Arn", "Revision")
    return {name: made[name] for name in names if name in made}


def shown(made, name):
    """An object with its external ids: of what was made by hand the member is left out."""
    return {**made, "ExternalIds": chosen(WORLD["external_ids"], made[name]) or None}


def unique(call, kind, name):
    if any(made.get(name) == call.request.get(name) for made in objects(call, kind).values()):
        raise Refused("ConflictException", f"Duplicate {kind.title()}{name}", Reason="UNIQUENESS_CONSTRAINT_VIOLATION")


# --- groups ----------------------------------------------------------------------------------------------------------


@operation("identitystore", "CreateGroup")
def create_group(call):
    unique(call, "GROUP", "DisplayName")
    made = add(call, "GROUP", DisplayName=call.request["DisplayName"], Description=call.request.get("Description"))
    return keys_of(made, "GROUP")


@operation("identitystore", "DescribeGroup")
def describe_group(call):
    return shown(found(call, "GROUP", "GroupId"), "DisplayName")


@operation("identitystore", "ListGroups")
def list_groups(call):
    listed, token = page(call, filtered(call, "GROUP", "DisplayName"))
    return {"Groups": listed, "NextToken": token}


@operation("identitystore", "DeleteGroup")
def delete_group(call):
    objects(call, "GROUP").pop(call.request["GroupId"], None)
    members = objects(call, "MEMBERSHIP")
    for identifier in [key for key, made in members.items() if made["GroupId"] == call.request["GroupId"]]:
        del members[identifier]
    return {}


@operation("identitystore", "GetGroupId")
def get_group_id(call):
    made = identified(call, "GROUP", {"displayname": lambda group: [group["DisplayName"]]}, "DisplayName")
    return {name: made[name] for name in ("IdentityStoreId", "GroupId", "GroupArn")}


# --- users -----------------------------------------------------------------------------------------------------------


@operation("identitystore", "CreateUser")
def create_user(call):
    unique(call, "USER", "UserName")
    given = {key: value for key, value in call.request.items() if key != "IdentityStoreId"}
    return keys_of(add(call, "USER", **given), "USER")


@operation("identitystore", "DescribeUser")
def describe_user(call):
    return shown(found(call, "USER", "UserId"), "UserName")


@operation("identitystore", "ListUsers")
def list_users(call):
    listed, token = page(call, filtered(call, "USER", "UserName"))
    return {"Users": listed, "NextToken": token}


@operation("identitystore", "DeleteUser")
def delete_user(call):
    objects(call, "USER").pop(call.request["UserId"], None)
    return {}


@operation("identitystore", "GetUserId")
def get_user_id(call):
    paths = {
        "username": lambda user: [user.get("UserName")],
        "emails.value": lambda user: [email.get("Value") for email in user.get("Emails", [])],
    }
    made = identified(call, "USER", paths, "UserName")
    return {name: made[name] for name in ("IdentityStoreId", "UserId", "UserArn")}


# --- memberships -----------------------------------------------------------------------------------------------------


@operation("identitystore", "CreateGroupMembership")
def create_group_membership(call):
    if call.request["GroupId"] not in objects(call, "GROUP"):
        raise absent("GROUP")
    if call.request["MemberId"]["UserId"] not in objects(call, "USER"):
        raise absent("USER")
    made = add(call, "MEMBERSHIP", GroupId=call.request["GroupId"], MemberId=call.request["MemberId"])
    return keys_of(made, "MEMBERSHIP")


@operation("identitystore", "ListGroupMemberships")
def list_group_memberships(call):
    group = found(call, "GROUP", "GroupId")["GroupId"]
    listed, token = page(call, [made for made in objects(call, "MEMBERSHIP").values() if made["GroupId"] == group])
    return {"GroupMemberships": listed, "NextToken": token}


@operation("identitystore", "DeleteGroupMembership")
def delete_group_membership(call):
    objects(call, "MEMBERSHIP").pop(call.request["MembershipId"], None)
    return {}


@operation("identitystore", "ListGroupMembershipsForMember")
def list_group_memberships_for_member(call):
    user = call.request["MemberId"]["UserId"]
    listed, token = page(call, [made for made in objects(call, "MEMBERSHIP").values() if made["MemberId"]["UserId"] == user])
    return {"GroupMemberships": listed, "NextToken": token}


# --- finding ---------------------------------------------------------------------------------------------------------


def filtered(call, kind, name):
    wanted = {entry["AttributePath"].lower(): entry["AttributeValue"] for entry in call.request.get("Filters", [])}
    listed = [shown(made, name) for made in objects(call, kind).values()]
    return [made for made in listed if wanted.get(name.lower(), made[name]) == made[name]]


def identified(call, kind, paths, name):
    """The object of an alternate identifier; values are compared with their case."""
    wanted = call.request["AlternateIdentifier"]
    for made in objects(call, kind).values():
        if "ExternalId" in wanted:
            if wanted["ExternalId"] in (shown(made, name)["ExternalIds"] or []):
                return made
        else:
            path = wanted["UniqueAttribute"]["AttributePath"].lower()
            if path not in paths:
                raise Refused("ValidationException", f"The attribute {path} is not a unique attribute")
            if wanted["UniqueAttribute"]["AttributeValue"] in paths[path](made):
                return made
    raise absent(kind)
