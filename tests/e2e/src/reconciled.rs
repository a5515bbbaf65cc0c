//! Whether everything published was applied exactly once.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use contracts::Service;

use crate::node::TestNode;

impl TestNode {
    /// Waits until nothing is under way; fails unless every consumer has then applied every event that was published for it,
    /// nothing else, and buried none, and unless every origin's sequence is gapless.
    ///
    /// # Errors
    /// It is otherwise.
    pub async fn reconciled(&self) -> Result<()> {
        self.settle().await?;
        let printed = self.run_well(&["reconcile"]).await?;
        for service in Service::ALL {
            let line = printed
                .lines()
                .find(|line| line.split_whitespace().next() == Some(service.as_str()));
            let line = line.with_context(|| format!("no line of {service}:\n{printed}"))?;
            let numbers = line
                .split_whitespace()
                .skip(1)
                .map(str::parse)
                .collect::<Result<Vec<i64>, _>>();
            let numbers = numbers.with_context(|| line.to_owned())?;
            let [published, applied, missing, dead] = numbers.as_slice() else {
                anyhow::bail!("unexpected: {line}")
            };
            ensure!(
                published == applied && *missing == 0 && *dead == 0,
                "{line}"
            );
        }
        let sql = self.sql().await?;
        for service in Service::ALL {
            let row = sql
                .query_one(
                    &format!("SELECT count(*), coalesce(min(seq), 1), coalesce(max(seq), 0) FROM {}.outbox", service.schema()),
                    &[],
                )
                .await?;
            let (count, first, last): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
            ensure!(
                first == 1 && last == count,
                "{service}: {count} events with sequences {first} to {last}"
            );
        }
        Ok(())
    }

    /// How many events of each kind were published: `matter.accepted`.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn published(&self) -> Result<BTreeMap<String, i64>> {
        let sql = self.sql().await?;
        let mut counts = BTreeMap::new();
        for service in Service::ALL {
            let query = format!(
                "SELECT event_type, count(*) FROM {}.outbox GROUP BY 1",
                service.schema()
            );
            for row in sql.query(&query, &[]).await? {
                let kind: String = row.get(0);
                // fengqiao.<service>.<object>.<fact>.v1
                let parts: Vec<&str> = kind.split('.').collect();
                let [_, _, object, fact, _] = parts.as_slice() else {
                    anyhow::bail!("unexpected event type {kind}")
                };
                *counts.entry(format!("{object}.{fact}")).or_insert(0) += row.get::<_, i64>(1);
            }
        }
        Ok(counts)
    }

    /// Fails unless exactly these events were published, besides those of the register, planned follow-ups and clocks.
    ///
    /// # Errors
    /// Others were.
    pub async fn check_published(&self, expected: &BTreeMap<String, i64>) -> Result<()> {
        let mut found = self.published().await?;
        for other in [
            "organisation.registered",
            "mediator.registered",
            "follow_up.scheduled",
            "clock.warned",
            "clock.breached",
        ] {
            found.remove(other);
        }
        ensure!(
            &found == expected,
            "published {found:#?}\nexpected {expected:#?}"
        );
        Ok(())
    }
}
