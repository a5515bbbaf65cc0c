//! Putting right what is said of a matter before it is decided: its fields, its parties, its clocks.

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::intake::{CasePartiesChanged, MatterClass, PartySide},
    problems::common,
};

use crate::{
    PETITION_ACCEPT_CLOCK,
    api::{amend_matter::Changes, register_matter::NewParty},
    domain::{matter::Matter, registration::Desk},
    registering::holder,
    store::{amendments, matters, parties},
};

/// Applies changes, by the rules of a registration; gives the names of the fields. The caller stores the matter.
///
/// # Errors
/// The first rule that is broken, at its place under `/changes`; `forbidden` for a party that is not on the applicant's side;
/// `unavailable`.
pub async fn apply(
    tx: &mut Tx,
    desk: &Desk<'_>,
    matter: &mut Matter,
    changes: &Changes,
    reason: &str,
) -> Result<Vec<String>, Problem> {
    let online = desk.scope.applicant.as_ref();
    if let Some(subject) = online {
        let side = parties::side_of(tx.conn(), matter.id, subject).await?;
        if side.is_some_and(|side| side != PartySide::Applicant) {
            return Err(Problem::new(&common::FORBIDDEN));
        }
    }
    let known = parties::accounts(tx.conn(), matter.id).await?;
    let ids: Vec<_> = known.keys().copied().collect();
    let sent = changes.parties.as_ref();
    let sent: Option<Vec<NewParty>> =
        sent.map(|parties| parties.iter().map(|party| party.sent()).collect());
    let checked = desk.check_changes(matter, changes, sent.as_deref(), &ids);
    let (checked, persons) = checked.map_err(|refusal| {
        let problem = Problem::from(refusal);
        match problem
            .pointer()
            .map(|pointer| format!("/changes{pointer}"))
        {
            Some(pointer) => problem.at(pointer),
            None => problem,
        }
    })?;
    let was = matter.class;
    let fields = matter.put_right(changes, persons);
    if fields.is_empty() {
        return Ok(fields);
    }
    if let Some(narrative) = &changes.narrative {
        matters::set_narrative(tx, matter.id, narrative);
    }
    if let Some((checked, sent)) = checked.zip(changes.parties.as_ref()) {
        let ids = sent.iter().map(|party| party.id);
        let rows: Vec<_> = ids.zip(checked).collect();
        parties::replace(tx, matter, &rows, known, online.is_none()).await?;
        let changed = CasePartiesChanged {
            case_id: matter.case_id,
            region: matter.region,
            parties: parties::refs_of_case(tx.conn(), matter.case_id).await?,
            changed_at: tx.now(),
        };
        tx.publish(matter.case_id, &changed)?;
    }
    match (was, matter.class) {
        (MatterClass::Petition, MatterClass::Petition) => {}
        (MatterClass::Petition, _) => tx.stop_clock(PETITION_ACCEPT_CLOCK, matter.id),
        (_, MatterClass::Petition) => {
            let (kind, at) = (PETITION_ACCEPT_CLOCK, matter.created_at);
            tx.start_policy_clock(desk.policy, kind, None, matter.id, holder(matter), at)?;
        }
        _ => {}
    }
    amendments::record(tx, matter.id, &fields, reason, &desk.principal.subject);
    Ok(fields)
}
