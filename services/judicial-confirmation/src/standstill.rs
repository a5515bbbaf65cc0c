//! The time limits of an application stand still while it is suspended (人民法院在线调解规则 23), where their rules say so.

use chassis::{db::Tx, http::Problem};
use contracts::{ids::TypedId, problems::common};
use policy::{Due, PolicyPack};

use crate::domain::{agreement::Agreement, application::Application, clock};

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

/// The window for the joint application stands still: nobody can apply while the agreement is suspected.
pub async fn hold_window(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: &Agreement,
    reason: &str,
) -> Result<(), Problem> {
    let type_code = Some(of.type_code.as_str());
    pause(tx, policy, clock::APPLY, type_code, of.id, reason).await
}

/// The window goes on; gives its end now when it stood still.
pub async fn release_window(
    tx: &mut Tx,
    policy: &PolicyPack,
    of: &Agreement,
) -> Result<Option<Due>, Problem> {
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
