//! Other ways to give an agreement effect: notary, payment order, arbitration, court mediation paper.

pub mod accept_effect_application;
pub mod apply_for_effect;
pub mod decide_effect_application;
pub mod get_effect_application;
pub mod join_effect_application;
pub mod list_effect_applications;
pub mod refuse_effect_application;
mod views;
pub mod withdraw_effect_application;

use chassis::{
    clocks::Holder,
    db::Tx,
    elsewhere,
    http::{Call, Problem, Reply, Scope},
};
use chrono::NaiveDate;
use contracts::ids::{EffectApplicationId, PartyId};
use diesel_async::AsyncPgConnection;
use policy::{PolicyPack, sections::effects::EffectRoute};

use super::{Whose, bound_by};
use crate::{
    JudicialConfirmation,
    domain::{
        agreement::Agreement,
        effect::{EffectApplication, EffectState},
        refusal::Refusal,
    },
    store,
};
use views::EffectApplicationView;

/// A command about an application for effect: found, changed by `act`, stored, answered. `Whose::OwnCourt` are those the
/// caller's organisation decides.
///
/// # Errors
/// `not-found`, `stale-version`, what `act` gives.
async fn change<P, B>(
    state: &JudicialConfirmation,
    call: &Call<P, B>,
    (id, whose): (EffectApplicationId, Whose),
    name: &'static str,
    mut act: impl AsyncFnMut(&mut Tx, EffectApplication) -> Result<EffectApplication, Problem>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = async |tx: &mut Tx| {
        let application = match whose {
            Whose::Seen => store::effects::load(tx.conn(), id, &scope).await?,
            Whose::OwnCourt => store::effects::load_for_body(tx.conn(), id, &scope).await?,
        };
        call.check_version(application.version)?;
        if application.state == EffectState::AwaitOtherParty {
            elsewhere::check_here(tx.conn(), application.case_id).await?;
        }
        let application = act(tx, application).await?;
        store::effects::update(tx, &application).await?;
        Ok(answer(state, application))
    };
    state.db.command(call, name, work).await
}

fn answer(state: &JudicialConfirmation, application: EffectApplication) -> Reply {
    let version = application.version;
    let view = EffectApplicationView::of(application, state.policy.confirmation());
    Reply::ok(view).version(version)
}

/// For an applicant, the party it is in an application for effect; `None` for staff.
///
/// # Errors
/// `not-found` when the caller may not see the application.
async fn own_party_in(
    state: &JudicialConfirmation,
    scope: &Scope,
    id: EffectApplicationId,
) -> Result<Option<PartyId>, Problem> {
    if scope.applicant.is_none() {
        return Ok(None);
    }
    let application = store::effects::load(&mut *state.db.read().await?, id, scope).await?;
    let own = state.bus.own_party(scope, application.case_id).await?;
    bound_by(own, &application.party_ids)
}

/// The way with this code.
///
/// # Errors
/// [`Refusal::UnknownEffectRoute`].
fn route<'a>(policy: &'a PolicyPack, kind: &str) -> Result<&'a EffectRoute, Problem> {
    let route = policy.confirmation().effect_route(kind);
    route.ok_or_else(|| Refusal::UnknownEffectRoute.into())
}

/// The last day on which a way may be applied for, when it sets one: of its clock, which stands still while a sham is suspected.
async fn last_day(
    conn: &mut AsyncPgConnection,
    policy: &PolicyPack,
    route: &EffectRoute,
    agreement: &Agreement,
) -> Result<Option<NaiveDate>, Problem> {
    let Some(kind) = &route.apply_clock else {
        return Ok(None);
    };
    if let Some(ends) = store::effects::window_ends(conn, kind, agreement.id).await? {
        return Ok(Some(ends));
    }
    let due = policy
        .due(kind, Some(&agreement.type_code), agreement.effective_at)
        .map_err(Problem::unexpected)?;
    Ok(Some(due.last_day))
}

/// Everybody who must has applied: the application is told, and who decides has its time to take it on.
fn submitted(
    tx: &mut Tx,
    policy: &PolicyPack,
    route: &EffectRoute,
    application: &mut EffectApplication,
) -> Result<(), Problem> {
    let Some(event) = application.applied(tx.now()) else {
        return Ok(());
    };
    if let Some(kind) = &route.apply_clock {
        tx.stop_clock(kind, application.agreement_id);
    }
    start(tx, policy, route.accept_clock.as_deref(), application)?;
    tx.publish(application.case_id, &event)
}

/// Starts a clock of an application now, when the way has one.
fn start(
    tx: &mut Tx,
    policy: &PolicyPack,
    kind: Option<&str>,
    application: &mut EffectApplication,
) -> Result<(), Problem> {
    application.due_at = None;
    if let Some(kind) = kind {
        let holder = Holder::new(application.case_id, application.region);
        let (holder, now) = (holder.organisation(application.body_id), tx.now());
        let due = tx.start_policy_clock(policy, kind, None, application.id, holder, now)?;
        application.due_at = Some(due.at);
    }
    Ok(())
}

/// Stops every clock of an application that its way names.
fn stop(tx: &mut Tx, policy: &PolicyPack, application: &EffectApplication) {
    if let Some(route) = policy.confirmation().effect_route(&application.kind) {
        for kind in route.clocks() {
            tx.stop_clock(kind, application.id);
        }
    }
}
