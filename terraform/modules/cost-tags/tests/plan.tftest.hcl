# Planned only: the tags carry prevent_destroy, which would fail the teardown of an apply.

mock_provider "aws" {}

variables {
  tag_keys = ["Team", "Project", "CostCenter", "User"]
}

run "active" {
  command = plan

  assert {
    condition     = toset([for tag in aws_ce_cost_allocation_tag.this : tag.tag_key]) == var.tag_keys
    error_message = "Each key is a cost allocation tag."
  }

  assert {
    condition     = alltrue([for key, tag in aws_ce_cost_allocation_tag.this : tag.status == "Active" && tag.tag_key == key])
    error_message = "Each tag is active, and its address is its key."
  }

  assert {
    condition     = output.active_tag_keys == tolist(["CostCenter", "Project", "Team", "User"])
    error_message = "The active keys are put out, sorted."
  }
}

run "no_keys" {
  command = plan

  variables {
    tag_keys = []
  }

  assert {
    condition     = length(aws_ce_cost_allocation_tag.this) == 0 && length(output.active_tag_keys) == 0
    error_message = "An empty set activates nothing."
  }
}

run "keys_of_principals_and_with_spaces" {
  command = plan

  variables {
    tag_keys = ["iamPrincipal/User", "Cost Center", "acme/team", "Kostenträger"]
  }

  assert {
    condition     = length(aws_ce_cost_allocation_tag.this) == 4
    error_message = "Keys of IAM principals and all characters of tag keys are accepted."
  }
}

run "rejects_an_empty_key" {
  command = plan

  variables {
    tag_keys = ["Team", ""]
  }

  expect_failures = [var.tag_keys]
}

run "rejects_a_pattern" {
  command = plan

  variables {
    tag_keys = ["Team*"]
  }

  expect_failures = [var.tag_keys]
}

run "rejects_a_long_key" {
  command = plan

  variables {
    tag_keys = [format("%0129d", 1)]
  }

  expect_failures = [var.tag_keys]
}

run "rejects_tags_of_aws" {
  command = plan

  variables {
    tag_keys = ["aws:createdBy"]
  }

  expect_failures = [var.tag_keys]
}

run "rejects_the_spelling_of_billing" {
  command = plan

  variables {
    tag_keys = ["user:Team"]
  }

  expect_failures = [var.tag_keys]
}
