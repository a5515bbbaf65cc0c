//! Table `parties`.

use std::collections::{BTreeMap, BTreeSet};

use chassis::{db::Tx, http::Problem};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{PartyKind, PartyRef, PartySide},
    identifiers::DocumentKind,
    ids::{CaseId, MatterId, PartyId},
    questions::NamedParty,
};
use diesel::{
    AsChangeset, ExpressionMethods as _, Insertable, OptionalExtension as _,
    PgSortExpressionMethods as _, QueryDsl as _, Queryable, Selectable, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::{matter::Matter, registration::CheckedParty},
    schema::{notifications, parties},
};

/// More than any matter has.
const MOST_PARTIES: i32 = 1_000_000;

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = parties, treat_none_as_null = true)]
struct NewRow<'a> {
    id: PartyId,
    case_id: CaseId,
    matter_id: MatterId,
    position: i32,
    side: PartySide,
    kind: PartyKind,
    name: &'a str,
    identifier_kind: Option<DocumentKind>,
    identifier_number: Option<&'a str>,
    identifier_masked: Option<String>,
    phone: Option<&'a str>,
    address: Option<&'a str>,
    account_subject: Option<&'a str>,
    representative: bool,
    created_at: DateTime<Utc>,
}

/// A party with what may be shown of its identity.
#[derive(Queryable, Selectable)]
#[diesel(table_name = parties)]
pub struct Party {
    /// The party.
    pub id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Full name.
    pub name: String,
    /// Kind of its document.
    pub identifier_kind: Option<DocumentKind>,
    /// Its number, masked.
    pub identifier_masked: Option<String>,
    /// Its whole telephone number: to be masked before it is shown.
    pub phone: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The account that speaks for it.
    pub account_subject: Option<String>,
    /// Whether it speaks for the other applicants.
    pub representative: bool,
}

