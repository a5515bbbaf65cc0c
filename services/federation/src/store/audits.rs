//! Comparing with the nodes below: what is here, what was asked, what was answered.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use chrono::NaiveDate;
use contracts::{
    border::{AuditAnswered, AuditAsked, AuditRow},
    ids::{AuditId, EventId, TypedId as _},
    region::RegionCode,
};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{BigInt, Date, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

/// Ids that fit into an answer.
const IDS_MAX: i64 = 2_000;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    node: RegionCode,
    #[diesel(sql_type = Nullable<Date>)]
    day: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    digest: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    event_id: EventId,
}

/// What is here of what is asked, of the nodes in `within`.
pub async fn own(
    conn: &mut AsyncPgConnection,
    asked: &AuditAsked,
    within: RegionCode,
) -> Result<AuditAnswered, Problem> {
    let pattern = format!("{}%", asked.node.unwrap_or(within));
    let exactly = asked.node.map(|node| node.to_string());
    let rows: Vec<Counted> = statement(
        "SELECT node, CASE WHEN $4 IS NULL THEN NULL ELSE day END AS day, CASE WHEN $4 IS NULL THEN NULL ELSE event_type END AS kind,
                count(*) AS count, bit_xor(('x' || left(md5(event_id::text), 16))::bit(64)::bigint) AS digest
         FROM (SELECT *, (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM facts
               WHERE node LIKE $1 AND occurred_at >= ($2::timestamp AT TIME ZONE 'Asia/Shanghai')
                 AND occurred_at < (($3 + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')) f
         WHERE ($4 IS NULL OR node = $4) AND ($5 IS NULL OR event_type = $5)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )
    .bind::<Text, _>(pattern)
    .bind::<Date, _>(asked.from)
    .bind::<Date, _>(asked.to)
    .bind::<Nullable<Text>, _>(exactly.clone())
    .bind::<Nullable<Text>, _>(asked.kind.clone())
    .get_results(conn)
    .await?;
    let ids = match (&exactly, &asked.kind) {
        (Some(node), Some(kind)) => ids(conn, asked, node, kind).await?,
        _ => Vec::new(),
    };
    let rows = rows.into_iter().map(|row| AuditRow {
        node: row.node,
        day: row.day,
        kind: row.kind,
        count: row.count,
        digest: row.digest,
    });
    Ok(AuditAnswered {
        audit_id: asked.audit_id,
        rows: rows.collect(),
        more: i64::try_from(ids.len()).unwrap_or(i64::MAX) == IDS_MAX,
        ids,
    })
}

async fn ids(
    conn: &mut AsyncPgConnection,
    asked: &AuditAsked,
    node: &str,
    kind: &str,
) -> Result<Vec<EventId>, Problem> {
    let rows: Vec<Id> = statement(
        "SELECT event_id FROM facts
         WHERE node = $1 AND occurred_at >= ($2::timestamp AT TIME ZONE 'Asia/Shanghai')
           AND occurred_at < (($3 + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AND event_type = $4
           AND ($6 IS NULL OR event_id > $6)
         ORDER BY event_id LIMIT $5",
    )
    .bind::<Text, _>(node)
    .bind::<Date, _>(asked.from)
    .bind::<Date, _>(asked.to)
    .bind::<Text, _>(kind)
    .bind::<BigInt, _>(IDS_MAX)
    .bind::<Nullable<SqlUuid>, _>(asked.after.map(|id| id.uuid()))
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.event_id).collect())
}

/// Notes a question to a child.
pub fn asked(tx: &mut Tx, id: AuditId, child: RegionCode) {
    let now = tx.now();
    tx.later(
        statement("INSERT INTO audits (id, child, asked_at) VALUES ($1, $2, $3)")
            .bind::<SqlUuid, _>(id.uuid())
            .bind::<Text, _>(child.to_string())
            .bind::<Timestamptz, _>(now),
    );
}

/// Notes an answer; one of another node than the one asked is not taken.
pub fn answered(tx: &mut Tx, child: RegionCode, answer: &AuditAnswered) -> Result<(), Problem> {
    let (now, body) = (
        tx.now(),
        serde_json::to_value(answer).map_err(Problem::unexpected)?,
    );
    tx.later(
        statement("UPDATE audits SET answered_at = $3, answer = $4 WHERE id = $1 AND child = $2")
            .bind::<SqlUuid, _>(answer.audit_id.uuid())
            .bind::<Text, _>(child.to_string())
            .bind::<Timestamptz, _>(now)
            .bind::<Jsonb, _>(body),
    );
    Ok(())
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Jsonb)]
    answer: serde_json::Value,
}

/// The answer, when it has come.
pub async fn answer(
    conn: &mut AsyncPgConnection,
    id: AuditId,
) -> Result<Option<AuditAnswered>, Problem> {
    let row: Option<Answer> =
        statement("SELECT answer FROM audits WHERE id = $1 AND answer IS NOT NULL")
            .bind::<SqlUuid, _>(id.uuid())
            .get_result(conn)
            .await
            .optional()?;
    row.map(|row| serde_json::from_value(row.answer).map_err(Problem::unexpected))
        .transpose()
}
