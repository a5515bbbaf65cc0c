//! A million live clocks on one node: what claiming those whose time has come costs, and what the list of what is due costs.
//!
//! `cargo bench -p chassis --bench clocks`. `CLOCKS` (1 000 000), `ROUNDS` (200). A private PostgreSQL with its defaults; the
//! data directory is thrown away.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a bench prints what it measured and ends when something fails"
)]

use std::time::{Duration, Instant};

use anyhow::Result;
use chassis::{
    clocks::sql::{CLAIM, Reach, open_clocks},
    config::Config,
    db::{ServiceSchema, migrate},
};
use contracts::Service;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use servers::{PostgresOptions, PrivatePostgres};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

const NONE_OF_ITS_OWN: EmbeddedMigrations = embed_migrations!("tests/it/machinery/migrations");

/// Due times are spread over 60 days from ten days ago, which is more overdue work than a node should ever have; a hundred
/// townships of ten counties, 300 organisations. `$1` is how many.
const FILL: &str = "INSERT INTO clocks (id, kind, rule, object_id, case_id, region, organisation_id, assignee, started_at, due_at,
        provisional, course, warn_at, warned, state, wake_at, breached_at)
    SELECT gen_random_uuid(), kind, kind, gen_random_uuid(), gen_random_uuid(),
        '6206' || lpad((n % 10 + 1)::text, 2, '0') || lpad((n / 10 % 10 + 100)::text, 3, '0'),
        ('00000000-0000-7000-8000-' || lpad((n % 300)::text, 12, '0'))::uuid, NULL, due - interval '30 days', due, false,
        jsonb_build_object('start', due - interval '30 days',
            'terms', '{\"span\": {\"amount\": 30, \"unit\": \"day\"}, \"first_day\": \"next_day\", \"roll\": \"next_working_day\"}'::jsonb),
        ARRAY[due - interval '15 days', due - interval '6 days'], 0,
        CASE WHEN due <= now() THEN 'breached' ELSE 'running' END,
        CASE WHEN due <= now() THEN NULL ELSE greatest(due - interval '6 days', now()) END,
        CASE WHEN due <= now() THEN due END
    FROM (SELECT n, (ARRAY['mediation.statutory', 'dispatch.sign', 'triage.decide', 'followup.visit'])[n % 4 + 1] AS kind,
              now() - interval '10 days' + (n * interval '60 days' / $1) AS due
          FROM generate_series(1, $1::bigint) AS n) AS live";

#[tokio::main]
async fn main() -> Result<()> {
    let clocks: i64 = number("CLOCKS", 1_000_000);
    let rounds: i64 = number("ROUNDS", 200);
    let directory = tempfile::tempdir()?;
    let options = PostgresOptions {
        auth: servers::Auth::Trust,
        ..PostgresOptions::default()
    };
    let mut server = PrivatePostgres::start(directory.path(), options).await?;
    let mut config = Config::default();
    config.database.url = server.url("postgres", "postgres");
    config.database.admin_url = Some(server.admin_url().into());
    let schema = ServiceSchema {
        service: Service::Evaluation,
        migrations: || NONE_OF_ITS_OWN,
    };
    migrate(&config.database, &[schema]).await?;
    let (mut client, connection) = tokio_postgres::connect(&server.admin_url(), NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute("SET search_path = evaluation").await?;
    let started = Instant::now();
    client.execute(FILL, &[&clocks]).await?;
    client.batch_execute("VACUUM (ANALYZE) clocks").await?;
    println!("{clocks} clocks in {:.0?}", started.elapsed());
    let size =
        "SELECT pg_size_pretty(pg_table_size('clocks')), pg_size_pretty(pg_indexes_size('clocks'))";
    let size = client.query_one(size, &[]).await?;
    println!(
        "table {}, indexes {}\n",
        size.get::<_, String>(0),
        size.get::<_, String>(1)
    );
    claims(&mut client, rounds).await?;
    lists(&client, rounds).await?;
    server.stop().await?;
    Ok(())
}

fn number(name: &str, otherwise: i64) -> i64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Claims 50 and lets each sleep for a day, round after round, as the job does.
async fn claims(client: &mut Client, rounds: i64) -> Result<()> {
    println!("claim 50 of those whose time has come");
    explain(
        client,
        &CLAIM
            .replace("$1", "now() + interval '1 day'")
            .replace("$2", "50"),
    )
    .await?;
    let claim = client.prepare(CLAIM).await?;
    let sleep = client
        .prepare("UPDATE clocks SET wake_at = wake_at + interval '1 day', warned = warned + 1 WHERE id = ANY ($1)")
        .await?;
    let day_ahead = "SELECT now() + interval '1 day'";
    let now: chrono::DateTime<chrono::Utc> = client.query_one(day_ahead, &[]).await?.get(0);
    let (mut claiming, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let begun = Instant::now();
        let tx = client.transaction().await?;
        let at = Instant::now();
        let rows = tx.query(&claim, &[&now, &50_i64]).await?;
        claiming.push(at.elapsed());
        let ids: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect();
        tx.execute(&sleep, &[&ids]).await?;
        tx.commit().await?;
        whole.push(begun.elapsed());
    }
    table("claim", claiming);
    table("claim, 50 updates, commit", whole);
    Ok(())
}

async fn lists(client: &Client, rounds: i64) -> Result<()> {
    let organisation = "'00000000-0000-7000-8000-000000000007'";
    let states = "ARRAY['running','breached']";
    let cases = [
        ("overdue, the whole node", Reach::Node, ""),
        ("overdue, a county", Reach::Region, "620602"),
        ("overdue, a township", Reach::Region, "620602103"),
        ("overdue, an organisation", Reach::Organisation, "6206"),
    ];
    for (name, reach, region) in cases {
        let sql = open_clocks(reach)
            .replace("$11", "ARRAY['62']")
            .replace("$10", organisation)
            .replace("$1", "'epoch'")
            .replace("$2", "'ffffffff-ffff-ffff-ffff-ffffffffffff'")
            .replace("$3", "now()")
            .replace("$4", states)
            .replace("$5", "NULL::text")
            .replace("$6", "NULL::text")
            .replace("$7", "51")
            .replace("$8", &format!("'{region}'"))
            .replace("$9", &format!("'{region}:'"));
        println!("list 50: {name}");
        explain(client, &sql).await?;
        let mut times = Vec::new();
        for _ in 0..rounds {
            let begun = Instant::now();
            client.query(&sql, &[]).await?;
            times.push(begun.elapsed());
        }
        table("list", times);
    }
    Ok(())
}

async fn explain(client: &Client, sql: &str) -> Result<()> {
    let plan = format!("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}");
    for row in client.query(&plan, &[]).await? {
        println!("    {}", row.get::<_, String>(0));
    }
    Ok(())
}

fn table(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "  {name}: p50 {:.2?}, p99 {:.2?}, longest {:.2?}\n",
        at(50),
        at(99),
        at(100)
    );
}
