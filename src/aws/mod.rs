//! AWS as the checks see it: an account with its clients, and calls that are paced, timed, recorded and explained.
//!
//! Nothing else in this program uses the AWS SDK to send a request. Each call names the [`Operation`] that it makes, from
//! which the IAM actions that it needs are known without making it.

mod account;
mod connect;
mod evidence;
mod operation;
pub mod operations;
mod pace;
mod profiles;
mod trouble;

pub use account::Account;
pub use connect::{ConnectError, Endpoint, Source, connect};
pub use evidence::{Evidence, Journal};
pub use operation::{On, Operation, actions_of};
pub use profiles::profiles;
pub use trouble::{Kind, Trouble};
