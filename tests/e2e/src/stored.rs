//! What a node has stored, as something that can be compared.

use std::collections::BTreeMap;

use anyhow::Result;
use contracts::Service;

use crate::node::TestNode;

/// Count of rows and digest of every table.
pub type Stored = BTreeMap<String, (i64, String)>;

impl TestNode {
    /// Digests everything the services have stored.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn stored(&self) -> Result<Stored> {
        let schemas: Vec<String> = Service::ALL
            .iter()
            .map(|service| service.schema())
            .collect();
        let sql = self.sql().await?;
        let tables = "SELECT table_schema || '.' || table_name FROM information_schema.tables
                      WHERE table_schema = ANY($1) AND table_type = 'BASE TABLE'";
        let tables: Vec<String> = sql
            .query(tables, &[&schemas])
            .await?
            .iter()
            .map(|row| row.get(0))
            .collect();
        let digests = tables.iter().map(|table| {
            format!("SELECT '{table}', count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {table} t")
        });
        let digests = digests.collect::<Vec<_>>().join(" UNION ALL ");
        let rows = sql.query(&digests, &[]).await?;
        Ok(rows
            .iter()
            .map(|row| (row.get(0), (row.get(1), row.get(2))))
            .collect())
    }
}

/// The tables that differ.
#[must_use]
pub fn changed(before: &Stored, after: &Stored) -> Vec<String> {
    let names = before.keys().chain(after.keys());
    let mut changed: Vec<String> = names
        .filter(|name| before.get(*name) != after.get(*name))
        .cloned()
        .collect();
    changed.sort();
    changed.dedup();
    changed
}
