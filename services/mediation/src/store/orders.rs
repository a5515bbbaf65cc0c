//! Tables `cases` and `orders`: what other services told.

use chassis::{
    db::Tx,
    elsewhere,
    http::{Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    events::{
        intake::{CaseMerged, MatterAccepted, PartyRef},
        triage::{DispatchSigned, Track},
    },
    ids::{CaseId, DispatchOrderId, OrganisationId},
    problems::{intake as case_codes, mediation as codes},
    region::RegionCode,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _,
    QueryDsl as _, TextExpressionMethods as _,
};
use diesel_async::RunQueryDsl as _;

use crate::{
    domain::opening::SignedOrder,
    json::Json,
    schema::{cases, order_holds, orders},
};

/// Notes a case with its parties; the last telling stands.
///
/// # Errors
/// `unavailable`.
pub async fn note_case(tx: &mut Tx, event: MatterAccepted) -> Result<(), Problem> {
    note_parties(tx, event.case_id, event.region, event.parties).await
}

/// Notes that a case goes on in another one. It was accepted before, which is told before.
///
/// # Errors
/// `unavailable`.
pub async fn note_merged(tx: &mut Tx, event: &CaseMerged) -> Result<(), Problem> {
    diesel::update(cases::table.find(event.case_id))
        .set(cases::merged_into.eq(event.into_case_id))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes who takes part in a case; the last telling stands.
///
/// # Errors
/// `unavailable`.
pub async fn note_parties(
    tx: &mut Tx,
    case: CaseId,
    region: RegionCode,
    parties: Vec<PartyRef>,
) -> Result<(), Problem> {
    let parties = Json(parties);
    diesel::insert_into(cases::table)
        .values((
            cases::id.eq(case),
            cases::region.eq(region),
            cases::parties.eq(&parties),
        ))
        .on_conflict(cases::id)
        .do_update()
        .set(cases::parties.eq(&parties))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes an order that was signed for. An order is signed once, so the first telling stands.
///
/// # Errors
/// `unavailable`.
pub async fn note_order(tx: &mut Tx, event: DispatchSigned) -> Result<(), Problem> {
    diesel::insert_into(orders::table)
        .values((
            orders::id.eq(event.order_id),
            orders::case_id.eq(event.case_id),
            orders::region.eq(event.region),
            orders::organisation_id.eq(event.organisation_id),
            orders::route.eq(event.route),
            orders::type_code.eq(event.type_code),
            orders::track.eq(event.track),
            orders::signed_at.eq(event.signed_at),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes whether an order's return keeps a proceeding from being opened for it; of two tellings the later stands.
///
/// # Errors
/// `unavailable`.
pub async fn hold(
    tx: &mut Tx,
    id: DispatchOrderId,
    held: bool,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    let told = diesel::insert_into(order_holds::table)
        .values((
            order_holds::order_id.eq(id),
            order_holds::held.eq(held),
            order_holds::at.eq(at),
        ))
        .on_conflict(order_holds::order_id)
        .do_update()
        .set((order_holds::held.eq(held), order_holds::at.eq(at)));
    diesel::query_dsl::methods::FilterDsl::filter(told, order_holds::at.le(at))
        .execute(tx.conn())
        .await?;
    Ok(())
}

type Row = (
    DispatchOrderId,
    CaseId,
    RegionCode,
    OrganisationId,
    String,
    String,
    Option<Track>,
    Json<Vec<PartyRef>>,
    Option<CaseId>,
);

/// An order the caller's organisation signed for, with the parties of its case.
///
/// # Errors
/// `unknown-order`, also while the order or the case is still on its way here; `case-merged` when the case goes on in another
/// one; `case-elsewhere` while another node answers for it; `order-returned`; `unavailable`.
pub async fn signed(
    tx: &mut Tx,
    id: DispatchOrderId,
    scope: &Scope,
) -> Result<SignedOrder, Problem> {
    let row: Option<Row> = orders::table
        .inner_join(cases::table.on(cases::id.eq(orders::case_id)))
        .filter(orders::id.eq(id))
        .filter(visible!(orders, scope))
        .select((
            orders::id,
            orders::case_id,
            orders::region,
            orders::organisation_id,
            orders::route,
            orders::type_code,
            orders::track,
            cases::parties,
            cases::merged_into,
        ))
        .first(tx.conn())
        .await
        .optional()?;
    let (id, case_id, region, organisation_id, route, type_code, track, parties, merged_into) =
        row.ok_or_else(|| Problem::new(&codes::UNKNOWN_ORDER).at("/order_id"))?;
    if let Some(leading) = merged_into {
        return Err(Problem::new(&case_codes::CASE_MERGED)
            .at("/order_id")
            .detail(
                format!("请在主案 {leading} 中办理"),
                format!("The leading case is {leading}"),
            ));
    }
    let here = elsewhere::check_here(tx.conn(), case_id).await;
    here.map_err(|problem| problem.at("/order_id"))?;
    let held: Option<bool> = order_holds::table
        .find(id)
        .select(order_holds::held)
        .first(tx.conn())
        .await
        .optional()?;
    if held == Some(true) {
        return Err(Problem::new(&codes::ORDER_RETURNED).at("/order_id"));
    }
    Ok(SignedOrder {
        id,
        case_id,
        region,
        organisation_id,
        route,
        type_code,
        track,
        parties: parties.0,
    })
}
