# Acme's rollout of Claude Code on Amazon Bedrock. docs/deployment.md explains every argument.

name       = "claude-code"
account_id = "123456789012"
region     = "us-east-1"

models {
  geography = "us"
  allow     = ["opus-4-6", "sonnet-4-6", "haiku-4-5"]
  default   = "opus-4-6"
}

developers {
  file = "developers.csv"
}

# Developers sign in through IAM Identity Center, whose people come from Microsoft Entra ID.
identity_center {
  account_id    = "999999999999"
  source        = "entra"
  instance_arn  = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  start_url     = "https://d-1234567890.awsapps.com/start"
  region        = "us-east-1"
  group         = "Claude Code Developers"
  admin_group   = "Claude Code Admins"
  analyst_group = "Claude Code Analysts"
}

organization {
  management_account_id = "999999999999"
  attach_scp_to         = ["123456789012"]
}

# The service control policy must not stop the roles that run Terraform.
deploy {
  principals  = ["arn:aws:iam::*:role/terraform-*"]
  break_glass = ["arn:aws:iam::*:role/break-glass"]
}

state {
  backend = "s3"
  bucket  = "acme-terraform-state"
}

cost_tags {
  team        = "Team"
  project     = "Project"
  cost_center = "CostCenter"
  user        = "User"
}

logging {
  retention_days  = 30
  expiration_days = 365
  prompts         = false
}

analytics {
  scan_limit_gb = 100
}

budgets {
  monthly_usd = 5000
  emails      = ["platform@example.com", "finops@example.com"]

  team "engineering" {
    monthly_usd = 3500
    cost_center = "CC-1001"
  }

  team "data-science" {
    monthly_usd = 1500
    cost_center = "CC-1002"
  }
}
