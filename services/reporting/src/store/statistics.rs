//! Counting over the ledger. Each figure is one pass over the rows of a period, never a row at a time.

use chassis::http::Problem;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::region::Level;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Date, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::domain::{
    dimension::Dimension,
    indicator::Counters,
    period::Period,
    table::{Counted, Figures},
};

/// What settled 化解 means: agreed, settled by the parties themselves, or settled another way.
const SETTLED: &str = "outcome IN ('agreed', 'self_settled', 'other_settled')";

/// The rows of a period: accepted in it, in a region. What was merged into another case counts there.
const COUNTED: &str = "region LIKE $1 AND accepted_at IS NOT NULL AND merged_at IS NULL
    AND ($2 IS NULL OR accepted_at >= $2) AND ($3 IS NULL OR accepted_at < $3)";

#[derive(QueryableByName)]
struct Group {
    #[diesel(sql_type = Bool)]
    total: bool,
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<String>,
    #[diesel(sql_type = BigInt)]
    received: i64,
    #[diesel(sql_type = BigInt)]
    settled: i64,
    #[diesel(sql_type = BigInt)]
    concluded: i64,
    #[diesel(sql_type = BigInt)]
    amount_fen: i64,
}

impl Group {
    fn figures(&self) -> Figures {
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        Figures {
            count: count(self.received),
            settled: count(self.settled),
            concluded: count(self.concluded),
            amount_fen: self.amount_fen,
        }
    }
}

/// The cases of a period by key, and all of them, which PostgreSQL counts by itself.
pub async fn split(
    conn: &mut AsyncPgConnection,
    dimension: Dimension,
    level: Level,
    within: &str,
    period: &Period,
) -> Result<(Vec<Counted>, Figures), Problem> {
    let key = dimension.sql(level);
    let groups: Vec<Group> = diesel::sql_query(format!(
        "SELECT GROUPING(key) = 1 AS total, key, count(*) AS received, count(*) FILTER (WHERE {SETTLED}) AS settled,
                count(outcome) AS concluded, least(coalesce(sum(amount_fen), 0), 9223372036854775807)::bigint AS amount_fen
         FROM (SELECT {key} AS key, outcome, amount_fen FROM ledger WHERE {COUNTED}) AS cases
         GROUP BY GROUPING SETS ((key), ())"
    ))
    .bind::<Text, _>(within)
    .bind::<Nullable<Timestamptz>, _>(period.begins())
    .bind::<Nullable<Timestamptz>, _>(period.ends())
    .get_results(conn)
    .await?;
    let total = groups.iter().find(|group| group.total).map(Group::figures);
    let counted = groups
        .into_iter()
        .filter(|group| !group.total)
        .map(|group| Counted {
            figures: group.figures(),
            key: group.key,
        });
    Ok((counted.collect(), total.unwrap_or_default()))
}

/// Every counter, over the cases of a period. `today` and `now` say what is due; `satisfied_from` is the lowest score that
/// counts as satisfied. An obligation performed before its last day counts as due. The arrays are sorted, so
/// `width_bucket` gives how many values are not above its first argument.
pub async fn counters(
    conn: &mut AsyncPgConnection,
    within: &str,
    period: &Period,
    (today, now): (NaiveDate, DateTime<Utc>),
    satisfied_from: u8,
) -> Result<Counters, Problem> {
    let counters = diesel::sql_query(format!(
        "SELECT count(*) AS received,
                count(*) FILTER (WHERE {SETTLED}) AS settled,
                count(outcome) AS concluded,
                count(agreed_at) AS agreements,
                count(confirmation_applied_at) AS confirmations_applied,
                count(*) FILTER (WHERE ruling = 'valid') AS confirmed,
                count(*) FILTER (WHERE ruling = 'dismissed') AS confirmations_dismissed,
                coalesce(sum(greatest(
                    coalesce(width_bucket($4, obligations_due_on), 0) - coalesce(width_bucket($4, obligations_dropped_due_on), 0),
                    obligations_fulfilled)), 0)::bigint AS obligations_due,
                coalesce(sum(obligations_fulfilled), 0)::bigint AS obligations_fulfilled,
                count(decided_at) AS triaged,
                count(*) FILTER (WHERE as_proposed) AS triaged_as_proposed,
                count(decided_at) FILTER (WHERE (clocks_breached @> ARRAY['triage.decide']) IS NOT TRUE) AS triaged_on_time,
                count(dispatched_at) AS dispatched,
                count(signed_at) FILTER (WHERE (clocks_breached @> ARRAY['dispatch.sign']) IS NOT TRUE) AS signed_on_time,
                count(*) FILTER (WHERE follow_up_due_at <= $5 OR follow_up_done_at IS NOT NULL) AS follow_ups_due,
                count(follow_up_done_at) AS follow_ups_done,
                coalesce(sum(cardinality(ratings)), 0)::bigint AS ratings,
                coalesce(sum(cardinality(ratings) - width_bucket($6, ratings)), 0)::bigint AS satisfied_ratings,
                count(closed_at) FILTER (WHERE reopened_at IS NULL OR closed_at > reopened_at) AS closed
         FROM ledger WHERE {COUNTED}"
    ))
    .bind::<Text, _>(within)
    .bind::<Nullable<Timestamptz>, _>(period.begins())
    .bind::<Nullable<Timestamptz>, _>(period.ends())
    .bind::<Date, _>(today)
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(i16::from(satisfied_from) - 1)
    .get_result(conn)
    .await?;
    Ok(counters)
}
