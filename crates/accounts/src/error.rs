//! What can go wrong with keys, credentials and invitations.

use std::io;
use std::path::{Path, PathBuf};

use contracts::region::RegionCode;

/// Why keys, credentials or an invitation cannot be used. The text is meant for the person at the terminal; it never holds
/// a seed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: {why}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The directory holds the keys of another node.
    #[error("the keys are those of {found}, not of {wanted}")]
    OtherNode {
        /// Whose keys they are.
        found: RegionCode,
        /// Whose they should be.
        wanted: RegionCode,
    },
    /// A village has no node: the subjects of the federation end at the township.
    #[error("{0} is a village: a node is for a township or above")]
    Village(RegionCode),
    /// The node invited does not lie in the region of the node that invites.
    #[error("{child} does not lie in {parent}")]
    NotInside {
        /// The node invited.
        child: RegionCode,
        /// The node that invites.
        parent: RegionCode,
    },
    /// The region of the node invited and that of another child contain one another: events would arrive twice.
    #[error("{child} and the child {other} contain one another")]
    Overlap {
        /// The node invited.
        child: RegionCode,
        /// The child there is.
        other: RegionCode,
    },
    /// The invitation is for another node.
    #[error("the invitation is for {invited}, this node is {node}")]
    NotForUs {
        /// The node invited.
        invited: RegionCode,
        /// This node.
        node: RegionCode,
    },
    /// The node has another parent already.
    #[error("the node belongs to {0} already")]
    OtherParent(RegionCode),
    /// The invitation has expired.
    #[error("the invitation expired at {0}")]
    Expired(chrono::DateTime<chrono::Utc>),
    /// The invitation was changed or damaged.
    #[error("the invitation is not valid: {0}")]
    Invitation(String),
    /// An address of a link that is not `tls://host:port` or `wss://host:port`.
    #[error("{0:?} is no address of a link: tls://host:port or wss://host:port")]
    Url(String),
    /// No such credentials were issued.
    #[error("no credentials with the key {0} were issued")]
    UnknownUser(String),
    /// A key or a JWT cannot be read or used.
    #[error("key: {0}")]
    Key(String),
    /// A certificate cannot be made.
    #[error("certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The running server refused, or did not answer.
    #[error("nats-server: {0}")]
    Server(String),
}

impl From<nkeys::error::Error> for Error {
    fn from(error: nkeys::error::Error) -> Self {
        Self::Key(error.to_string())
    }
}

/// Turns an I/O error into [`Error::Io`] with the path.
pub(crate) trait At<T> {
    /// Adds the path.
    fn at(self, path: &Path) -> Result<T, Error>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })
    }
}

impl<T> At<T> for serde_json::Result<T> {
    fn at(self, path: &Path) -> Result<T, Error> {
        self.map_err(|error| Error::File {
            path: path.to_owned(),
            why: error.to_string(),
        })
    }
}
