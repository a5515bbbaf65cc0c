//! `POST /task-forces`.

use actix_web::post;
use chassis::{
    clocks::Holder,
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use contracts::{
    events::triage::DispatchMode,
    ids::{CaseId, OrganisationId},
    problems::{
        common::REGION_OUT_OF_SCOPE,
        triage::{CASE_OR_PROJECT, TASK_FORCE_EXISTS, UNKNOWN_ORGANISATION},
    },
    region::RegionCode,
    roles::permission::TaskForceForm,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::task_force_views::TaskForceView;
use crate::{
    Triage, clocks,
    domain::{Decision, Offer, Purpose, TaskForce, Team, TriageCase},
    store,
};

/// What a task force is for, and who is in it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormTaskForce {
    /// Its case …
    pub case_id: Option<CaseId>,
    /// … or its project, with …
    pub project: Option<String>,
    /// … the project's region.
    pub region: Option<RegionCode>,
    /// Why: a code of the policy pack.
    pub basis: String,
    /// Account of who leads it.
    pub lead: String,
    /// The organisations in it.
    pub organisations: Vec<OrganisationId>,
    /// What they are to do.
    pub assignment: String,
}

/// Form a task force 一案一专班、一项目一专班 (transition 16; TR-08, TR-09).
///
/// For a case when every level has studied it and the highest advises it (`studies-missing`), one at a time
/// (`task-force-exists`); or for a project of a region. It owes a plan in time, and then its reports. Of a case that an
/// organisation has in hand, the others in the task force get an order to assist 统一指派.
#[utoipa::path(
    tag = "task forces",
    operation_id = "form_task_force",
    request_body = FormTaskForce,
    responses((status = 201, description = "The task force", body = TaskForceView), ProblemResponses),
    security(("bearer" = ["task_force.form"]))
)]
#[post("/task-forces")]
pub async fn form_task_force(
    state: Data<Triage>,
    call: Call<TaskForceForm, FormTaskForce>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "form_task_force", async |tx| {
            let body = &call.body;
            let team = Team {
                basis: body.basis.clone(),
                lead: body.lead.clone(),
                organisations: body.organisations.clone(),
                assignment: body.assignment.clone(),
            };
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let mut of_case = None;
            let (force, event) = match (body.case_id, &body.project, body.region) {
                (Some(case_id), None, None) => {
                    let (case, _, decision) =
                        store::cases::load(tx.conn(), case_id, &scope).await?;
                    if store::task_forces::at_work(tx.conn(), case_id).await? {
                        return Err(Problem::new(&TASK_FORCE_EXISTS));
                    }
                    let studies = store::task_forces::studies(tx.conn(), case_id).await?;
                    let purpose = Purpose::Case(&case, &studies);
                    let formed = TaskForce::form(id, &purpose, &team, by, policy, now)?;
                    of_case = Some((case, decision));
                    formed
                }
                (None, Some(_), Some(region)) if !scope.region.contains(&region) => {
                    return Err(Problem::new(&REGION_OUT_OF_SCOPE).at("/region"));
                }
                (None, Some(project), Some(region)) => {
                    let purpose = Purpose::Project(project, region);
                    TaskForce::form(id, &purpose, &team, by, policy, now)?
                }
                _ => return Err(Problem::new(&CASE_OR_PROJECT).at("/case_id")),
            };
            for organisation in &force.organisations {
                if store::organisations::find(tx.conn(), *organisation)
                    .await?
                    .is_none()
                {
                    return Err(Problem::new(&UNKNOWN_ORGANISATION).at("/organisations"));
                }
            }
            store::task_forces::insert(tx.conn(), &force).await?;
            let holder = Holder::new(force.subject(), force.region).assignee(force.lead.clone());
            tx.start_policy_clock(policy, clocks::TASK_FORCE_PLAN, None, force.id, holder, now)?;
            tx.publish(force.subject(), &event)?;
            if let Some((case, decision)) = of_case {
                assign(&state, tx, &case, decision.as_ref(), &force).await?;
            }
            let location = format!("/triage/v1/task-forces/{}", force.id);
            let view = TaskForceView::of(force, Vec::new());
            Ok(Reply::created(location, view).version(1))
        })
        .await
}

/// Asks those in the task force to assist that are not at work on its case yet. Nobody assists with a case that no organisation
/// has.
async fn assign(
    state: &Triage,
    tx: &mut Tx,
    case: &TriageCase,
    decision: Option<&Decision>,
    force: &TaskForce,
) -> Result<(), Problem> {
    if !case.in_hand() {
        return Ok(());
    }
    let (policy, now) = (&state.policy, tx.now());
    let at_work = store::orders::at_work(tx.conn(), case.case_id).await?;
    for id in &force.organisations {
        let found = store::organisations::find(tx.conn(), *id).await?;
        let Some(to) = found.filter(|_| !at_work.contains(id)) else {
            continue;
        };
        let offer = Offer {
            order_id: tx.new_id(),
            mode: DispatchMode::Assist,
            reason: None,
            note: force.assignment.clone(),
            due_on: None,
            by: force.formed_by.clone(),
        };
        let (order, asked) = case
            .ask_to_assist(decision, &offer, &to, &at_work, policy, now)
            .map_err(|refusal| refusal.about("/organisations"))?;
        store::orders::insert(tx.conn(), &order).await?;
        clocks::start_sign(tx, policy, &order, now).await?;
        tx.publish(case.case_id, &asked)?;
    }
    Ok(())
}
