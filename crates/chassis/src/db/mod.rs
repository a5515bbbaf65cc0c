//! PostgreSQL: a pool per service, named transactions, the outbox rows they leave, migrations.

mod command;
pub mod json;
mod migrate;
mod outbox;
mod pool;
mod session;
mod statement;
mod tx;
mod writes;

pub use json::Json;
pub use migrate::{MigrateError, ServiceSchema, check_release, migrate};
pub use outbox::Outbox;
pub use pool::{Db, PoolStatus};
pub use session::{DbUrl, Session, SessionError};
pub use statement::{Statement, statement};
pub use tx::{Cause, Tx};

use contracts::problems::common;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::http::Problem;

/// What a database error means to the caller. Lost connections, deadlocks and serialization failures are worth a retry
/// (`unavailable`); a broken unique constraint is a `conflict`; the rest is ours (`internal`).
impl From<DieselError> for Problem {
    fn from(error: DieselError) -> Self {
        let code = match &error {
            DieselError::NotFound => &common::NOT_FOUND,
            DieselError::DatabaseError(kind, _) => match kind {
                DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction => &common::UNAVAILABLE,
                DatabaseErrorKind::UniqueViolation => &common::CONFLICT,
                _ => {
                    // diesel has no kind of its own for these; PostgreSQL's texts do not change.
                    let text = error.to_string();
                    if text.contains("deadlock detected")
                        || text.contains("canceling statement due to lock timeout")
                        || text.contains("terminating connection")
                        || text.contains("connection closed")
                        || text.contains("the database system is")
                    {
                        &common::UNAVAILABLE
                    } else {
                        &common::INTERNAL
                    }
                }
            },
            DieselError::BrokenTransactionManager => &common::UNAVAILABLE,
            _ => &common::INTERNAL,
        };
        Self::new(code).internal(describe(&error))
    }
}

/// The error without values: PostgreSQL puts the offending values into the detail, never into message or constraint.
fn describe(error: &DieselError) -> String {
    match error {
        DieselError::DatabaseError(kind, info) => {
            let constraint = info.constraint_name().unwrap_or_default();
            let table = info.table_name().unwrap_or_default();
            let message = match kind {
                // The message of a data exception ("invalid input syntax for …: \"…\"") can hold a value.
                DatabaseErrorKind::Unknown if info.message().contains('"') => "database error",
                _ => info.message(),
            };
            format!("{kind:?}: {message} (table {table:?}, constraint {constraint:?})")
        }
        other => other.to_string(),
    }
}
