"""Which IAM action an operation needs, where the two do not have the same name.

Source: the Service Authorization Reference of AWS.
"""

PREFIXES = {
    "sso-admin": "sso",
    "service-quotas": "servicequotas",
    "bedrock-runtime": "bedrock",
}
ACTIONS = {
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
}


def action(service, operation):
    name = f"{service}:{operation}"
    if name in ACTIONS:
        return ACTIONS[name]
    # Budgets has one action to read and one to write, and actions for tags.
    if service == "budgets" and "Tag" not in operation:
        return "budgets:ViewBudget" if operation.startswith("Describe") else "budgets:ModifyBudget"
    return f"{PREFIXES.get(service, service)}:{operation}"
