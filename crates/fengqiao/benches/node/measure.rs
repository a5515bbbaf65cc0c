//! What is measured, in its order.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    load,
    node::Node,
    options::Options,
    pgbench,
    process::memory,
    recording::{self, Recording},
    report::{Measured, Report, ScriptSize},
    script::{self, Script},
    seed, statements,
    world::World,
};

/// How long the node is left alone before its memory is read.
const CALM: Duration = Duration::from_secs(10);
/// Load before anything is measured: statements are prepared, pools are filled.
const WARM_UP: Duration = Duration::from_secs(5);

/// Measures everything.
pub async fn all(options: Options, directory: &Path) -> Result<Report> {
    eprintln!("starting PostgreSQL, nats-server, the node");
    let mut node = Node::prepare(directory).await?;
    node.start().await?;
    let mut world = Arc::new(World::meet(node).await?);

    let mut empty = begin(&world, &options).await?;
    eprintln!("recording the statements of a lifecycle");
    let recording = recording::record(&world).await?;
    pgbench::prepare(&world, &recording.prefix).await?;
    let script = run(&world, &options, directory, &recording, &mut empty).await?;

    let mut filled = None;
    if options.cases > 0 {
        let plan = seed::play(&world, options.cases).await?;
        let changing = Arc::get_mut(&mut world).context("somebody still works")?;
        changing.node.stop().await?;
        let took = seed::fill(changing, &plan).await?;
        eprintln!("seeded in {:.0} s", took.as_secs_f64());
        changing.node.start().await?;
        let mut measured = begin(&world, &options).await?;
        measured.seeded_in = Some(took.as_secs_f64());
        run(&world, &options, directory, &recording, &mut measured).await?;
        filled = Some(measured);
    }
    let report = Report {
        clients: options.clients,
        seconds: options.seconds,
        cores: std::thread::available_parallelism()?.get(),
        script: ScriptSize {
            transactions: script.transactions,
            consumer_transactions: script.consumer_transactions,
            statements: script.statements,
        },
        empty,
        filled,
    };
    let world = Arc::into_inner(world).context("somebody still works")?;
    world.node.end().await?;
    Ok(report)
}

/// The idle node; then a load that warms it up.
async fn begin(world: &World, options: &Options) -> Result<Measured> {
    tokio::time::sleep(CALM).await;
    let idle = memory(world.node.pid()?)?;
    let sql = world.node.sql().await?;
    let count = "SELECT count(*), pg_database_size(current_database()) FROM reporting.ledger WHERE accepted_at IS NOT NULL";
    let row = sql.query_one(count, &[]).await?;
    let cases: i64 = row.get(0);
    eprintln!("{cases} cases; idle: {} kB resident", idle.rss);
    let leader = &world.people.leader;
    let statistics = world
        .api
        .get("/reporting/v1/statistics?dimension=type", leader)
        .await?;
    let told = statistics
        .get("received")
        .and_then(serde_json::Value::as_i64);
    ensure!(
        told == Some(cases),
        "reporting counts {told:?} of {cases} cases"
    );
    let mut measured = Measured {
        cases,
        bytes: row.get(1),
        idle_rss: idle.rss,
        idle_pss: idle.pss,
        reads: reads(world).await?,
        ..Measured::default()
    };
    load::closed(world, options.clients, WARM_UP).await?;
    measured.turns.clear();
    Ok(measured)
}

/// Node and pgbench in turns, then half of the load.
async fn run(
    world: &Arc<World>,
    options: &Options,
    directory: &Path,
    recording: &Recording,
    measured: &mut Measured,
) -> Result<Script> {
    let sql = world.node.sql().await?;
    let length = Duration::from_secs(options.turn_seconds());
    let tables = pgbench::tables(&sql).await?;
    let mut script = None;
    for round in 1..=options.rounds {
        statements::reset(&sql).await?;
        let turn = load::closed(world, options.clients, length).await?;
        world.settle().await?;
        eprintln!("turn {round}: {:.1} lifecycles/s", turn.rate());
        if script.is_none() {
            measured.statements = statements::top(&sql).await?;
            measured.per_case = statements::per_case(&sql, turn.lifecycles).await?;
            script = Some(script::make(recording, &tables, &measured.per_case)?);
        }
        measured.turns.push(turn);
        let script = script.as_ref().context("no script")?;
        let done = pgbench::run(world, directory, script, options.clients, length).await?;
        eprintln!(
            "turn {round}: pgbench {:.1} lifecycles/s",
            done.lifecycles_per_second
        );
        measured.pgbench.push(done.lifecycles_per_second);
        measured.pgbench_cpu_ms.push(done.postgres_cpu_ms);
    }
    measured.half_rate = measured.rate() / 2.0;
    measured.lag = load::open(world, measured.half_rate, length).await?;
    eprintln!(
        "half load: command → reporting p95 {:.0} ms",
        measured.lag.p95
    );
    world.settle().await?;
    script.context("no turn")
}

/// How long reads take that go over many cases: the second of two.
async fn reads(world: &World) -> Result<BTreeMap<String, f64>> {
    let people = &world.people;
    let day = (world.api.time().now() - chrono::Duration::days(30)).date_naive();
    let paths = [
        (&people.clerk, "/intake/v1/matters?limit=50".to_owned()),
        (
            &people.clerk,
            format!("/intake/v1/matters?state=accepted&from={day}&limit=50"),
        ),
        (
            &people.triage,
            "/triage/v1/cases?state=accepted&limit=50".to_owned(),
        ),
        (
            &people.officer,
            "/triage/v1/orders?state=issued&limit=50".to_owned(),
        ),
        (
            &people.officer,
            "/mediation/v1/proceedings?limit=50".to_owned(),
        ),
        (
            &people.mediator,
            "/mediation/v1/proceedings?state=mediating&limit=50".to_owned(),
        ),
        (
            &people.mediator,
            "/mediation/v1/obligations?state=open&limit=50".to_owned(),
        ),
        (
            &people.leader,
            "/reporting/v1/ledger?type=contract&limit=50".to_owned(),
        ),
        (
            &people.leader,
            "/reporting/v1/statistics?dimension=type".to_owned(),
        ),
        (
            &people.leader,
            format!("/reporting/v1/statistics?dimension=region&from={day}"),
        ),
        (
            &people.leader,
            format!("/reporting/v1/indicators?from={day}"),
        ),
    ];
    let mut reads = BTreeMap::new();
    for (token, path) in paths {
        world.api.get(&path, token).await?;
        let began = Instant::now();
        world.api.get(&path, token).await?;
        reads.insert(path, began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(reads)
}
