"""The world before the first apply: an organization with the dedicated account, service control policies enabled, a synced
groups, and cost allocation tags that AWS has discovered.

Usage: seed.py ENDPOINT WORLD, where WORLD is JSON: {"groups": […], "tag_keys": […]}
"""

import json
import sys

import boto3

MANAGEMENT = "999999999999"

endpoint = sys.argv[1]
world = json.loads(sys.argv[2])


def client(service, **credentials):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", **credentials}
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **keys)


assumed = client("sts").assume_role(RoleArn=f"arn:aws:iam::{MANAGEMENT}:role/seed", RoleSessionName="seed")["Credentials"]
management = {
    "aws_access_key_id": assumed["AccessKeyId"],
    "aws_secret_access_key": assumed["SecretAccessKey"],
    "aws_session_token": assumed["SessionToken"],
}
organizations = client("organizations", **management)
organizations.create_organization(FeatureSet="ALL")
organizations.create_account(AccountName="claude-code", Email="claude-code@example.com")
root = organizations.list_roots()["Roots"][0]["Id"]
organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
accounts = [account["Id"] for account in organizations.list_accounts()["Accounts"]]
assert "123456789012" in accounts, accounts

identity_store = client("identitystore", **management)
for group in world["groups"]:
    identity_store.create_group(IdentityStoreId="d-1234567890", DisplayName=group)

if world["tag_keys"]:
    client("ce", **management).tag_resource(
        ResourceArn="arn:aws:ce::999999999999:anomalymonitor/00000000-0000-0000-0000-000000000000",
        ResourceTags=[{"Key": key, "Value": "discovered"} for key in world["tag_keys"]],
    )
