//! The operations, one file each; those of the other ways to effect in [`effects`].

pub mod accept_application;
pub mod apply_for_confirmation;
pub mod apply_for_enforcement;
pub mod ask_supplement;
pub mod circulate_application;
pub mod decide_objection;
pub mod effects;
pub mod extend_application;
pub mod get_application;
pub mod get_confirmable_agreement;
pub mod join_application;
pub mod list_applications;
pub mod list_rightful_courts;
pub mod object_to_ruling;
pub mod question_parties;
pub mod receive_application;
pub mod record_invitation;
pub mod refuse_application;
pub mod resume_application;
pub mod rule_application;
pub mod serve_ruling;
pub mod submit_application;
pub mod supply_supplement;
pub mod suspend_application;
pub mod tell_options;
mod terms;
pub mod treat_as_withdrawn;
mod views;
pub mod withdraw_application;

use chassis::{
    clocks::Holder,
    db::Tx,
    elsewhere,
    http::{Call, Problem, Reply, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{AgreementId, ApplicationId, PartyId},
    problems::common,
};
use policy::PolicyPack;

use crate::{
    JudicialConfirmation,
    domain::{agreement::Agreement, application::Application, clock, refusal::Refusal},
    store,
};
use views::ApplicationView;

/// Which applications a command may be about.
#[derive(Debug, Clone, Copy)]
enum Whose {
    /// Those the caller may see.
    Seen,
    /// Those made to the caller's court.
    OwnCourt,
}

/// A command about an application: found, changed by `act`, stored, answered.
///
/// # Errors
/// `not-found`, `stale-version`, `case-elsewhere`, what `act` gives.
async fn change<P, B>(
    state: &JudicialConfirmation,
    call: &Call<P, B>,
    (id, whose): (ApplicationId, Whose),
    name: &'static str,
    mut act: impl AsyncFnMut(&mut Tx, Application) -> Result<Application, Problem>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = async |tx: &mut Tx| {
        let application = match whose {
            Whose::Seen => store::applications::load(tx.conn(), id, &scope).await?,
            Whose::OwnCourt => store::applications::load_for_court(tx.conn(), id, &scope).await?,
        };
        call.check_version(application.version)?;
        // What is before the court is the court's, whichever node answers for the case.
        if application.state.is_with_parties() {
            elsewhere::check_here(tx.conn(), application.case_id).await?;
        }
        let application = act(tx, application).await?;
        store::applications::update(tx, &application).await?;
        Ok(answer(state, &scope, application))
    };
    state.db.command(call, name, work).await
}

/// An application as the caller sees it.
fn answer(state: &JudicialConfirmation, scope: &Scope, application: Application) -> Reply {
    let version = application.version;
    let view = ApplicationView::of(application, state.policy.confirmation(), scope);
    Reply::ok(view).version(version)
}

/// Starts a clock of an application now, for the organisation that has to keep it; gives when it is due.
fn start_clock(
    tx: &mut Tx,
    policy: &PolicyPack,
    kind: &str,
    application: &Application,
) -> Result<DateTime<Utc>, Problem> {
    let (holder, now) = (holder(kind, application), tx.now());
    let due = tx.start_policy_clock(policy, kind, None, application.id, holder, now)?;
    Ok(due.at)
}

/// Who has to keep a clock of an application: the organisation that mediated tells and supplies, the court decides.
fn holder(kind: &str, application: &Application) -> Holder {
    let keeper = match kind {
        clock::TELL_OPTIONS | clock::SUPPLEMENT => application.organisation_id,
        _ => application.court_id,
    };
    Holder::new(application.case_id, application.region).organisation(keeper)
}

/// For an applicant, the party it is in the case of an application; `None` for staff.
///
/// # Errors
/// `not-found` when the caller may not see the application.
async fn own_party_in(
    state: &JudicialConfirmation,
    scope: &Scope,
    id: ApplicationId,
) -> Result<Option<PartyId>, Problem> {
    if scope.applicant.is_none() {
        return Ok(None);
    }
    let application = store::applications::load(&mut *state.db.read().await?, id, scope).await?;
    own_party_of(state, scope, &application).await
}

/// For an applicant, the party it is in an application; `None` for staff.
///
/// # Errors
/// `not-found` when an applicant is not one of the agreement's parties.
async fn own_party_of(
    state: &JudicialConfirmation,
    scope: &Scope,
    application: &Application,
) -> Result<Option<PartyId>, Problem> {
    let own = state.bus.own_party(scope, application.case_id).await?;
    bound_by(own, &application.party_ids)
}

/// An agreement the caller may see, and the party an applicant is.
///
/// # Errors
/// `not-found` when there is none, or an applicant is not one of its parties.
async fn agreement_seen(
    state: &JudicialConfirmation,
    scope: &Scope,
    id: AgreementId,
) -> Result<(Agreement, Option<PartyId>), Problem> {
    let found = store::agreements::find(&mut *state.db.read().await?, id, scope).await?;
    let agreement = found.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
    let own = state.bus.own_party(scope, agreement.case_id).await?;
    let own = bound_by(own, &agreement.party_ids)?;
    Ok((agreement, own))
}

/// Nothing is applied for on an agreement that is suspected of a sham (JC-09) or binds nobody any more, or while another node answers
/// for its case. What is told of the agreement meanwhile waits.
///
/// # Errors
/// `case-elsewhere`, `agreement-voided`, `agreement-suspected`.
async fn check_open(tx: &mut Tx, agreement: &Agreement) -> Result<(), Problem> {
    elsewhere::check_here(tx.conn(), agreement.case_id).await?;
    let now = store::agreements::lock(tx, agreement.id).await?;
    if now.is_some_and(|agreement| agreement.voided_at.is_some()) {
        return Err(Refusal::Voided.into());
    }
    if store::suspicions::is_open(tx.conn(), agreement.id).await? {
        return Err(Refusal::Suspected.into());
    }
    Ok(())
}

/// What an application is about is what binds the parties now. What is told of the agreement meanwhile waits.
///
/// # Errors
/// `agreement-voided`, `agreement-changed`.
async fn check_version(tx: &mut Tx, application: &Application) -> Result<(), Problem> {
    match store::agreements::lock(tx, application.agreement_id).await? {
        Some(agreement) if agreement.voided_at.is_some() => Err(Refusal::Voided.into()),
        Some(agreement) if agreement.amendment != application.amendment => {
            Err(Refusal::Changed.into())
        }
        _ => Ok(()),
    }
}

fn bound_by(own: Option<PartyId>, parties: &[PartyId]) -> Result<Option<PartyId>, Problem> {
    match own {
        Some(party) if !parties.contains(&party) => Err(Problem::new(&common::NOT_FOUND)),
        own => Ok(own),
    }
}

/// The party a command is for: an applicant's own, or the one that staff name.
///
/// # Errors
/// `invalid-body` at `/party_id` when staff name none, or an applicant names another party.
fn acting_party(own: Option<PartyId>, named: Option<PartyId>) -> Result<PartyId, Problem> {
    let problem = || Problem::new(&common::INVALID_BODY).at("/party_id");
    match (own, named) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(named)) if own == named => Ok(own),
        (Some(_), Some(_)) => {
            Err(problem().detail("当事人只能为自己申请", "A party can act for itself only"))
        }
        (None, Some(named)) => Ok(named),
        (None, None) => Err(problem().detail(
            "代为登记时须写明当事人",
            "Name the party this is recorded for",
        )),
    }
}

/// A text of at most `longest` characters that is not blank, without blanks around it.
///
/// # Errors
/// `text-required`, `text-too-long`.
fn text(value: &str, longest: usize, pointer: &str) -> Result<String, Problem> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Problem::new(&common::TEXT_REQUIRED).at(pointer));
    }
    if value.chars().count() > longest {
        return Err(Problem::new(&common::TEXT_TOO_LONG).at(pointer));
    }
    Ok(value.to_owned())
}
