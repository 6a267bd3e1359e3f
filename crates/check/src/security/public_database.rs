//! `security-public-database`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-public-database",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A database with an address on the internet.",
    page: r##"## What it finds

`publicly_accessible = true` of an `aws_db_instance`, `aws_rds_cluster_instance`, `aws_redshift_cluster` or
`aws_dms_replication_instance`.

## Why it matters

The database gets a public address. What keeps strangers out is then one security group and a password; a change of the
group is enough to expose it.

## Bad

```hcl main.tf
resource "aws_rds_cluster_instance" "usage" {
  cluster_identifier  = "usage"
  engine              = "aurora-postgresql"
  instance_class      = "db.t4g.medium"
  publicly_accessible = true # <- here
}
```

## Good

```hcl main.tf
resource "aws_rds_cluster_instance" "usage" {
  cluster_identifier  = "usage"
  engine              = "aurora-postgresql"
  instance_class      = "db.t4g.medium"
  publicly_accessible = false
}
```

## How to fix it

Leave the argument out, and reach the database through the VPC: a VPN, Session Manager's port forwarding, the query editor.

## Source

[Hiding a DB instance in a VPC from the internet](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html)
"##,
};

const KINDS: [&str; 4] = [
    "aws_db_instance",
    "aws_rds_cluster_instance",
    "aws_redshift_cluster",
    "aws_dms_replication_instance",
];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for database in KINDS.iter().flat_map(|kind| look.resources(kind)) {
        let Some((file, public)) = database.view.attribute("publicly_accessible") else {
            continue;
        };
        if matches!(look.value(&public.value), Value::Bool(true)) {
            let message = "the database gets an address on the internet";
            found.push(look.finding(&RULE, file, &public.value.span, message));
        }
    }
}
