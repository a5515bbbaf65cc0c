//! The statement that applies an event. It names only the columns the event says something of, so that its text is the same for
//! every event of a kind: it is prepared once a connection, and PostgreSQL does not merge forty columns for one.

use contracts::events::Envelope;
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use serde_json::Value;

use crate::domain::entry::LedgerEntry;

/// An event for the log, what it says for the ledger, or both. With both, the ledger changes only when the log did not
/// have the event.
pub struct Write {
    /// The event: envelope and body.
    pub event: Option<(Envelope, Value)>,
    /// What it says.
    pub entry: Option<LedgerEntry>,
}

/// Cached by its text, of which there is one a kind of event.
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
            let columns = entry.says();
            out.push_sql("INSERT INTO ledger AS l (case_id");
            for (name, _) in &columns {
                out.push_sql(", ");
                out.push_sql(name);
            }
            out.push_sql(") SELECT ");
            entry.bind(&columns, &mut out)?;
            if self.event.is_some() {
                out.push_sql(" FROM fresh");
            }
            out.push_sql(" ON CONFLICT (case_id) DO ");
            if columns.is_empty() {
                out.push_sql("NOTHING");
            }
            for (number, (name, merge)) in columns.iter().enumerate() {
                out.push_sql(if number == 0 { "UPDATE SET " } else { ", " });
                out.push_sql(name);
                out.push_sql(" = ");
                out.push_sql(&merge.sql(name));
            }
        }
        Ok(())
    }
}
