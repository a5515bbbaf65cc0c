//! The recorded lifecycle as a script for pgbench. Per case:
//!
//! - the transactions of the requests as they were, statement by statement, with the same BEGIN and COMMIT;
//! - those in which consumers applied the case's events. Alone, each event has a transaction of its own; under load many share
//!   one. The script has as many of a service as the node had per case under load (at least one): the statements that take
//!   arrays get the values of all events of the group, the others stay as they were;
//! - ids begin with eight digits that differ from case to case, so that rows are new and belong together as in the recording.
//!   The texts inside JSON stay; times too;
//! - the statements of the relays as often as the node executed each for a case under load, by chance.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::{Context as _, Result};

use crate::{
    recording::{Executed, Recording, Transaction},
    sql_text::{array, elements, literal, qualified, with_values},
    statements::{PerCase, relay_statement},
};

/// The tables of each schema.
pub type Tables = BTreeMap<String, Vec<String>>;

/// What pgbench runs.
#[derive(Debug)]
pub struct Script {
    /// One case.
    pub text: String,
    /// Transactions of consumers in it.
    pub consumer_transactions: usize,
    /// Transactions in it, without the relays.
    pub transactions: usize,
    /// Statements in it, BEGIN and COMMIT included.
    pub statements: f64,
}

/// Makes it, with what was counted under load.
pub fn make(recording: &Recording, tables: &Tables, counts: &PerCase) -> Result<Script> {
    let mut text = String::from(
        "-- Made by `make bench` from PostgreSQL's log of one lifecycle.\n\
         SELECT lpad(to_hex(nextval('bench.prefix')), 8, '0') AS p \\gset\n",
    );
    let (mut transactions, mut statements, mut consumer_transactions) = (0, 0.0, 0);
    for transaction in grouped(recording, &counts.consumed)? {
        transactions += 1;
        consumer_transactions += usize::from(transaction.consumes());
        let known = tables.get(&transaction.schema);
        let known = known.map(Vec::as_slice).unwrap_or_default();
        for executed in &transaction.statements {
            statements += 1.0;
            let sql = qualified(&executed.sql, &transaction.schema, known);
            let value = |at: usize| {
                let value = executed.values.get(at)?.as_deref();
                let value = literal(value, &recording.prefix, &recording.numbers);
                // The keys of idempotency are texts.
                match executed.sql.contains("idempotency") {
                    true => Some(value.replace("::uuid", "")),
                    false => Some(value),
                }
            };
            writeln!(text, "{};", with_values(&sql, value))?;
        }
    }
    let (relays, times) = relays(recording, tables, counts)?;
    text.push_str(&relays);
    Ok(Script {
        text,
        consumer_transactions,
        transactions,
        statements: statements + times,
    })
}

/// The transactions with those of each consumer put together; a group stands where its first one stood.
fn grouped(recording: &Recording, consumed: &BTreeMap<String, f64>) -> Result<Vec<Transaction>> {
    let mut events: BTreeMap<&str, usize> = BTreeMap::new();
    for transaction in recording.transactions.iter().filter(|t| t.consumes()) {
        *events.entry(&transaction.schema).or_default() += 1;
    }
    let groups = |schema: &str, events: usize| {
        // Rounded, and never more than there are events.
        let wanted = consumed.get(schema).copied().unwrap_or_default();
        (1..=events)
            .find(|n| u32::try_from(*n).is_ok_and(|n| f64::from(n) + 0.5 > wanted))
            .unwrap_or(events)
    };
    let (mut all, mut seen): (Vec<Transaction>, BTreeMap<&str, (usize, usize)>) =
        (Vec::new(), BTreeMap::new());
    for transaction in &recording.transactions {
        if !transaction.consumes() {
            all.push(transaction.clone());
            continue;
        }
        let schema = transaction.schema.as_str();
        let total = events.get(schema).copied().unwrap_or(1);
        let (nth, place) = seen.entry(schema).or_insert((0, 0));
        let size = total.div_ceil(groups(schema, total));
        if *nth % size == 0 {
            *place = all.len();
            all.push(transaction.clone());
        } else {
            let group = all.get_mut(*place).context("a group")?;
            merge(group, transaction)?;
        }
        *nth += 1;
    }
    Ok(all)
}

