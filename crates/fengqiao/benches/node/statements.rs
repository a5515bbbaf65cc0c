//! What PostgreSQL did, by statement: `pg_stat_statements`.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;
use testkit::postgres::Connection;

/// How many are told.
const TOLD: i64 = 25;

/// A statement of a service.
#[derive(Debug, Clone, Serialize)]
pub struct Statement {
    /// The role that ran it: `fengqiao_intake`.
    pub role: String,
    /// Its text, cut.
    pub text: String,
    /// How often.
    pub calls: i64,
    /// Rows together.
    pub rows: i64,
    /// Milliseconds together.
    pub total_ms: f64,
    /// Milliseconds on average.
    pub mean_ms: f64,
}

/// Begins to count anew.
pub async fn reset(sql: &Connection) -> Result<()> {
    Ok(sql
        .batch_execute("SELECT pg_stat_statements_reset()")
        .await?)
}

/// The statements that took most time together.
pub async fn top(sql: &Connection) -> Result<Vec<Statement>> {
    let rows = sql
        .query(
            "SELECT r.rolname::text, left(regexp_replace(query, '\\s+', ' ', 'g'), 160), calls, rows,
                    total_exec_time + total_plan_time, (total_exec_time + total_plan_time) / calls
             FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
             WHERE r.rolname LIKE 'fengqiao%' ORDER BY total_exec_time + total_plan_time DESC LIMIT $1",
            &[&TOLD],
        )
        .await?;
    let statements = rows.iter().map(|row| Statement {
        role: row.get(0),
        text: row.get(1),
        calls: row.get(2),
        rows: row.get(3),
        total_ms: row.get(4),
        mean_ms: row.get(5),
    });
    Ok(statements.collect())
}

/// How often what was executed since [`reset`], for a case.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PerCase {
    /// Transactions of each consumer, by schema: one inbox statement each.
    pub consumed: BTreeMap<String, f64>,
    /// Each statement of each relay, by schema and [`relay_statement`].
    pub relayed: BTreeMap<String, BTreeMap<String, f64>>,
    /// All statements of all services, BEGIN and COMMIT included.
    pub statements: f64,
}

/// Which of the relay's statements it is, if it is one: it sequences rows, reads those to be published, or notes what was
/// acknowledged. Those of the border desk's other outboxes do not count.
pub fn relay_statement(sql: &str) -> Option<&'static str> {
    let marks = [
        ("sequence", "WITH chosen AS"),
        ("pending", "stream_seq IS NULL AND seq IS NOT NULL ORDER BY"),
        ("acknowledged", "SET stream_seq = a.seq"),
    ];
    let found = marks.into_iter().find(|(_, mark)| sql.contains(mark))?;
    let border = sql.contains("up_outbox") || sql.contains("down_outbox");
    (!border).then_some(found.0)
}

/// The counts since [`reset`], in which there were so many cases.
pub async fn per_case(sql: &Connection, cases: u64) -> Result<PerCase> {
    let rows = sql
        .query(
            "SELECT r.rolname::text, query, calls FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
             WHERE r.rolname LIKE 'fengqiao%'",
            &[],
        )
        .await?;
    let number = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let mut counts = PerCase::default();
    for row in rows {
        let (role, text, calls): (String, String, i64) = (row.get(0), row.get(1), row.get(2));
        let schema = role.trim_start_matches("fengqiao_").to_owned();
        let each = number(calls.unsigned_abs()) / number(cases.max(1));
        counts.statements += each;
        if text.starts_with("INSERT INTO inbox (") {
            *counts.consumed.entry(schema).or_default() += each;
        } else if let Some(name) = relay_statement(&text) {
            let relay = counts.relayed.entry(schema).or_default();
            *relay.entry(name.to_owned()).or_default() += each;
        }
    }
    Ok(counts)
}
