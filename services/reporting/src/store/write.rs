//! The statement that applies an event. Its text is the same for every event, so that it is prepared once a connection.

use std::sync::LazyLock;

use contracts::events::Envelope;
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use serde_json::Value;

use crate::domain::entry::{COLUMNS, LedgerEntry};

/// `INSERT INTO ledger AS l (…)`
static INTO_LEDGER: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    format!(
        "INSERT INTO ledger AS l (case_id, {}) SELECT ",
        names.join(", ")
    )
});

/// `ON CONFLICT … DO UPDATE SET …`
static MERGED: LazyLock<String> = LazyLock::new(|| {
    let rules: Vec<String> = COLUMNS
        .iter()
        .map(|(name, merge)| format!("{name} = {}", merge.sql(name)))
        .collect();
    format!(" ON CONFLICT (case_id) DO UPDATE SET {}", rules.join(", "))
});

/// An event for the log, what it says for the ledger, or both. With both, the ledger changes only when the log did not
/// have the event.
pub struct Write {
    /// The event: envelope and body.
    pub event: Option<(Envelope, Value)>,
    /// What it says.
    pub entry: Option<LedgerEntry>,
}

/// Cached by its text, of which there are three.
impl QueryId for Write {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Write {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if let Some((envelope, body)) = &self.event {
            if self.entry.is_some() {
                out.push_sql("WITH fresh AS (");
            }
            out.push_sql(
                "INSERT INTO event_log (event_id, subject, event_type, source, epoch, seq, occurred_at, payload) VALUES (",
            );
            out.push_bind_param::<SqlUuid, _>(&envelope.id)?;
            out.push_sql(", ");
            out.push_bind_param::<SqlUuid, _>(&envelope.subject)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(&envelope.event_type)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(&envelope.source)?;
            out.push_sql(", ");
            out.push_bind_param::<Integer, _>(&envelope.epoch)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(&envelope.seq)?;
            out.push_sql(", ");
            out.push_bind_param::<Timestamptz, _>(&envelope.time)?;
            out.push_sql(", ");
            out.push_bind_param::<Jsonb, _>(body)?;
            out.push_sql(") ON CONFLICT DO NOTHING");
            if self.entry.is_some() {
                out.push_sql(" RETURNING event_id) ");
            }
        }
        if let Some(entry) = &self.entry {
            out.push_sql(&INTO_LEDGER);
            entry.bind(&mut out)?;
            if self.event.is_some() {
                out.push_sql(" FROM fresh");
            }
            out.push_sql(&MERGED);
        }
        Ok(())
    }
}
