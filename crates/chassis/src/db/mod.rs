//! PostgreSQL: a pool per service, named transactions, the outbox rows they leave, migrations.

mod command;
pub mod json;
mod migrate;
mod outbox;
mod pool;
mod server;
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

/// What a database error means to the caller. Lost connections, deadlocks, serialization failures and statements that took too
/// long are worth a retry (`unavailable`); a broken unique constraint is a `conflict`; the rest is ours (`internal`).
impl From<DieselError> for Problem {
    fn from(error: DieselError) -> Self {
        let code = match &error {
            DieselError::NotFound => &common::NOT_FOUND,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => &common::CONFLICT,
            _ if is_transient(&error) => &common::UNAVAILABLE,
            _ => &common::INTERNAL,
        };
        Self::new(code).internal(describe(&error))
    }
}

/// diesel has no kind of its own for these and does not tell the SQLSTATE. PostgreSQL's English texts do not change, and
/// [`check_release`] sees to it that they are English.
const REFUSED_FOR_NOW: [&str; 3] = [
    "deadlock detected",
    "canceling statement due to lock timeout",
    STATEMENT_TIMEOUT,
];
const STATEMENT_TIMEOUT: &str = "canceling statement due to statement timeout";
const CONNECTION_LOST: [&str; 3] = [
    "terminating connection",
    "connection closed",
    "the database system is",
];

/// Whether the same may succeed later.
fn is_transient(error: &DieselError) -> bool {
    let DieselError::DatabaseError(kind, _) = error else {
        return matches!(error, DieselError::BrokenTransactionManager);
    };
    let refused = matches!(
        kind,
        DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::ReadOnlyTransaction
    );
    refused || is_lost(error) || has_text(error, &REFUSED_FOR_NOW)
}

/// Whether PostgreSQL gave no answer: what was sent last may have happened or not.
fn is_lost(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _,
        ) => true,
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, _) => {
            has_text(error, &CONNECTION_LOST)
        }
        _ => false,
    }
}

fn has_text(error: &DieselError, texts: &[&str]) -> bool {
    let found = error.to_string();
    texts.iter().any(|text| found.contains(text))
}

/// Whether the same transaction is worth another try at once. A statement that took too long would take as long again.
fn worth_repeating(problem: &Problem) -> bool {
    let told = problem.internal_message().unwrap_or_default();
    problem.code() == &common::UNAVAILABLE && !told.contains(STATEMENT_TIMEOUT)
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
