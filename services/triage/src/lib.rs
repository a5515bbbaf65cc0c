//! Triage 分流: which type, route, track and colour a case has, and who gets it.
//!
//! The rules of the policy pack propose, with their reasons; a person decides, and both are kept (个人信息保护法 24). A
//! decided case is dispatched by an order, which the receiving organisation signs for.
//!
//! The receiver may ask to return an order; the sender decides. After the second dispute about a case its handler is
//! designated. An order that is not signed for can be recalled. What came back is kept; one order of a case is in force.
//!
//! States of a case: `accepted`, `triaged`, `dispatched`, `signed`, `return_asked`; of an order: `issued`, `signed`,
//! `return_asked`, `returned`, `recalled`; one that hands the case over is `offered` until its receiver signs, and the order
//! before it is then `handed_over`. Orders to assist leave the case with whom it is.
//! Departments are called together on a case (吹哨); who is on duty for them stands in their rosters. A case that every level has
//! studied, or a project, gets a task force (专班), which makes a plan and reports.
//! On a route without mediation the organ tells what came of the case: it took it up, it is `completed`, or it goes back. Its time may be lengthened, and what it
//! finished is sent back while the case is not closed.
//! What happens to a case raises its risk colour by rules at once; a person may raise it too, and only a person lowers it.
//! A case that another node answers for stays as it is until it comes back: its clocks stand still, commands about it are refused
//! (`case-elsewhere`).
//! A case opened again is decided anew; one that was merged into another is `merged`. Their orders are `done`.
//! Events in: `matter.accepted`, `case.reopened`, `case.merged` (intake); `organisation.registered`, `mediation.opened`, `mediation.ended`,
//! `mediation.police_reported`, `mediation.support_referred` (mediation); `clock.breached` (mediation, intake,
//! judicial-confirmation, evaluation); `case.closed` (evaluation); `accountability.moved` (federation).
//! Events out: `triage.proposed`, `triage.decided`, `dispatch.issued`, `dispatch.signed`, `dispatch.return_asked`,
//! `dispatch.returned`, `dispatch.return_rejected`, `dispatch.recalled`, `dispatch.handed_over`, `assist.asked`,
//! `assist.signed`, `dispatch.urged`, `supervision.issued`, `supervision.replied`, `supervision.closed`,
//! `dispatch.fed_back`, `dispatch.completed`, `dispatch.extended`, `dispatch.reworked`, `risk.changed`, `consultation.called`, `consultation.reported_in`, `consultation.concluded`, `case.studied`,
//! `taskforce.formed`, `taskforce.planned`, `taskforce.progressed`, `taskforce.urged`, `taskforce.dissolved`.
//! Clocks, each by its breach effect followed by an urging 催办 or a supervision order 督办: `triage.decide` from the
//! acceptance, `dispatch.sign` from the dispatch, `dispatch.return_decide` from the asking, `dispatch.feedback` from the signature and the clock of the route from
//! the taking up, `supervision.reply` and
//! `supervision.reply.urgent` from the supervision order, `consultation.report_in`, its urgent one and `consultation.meet` from the
//! call, `task_force.plan` and `task_force.progress` from the forming, the plan and every report. So do the clocks of the other services for cases that triage has.

mod api;
mod breach;
mod clocks;
mod consumers;
pub mod domain;
mod merging;
mod risk;
pub mod routes;
mod schema;
mod store;

use chassis::{
    bus::{Bus, Subscriptions},
    clocks::{DueClock, MovedClock},
    config::ConfigError,
    db::{Db, Tx},
    http::{Problem, ServiceConfig},
    service::{ServiceContext, ServiceModule},
};
use contracts::{Service, ids::CaseId, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::CurrentPolicy;

use breach::Whose;
use domain::RanOut;

use consumers::{
    on_accountability_moved, on_case_closed, on_case_merged, on_case_reopened, on_clock_breached,
    on_matter_accepted, on_mediation_ended, on_mediation_opened, on_organisation_registered,
    on_police_reported, on_support_referred,
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The service's state.
pub struct Triage {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
}

impl ServiceModule for Triage {
    const SERVICE: Service = Service::Triage;

    fn migrations() -> EmbeddedMigrations {
        MIGRATIONS
    }

    fn new(context: ServiceContext) -> Result<Self, ConfigError> {
        Ok(Self {
            db: context.db,
            bus: context.bus,
            policy: context.policy,
        })
    }

    fn routes(routes: &mut ServiceConfig<'_>) {
        routes::configure(routes);
    }

    fn subscriptions() -> Subscriptions<Self> {
        Subscriptions::new()
            .on(Service::Intake, on_matter_accepted::apply)
            .on(Service::Intake, on_case_reopened::apply)
            .on(Service::Intake, on_case_merged::apply)
            .on(Service::Mediation, on_organisation_registered::apply)
            .on(Service::Mediation, on_mediation_opened::apply)
            .on(Service::Mediation, on_mediation_ended::apply)
            .on(Service::Mediation, on_clock_breached::of_mediation)
            .on(Service::Intake, on_clock_breached::of_another)
            .on(Service::JudicialConfirmation, on_clock_breached::of_another)
            .on(Service::Evaluation, on_clock_breached::of_another)
            .on(Service::Evaluation, on_case_closed::apply)
            .on(Service::Mediation, on_organisation_registered::changed)
            .on(Service::Mediation, on_police_reported::apply)
            .on(Service::Mediation, on_support_referred::apply)
            .on(Service::Federation, on_accountability_moved::apply)
    }

    fn diagrams() -> Vec<Diagram> {
        vec![
            Diagram::of::<domain::TriageCase>(),
            Diagram::of::<domain::Order>(),
            Diagram::of::<domain::Supervision>(),
            Diagram::of::<domain::Consultation>(),
            Diagram::of::<domain::TaskForce>(),
        ]
    }

    async fn clock_moved(&self, tx: &mut Tx, clock: &MovedClock) -> Result<(), Problem> {
        clocks::moved(tx, clock);
        Ok(())
    }

    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        let ran_out = RanOut {
            clock: clock.kind.clone(),
            object_id: clock.object_id,
        };
        let follows = (clock.breach, Whose::Own);
        breach::react(self, tx, CaseId::from(clock.case_id), ran_out, follows).await
    }
}
