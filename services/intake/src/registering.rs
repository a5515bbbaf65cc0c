//! Registering a matter, however it came: the row, its parties, its case, its clock, its event.

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::Problem,
};
use contracts::{
    events::intake::{MatterClass, PartyRef},
    ids::{CaseId, MatterId},
};

use crate::{
    ACCEPT_CLOCK, PETITION_ACCEPT_CLOCK,
    api::register_matter::RegisterMatter,
    domain::{matter::Matter, registration::Desk},
    store::{cases, matters, matters::Origin, parties},
};

/// Whose the clocks of a matter are: the organisation's whose window took it, and the first-asked person's (IN-05).
pub fn holder(matter: &Matter) -> Holder {
    Holder::new(matter.case_id, matter.region)
        .organisation(matter.organisation_id)
        .assignee(matter.first_asked.clone())
}

/// Registers a matter 登记 (transition 1), which opens the case `case_id`.
///
/// # Errors
/// The first rule that is broken; `unavailable`.
pub async fn register(
    tx: &mut Tx,
    desk: &Desk<'_>,
    case_id: CaseId,
    sent: &RegisterMatter,
) -> Result<(Matter, Vec<PartyRef>), Problem> {
    let id = tx.new_id();
    register_as(tx, desk, id, case_id, sent).await
}

/// The same under an id that is known already.
///
/// # Errors
/// As [`register`].
pub async fn register_as(
    tx: &mut Tx,
    desk: &Desk<'_>,
    id: MatterId,
    case_id: CaseId,
    sent: &RegisterMatter,
) -> Result<(Matter, Vec<PartyRef>), Problem> {
    let (matter, checked) = desk.register(id, case_id, sent)?;
    let clock = NewClock::of(
        desk.policy,
        ACCEPT_CLOCK,
        None,
        matter.id,
        holder(&matter),
        matter.created_at,
    )?;
    cases::open(tx, &matter).await?;
    let origin = Origin {
        narrative: &sent.narrative,
        notice_version: sent.notice_version.trim(),
        policy_version: desk.policy.version(),
        registered_by: &desk.principal.subject,
    };
    matters::insert(tx, &matter, &origin).await?;
    let parties = parties::insert(tx, &matter, &checked).await?;
    tx.start_clock(&clock);
    if matter.class == MatterClass::Petition {
        let clock = NewClock::of(
            desk.policy,
            PETITION_ACCEPT_CLOCK,
            None,
            matter.id,
            holder(&matter),
            matter.created_at,
        )?;
        tx.start_clock(&clock);
    }
    tx.publish(matter.case_id, &matter.registered(parties.clone()))?;
    Ok((matter, parties))
}
