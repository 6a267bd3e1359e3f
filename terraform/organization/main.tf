# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

# A deny-list: FullAWSAccess stays attached, and the statements take away what must not happen here.
module "scp" {
  source      = "../modules/scp"
  name        = "claude-code-guardrails"
  description = "Guardrails of the deployment claude-code (Claude Code on Amazon Bedrock)"
  content     = jsonencode(jsondecode(file("${path.module}/../../policies/scp.json")))
  target_ids  = ["123456789012"]
}
