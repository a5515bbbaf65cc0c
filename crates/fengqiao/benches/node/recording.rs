//! The SQL of one lifecycle, as PostgreSQL logged it: every statement that the services executed for it, with its values, in
//! the transactions in which they were executed. Nothing is written by hand.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Seek as _, SeekFrom},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::{lifecycle, statements::relay_statement, world::World};

/// A statement with its values.
#[derive(Debug, Clone)]
pub struct Executed {
    pub sql: String,
    /// `$1`, `$2`, …; none is NULL.
    pub values: Vec<Option<String>>,
}

/// A transaction; a statement outside of one is one of its own.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// The schema of the service.
    pub schema: String,
    /// With BEGIN and COMMIT.
    pub statements: Vec<Executed>,
}

impl Transaction {
    /// Whether a consumer applied events in it.
    pub fn consumes(&self) -> bool {
        self.statements
            .iter()
            .any(|s| s.sql.starts_with("INSERT INTO inbox ("))
    }
}

/// One lifecycle, recorded.
#[derive(Debug)]
pub struct Recording {
    /// What the lifecycle did, in the order of the commits.
    pub transactions: Vec<Transaction>,
    /// What each relay executes in a round, by schema: the same whatever it publishes.
    pub relays: BTreeMap<String, Vec<Executed>>,
    /// The first eight digits of all ids that were made meanwhile.
    pub prefix: String,
    /// The numbers that were given; they must differ from case to case.
    pub numbers: Vec<String>,
}

/// A line of the log.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    pid: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    application_name: String,
}

/// Plays one case alone with every statement logged.
pub async fn record(world: &World) -> Result<Recording> {
    let sql = world.node.sql().await?;
    world.settle().await?;
    let prefix = new_prefix(world).await;
    let start = fs::metadata(&world.node.statements_log)?.len();
    sql.batch_execute("ALTER SYSTEM SET log_statement = 'all'")
        .await?;
    sql.batch_execute("SELECT pg_reload_conf()").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let nobody = Semaphore::new(0);
    let played = lifecycle::play(&world.api, &world.people, world.next(), &nobody).await?;
    world.settle().await?;
    sql.batch_execute("ALTER SYSTEM RESET log_statement")
        .await?;
    sql.batch_execute("SELECT pg_reload_conf()").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;

    let mut log = fs::File::open(&world.node.statements_log)?;
    log.seek(SeekFrom::Start(start))?;
    let mut text = String::new();
    log.read_to_string(&mut text)?;
    let mut recording = read(&text, &prefix)?;
    ensure!(
        recording.transactions.len() > 30 && recording.relays.len() > 3,
        "PostgreSQL's log holds {} transactions of the lifecycle",
        recording.transactions.len()
    );
    recording.numbers = played.numbers;
    Ok(recording)
}

/// Waits until the first eight digits of the ids that are made change (UUIDs of version 7 begin with the time, these digits
/// change every 65.5 s), so that nothing made before has them; gives them.
pub async fn new_prefix(world: &World) -> String {
    const SLOT_MS: u64 = 1 << 16;
    let now = world.api.time().now().timestamp_millis().unsigned_abs();
    tokio::time::sleep(Duration::from_millis(SLOT_MS - now % SLOT_MS + 50)).await;
    let id = world.api.time().uuid().to_string();
    id.split('-').next().unwrap_or_default().to_owned()
}

fn read(log: &str, prefix: &str) -> Result<Recording> {
    let mut open: BTreeMap<i64, Transaction> = BTreeMap::new();
    let (mut transactions, mut relays) = (Vec::new(), BTreeMap::<String, Vec<Executed>>::new());
    let of_lifecycle = format!("{prefix}-");
    for line in log.lines() {
        let line: Line = serde_json::from_str(line).context("a line of PostgreSQL's log")?;
        let Some(service) = line.application_name.strip_prefix("fengqiao/") else {
            continue;
        };
        let schema = service.replace('-', "_");
        let Some(executed) = executed(&line) else {
            continue;
        };
        if relay_statement(&executed.sql).is_some() {
            let round = relays.entry(schema).or_default();
            if !round.iter().any(|known| known.sql == executed.sql) {
                round.push(executed);
            }
            continue;
        }
        let (begins, ends) = (
            executed.sql == "BEGIN",
            ["COMMIT", "ROLLBACK"].contains(&executed.sql.as_str()),
        );
        let transaction = open.entry(line.pid).or_insert(Transaction {
            schema,
            statements: Vec::new(),
        });
        transaction.statements.push(executed);
        let inside = transaction
            .statements
            .first()
            .is_some_and(|first| first.sql == "BEGIN");
        if (begins || inside) && !ends {
            continue;
        }
        let Some(transaction) = open.remove(&line.pid) else {
            continue;
        };
        let mut values = transaction
            .statements
            .iter()
            .flat_map(|s| &s.values)
            .flatten();
        // What is found by other values than ids. The rest is what services do from time to time anyway.
        let ledger = transaction
            .statements
            .iter()
            .any(|s| s.sql.starts_with("SELECT") && s.sql.contains("FROM ledger"));
        if ledger || values.any(|value| value.contains(&of_lifecycle)) {
            transactions.push(transaction);
        }
    }
    Ok(Recording {
        transactions,
        relays,
        prefix: prefix.to_owned(),
        numbers: Vec::new(),
    })
}

/// `execute s1: SELECT …`, or `statement: BEGIN`.
fn executed(line: &Line) -> Option<Executed> {
    let sql = match line.message.strip_prefix("statement: ") {
        Some(sql) => sql,
        None => line.message.strip_prefix("execute ")?.split_once(": ")?.1,
    };
    let values = line.detail.split_once("arameters: ");
    Some(Executed {
        sql: sql.trim().to_owned(),
        values: values.map_or_else(Vec::new, |(_, values)| parameters(values)),
    })
}

/// `$1 = 'it''s', $2 = NULL`.
fn parameters(text: &str) -> Vec<Option<String>> {
    let (mut values, mut rest) = (Vec::new(), text);
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(quoted) = after.strip_prefix('\'') {
            let (value, left) = unquote(quoted);
            values.push(Some(value));
            rest = left;
        } else {
            values.push(None);
            rest = after.strip_prefix("NULL").unwrap_or_default();
        }
    }
    values
}

/// The text up to the closing quote, and what follows it.
fn unquote(text: &str) -> (String, &str) {
    let (mut value, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('\'') {
        value.push_str(before);
        match after.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return (value, after),
        }
    }
    (value, "")
}
