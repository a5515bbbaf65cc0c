//! The time limits of an application stand still while it is suspended (人民法院在线调解规则 23), where their rules say so.

use chassis::{db::Tx, http::Problem};
use contracts::{ids::TypedId, problems::common};
use policy::{Due, PolicyPack};

use crate::{
    domain::{agreement::Agreement, application::Application, clock},
    store,
};

/// The clocks of an application at the court.
const AT_COURT: [&str; 4] = [
    clock::ACCEPT,
    clock::CONFIRM,
    clock::TARGET,
    clock::SUPPLEMENT,
];

/// After an application was suspended: the time of the court and of the parties stands still.
pub async fn begin(tx: &mut Tx, policy: &PolicyPack, of: &Application) -> Result<(), Problem> {
    if let Some(suspension) = &of.course.suspension {
        for kind in AT_COURT {
            pause(tx, policy, kind, None, of.id, &suspension.reason).await?;
        }
    }
    Ok(())
}

/// After the suspension ended: the time goes on.
pub async fn end(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: Application,
) -> Result<Application, Problem> {
    let mut application = of;
    for kind in AT_COURT {
        if let Some(due) = resume(tx, policy, kind, application.id).await? {
            application = application.moved(kind, &due);
        }
    }
    Ok(application)
}

/// The windows for the joint application and for other ways to effect stand still: nobody can apply while the agreement is suspected.
pub async fn hold_window(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: &Agreement,
    reason: &str,
) -> Result<(), Problem> {
    let type_code = Some(of.type_code.as_str());
    for kind in windows_of_effect(policy) {
        pause(tx, policy, kind, type_code, of.id, reason).await?;
    }
    pause(tx, policy, clock::APPLY, type_code, of.id, reason).await
}

/// A window that opens while the agreement is suspected stands still from its beginning.
pub async fn hold_new_window(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: &Agreement,
) -> Result<(), Problem> {
    if !store::suspicions::is_open(tx.conn(), of.id).await? {
        return Ok(());
    }
    let reason = policy.confirmation().sham_suspension_reason.as_str();
    hold_window(tx, policy, of, reason).await
}

/// The clocks in which other ways to effect have to be applied for.
fn windows_of_effect(policy: &PolicyPack) -> impl Iterator<Item = &str> {
    let routes = policy.confirmation().effect_routes.iter();
    routes.filter_map(|route| route.apply_clock.as_deref())
}

/// The applications for other ways to effect wait, and their time stands still.
pub async fn hold_effects(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: &Agreement,
    reason: &str,
) -> Result<(), Problem> {
    for application in store::effects::not_ended(tx, of.id).await? {
        let Some(application) = application.suspend(tx.now()) else {
            continue;
        };
        store::effects::update(tx, &application).await?;
        if let Some(route) = policy.confirmation().effect_route(&application.kind) {
            for kind in route.clocks() {
                pause(tx, policy, kind, None, application.id, reason).await?;
            }
        }
    }
    Ok(())
}

/// The applications for other ways to effect go on.
pub async fn release_effects(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: &Agreement,
) -> Result<(), Problem> {
    for application in store::effects::not_ended(tx, of.id).await? {
        let Some(mut application) = application.resume(tx.now()) else {
            continue;
        };
        if let Some(route) = policy.confirmation().effect_route(&application.kind) {
            for kind in route.clocks() {
                if let Some(due) = resume(tx, policy, kind, application.id).await? {
                    application.due_at = Some(due.at);
                }
            }
        }
        store::effects::update(tx, &application).await?;
    }
    Ok(())
}

/// The window goes on; gives its end now when it stood still.
pub async fn release_window(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: &Agreement,
) -> Result<Option<Due>, Problem> {
    for kind in windows_of_effect(policy) {
        resume(tx, policy, kind, of.id).await?;
    }
    resume(tx, policy, clock::APPLY, of.id).await
}

/// Lets a clock stand still, when it runs and its rule names the pause reason of this suspension.
async fn pause(
    tx: &mut Tx,
    policy: &PolicyPack,
    kind: &str,
    type_code: Option<&str>,
    id: impl TypedId,
    suspension: &str,
) -> Result<(), Problem> {
    let Some(reason) = policy.confirmation().suspension_reason(suspension) else {
        return Ok(());
    };
    let rule = policy.clock(kind, type_code).map_err(Problem::unexpected)?;
    if !rule.pauses_for(&reason.pause_reason) {
        return Ok(());
    }
    let paused = tx.pause_clock(policy, kind, id, &reason.pause_reason);
    match paused.await {
        Err(problem) if problem.code() == &common::CLOCK_NOT_RUNNING => Ok(()),
        done => done,
    }
}

/// Lets a clock go on, when it stood still; gives when it is due now.
async fn resume(
    tx: &mut Tx,
    policy: &PolicyPack,
    kind: &str,
    id: impl TypedId,
) -> Result<Option<Due>, Problem> {
    match tx.resume_clock(policy, kind, id).await {
        Ok(due) => Ok(Some(due)),
        Err(problem)
            if [&common::CLOCK_NOT_RUNNING, &common::CLOCK_NOT_PAUSED]
                .contains(&problem.code()) =>
        {
            Ok(None)
        }
        Err(problem) => Err(problem),
    }
}
