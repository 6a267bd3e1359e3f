//! `import` blocks for modules that were forgotten and came back: their objects exist, and creating them again would fail.
//!
//! Only what AWS refuses to create twice is imported. Settings of a bucket, policies and objects are written over.
//! Forms of the ids: the section "Import" of each resource's page,
//! <https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs>

use hcl::Block;
use hcl::expr::Expression;
use terraform::write::Item;

use super::manifest;
use crate::deployment::model::Deployment;
use crate::render::expr::{index, reference};

/// The file's items; nothing where no module came back.
pub fn items(deployment: &Deployment, record: &manifest::Root) -> Vec<Item> {
    let objects: Vec<(Expression, String)> = record
        .adopted
        .iter()
        .flat_map(|module| match module.as_str() {
            "logging" => logging(deployment),
            "analytics" => analytics(deployment),
            _ => Vec::new(),
        })
        .collect();
    if objects.is_empty() {
        return Vec::new();
    }
    let mut items = vec![
        Item::Comment(
            "These exist since an earlier render. Nothing happens to what is in the state already; what was deleted by"
                .to_owned(),
        ),
        Item::Comment("hand cannot be imported: `tfgen render --drop-removed` takes this file away.".to_owned()),
    ];
    for (i, (address, id)) in objects.into_iter().enumerate() {
        if i > 0 {
            items.push(Item::Blank);
        }
        let block = Block::builder("import")
            .add_attribute(("to", address))
            .add_attribute(("id", id));
        items.push(Item::Block(block.build()));
    }
    items
}

fn logging(deployment: &Deployment) -> Vec<(Expression, String)> {
    let names = &deployment.names;
    let at = |address: &str| reference(&format!("module.logging.{address}"));
    vec![
        (at("aws_s3_bucket.logs"), names.log_bucket.clone()),
        (at("aws_cloudwatch_log_group.logs"), names.log_group.clone()),
        (at("aws_iam_role.delivery"), names.log_delivery_role.clone()),
    ]
}

fn analytics(deployment: &Deployment) -> Vec<(Expression, String)> {
    let names = &deployment.names;
    let at = |address: &str| reference(&format!("module.analytics.{address}"));
    let database = format!("{}:{}", deployment.account_id, names.database);
    let data = |key: &str| index("module.analytics.aws_glue_catalog_table.data", Expression::from(key));
    vec![
        (at("aws_s3_bucket.results"), names.results_bucket.clone()),
        (at("aws_glue_catalog_database.logs"), database.clone()),
        (
            at("aws_glue_catalog_table.logs"),
            format!("{database}:{}", names.log_table),
        ),
        (data("prices"), format!("{database}:{}", names.price_table)),
        (data("profiles"), format!("{database}:{}", names.profile_table)),
        (at("aws_athena_workgroup.logs"), names.workgroup.clone()),
    ]
}
