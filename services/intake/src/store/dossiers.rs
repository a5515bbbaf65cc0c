//! Case files 卷宗 that go to, or came from, another node.

use std::collections::BTreeMap;

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::intake::{PartyKind, PartySide},
    identifiers::{DocumentKind, validate},
    ids::{CaseId, MatterId, PartyId},
    problems::common,
    questions::{Dossier, DossierMatter, DossierParty},
    region::RegionCode,
};
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::matter::{Matter, MatterState},
    schema::{matters, parties},
};

/// The file of a case: its accepted matters with everything that was said and everybody who takes part.
///
/// # Errors
/// `not-found` when no matter of the case was accepted here.
pub async fn of_case(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<Dossier, Problem> {
    let rows: Vec<(Matter, String, String)> = matters::table
        .filter(matters::case_id.eq(case_id))
        .filter(matters::state.eq(MatterState::Accepted))
        .order((matters::created_at, matters::id))
        .select((
            Matter::as_select(),
            matters::narrative,
            matters::notice_version,
        ))
        .load(conn)
        .await?;
    if rows.is_empty() {
        return Err(Problem::new(&common::NOT_FOUND));
    }
    let mut parties = parties_of(conn, case_id).await?;
    let matters = rows.into_iter().map(|(matter, narrative, notice_version)| {
        let parties = parties.remove(&matter.id).unwrap_or_default();
        DossierMatter {
            matter_id: matter.id,
            region: matter.region,
            persons_involved: matter.persons(),
            accepted_at: matter.decided_at.unwrap_or(matter.created_at),
            acceptance_number: matter.acceptance_number.unwrap_or_default(),
            class: matter.class,
            source: matter.source,
            channel: matter.channel,
            type_hint: matter.type_hint,
            narrative,
            amount_fen: matter.amount_fen,
            notice_version,
            organisation_id: matter.organisation_id,
            registered_at: matter.created_at,
            parties,
        }
    });
    Ok(Dossier {
        case_id,
        matters: matters.collect(),
    })
}

type PartyRow = (
    MatterId,
    PartyId,
    PartySide,
    PartyKind,
    String,
    Option<DocumentKind>,
    Option<String>,
    (Option<String>, Option<String>, Option<String>, bool),
);

async fn parties_of(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<BTreeMap<MatterId, Vec<DossierParty>>, Problem> {
    let rows: Vec<PartyRow> = parties::table
        .filter(parties::case_id.eq(case_id))
        .order((parties::matter_id, parties::position))
        .select((
            parties::matter_id,
            parties::id,
            parties::side,
            parties::kind,
            parties::name,
            parties::identifier_kind,
            parties::identifier_number,
            (
                parties::phone,
                parties::address,
                parties::account_subject,
                parties::representative,
            ),
        ))
        .load(conn)
        .await?;
    let mut of_matter: BTreeMap<MatterId, Vec<DossierParty>> = BTreeMap::new();
    for row in rows {
        let (matter, party_id, side, kind, name, identifier_kind, identifier_number, rest) = row;
        let (phone, address, account_subject, representative) = rest;
        let party = DossierParty {
            party_id,
            side,
            kind,
            name,
            identifier_kind,
            identifier_number,
            phone,
            address,
            account_subject,
            representative,
        };
        of_matter.entry(matter).or_default().push(party);
    }
    Ok(of_matter)
}

/// Whether a case is known here.
///
/// # Errors
/// `unavailable`.
pub async fn knows(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<bool, Problem> {
    let query = matters::table.filter(matters::case_id.eq(case_id));
    let count: i64 = query.count().get_result(conn).await?;
    Ok(count > 0)
}

/// Stores the parties of a matter another node registered, under their ids.
///
/// # Errors
/// `unavailable`.
pub async fn insert_parties(
    tx: &mut Tx,
    matter: &Matter,
    sent: &[DossierParty],
) -> Result<(), Problem> {
    let rows: Vec<_> = (0_i32..)
        .zip(sent)
        .map(|(position, party)| {
            // The masked form is made anew; a number that does not pass here was not checked there, and is left out.
            let checked = party
                .identifier_kind
                .zip(party.identifier_number.as_deref())
                .and_then(|(kind, number)| validate(kind, number).ok());
            (
                parties::id.eq(party.party_id),
                parties::case_id.eq(matter.case_id),
                parties::matter_id.eq(matter.id),
                parties::position.eq(position),
                parties::side.eq(party.side),
                parties::kind.eq(party.kind),
                parties::name.eq(&party.name),
                parties::identifier_kind.eq(checked.as_ref().map(|number| number.kind())),
                parties::identifier_number
                    .eq(checked.as_ref().map(|number| number.expose().to_owned())),
                parties::identifier_masked.eq(checked.as_ref().map(|number| number.masked())),
                parties::phone.eq(&party.phone),
                parties::address.eq(&party.address),
                parties::account_subject.eq(&party.account_subject),
                parties::representative.eq(party.representative),
                parties::created_at.eq(matter.created_at),
            )
        })
        .collect();
    diesel::insert_into(parties::table)
        .values(rows)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores a matter another node registered.
///
/// # Errors
/// `unavailable`.
pub async fn insert_matter(
    tx: &mut Tx,
    matter: &Matter,
    sent: &DossierMatter,
    from: RegionCode,
    policy_version: &str,
) -> Result<(), Problem> {
    let origin = (
        matters::narrative.eq(&sent.narrative),
        matters::notice_version.eq(&sent.notice_version),
        matters::policy_version.eq(policy_version),
        matters::registered_by.eq(format!("node:{from}")),
        matters::adopted_from.eq(from),
    );
    diesel::insert_into(matters::table)
        .values((matter, origin))
        .execute(tx.conn())
        .await?;
    Ok(())
}
