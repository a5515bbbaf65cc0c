//! The node, its API, and who acts.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use contracts::Service;

use crate::{api::Api, node::Node, people::People};

pub struct World {
    pub node: Node,
    pub api: Api,
    pub people: People,
    serial: AtomicU64,
}

impl World {
    /// With a node that runs.
    pub async fn meet(node: Node) -> Result<Self> {
        let api = Api::new(&node.base)?;
        let people = People::gather(&node, &api).await?;
        Ok(Self {
            node,
            api,
            people,
            serial: AtomicU64::new(0),
        })
    }

    /// The number of the next case.
    pub fn next(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits until every event is published and every consumer has applied those it gets.
    pub async fn settle(&self) -> Result<()> {
        let sql = self.node.sql().await?;
        let each = Service::ALL.iter().map(|service| {
            let schema = service.schema();
            format!(
                "SELECT (SELECT count(*) FROM {schema}.outbox WHERE stream_seq IS NULL) AS waiting,
                        (SELECT coalesce(sum(highest), 0) FROM {schema}.inbox_position) AS applied"
            )
        });
        let each: Vec<String> = each.collect();
        let query = format!(
            "SELECT sum(waiting)::bigint, sum(applied)::bigint FROM ({}) s",
            each.join(" UNION ALL ")
        );
        let mut last = None;
        let mut calm = 0;
        while calm < 4 {
            let row = sql.query_one(&query, &[]).await?;
            let now = (row.get::<_, i64>(0), row.get::<_, i64>(1));
            calm = if now.0 == 0 && last == Some(now) {
                calm + 1
            } else {
                0
            };
            last = Some(now);
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        }
        Ok(())
    }
}
