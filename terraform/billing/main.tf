# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

# Apply this root only after AWS has discovered the keys, up to a day after their first tagged use: an
# undiscovered key fails and leaves the resource tainted (MANUAL_STEPS.md says how to recover).
module "cost_tags" {
  source   = "../modules/cost-tags"
  tag_keys = ["CostCenter", "Project", "Team", "User"]
}
