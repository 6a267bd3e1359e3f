"""Organizations: who may ask, pages, and accounts' State; the tree and the policies are moto's."""

from moto.organizations import utils
from moto.organizations.models import FakePolicy, organizations_backends
from moto.utilities.utils import get_partition

from .base import Refused, before, operation, page, short_id
from .state import WORLD

# What a member may ask.
OF_MEMBERS = {"DescribeOrganization", "LeaveOrganization"}
# The account of examples/acme.hcl, where moto would invent an id.
FIRST_ACCOUNT = "123456789012"
INVENT = utils.make_random_account_id
IDS = []


def forget():
    """Every organization; moto itself keeps in mind who was a member."""
    organizations_backends.master_accounts.clear()
    next_accounts()


def next_accounts(*identifiers):
    """The ids of the accounts that are created next. The management account takes an invented one first and drops it."""
    IDS[:] = [None, *(identifiers or [FIRST_ACCOUNT])]


# AWS's model wants ten characters in a policy's ARN, where moto has eight.
utils.POLICY_ID_REGEX = utils.POLICY_ID_REGEX.replace("{8}", "{8,32}")
utils.make_random_policy_id = lambda: f"p-{short_id()[:10]}"
utils.make_random_account_id = lambda: (IDS.pop(0) if IDS else None) or INVENT()
next_accounts()


@before("organizations")
def management_alone(call):
    """Delegated administrators are answered as the management account is, members are refused."""
    member_of = organizations_backends.master_accounts.get(call.account)
    if member_of is None or call.operation in OF_MEMBERS:
        return
    if call.account not in WORLD["organization"]["delegates"]:
        raise Refused("AccessDeniedException", "You don't have permissions to access this resource.")
    call.account = member_of[0]


def policy_arn(policy, of_account=FakePolicy.arn.fget):
    """AWS's own policies belong to no account."""
    if policy.aws_managed:
        return f"arn:{get_partition(policy.region)}:organizations::aws:policy/{policy.type.lower()}/{policy.id}"
    return of_account(policy)


FakePolicy.arn = property(policy_arn)


def backend_of(call):
    backend = organizations_backends[call.account][call.partition]
    if backend.org is None:
        raise Refused("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return backend


def unpaged(method):
    """A method of moto's without the pages that its decorator makes."""
    return getattr(method, "__wrapped__", None) or method.__func__


def account_of(account):
    knob = WORLD["organization"]
    answer = account.describe()
    state = knob["states"].get(account.id, answer["State"])
    retired = {"PENDING_CLOSURE": "PENDING_CLOSURE", "SUSPENDED": "SUSPENDED", "CLOSED": "SUSPENDED"}.get(state, "ACTIVE")
    if knob["without_state"]:
        answer.pop("State")
        answer["Status"] = retired
    else:
        answer["State"] = state
        answer.pop("Status", None)
    return answer


@operation("organizations", "DescribeAccount")
def describe_account(call):
    for account in backend_of(call).accounts:
        if account.id == call.request["AccountId"]:
            return {"Account": account_of(account)}
    raise Refused("AccountNotFoundException", "You specified an account that doesn't exist.")


@operation("organizations", "ListAccounts")
def list_accounts(call):
    found, token = page(call, [account_of(account) for account in backend_of(call).accounts], longest=20)
    return {"Accounts": found, "NextToken": token}


@operation("organizations", "ListRoots")
def list_roots(call):
    found, token = page(call, backend_of(call).list_roots()["Roots"], longest=20)
    return {"Roots": found, "NextToken": token}


@operation("organizations", "ListParents")
def list_parents(call):
    backend = backend_of(call)
    child = call.request["ChildId"]
    known = [*backend.accounts, *backend.ou]
    if all(entry.id != child for entry in known) or child.startswith("r-"):
        raise Refused("ChildNotFoundException", "You specified a child that doesn't exist.")
    found, token = page(call, backend.list_parents(ChildId=child)["Parents"], longest=20)
    return {"Parents": found, "NextToken": token}


@operation("organizations", "ListPoliciesForTarget")
def list_policies_for_target(call):
    backend = backend_of(call)
    if all(entry.id != call.request["TargetId"] for entry in [*backend.accounts, *backend.ou]):
        raise Refused("TargetNotFoundException", "You specified a target that doesn't exist.")
    listed = unpaged(backend.list_policies_for_target)(
        backend, target_id=call.request["TargetId"], policy_type=call.request["Filter"]
    )
    found, token = page(call, listed, longest=20)
    return {"Policies": found, "NextToken": token}
