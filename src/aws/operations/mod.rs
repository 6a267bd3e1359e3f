//! Every operation that is called, by service. A test calls each one and compares the IAM actions with what AWS documents
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>).

pub mod account;
pub mod analytics;
pub mod bedrock;
pub mod budgets;
pub mod cognito;
pub mod cost_explorer;
pub mod iam;
pub mod identity_center;
pub mod organizations;
pub mod storage;
pub mod sts;
pub mod writes;
