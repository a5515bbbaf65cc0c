//! A service of notes, in the place of evaluation: takes a note, publishes it, applies other services' facts as notes.

use actix_web::post;
use chassis::{
    bus::{Answers, Subscriptions},
    clocks::{DueClock, MovedClock, NewClock},
    config::ConfigError,
    db::Tx,
    http::{Call, Data, Problem, Reply, ServiceConfig},
    service::{ServiceContext, ServiceModule},
};
use contracts::{
    Service,
    events::{Envelope, evaluation::RatingGiven, intake::MatterDeclined, triage::TriageProposed},
    ids::{CaseId, RatingId, TypedId},
    problems::common,
    questions::{IsMediatorOf, IsMediatorOfAnswer, PartyOfSubject},
    roles::permission::RatingGive,
};
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::ClockRule;
use serde::Deserialize;
use uuid::Uuid;

pub struct Notes {
    pub context: ServiceContext,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    pub text: String,
    pub case_id: CaseId,
}

/// Takes a note. `refuse` refuses after everything was written; `due` starts a clock of five minutes.
#[utoipa::path(responses((status = 201)))]
#[post("/notes")]
async fn take_note(state: Data<Notes>, call: Call<RatingGive, NewNote>) -> Result<Reply, Problem> {
    let db = &state.context.db;
    db.command(&call, "take_note", async |tx: &mut Tx| {
        let id: RatingId = tx.new_id();
        insert(tx, id.uuid(), call.body.case_id, &call.body.text).await?;
        let (region, given_at) = (*tx.node(), tx.now());
        tx.publish(
            call.body.case_id,
            &RatingGiven {
                rating_id: id,
                case_id: call.body.case_id,
                region,
                score: 5,
                given_at,
            },
        )?;
        if call.body.text == "due" {
            let (rule, start) = (five_minutes(), tx.now());
            let policy = &state.context.policy;
            let due = rule.due(start, policy.calendar());
            let clock = NewClock::of_rule(policy, "note", &rule, id, call.body.case_id, start, due);
            tx.start_clock(&clock);
        }
        if call.body.text == "refuse" {
            return Err(Problem::new(&common::CONFLICT));
        }
        Ok(Reply::created(
            format!("/evaluation/v1/notes/{id}"),
            serde_json::json!({ "id": id }),
        )
        .version(1))
    })
    .await
}

/// A clock that warns after three minutes, and a minute after its end.
fn five_minutes() -> ClockRule {
    serde_json::from_value(serde_json::json!({
        "id": "note", "name": {"zh": "记录", "en": "Note"}, "kind": "target", "unit": "minute", "amount": 5,
        "starts_at": "note taken", "breach": "record", "law": "test",
        "warn": [{"elapsed": {"amount": 3, "unit": "minute"}}, {"after": {"amount": 1, "unit": "minute"}}]
    }))
    .unwrap()
}

async fn insert(tx: &mut Tx, id: Uuid, case_id: CaseId, text: &str) -> Result<(), Problem> {
    diesel::sql_query("INSERT INTO notes (id, case_id, text) VALUES ($1, $2, $3)")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(case_id.uuid())
        .bind::<Text, _>(text)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes why a matter was declined; "poison" can never be applied.
async fn on_declined(
    _: &Notes,
    tx: &mut Tx,
    envelope: &Envelope,
    event: MatterDeclined,
) -> Result<(), Problem> {
    if event.reason == "poison" {
        return Err(Problem::new(&common::CONFLICT).internal("poison"));
    }
    let text = format!("{} {}", event.reason, envelope.id);
    insert(tx, envelope.id.uuid(), event.case_id, &text).await
}

/// Asks a question before it notes a proposal.
async fn on_proposed(
    state: &Notes,
    tx: &mut Tx,
    envelope: &Envelope,
    event: TriageProposed,
) -> Result<(), Problem> {
    let question = PartyOfSubject {
        case_id: event.case_id,
        subject: "somebody".to_owned(),
    };
    let answer = state.context.bus.ask(&question).await?;
    insert(
        tx,
        envelope.id.uuid(),
        event.case_id,
        &format!("party {:?}", answer.party_id),
    )
    .await
}

impl ServiceModule for Notes {
    const SERVICE: Service = Service::Evaluation;

    fn migrations() -> EmbeddedMigrations {
        const MIGRATIONS: EmbeddedMigrations = embed_migrations!("tests/it/machinery/migrations");
        MIGRATIONS
    }

    fn new(context: ServiceContext) -> Result<Self, ConfigError> {
        Ok(Self { context })
    }

    fn routes(routes: &mut ServiceConfig<'_>) {
        routes.service(take_note);
    }

    fn subscriptions() -> Subscriptions<Self> {
        Subscriptions::new()
            .on::<MatterDeclined>(Service::Intake, on_declined)
            .on::<TriageProposed>(Service::Triage, on_proposed)
    }

    fn answers() -> Answers<Self> {
        // Evaluation asks this one; here it is never reached, since the bus lets nobody else answer it.
        Answers::new()
            .on::<IsMediatorOf>(async |_: &Notes, _| Ok(IsMediatorOfAnswer { is_mediator: true }))
    }

    async fn clock_moved(&self, tx: &mut Tx, clock: &MovedClock) -> Result<(), Problem> {
        let text = format!("{} moved", clock.kind);
        insert(tx, clock.object_id, clock.case_id.into(), &text).await
    }

    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        let text = format!("{} ran out", clock.kind);
        insert(tx, clock.id, CaseId::from(clock.case_id), &text).await
    }
}
