//! Who may log in to a node's nats-server, and how nodes are linked: keys, JWTs, invitations, configuration.
//!
//! # The accounts of a node
//! nats-server runs in operator mode. What may be done is in JWTs that the node signs with keys of its own ([`NodeKeys`]):
//!
//! | account | for | JetStream |
//! |---|---|---|
//! | PLAT | the local services ([`NodeKeys::service_credentials`]) | its own, never linked |
//! | FED | the federation service and the links of the children | UP and DOWN, no third stream |
//! | LINK | the link to the parent ends here; no users | none |
//! | SYS | checks and account updates ([`push`], [`links`]) | none |
//!
//! FED and LINK reach each other by imports and exports only, once the node has a parent: the parent may create a consumer on
//! UP and gets its deliveries, the node may create a consumer on its part of the parent's DOWN. A child's link is a user of
//! the parent's FED with these rights, `D` being the child's [`domain`], `P` the parent's, `R` the child's [`subtree`]:
//!
//! | publish | why |
//! |---|---|
//! | `fed.up.D.>` | deliveries of its UP |
//! | `$JSC.R.*` | replies to the parent's request for them; without it sourcing stays at 0, with no line in any log |
//! | `$JS.P.API.CONSUMER.CREATE.DOWN.*.down.R.>` | its part of DOWN; the filter is part of the subject |
//! | `$JS.FC.DOWN.>`, `$JS.FC.*.*.DOWN.>` | flow control |
//!
//! | subscribe | why |
//! |---|---|
//! | `fed.api.D.>` | what the child offers through LINK |
//! | `fed.down.D.>` | deliveries of DOWN |
//! | `$JS.FC.UP.>`, `$JS.FC.*.*.UP.>` | flow control |
//! | `_R_.>` | replies to its request, which is a service import in its LINK |
//!
//! # Joining and leaving
//! The parent [invites](NodeKeys::invite), which changes nothing at its server: credentials signed by the account are let in.
//! The child [accepts](NodeKeys::accept) and starts its server with [`NodeKeys::links_config`] or
//! [`NodeKeys::server_config`]. To replace credentials, [`NodeKeys::rotate`], accept, [`NodeKeys::revoke`] the old ones,
//! [`push`]: the child's server reads its credentials file whenever it connects. To end it, [`NodeKeys::remove`] and
//! [`push`].
//!
//! # Found by experiment (nats-server 2.15.1; the tests of this crate repeat it)
//! * All permissions of the configuration-file form work as JWTs, over TLS and over `wss://`. One remote cannot mix the two
//!   kinds of addresses.
//! * A pushed account JWT with a revocation closes the link of that user at once ("Credentials Revoked"), other links stay;
//!   no KICK is needed. The resolver keeps the newer JWT (by its time of issue) of the pushed and the preloaded one, so a
//!   start with an older configuration file does not undo it. Hence [`NodeKeys::accounts`] changes a JWT's time exactly when
//!   its content changes.
//! * A link ends by itself when its credentials expire.
//! * A source whose link was down asks again after some 10 s, the measured 40 s after the parent itself was restarted.
//! * To nats-server an empty list of allowed subjects allows everything; an empty [`Allow`] here allows nothing.
//! * Atomic batches can be published to UP and DOWN, which also have sources.
//! * DOWN of a node without children may have subjects of its own: nothing is stored twice.
//! * A child may name any `deliver_subject` for its consumer on DOWN, even `up.…` of the parent: the consumer is made, but what
//!   it delivers is stored by no stream. It may make as many consumers as [`Limits::max_consumers`] leaves.
//! * A deliver subject needs a subscription narrower than the import: `fed.up.D.x` counts as interest, `fed.up.D.>` does not.
//! * A child that runs a changed server can forge deliveries of its own UP (`fed.up.D.>`), perhaps with any subject: who reads UP
//!   checks that the subject fits the child it came from, and the signature of each message.

mod ask;
mod claims;
mod config;
mod desk;
mod error;
mod files;
mod handout;
mod invitation;
pub mod jwt;
mod keys;
mod ledger;
mod parent;
pub mod probe;
mod running;
mod storage;
mod streams;
mod subjects;
mod tls;
mod users;

pub use claims::{Account, Accounts};
pub use config::{Links, Listener, Server};
pub use desk::DeskKeys;
pub use error::Error;
pub use invitation::{Invitation, Invite};
pub use keys::{FEDERATION, NodeKeys, PublicKeys, SYSTEM};
pub use ledger::Issued;
pub use parent::Parent;
pub use running::{Link, links, push};
pub use storage::{ConsumerState, ServerState, StreamState, servers};
pub use streams::{DOWN, Limits, UP, down_stream, up_stream};
pub use subjects::{domain, subtree, tokens};
pub use tls::{TlsFiles, local_tls};
pub use users::{Allow, DESK};
