//! Intake 受理: one window and every channel (IN-01, IN-08).
//!
//! A person brings a **matter** 诉求事项; the window registers it, then accepts, declines or answers it. Each matter opens
//! a **case**, whose public status and timeline the person can follow to the end.
//!
//! - States of a matter: `registered` → `accepted` | `not_accepted` | `answered` ([`domain::matter`], transitions 1, 3–5);
//!   between them `correcting`, which ends in `registered` or `lapsed` ([`domain::correction`], transition 2).
//! - Steps of a case as a whole: opened again, archived, merged, split ([`domain::dispute_case`], transitions 29, 30, 32); of
//!   a petition: decided, handled, reviewed twice ([`domain::petition`]).
//! - Beside the cases: advice asked for and given ([`domain::inquiry`]), appointments with organisations
//!   ([`domain::appointment`]).
//! - Events out: those of `contracts::events::intake`.
//! - Events in: what every other service makes of the case, for its public status ([`domain::case`]); `case.adopted`: a case
//!   handed over by another node is registered here under the same ids.
//! - Questions answered: `matter_narrative`, `party_of_subject`, `case_parties`, `case_dossier`. Identities never travel in events.
//! - Clocks: `matter.accept`, from registration to the window's decision; `matter.correct`, after which a matter lapses;
//!   `matter.answer`, for advice; `case.archive`, from closing; `petition.accept`, `petition.handle`, `petition.review`. The window `case.reopen` is counted when somebody asks.

mod answers;
mod api;
mod breaches;
mod consumers;
pub mod domain;
pub mod routes;
mod schema;
mod store;

use chassis::{
    bus::{Answers, Bus, Subscriptions},
    clocks::DueClock,
    config::ConfigError,
    db::{Db, Tx},
    http::{Problem, ServiceConfig},
    service::{ServiceContext, ServiceModule},
};
use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::CurrentPolicy;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The clock from registration to the window's decision.
pub(crate) const ACCEPT_CLOCK: &str = "matter.accept";

/// The clock in which a question is answered.
pub(crate) const ANSWER_CLOCK: &str = "matter.answer";
/// The clock in which the person who brought a petition is told whether it is accepted (信访工作条例 23).
pub(crate) const PETITION_ACCEPT_CLOCK: &str = "petition.accept";
/// The clock in which a person supplies what is missing; when it runs out the matter lapses.
pub(crate) const CORRECT_CLOCK: &str = "matter.correct";
/// The window in which a closed case can be opened again.
pub(crate) const REOPEN_CLOCK: &str = "case.reopen";
/// The clock from closing to the archive.
pub(crate) const ARCHIVE_CLOCK: &str = "case.archive";

/// The service.
pub struct Intake {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
}

impl ServiceModule for Intake {
    const SERVICE: Service = Service::Intake;

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
        consumers::subscriptions()
    }

    fn diagrams() -> Vec<Diagram> {
        vec![
            Diagram::of::<domain::matter::Matter>(),
            Diagram::of::<domain::dispute_case::DisputeCase>(),
            Diagram::of::<domain::petition::Petition>(),
            Diagram::of::<domain::inquiry::Inquiry>(),
            Diagram::of::<domain::appointment::Appointment>(),
        ]
    }

    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        breaches::follow(self, tx, clock).await
    }

    fn answers() -> Answers<Self> {
        answers::answers()
    }
}
