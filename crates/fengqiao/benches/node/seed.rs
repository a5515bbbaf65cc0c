//! The bulk seeder. Some cases of every kind are played through the node; their rows, in every table of every service, are then
//! copied in bulk until there are as many cases as wanted. So the rows are what the services write, whatever they write.
//!
//! A copy differs in its ids and in its time. Ids are UUIDs of version 7, which begin with the time: those of the played cases
//! have the same first eight digits, those of each copy others, so that what belongs together still does, also inside JSON. A
//! copy's rows are older by what these digits say; the copies are spread evenly over two years.
//!
//! Clocks stay in the future: a node whose clocks all run out at its start would measure that. What is published and applied
//! (outbox, inbox, the border desk's facts) is kept for the newest tenth only, so that ten million cases fit on a disk.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use contracts::Service;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};
use testkit::postgres::Connection;

use crate::{
    lifecycle::{Way, play_until},
    recording::new_prefix,
    seed_table::Table,
    world::World,
};

/// How many of the played cases go which way.
const WAYS: [(Way, u64); 11] = [
    (Way::Registered, 2),
    (Way::Declined, 4),
    (Way::Accepted, 3),
    (Way::Decided, 2),
    (Way::Dispatched, 2),
    (Way::Signed, 2),
    (Way::ConsentPending, 2),
    (Way::Refused, 4),
    (Way::Mediating, 5),
    (Way::Failed, 8),
    (Way::Agreed, 30),
];
/// Their sum.
const PLAYED: u64 = 64;
/// Copies that one statement makes of a table's rows.
const AT_ONCE: u64 = 100;
/// The first eight digits change every 65.536 s; this many times in two years.
const TWO_YEARS: u64 = 963_000;
/// Between the newest copy and now, in the same unit.
const GAP: u64 = 1_000;
/// Tables that are filled at a time.
const WORKERS: usize = 2;

/// What to copy, and how often.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first eight digits of the played cases' ids.
    pub prefix: String,
    pub copies: u64,
    /// Between one copy and the next, in units of 65.536 s.
    pub step: u64,
}

impl Plan {
    /// The rows of these copies: `k` numbers them, `n` is what their ids begin with, `ago` how much older they are.
    pub fn series(&self, from: u64, to: u64) -> String {
        let Self {
            prefix,
            copies,
            step,
        } = self;
        format!(
            "generate_series({from}, {to}) AS k CROSS JOIN LATERAL (SELECT {GAP} + ({copies} - k) * {step} AS units) AS u
             CROSS JOIN LATERAL (SELECT lpad(to_hex(x'{prefix}'::bigint - units), 8, '0') || '-' AS n,
                                        units * interval '65.536 s' AS ago) AS x"
        )
    }
}

/// Plays the cases that are copied. The node must run.
pub async fn play(world: &World, cases: u64) -> Result<Plan> {
    world.settle().await?;
    let prefix = new_prefix(world).await;
    let ways = WAYS
        .iter()
        .flat_map(|(way, count)| (0..*count).map(|_| *way));
    let played =
        stream::iter(ways).map(|way| play_until(&world.api, &world.people, world.next(), way));
    let began = Instant::now();
    played.buffer_unordered(8).try_collect::<Vec<()>>().await?;
    world.settle().await?;
    ensure!(
        began.elapsed() < Duration::from_secs(30),
        "the cases to copy took too long"
    );
    let copies = (cases / PLAYED).max(1);
    Ok(Plan {
        prefix,
        copies,
        step: (TWO_YEARS / copies).max(1),
    })
}

/// Copies them. The node must be stopped.
pub async fn fill(world: &World, plan: &Plan) -> Result<Duration> {
    let began = Instant::now();
    let sql = world.node.sql().await?;
    // What breaks here is made anew; afterwards all is written out.
    for setting in [
        "fsync",
        "full_page_writes",
        "synchronous_commit",
        "autovacuum",
    ] {
        sql.batch_execute(&format!("ALTER SYSTEM SET {setting} = off"))
            .await?;
    }
    sql.batch_execute("SELECT pg_reload_conf()").await?;
    sql.batch_execute("CREATE SCHEMA IF NOT EXISTS bench")
        .await?;
    let mut tables = Vec::new();
    for service in Service::ALL {
        tables.extend(Table::of_schema(&sql, &service.schema(), &plan.prefix).await?);
    }
    let mut indexes = Vec::new();
    for table in &tables {
        indexes.extend(table.drop_indexes(&sql).await?);
    }
    let style = ProgressStyle::with_template("  {msg:24} {wide_bar} {percent:>3} % {elapsed}")?;
    let work: u64 = tables
        .iter()
        .map(|table| table.rows * table.copies(plan))
        .sum();
    let bar = ProgressBar::new(work)
        .with_style(style.clone())
        .with_message("copying rows");
    stream::iter(&tables)
        .map(|table| copy(world, table, plan, &bar))
        .buffer_unordered(WORKERS)
        .try_collect::<Vec<()>>()
        .await?;
    bar.finish();
    let bar = ProgressBar::new(u64::try_from(indexes.len() + tables.len())?).with_style(style);
    let bar = bar.with_message("indexes, statistics");
    let vacuum = tables
        .iter()
        .map(|table| format!("VACUUM (ANALYZE) {}", table.name()));
    for statements in [indexes, vacuum.collect()] {
        stream::iter(statements)
            .map(|statement| run(world, statement, &bar))
            .buffer_unordered(WORKERS)
            .try_collect::<Vec<()>>()
            .await?;
    }
    bar.finish();
    for setting in [
        "fsync",
        "full_page_writes",
        "synchronous_commit",
        "autovacuum",
    ] {
        sql.batch_execute(&format!("ALTER SYSTEM RESET {setting}"))
            .await?;
    }
    sql.batch_execute("SELECT pg_reload_conf()").await?;
    sql.batch_execute("CHECKPOINT").await?;
    let synced = tokio::process::Command::new("sync").status().await?;
    ensure!(synced.success(), "sync: {synced}");
    Ok(began.elapsed())
}

/// A connection for the seeder: foreign keys and triggers do not look at each row.
async fn connect(world: &World) -> Result<Connection> {
    let sql = world.node.sql().await?;
    sql.batch_execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")
        .await?;
    Ok(sql)
}

async fn copy(world: &World, table: &Table, plan: &Plan, bar: &ProgressBar) -> Result<()> {
    let sql = connect(world).await?;
    let mut from = plan.copies - table.copies(plan) + 1;
    while from <= plan.copies {
        let to = (from + AT_ONCE - 1).min(plan.copies);
        let inserted = sql.batch_execute(&table.insert(plan, from, to)).await;
        inserted.with_context(|| table.name())?;
        bar.inc(table.rows * (to + 1 - from));
        from = to + 1;
    }
    Ok(())
}

async fn run(world: &World, statement: String, bar: &ProgressBar) -> Result<()> {
    let sql = connect(world).await?;
    sql.batch_execute(&statement).await.context(statement)?;
    bar.inc(1);
    Ok(())
}
