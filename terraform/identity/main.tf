# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

# Apply after terraform/workload: a permission set may name managed policies that must exist there first.
module "identity_center" {
  source       = "../modules/identity-center"
  instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  account_id   = "123456789012"
  permission_sets = {
    developer = {
      name                      = "claude-code-developer"
      description               = "Calls the allowed Claude models"
      session_duration          = "PT8H"
      policy_json               = file("${path.module}/../../policies/developer.json")
      customer_managed_policies = []
    }
    admin = {
      name                      = "claude-code-admin"
      description               = "Operates the deployment and reads its logs and costs"
      session_duration          = "PT8H"
      policy_json               = file("${path.module}/../../policies/admin.json")
      customer_managed_policies = []
    }
    analyst = {
      name                      = "claude-code-analyst"
      description               = "Reads usage and costs"
      session_duration          = "PT8H"
      policy_json               = file("${path.module}/../../policies/analyst.json")
      customer_managed_policies = []
    }
  }
  assignments = {
    developer = { permission_set = "developer", group_name = "Claude Code Developers" }
    admin     = { permission_set = "admin", group_name = "Claude Code Admins" }
    analyst   = { permission_set = "analyst", group_name = "Claude Code Analysts" }
  }
}
