//! What can go wrong when a server is started, stopped or killed.

use std::io;
use std::path::{Path, PathBuf};

/// Why a server could not be started, stopped or killed. The text is meant for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is not on this machine.
    #[error("{program} not found; run tools/setup.sh, or name it with {variable}")]
    NotInstalled {
        /// The program looked for.
        program: &'static str,
        /// The environment variable that names it.
        variable: &'static str,
    },
    /// The directory is in use by another process.
    #[error("{} is in use by another process", .0.display())]
    Busy(PathBuf),
    /// The server did not come up, or did not go down.
    #[error("{server}: {what}\nend of {}:\n{tail}", .log.display())]
    Server {
        /// `postgres`, `initdb` or `nats-server`.
        server: &'static str,
        /// What was expected of it.
        what: String,
        /// Its log.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// The machine lacks something.
    #[error("{0}")]
    Machine(String),
    /// A file or process operation failed.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
}

/// Turns an I/O error into [`Error::Io`] that says what was tried.
pub(crate) trait Context<T> {
    /// Adds the operation and its path.
    fn context(self, what: &str, path: &Path) -> Result<T, Error>;
}

impl<T> Context<T> for io::Result<T> {
    fn context(self, what: &str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            what: format!("{what} {}", path.display()),
            source,
        })
    }
}
