//! Mediation 调解: the register of organisations and mediators, proceedings, agreements, performance.
//!
//! - Proceeding: `consent_pending` → `mediating` → `agreed`, or one of `failed`, `refused`, `withdrawn`, `self_settled`.
//!   Nobody is mediated without the consent of every party (人民调解法 17).
//!   It may be `paused`; after its end the case may go another way (`other_route`), or be agreed on anew when the court
//!   did not confirm (`agreement_dismissed`).
//! - Agreement: `drafted` → `performing` with the last act it needs (人民调解法 29) → `performed` or `defaulted`;
//!   `lapsed` when the proceeding ended before.
//! - Obligation: `open` → `fulfilled` or `defaulted`.
//!
//! Events in: intake `matter.accepted`, `case.parties_changed` (the parties), `case.merged`, `case.reopened`; triage
//! `dispatch.signed` (orders to be worked on) and what becomes of their return; judicial confirmation's rulings and refusals.
//! Events out: `organisation.*`, `mediator.*`, `mediation.*`, `agreement.*`, `performance.*`. Asks intake who of the
//! parties an account is; answers evaluation whether an account mediates a case.

mod answers;
mod api;
mod consumers;
pub mod domain;
mod jobs;
mod moved;
pub mod routes;
mod schema;
mod store;

pub use chassis::db::json;

use chassis::{
    bus::{Answers, Bus, Subscriptions},
    clocks::{DueClock, MovedClock},
    config::ConfigError,
    db::{Db, Tx},
    http::{Problem, ServiceConfig},
    service::{ServiceContext, ServiceModule},
};
use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::{CurrentPolicy, clock::BreachEffect};

/// The clock from opening to the parties' answers.
pub(crate) const CONSENT_CLOCK: &str = "mediation.consent";
/// The clock of the parties' common choice of the mediators.
pub(crate) const CHOOSE_CLOCK: &str = "mediation.choose";
/// The clock of the mediators' acceptance.
pub(crate) const ACCEPT_CLOCK: &str = "mediation.accept";
/// The clock from everyone's consent to the start.
pub(crate) const START_CLOCK: &str = "mediation.start";
/// The clock of a suspension.
pub(crate) const PAUSE_CLOCK: &str = "mediation.pause";
/// The clock from an end without an agreement to another way.
pub(crate) const TRANSFER_CLOCK: &str = "other_route.transfer";
/// The clock from the start to the end that the law sets.
pub(crate) const STATUTORY_CLOCK: &str = "mediation.statutory";
/// The clock of the mediator's signature and the seal, when the time ran out after every party had signed.
pub(crate) const SEALING_CLOCK: &str = "mediation.sealing";
/// The clock of an obligation.
pub(crate) const PERFORMANCE_CLOCK: &str = "performance.obligation";

/// The service.
pub struct Mediation {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
}

impl ServiceModule for Mediation {
    const SERVICE: Service = Service::Mediation;

    fn migrations() -> EmbeddedMigrations {
        const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
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
        consumers::subscriptions()
    }

    fn diagrams() -> Vec<Diagram> {
        vec![
            Diagram::of::<domain::mediator::Mediator>(),
            Diagram::of::<domain::proceeding::Proceeding>(),
            Diagram::of::<domain::agreement::Agreement>(),
            Diagram::of::<domain::obligation::Obligation>(),
        ]
    }

    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        let id = clock.object_id.into();
        match clock.kind.as_str() {
            CHOOSE_CLOCK => jobs::expire_choice::run(tx, id, false).await,
            ACCEPT_CLOCK => jobs::expire_choice::run(tx, id, true).await,
            PAUSE_CLOCK => jobs::end_pause::run(tx, id, &self.policy).await,
            STATUTORY_CLOCK if clock.breach == BreachEffect::EndProceeding => {
                jobs::end_overdue::run(tx, id, &self.policy).await
            }
            _ => Ok(()),
        }
    }

    async fn clock_warned(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        match clock.kind.as_str() {
            PERFORMANCE_CLOCK => jobs::urge_performance::run(tx, clock.object_id.into()).await,
            _ => Ok(()),
        }
    }

    fn answers() -> Answers<Self> {
        answers::answers()
    }

    async fn clock_moved(&self, tx: &mut Tx, clock: &MovedClock) -> Result<(), Problem> {
        moved::apply(tx, clock);
        Ok(())
    }
}
