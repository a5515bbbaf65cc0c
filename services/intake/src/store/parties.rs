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
    ExpressionMethods as _, Insertable, OptionalExtension as _, PgSortExpressionMethods as _,
    QueryDsl as _, Queryable, Selectable, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::{matter::Matter, registration::CheckedParty},
    schema::parties,
};

#[derive(Insertable)]
#[diesel(table_name = parties)]
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
        .map(|(position, party)| NewRow {
            id: tx.new_id(),
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
        })
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
        .filter(parties::account_subject.eq(subject));
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