/// Adds the events of `other` to a consumer's transaction.
fn merge(group: &mut Transaction, other: &Transaction) -> Result<()> {
    for executed in &other.statements {
        let at = group
            .statements
            .iter()
            .position(|known| known.sql == executed.sql);
        let end = group.statements.len().saturating_sub(1);
        match executed.sql.as_str() {
            "BEGIN" | "COMMIT" => {}
            sql if sql.starts_with("INSERT INTO inbox (") => {
                join(&mut group.statements, at, executed)?
            }
            sql if sql.starts_with("INSERT INTO inbox_position") => {
                let known = at
                    .and_then(|at| group.statements.get_mut(at))
                    .context("no position")?;
                positions(known, executed);
            }
            // The outbox, one statement for all events.
            sql if sql.contains("INSERT INTO outbox (")
                && sql.contains("unnest")
                && at.is_some() =>
            {
                join(&mut group.statements, at, executed)?
            }
            // Handlers run between the inbox and the positions.
            _ => {
                let positions = group
                    .statements
                    .iter()
                    .position(|s| s.sql.starts_with("INSERT INTO inbox_position"));
                group
                    .statements
                    .insert(positions.unwrap_or(end), executed.clone());
            }
        }
    }
    Ok(())
}

/// Puts the arrays of two executions of a statement together.
fn join(statements: &mut [Executed], at: Option<usize>, other: &Executed) -> Result<()> {
    let known = at
        .and_then(|at| statements.get_mut(at))
        .context("no statement")?;
    for (value, more) in known.values.iter_mut().zip(&other.values) {
        if let (Some(value), Some(more)) = (value, more)
            && value.starts_with('{')
        {
            let mut all = elements(value);
            all.extend(elements(more));
            *value = array(&all);
        }
    }
    Ok(())
}

/// Origins, epochs, sequences: of every origin the last.
fn positions(known: &mut Executed, other: &Executed) {
    let rows = |executed: &Executed| {
        let columns: Vec<Vec<String>> = executed
            .values
            .iter()
            .take(3)
            .map(|v| elements(v.as_deref().unwrap_or("{}")))
            .collect();
        let column = |at: usize| columns.get(at).cloned().unwrap_or_default();
        column(0)
            .into_iter()
            .zip(column(1))
            .zip(column(2))
            .collect::<Vec<_>>()
    };
    let all: BTreeMap<(String, String), String> =
        rows(known).into_iter().chain(rows(other)).collect();
    let columns = [
        all.keys().map(|key| key.0.clone()).collect::<Vec<_>>(),
        all.keys().map(|key| key.1.clone()).collect(),
        all.values().cloned().collect(),
    ];
    for (value, column) in known.values.iter_mut().zip(&columns) {
        *value = Some(array(column));
    }
}

/// The statements of the relays, each as often as the node executed it for a case under load; those that acknowledge take the
/// rows that are there now.
fn relays(recording: &Recording, tables: &Tables, counts: &PerCase) -> Result<(String, f64)> {
    let (mut text, mut together) = (String::new(), 0.0);
    for (schema, round) in &recording.relays {
        for executed in round {
            let name = relay_statement(&executed.sql).unwrap_or_default();
            let times = counts.relayed.get(schema).and_then(|relay| relay.get(name));
            let times = times.copied().unwrap_or_default();
            together += times;
            let known = tables.get(schema).map(Vec::as_slice).unwrap_or_default();
            let sql = qualified(&executed.sql, schema, known);
            let value = |at: usize| {
                if name == "acknowledged" && at < 2 {
                    let what = if at == 0 { "id" } else { "0" };
                    return Some(format!(
                        "ARRAY(SELECT {what} FROM {schema}.outbox WHERE stream_seq IS NULL AND seq IS NOT NULL ORDER BY epoch, seq LIMIT 200)"
                    ));
                }
                let value = executed.values.get(at)?.as_deref();
                Some(literal(value, &recording.prefix, &[]))
            };
            let sql = with_values(&sql, value);
            let mut left = times;
            while left > 0.0 {
                let thousandths = (left * 1_000.0).round();
                writeln!(
                    text,
                    "\\set x random(1, 1000)\n\\if :x <= {thousandths}\n{sql};\n\\endif"
                )?;
                left -= 1.0;
            }
        }
    }
    Ok((text, together))
}
