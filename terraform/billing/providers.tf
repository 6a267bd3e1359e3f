# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["999999999999"]

  default_tags {
    tags = {
      ManagedBy  = "tfgen"
      Deployment = "claude-code"
    }
  }
}