/// Stores the parties of a new matter in one statement; gives them as others know them.
pub async fn insert(
    tx: &mut Tx,
    matter: &Matter,
    checked: &[CheckedParty<'_>],
) -> Result<Vec<PartyRef>, Problem> {
    let rows: Vec<NewRow<'_>> = (0..)
        .zip(checked)
        .map(|(position, party)| row(tx.new_id(), matter, position, party))
        .collect();
    diesel::insert_into(parties::table)
        .values(&rows)
        .execute(tx.conn())
        .await?;
    let refs = rows.iter().map(|row| PartyRef {
        party_id: row.id,
        side: row.side,
        kind: row.kind,
    });
    Ok(refs.collect())
}

fn row<'a>(id: PartyId, matter: &Matter, position: i32, party: &'a CheckedParty<'_>) -> NewRow<'a> {
    NewRow {
        id,
        case_id: matter.case_id,
        matter_id: matter.id,
        position,
        side: party.sent.side,
        kind: party.sent.kind,
        name: party.sent.name.trim(),
        identifier_kind: party.identifier.as_ref().map(|number| number.kind()),
        identifier_number: party.identifier.as_ref().map(|number| number.expose()),
        identifier_masked: party.identifier.as_ref().map(|number| number.masked()),
        phone: party.sent.phone.as_deref(),
        address: party.sent.address.as_deref(),
        account_subject: party.account,
        representative: party.sent.representative,
        created_at: matter.created_at,
    }
}

/// The parties of a matter with the accounts that speak for them.
pub async fn accounts(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<BTreeMap<PartyId, Option<String>>, Problem> {
    let query = parties::table
        .filter(parties::matter_id.eq(matter))
        .select((parties::id, parties::account_subject));
    let rows: Vec<(PartyId, Option<String>)> = query.load(conn).await?;
    Ok(rows.into_iter().collect())
}

/// Stores the parties of a matter as they are from now on: those with an id are put right, those without are new, and of those
/// that are not named nothing stays, no message either. An account stays with its party unless staff name another one.
pub async fn replace(
    tx: &mut Tx,
    matter: &Matter,
    rows: &[(Option<PartyId>, CheckedParty<'_>)],
    accounts: BTreeMap<PartyId, Option<String>>,
    by_staff: bool,
) -> Result<(), Problem> {
    let kept: Vec<PartyId> = rows.iter().filter_map(|(id, _)| *id).collect();
    let gone: Vec<PartyId> = accounts
        .keys()
        .copied()
        .filter(|id| !kept.contains(id))
        .collect();
    let told = notifications::table.filter(notifications::party_id.eq_any(&gone));
    diesel::delete(told).execute(tx.conn()).await?;
    let left = parties::table.filter(parties::id.eq_any(&gone));
    diesel::delete(left).execute(tx.conn()).await?;
    // Out of the way of the new places, of which each is taken once.
    let most = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    diesel::update(parties::table.filter(parties::matter_id.eq(matter.id)))
        .set(parties::position.eq(parties::position + most + MOST_PARTIES))
        .execute(tx.conn())
        .await?;
    for (position, (id, party)) in (0..).zip(rows) {
        let mut changed = row(id.unwrap_or_else(|| tx.new_id()), matter, position, party);
        let before = id.and_then(|id| accounts.get(&id)?.as_deref());
        changed.account_subject = party.account.filter(|_| by_staff).or(before);
        match id {
            Some(id) => {
                let known = parties::table.find(*id);
                diesel::update(known).set(changed).execute(tx.conn()).await
            }
            None => {
                let new = diesel::insert_into(parties::table).values(changed);
                new.execute(tx.conn()).await
            }
        }?;
    }
    Ok(())
}

/// The parties of each of these matters, as others know them.
pub async fn refs(
    conn: &mut AsyncPgConnection,
    matters: &[MatterId],
) -> Result<BTreeMap<MatterId, Vec<PartyRef>>, Problem> {
    let rows: Vec<(MatterId, PartyId, PartySide, PartyKind)> = parties::table
        .filter(parties::matter_id.eq_any(matters))
        .order((parties::matter_id, parties::position))
        .select((
            parties::matter_id,
            parties::id,
            parties::side,
            parties::kind,
        ))
        .load(conn)
        .await?;
    let mut refs: BTreeMap<MatterId, Vec<PartyRef>> = BTreeMap::new();
    for (matter, party_id, side, kind) in rows {
        let party = PartyRef {
            party_id,
            side,
            kind,
        };
        refs.entry(matter).or_default().push(party);
    }
    Ok(refs)
}

/// The parties of one matter, as others know them.
pub async fn refs_of(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<PartyRef>, Problem> {
    Ok(refs(conn, &[matter])
        .await?
        .remove(&matter)
        .unwrap_or_default())
}

/// The parties of a matter.
pub async fn list(conn: &mut AsyncPgConnection, matter: MatterId) -> Result<Vec<Party>, Problem> {
    let query = parties::table
        .filter(parties::matter_id.eq(matter))
        .order(parties::position);
    Ok(query.select(Party::as_select()).load(conn).await?)
}

/// The side of a matter that an account speaks for.
pub async fn side_of(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
    subject: &str,
) -> Result<Option<PartySide>, Problem> {
    let query = parties::table
        .filter(parties::matter_id.eq(matter))
        .filter(parties::account_subject.eq(subject))
        .order(parties::position);
    Ok(query.select(parties::side).first(conn).await.optional()?)
}

/// The party of a case that an account speaks for.
pub async fn of_subject(
    conn: &mut AsyncPgConnection,
    case: CaseId,
    subject: &str,
) -> Result<Option<PartyId>, Problem> {
    let query = parties::table
        .filter(parties::case_id.eq(case))
        .filter(parties::account_subject.eq(subject))
        .order((parties::original_case_id.asc().nulls_first(), parties::id));
    Ok(query.select(parties::id).first(conn).await.optional()?)
}

/// The parties of a case as others know them, each once: who was named in two merged matters under one document is one party,
/// the one the case began with.
pub async fn refs_of_case(
    conn: &mut AsyncPgConnection,
    case: CaseId,
) -> Result<Vec<PartyRef>, Problem> {
    let named = of_case(conn, case).await?;
    let refs = named.into_iter().map(|party| PartyRef {
        party_id: party.party_id,
        side: party.side,
        kind: party.kind,
    });
    Ok(refs.collect())
}

/// The parties of a case with their names, in the order they were named, each once as in [`refs_of_case`].
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case: CaseId,
) -> Result<Vec<NamedParty>, Problem> {
    type Row = (
        PartyId,
        PartySide,
        PartyKind,
        String,
        Option<DocumentKind>,
        Option<String>,
    );
    let rows: Vec<Row> = parties::table
        .filter(parties::case_id.eq(case))
        .order((
            parties::original_case_id.asc().nulls_first(),
            parties::created_at,
            parties::matter_id,
            parties::position,
        ))
        .select((
            parties::id,
            parties::side,
            parties::kind,
            parties::name,
            parties::identifier_kind,
            parties::identifier_number,
        ))
        .load(conn)
        .await?;
    let mut known = BTreeSet::new();
    let mut named = Vec::with_capacity(rows.len());
    for (party_id, side, kind, name, document, number) in rows {
        let again = number.is_some_and(|number| !known.insert((document, number)));
        if !again {
            named.push(NamedParty {
                party_id,
                side,
                kind,
                name,
            });
        }
    }
    Ok(named)
}
