//! The ledger, row by row.

use chassis::http::{Problem, Scope};
use chrono::{DateTime, Utc};
use contracts::{
    events::{
        intake::MatterClass,
        triage::{RiskColour, Track},
    },
    ids::CaseId,
    region::RegionCode,
};
use diesel::{
    OptionalExtension as _,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::domain::{entry::LedgerEntry, outcome::Outcome};

/// The pattern of the regions a caller sees, for `region LIKE`. Who reads here is bound to a region, never to an
/// organisation or to own cases: no such role has the permission.
#[must_use]
pub fn visible(scope: &Scope) -> String {
    within(scope.region)
}

/// The pattern of a region and all under it, for `region LIKE`.
#[must_use]
pub fn within(region: RegionCode) -> String {
    format!("{region}%")
}

/// Which rows are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Pattern of regions.
    pub within: String,
    /// Accepted at or after.
    pub begins: Option<DateTime<Utc>>,
    /// Accepted before.
    pub ends: Option<DateTime<Utc>>,
    /// Class.
    pub class: Option<MatterClass>,
    /// Source code.
    pub source: Option<String>,
    /// Channel code.
    pub channel: Option<String>,
    /// Dispute type code, with all below it.
    pub type_code: Option<String>,
    /// Route code.
    pub route: Option<String>,
    /// Track.
    pub track: Option<Track>,
    /// Risk colour.
    pub colour: Option<RiskColour>,
    /// Outcome.
    pub outcome: Option<Outcome>,
    /// Closed or not.
    pub closed: Option<bool>,
}

/// Where a page of the ledger ended.
pub type PageKey = (Option<DateTime<Utc>>, CaseId);

/// The newest rows first, those not accepted before all others, after the row the page before ended with.
pub async fn list(
    conn: &mut AsyncPgConnection,
    wanted: &Wanted,
    after: Option<PageKey>,
    limit: i64,
) -> Result<Vec<LedgerEntry>, Problem> {
    let rows = diesel::sql_query(
        "SELECT * FROM ledger
         WHERE region LIKE $1
           AND ($2 IS NULL OR accepted_at >= $2) AND ($3 IS NULL OR accepted_at < $3)
           AND ($4 IS NULL OR class = $4) AND ($5 IS NULL OR source = $5) AND ($6 IS NULL OR channel = $6)
           AND ($7 IS NULL OR type_code = $7 OR starts_with(type_code, $7 || '.'))
           AND ($8 IS NULL OR route = $8) AND ($9 IS NULL OR track = $9) AND ($10 IS NULL OR colour = $10)
           AND ($11 IS NULL OR outcome = $11) AND ($12 IS NULL OR coalesce(closed_at > coalesce(reopened_at, '-infinity'), false) = $12)
           AND ($14 IS NULL OR ($13 IS NOT NULL AND (accepted_at, case_id) < ($13, $14))
                OR ($13 IS NULL AND (accepted_at IS NOT NULL OR case_id < $14)))
         ORDER BY accepted_at DESC NULLS FIRST, case_id DESC LIMIT $15",
    )
    .bind::<Text, _>(&wanted.within)
    .bind::<Nullable<Timestamptz>, _>(wanted.begins)
    .bind::<Nullable<Timestamptz>, _>(wanted.ends)
    .bind::<Nullable<Text>, _>(wanted.class)
    .bind::<Nullable<Text>, _>(wanted.source.as_deref())
    .bind::<Nullable<Text>, _>(wanted.channel.as_deref())
    .bind::<Nullable<Text>, _>(wanted.type_code.as_deref())
    .bind::<Nullable<Text>, _>(wanted.route.as_deref())
    .bind::<Nullable<Text>, _>(wanted.track)
    .bind::<Nullable<Text>, _>(wanted.colour)
    .bind::<Nullable<Text>, _>(wanted.outcome)
    .bind::<Nullable<Bool>, _>(wanted.closed)
    .bind::<Nullable<Timestamptz>, _>(after.and_then(|(at, _)| at))
    .bind::<Nullable<SqlUuid>, _>(after.map(|(_, id)| id))
    .bind::<BigInt, _>(limit)
    .get_results(conn)
    .await?;
    Ok(rows)
}

/// One row.
///
/// # Errors
/// `not-found`, also when it is out of scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    scope: &Scope,
) -> Result<LedgerEntry, Problem> {
    let row = diesel::sql_query("SELECT * FROM ledger WHERE case_id = $1 AND region LIKE $2")
        .bind::<SqlUuid, _>(case_id)
        .bind::<Text, _>(visible(scope))
        .get_result(conn)
        .await
        .optional()?;
    row.ok_or_else(|| Problem::new(&contracts::problems::common::NOT_FOUND))
}
