//! pgbench on the node's own server, while the node is held.

use std::{collections::BTreeMap, path::Path, process::Stdio, time::Duration};

use anyhow::{Context as _, Result, ensure};
use contracts::Service;
use testkit::postgres::Connection;
use tokio::process::Command;

use crate::{
    process::cpu_of_all,
    script::{Script, Tables},
    world::World,
};

/// Ids of pgbench's cases are far ahead of those of today: 2^17 × 65.5 s.
const AHEAD: u64 = 1 << 17;
/// pgbench connects anew each time; that each client plans each statement for the first time is not measured.
const WARM_UP: Duration = Duration::from_secs(10);

/// What pgbench measured.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Cases a second.
    pub lifecycles_per_second: f64,
    /// How many milliseconds of PostgreSQL's processes a case took.
    pub postgres_cpu_ms: f64,
}

/// Makes what the scripts need.
pub async fn prepare(world: &World, prefix: &str) -> Result<()> {
    let first = u64::from_str_radix(prefix, 16)? + AHEAD;
    let sql = world.node.sql().await?;
    let make = format!(
        "CREATE SCHEMA IF NOT EXISTS bench; CREATE SEQUENCE IF NOT EXISTS bench.prefix START {first} CACHE 1"
    );
    Ok(sql.batch_execute(&make).await?)
}

/// The tables of the services' schemas.
pub async fn tables(sql: &Connection) -> Result<Tables> {
    let mut tables = Tables::new();
    let query = "SELECT schemaname::text, tablename::text FROM pg_tables";
    for row in sql.query(query, &[]).await? {
        tables.entry(row.get(0)).or_default().push(row.get(1));
    }
    Ok(tables)
}

/// Runs the script for so long, after a warm-up in which each client prepares its statements.
pub async fn run(
    world: &World,
    directory: &Path,
    script: &Script,
    clients: usize,
    length: Duration,
) -> Result<Measured> {
    let file = directory.join("lifecycle.pgbench");
    std::fs::write(&file, &script.text)?;
    world.settle().await?;
    world.node.hold(true).await?;
    let sequences = next_sequences(world).await?;
    let before = cpu_of_all(world.node.postgres_pid);
    let output = pgbench(world, &file, clients, WARM_UP + length).await?;
    let used = cpu_of_all(world.node.postgres_pid).saturating_sub(before);
    restore(world, &sequences).await?;
    world.node.hold(false).await?;
    Ok(Measured {
        lifecycles_per_second: steady(&output)?,
        postgres_cpu_ms: used.as_secs_f64() * 1_000.0 / number(&output, "actually processed: ")?,
    })
}

/// Cases a second after the warm-up, from the progress of each second.
fn steady(output: &str) -> Result<f64> {
    let (mut sum, mut seconds) = (0.0, 0.0);
    for line in output.lines().filter(|line| line.starts_with("progress: ")) {
        let at = number(line, "progress: ")?;
        if at > WARM_UP.as_secs_f64() {
            sum += number(line, " s, ")?;
            seconds += 1.0;
        }
    }
    ensure!(seconds > 0.0, "pgbench made no progress: {output}");
    Ok(sum / seconds)
}

/// The number behind a mark.
fn number(text: &str, mark: &str) -> Result<f64> {
    let (_, after) = text.split_once(mark).with_context(|| text.to_owned())?;
    let digits = after
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.');
    let digits: String = digits.collect();
    digits.parse().with_context(|| text.to_owned())
}

/// What pgbench said.
async fn pgbench(world: &World, script: &Path, clients: usize, length: Duration) -> Result<String> {
    let program = servers::postgres_programs()?.join("pgbench");
    let output = Command::new(program)
        .args(["--no-vacuum", "--protocol=prepared", "--progress=1"])
        .arg(format!("--client={clients}"))
        .arg(format!("--jobs={}", clients.min(2)))
        .arg(format!("--time={}", length.as_secs().max(1)))
        .arg(format!("--file={}", script.display()))
        .arg(world.node.url())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("pgbench")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> = said
        .lines()
        .filter(|l| l.contains("rror"))
        .take(5)
        .collect();
    ensure!(
        output.status.success() && errors.is_empty(),
        "pgbench: {}",
        errors.join("\n")
    );
    Ok(format!("{said}{}", String::from_utf8_lossy(&output.stdout)))
}

/// The next sequence of each relay: what pgbench gives must not count, consumers would miss it.
async fn next_sequences(world: &World) -> Result<BTreeMap<String, i64>> {
    let sql = world.node.sql().await?;
    let mut all = BTreeMap::new();
    for schema in Service::ALL.iter().map(|service| service.schema()) {
        let query = format!("SELECT next_seq FROM {schema}.outbox_state");
        let next = sql.query_one(&query, &[]).await?.get(0);
        all.insert(schema, next);
    }
    Ok(all)
}

async fn restore(world: &World, sequences: &BTreeMap<String, i64>) -> Result<()> {
    let sql = world.node.sql().await?;
    clear(world).await?;
    for (schema, next) in sequences {
        let set = format!("UPDATE {schema}.outbox_state SET next_seq = {next}");
        sql.batch_execute(&set).await?;
    }
    Ok(())
}

/// Takes pgbench's events out of the outboxes: nobody shall get them.
async fn clear(world: &World) -> Result<()> {
    let sql = world.node.sql().await?;
    let first = "SELECT lpad(to_hex(start_value), 8, '0') FROM pg_sequences WHERE schemaname = 'bench' AND sequencename = 'prefix'";
    let first: String = sql.query_one(first, &[]).await?.get(0);
    let first = format!("{first}-0000-0000-0000-000000000000");
    for schema in Service::ALL.iter().map(|service| service.schema()) {
        let delete = format!("DELETE FROM {schema}.outbox WHERE event_id >= '{first}'");
        sql.batch_execute(&delete).await?;
        sql.batch_execute(&format!("VACUUM {schema}.outbox"))
            .await?;
    }
    Ok(())
}
