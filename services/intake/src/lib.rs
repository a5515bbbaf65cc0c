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
//! - Files people hand in ([`domain::attachment`]), messages to them ([`domain::notification`]) and to
//!   organisations ([`domain::organisation_message`]), screening
//!   ([`domain::screening`]), tables of other systems ([`domain::import`]).
//! - Events out: those of `contracts::events::intake`.
//! - Events in: what every other service makes of the case, for its public status ([`domain::case`]); `case.adopted`: a case
//!   handed over by another node is registered here under the same ids.
//! - Questions answered: `matter_narrative`, `party_of_subject`, `case_parties`, `case_dossier`. Identities never travel in events.
//! - Clocks: `matter.accept`, from registration to the window's decision; `matter.correct`, after which a matter lapses;
//!   `matter.answer`, for advice; `case.archive`, from closing; `petition.accept`, `petition.handle`,
//!   `petition.ask_review`, `petition.review`; `screening.write_off`, from the
//!   recording of a hidden risk to its end. The window `case.reopen` is counted when somebody asks.

mod amending;
mod answers;
mod api;
mod breaches;
mod consumers;
pub mod domain;
mod gateways;
mod moved;
mod objects;
mod registering;
pub mod routes;
mod schema;
mod store;
mod work;

use crate::{
    domain::{notification, organisation_message},
    gateways::Gateways,
    objects::Objects,
};
use chassis::{
    bus::{Answers, Bus, Subscriptions},
    clocks::{DueClock, MovedClock},
    config::{AttachmentsConfig, ConfigError, NotificationsConfig},
    db::{Db, Tx},
    http::{Problem, ServiceConfig},
    service::{ServiceContext, ServiceModule, Work},
};
use contracts::{Service, lifecycle::Diagram, problems};
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
/// The clock from the recording of a hidden risk to its end.
pub(crate) const WRITE_OFF_CLOCK: &str = "screening.write_off";

/// The service.
pub struct Intake {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
    objects: Option<Objects>,
    gateways: Gateways,
    settings: Settings,
}

/// What of the configuration is intake's alone.
struct Settings {
    attachments: AttachmentsConfig,
    notifications: NotificationsConfig,
}

impl Intake {
    /// Where files lie.
    fn objects(&self) -> Result<&Objects, Problem> {
        let objects = self.objects.as_ref();
        objects.ok_or_else(|| Problem::new(&problems::intake::ATTACHMENTS_NOT_CONFIGURED))
    }
}

impl ServiceModule for Intake {
    const SERVICE: Service = Service::Intake;

    fn migrations() -> EmbeddedMigrations {
        MIGRATIONS
    }

    fn new(context: ServiceContext) -> Result<Self, ConfigError> {
        let config = &context.config;
        notification::check_facts(context.policy.notifications())?;
        organisation_message::check_facts(context.policy.notifications())?;
        Ok(Self {
            objects: Objects::open(&config.attachments, *context.db.node())?,
            gateways: Gateways::open(&config.notifications)?,
            settings: Settings {
                attachments: config.attachments.clone(),
                notifications: config.notifications.clone(),
            },
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
            Diagram::of::<domain::screening::Screening>(),
            Diagram::of::<domain::appointment::Appointment>(),
        ]
    }

    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        breaches::follow(tx, clock).await
    }

    async fn clock_moved(&self, tx: &mut Tx, clock: &MovedClock) -> Result<(), Problem> {
        moved::apply(tx, clock);
        Ok(())
    }

    fn answers() -> Answers<Self> {
        answers::answers()
    }

    const WORK: Option<Work<Self>> = Some(work::run);
}
