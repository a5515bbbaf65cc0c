//! Transactions, outbox, relay, consumer, questions, dead letters, clocks, schemas: on a real PostgreSQL and nats-server.

mod clocks;
mod connections;
mod delivery;
mod due;
mod encrypted;
mod lost_answers;
mod notes;
mod processes;
mod relaying;
mod schemas;
mod stream_loss;
mod transactions;

use anyhow::Result;
use contracts::{
    events::intake::MatterDeclined,
    ids::{CaseId, MatterId},
};
use notes::Notes;
use testkit::TestService;
use uuid::Uuid;

type Service = TestService<Notes>;

fn case(n: u128) -> CaseId {
    CaseId::from(Uuid::from_u128(n))
}

fn declined(n: u128, reason: &str) -> MatterDeclined {
    MatterDeclined {
        matter_id: MatterId::from(Uuid::from_u128(n)),
        case_id: case(n),
        region: "620602".parse().unwrap(),
        reason: reason.to_owned(),
        declined_at: "2026-09-01T02:00:00Z".parse().unwrap(),
    }
}

async fn note(service: &Service, text: &str) -> Result<testkit::http::TestResponse> {
    let body = serde_json::json!({ "text": text, "case_id": case(1) });
    service
        .post("/evaluation/v1/notes", &service.role("evaluator"), body)
        .await
}
