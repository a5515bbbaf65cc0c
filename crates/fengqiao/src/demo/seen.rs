//! Whose names a level has seen: the names of all parties are looked for in everything a node has stored.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

use crate::local::LocalNode;

/// What the demo's parties are called, with the number of their matter behind.
const NAME: &str = "申请人";

/// The numbers of the matters whose parties' names stand anywhere in a node's database.
pub async fn names(node: &LocalNode) -> Result<BTreeSet<usize>> {
    let url = node.config.database.admin_url.as_ref();
    let url = secrecy::ExposeSecret::expose_secret(url.context("no owner's address")?);
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let driving = async { connection.await.context("PostgreSQL") };
    let looking = async move {
        let tables = client
            .query(
                "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
                 WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'",
                &[],
            )
            .await?;
        let mut found = BTreeSet::new();
        for table in tables {
            let table: String = table.get(0);
            let sql = format!("SELECT t::text FROM {table} t WHERE t::text LIKE '%{NAME}%'");
            for row in client.query(&sql, &[]).await? {
                found.extend(numbers(row.get(0)));
            }
        }
        anyhow::Ok(found)
    };
    // The connection ends when the client is dropped.
    let ((), found) = tokio::try_join!(driving, looking)?;
    Ok(found)
}

fn numbers(text: &str) -> impl Iterator<Item = usize> {
    let after_name = text.split(NAME).skip(1);
    after_name.filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn names_are_found_in_any_text() {
        let found: Vec<usize> =
            numbers("(x,\"{\"\"name\"\": \"\"申请人17\"\"}\",被申请人4)").collect();
        assert_eq!(found, [17, 4]);
    }
}
