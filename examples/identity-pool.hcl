# Access through an identity pool of Amazon Cognito, for a provider whose tokens cannot carry AWS's own tags: the pool makes
# the tag of the claim `email`. docs/deployment.md explains every argument; federation.hcl shows tokens without a pool.

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

federation {
  provider      = "entra"
  issuer        = "https://login.microsoftonline.com/11112222-3333-4444-5555-666677778888/v2.0"
  client_id     = "99998888-7777-6666-5555-444433332222"
  email_domains = ["example.com"]
  session_tag   = "Email"

  identity_pool {}
}

organization {
  management_account_id = "999999999999"
}

deploy {
  principals = ["arn:aws:iam::*:role/terraform-*"]
}

logging {}

analytics {}
