# Access with the tokens of Okta, through `credential-process` on each developer's machine. docs/deployment.md explains every
# argument; acme.hcl shows the other blocks.

name       = "claude-code"
account_id = "123456789012"
region     = "us-east-1"

models {
  geography = "us"
  allow     = ["opus-4-6", "sonnet-4-6", "haiku-4-5"]
}

developers {
  file = "developers.csv"
}

# The token carries two tags: the developer's address, which binds their application inference profiles, and one group.
federation {
  provider          = "okta"
  issuer            = "https://acme.okta.com/oauth2/default"
  client_id         = "0oa1b2c3d4e5f6g7h8i9"
  email_domains     = ["example.com"]
  session_tag       = "Email"
  group_tag         = "Group"
  groups            = ["claude-code-developers"]
  max_session_hours = 8
}

organization {
  management_account_id = "999999999999"
}

deploy {
  principals = ["arn:aws:iam::*:role/terraform-*"]
}

logging {}

analytics {}
