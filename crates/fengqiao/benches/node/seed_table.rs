//! A table that the seeder fills: its columns, and how each is made from the row that is copied.

use anyhow::Result;
use testkit::postgres::Connection;

use crate::seed::Plan;

/// Kept for the newest tenth of the cases.
const NEWEST: [&str; 4] = ["outbox", "up_outbox", "inbox", "facts"];

/// A table with rows of the played cases.
#[derive(Debug)]
pub struct Table {
    schema: String,
    name: String,
    /// Name and type.
    columns: Vec<(String, String)>,
    /// How many rows of the played cases it has.
    pub rows: u64,
}

impl Table {
    /// Those of a schema in which the played cases left rows; the rows are laid aside in the schema `bench`.
    pub async fn of_schema(sql: &Connection, schema: &str, prefix: &str) -> Result<Vec<Self>> {
        let query = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attgenerated = '' AND a.attidentity = ''
             ORDER BY c.relname, a.attnum";
        let mut tables: Vec<Self> = Vec::new();
        for row in sql.query(query, &[&schema]).await? {
            let (name, column): (String, (String, String)) = (row.get(0), (row.get(1), row.get(2)));
            match tables.last_mut().filter(|table| table.name == name) {
                Some(table) => table.columns.push(column),
                None => tables.push(Self {
                    schema: schema.to_owned(),
                    name,
                    columns: vec![column],
                    rows: 0,
                }),
            }
        }
        let mut filled = Vec::new();
        for mut table in tables {
            let ids = table.columns.iter().filter(|(_, kind)| kind == "uuid");
            let ids: Vec<String> = ids
                .map(|(name, _)| format!("left({name}::text, 8) = '{prefix}'"))
                .collect();
            if ids.is_empty() {
                continue;
            }
            let (aside, from) = (table.aside(), table.name());
            let lay = format!(
                "DROP TABLE IF EXISTS {aside}; CREATE TABLE {aside} AS SELECT * FROM {from} WHERE {}",
                ids.join(" OR ")
            );
            sql.batch_execute(&lay).await?;
            let count = sql
                .query_one(&format!("SELECT count(*) FROM {aside}"), &[])
                .await?;
            table.rows = count.get::<_, i64>(0).unsigned_abs();
            if table.rows > 0 {
                filled.push(table);
            }
        }
        Ok(filled)
    }

    /// With its schema.
    pub fn name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    fn aside(&self) -> String {
        format!("bench.{}_{}", self.schema, self.name)
    }

    /// How many copies it gets.
    pub fn copies(&self, plan: &Plan) -> u64 {
        match NEWEST.contains(&self.name.as_str()) {
            true => plan.copies.div_ceil(10),
            false => plan.copies,
        }
    }

    /// Drops the indexes that only make reading faster; gives the statements that make them again.
    pub async fn drop_indexes(&self, sql: &Connection) -> Result<Vec<String>> {
        let query = "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
             WHERE indrelid = $1::text::regclass AND NOT indisunique";
        let mut again = Vec::new();
        for row in sql.query(query, &[&self.name()]).await? {
            sql.batch_execute(&format!("DROP INDEX {}", row.get::<_, String>(0)))
                .await?;
            again.push(row.get(1));
        }
        Ok(again)
    }

    /// Makes the rows of these copies.
    pub fn insert(&self, plan: &Plan, from: u64, to: u64) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = self
            .columns
            .iter()
            .map(|(name, kind)| self.value(name, kind, &plan.prefix))
            .collect();
        format!(
            "INSERT INTO {} ({}) SELECT {} FROM {} CROSS JOIN {} AS t",
            self.name(),
            names.join(", "),
            values.join(", "),
            plan.series(from, to),
            self.aside(),
        )
    }

    fn value(&self, name: &str, kind: &str, prefix: &str) -> String {
        let is_outbox = self.columns.iter().any(|(name, _)| name == "stream_seq");
        match (self.name.as_str(), name, kind) {
            // Published before the stream that is there now, in an epoch before the first.
            (_, "stream_seq", _) if is_outbox => "0".to_owned(),
            (_, "seq", _) if is_outbox => "k * 100000000::bigint + t.seq".to_owned(),
            (_, "epoch", _) if is_outbox => "0".to_owned(),
            ("inbox", "epoch", _) => "0".to_owned(),
            ("clocks", "due_at" | "warn_at" | "wake_at", _) => format!("t.{name}"),
            // Unique where it was given.
            (_, "acceptance_number" | "oral_number", _) => format!("t.{name} || '-' || k"),
            (_, _, "uuid" | "uuid[]" | "jsonb") => {
                format!("replace(t.{name}::text, '{prefix}-', n)::{kind}")
            }
            (_, _, "timestamp with time zone") => format!("t.{name} - ago"),
            (_, _, "date") => format!("(t.{name} - ago)::date"),
            _ => format!("t.{name}"),
        }
    }
}
