//! Generated configurations of any size, as people write them: a root that calls services, each a module of its own.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Resources of a file.
pub const PER_FILE: usize = 50;

/// Files with resources of one module.
const PER_MODULE: usize = 10;

/// One service of ten resources, other types and references in each. `@` stands for its number in its module.
const SERVICE: &str = r#"
data "aws_iam_policy_document" "app_@" {
  statement {
    sid       = "Messages"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.work_@.arn, aws_sqs_queue.dead_@.arn]
  }
  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.data_@.arn}/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "app_@" {
  name = "${local.prefix}-app-@"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  tags = merge(local.tags, { Service = "app-@" })
}

resource "aws_iam_role_policy" "app_@" {
  name   = "work"
  role   = aws_iam_role.app_@.id
  policy = data.aws_iam_policy_document.app_@.json
}

resource "aws_s3_bucket" "data_@" {
  bucket = lower("${local.prefix}-data-@")
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "data_@" {
  bucket                  = aws_s3_bucket.data_@.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data_@" {
  bucket = aws_s3_bucket.data_@.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_sqs_queue" "dead_@" {
  name                      = "${local.prefix}-dead-@"
  message_retention_seconds = 1209600
  kms_master_key_id         = var.kms_key_arn
}

resource "aws_sqs_queue" "work_@" {
  name                       = "${local.prefix}-work-@"
  visibility_timeout_seconds = var.timeout * 6
  kms_master_key_id          = var.kms_key_arn
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_@.arn
    maxReceiveCount     = 5
  })
}

resource "aws_cloudwatch_log_group" "app_@" {
  for_each          = toset(local.stages)
  name              = "/aws/lambda/${local.prefix}-${each.key}-@"
  retention_in_days = each.key == "prod" ? 365 : 30
  kms_key_id        = var.kms_key_arn
}

resource "aws_lambda_function" "app_@" {
  function_name = "${local.prefix}-app-@"
  role          = aws_iam_role.app_@.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "${path.module}/app.zip"
  timeout       = var.timeout
  environment {
    variables = {
      QUEUE  = aws_sqs_queue.work_@.url
      BUCKET = aws_s3_bucket.data_@.bucket
      TEAMS  = join(",", [for name, team in var.teams : upper(name) if team.enabled])
    }
  }
  lifecycle {
    ignore_changes = [filename]
  }
  depends_on = [aws_iam_role_policy.app_@, aws_cloudwatch_log_group.app_@]
}

resource "aws_security_group" "app_@" {
  # Where the function runs inside the network.
  name        = "${local.prefix}-app-@"
  description = "Service app-@"
  vpc_id      = var.vpc_id
  dynamic "ingress" {
    for_each = { for name, team in var.teams : name => team if team.enabled }
    content {
      description = "from ${ingress.key}"
      protocol    = "tcp"
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      cidr_blocks = ingress.value.networks
    }
  }
}
"#;

/// Resources of [`SERVICE`].
const PER_SERVICE: usize = 10;

const INTERFACE: &str = r#"terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "name" {
  type        = string
  description = "Name of the part"
  validation {
    condition     = length(var.name) > 0 && length(var.name) <= 20
    error_message = "The name has 1 to 20 characters."
  }
}

variable "vpc_id" {
  type = string
}

variable "kms_key_arn" {
  type = string
}

variable "timeout" {
  type    = number
  default = 30
}

variable "teams" {
  type = map(object({
    enabled  = optional(bool, true)
    port     = number
    networks = list(string)
  }))
  default = {}
}

locals {
  prefix = "acme-${var.name}"
  stages = ["dev", "prod"]
  tags = {
    Part      = var.name
    ManagedBy = "terraform"
  }
}

data "aws_caller_identity" "current" {}

"#;

const ROOT: &str = r#"terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { Company = "acme" }
  }
}

variable "vpc_id" {
  type = string
}

variable "kms_key_arn" {
  type = string
}
"#;

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "InvokeModels",
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": [
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6",
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6"
      ]
    },
    {
      "Sid": "Objects",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject"],
      "Resource": "arn:aws:s3:::acme-data/*",
      "Condition": { "Bool": { "aws:SecureTransport": "true" } }
    }
  ]
}
"#;

/// What was written.
pub struct Size {
    pub resources: usize,
    pub files: usize,
    pub bytes: usize,
}

/// Writes a configuration of about so many resources into a folder, [`PER_FILE`] in each file.
pub fn tree(folder: &Path, resources: usize) -> io::Result<Size> {
    let mut size = Size {
        resources: 0,
        files: 0,
        bytes: 0,
    };
    let mut root = ROOT.to_owned();
    let files = resources.div_ceil(PER_FILE);
    for part in 0..files.div_ceil(PER_MODULE) {
        let module = folder.join(format!("modules/part-{part}"));
        fs::create_dir_all(&module)?;
        let mut service = 0;
        for number in 0..PER_MODULE.min(files - part * PER_MODULE) {
            let mut text = if number == 0 {
                INTERFACE.to_owned()
            } else {
                String::new()
            };
            for _ in 0..PER_FILE / PER_SERVICE {
                text.push_str(&SERVICE.replace('@', &service.to_string()));
                service += 1;
                size.resources += PER_SERVICE;
            }
            if number == 0 {
                text.push_str("output \"function_arn\" {\n  value = aws_lambda_function.app_0.arn\n}\n");
            }
            size.write(&module.join(format!("services-{number}.tf")), &text)?;
        }
        let _ = write!(
            root,
            "\nmodule \"part_{part}\" {{\n  source      = \"./modules/part-{part}\"\n  name        = \"part-{part}\"\n  \
             vpc_id      = var.vpc_id\n  kms_key_arn = var.kms_key_arn\n  teams = {{\n    platform = {{ port = 443, networks = [\"10.0.0.0/8\"] }}\n  }}\n}}\n"
        );
        fs::create_dir_all(folder.join("policies"))?;
        size.write(&folder.join(format!("policies/developer-{part}.json")), POLICY)?;
    }
    size.write(&folder.join("main.tf"), &root)?;
    Ok(size)
}

/// Writes a configuration of about so many resources into one file of a folder.
pub fn one_file(folder: &Path, resources: usize) -> io::Result<Size> {
    let mut text = INTERFACE.to_owned();
    let services = resources.div_ceil(PER_SERVICE);
    for service in 0..services {
        text.push_str(&SERVICE.replace('@', &service.to_string()));
    }
    let mut size = Size {
        resources: services * PER_SERVICE,
        files: 0,
        bytes: 0,
    };
    size.write(&folder.join("main.tf"), &text)?;
    Ok(size)
}

impl Size {
    /// What it is, for the row of a table.
    pub fn told(&self) -> String {
        let files = if self.files == 1 { "file" } else { "files" };
        let (resources, count, mib) = (self.resources, self.files, self.bytes as f64 / 1024.0 / 1024.0);
        format!("{resources} resources in {count} {files} ({mib:.1} MiB)")
    }

    fn write(&mut self, path: &Path, text: &str) -> io::Result<()> {
        self.files += 1;
        self.bytes += text.len();
        fs::write(path, text)
    }
}
