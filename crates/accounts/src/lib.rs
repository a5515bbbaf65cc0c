//! Who may log in to a node's nats-server, and how nodes are linked.

mod claims;
mod config;
mod error;
mod files;
mod invitation;
pub mod jwt;
mod keys;
mod ledger;
mod parent;
mod running;
mod streams;
mod subjects;
mod tls;
mod users;

pub use claims::{Account, Accounts};
pub use config::{Links, Listener, Server};
pub use error::Error;
pub use invitation::{Invitation, Invite};
pub use keys::{FEDERATION, NodeKeys, PublicKeys, SYSTEM};
pub use ledger::Issued;
pub use parent::Parent;
pub use running::{Link, kick, links, push};
pub use streams::{DOWN, Limits, UP, down_stream, up_stream};
pub use subjects::{domain, subtree, tokens};
pub use tls::{TlsFiles, local_tls};
pub use users::{Allow, DESK};
