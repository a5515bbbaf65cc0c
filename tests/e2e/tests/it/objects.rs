//! What a centre keeps beside the cases: an object of every kind that has an address of its own, all of the same county, organisation
//! and applicant as the case.

use anyhow::{Context as _, Result};
use chassis::time::Time;
use contracts::roles::Role;
use e2e::{
    TestNode,
    cast::{COUNTY, Cast, Desk},
    client::{list, text},
    flow::Case,
};
use reqwest::Method;
use serde_json::{Value, json};

/// Their ids.
#[derive(Debug, Clone)]
pub struct Objects {
    pub inquiry: String,
    pub appointment: String,
    pub attachment: String,
    pub notification: String,
    pub organisation_message: String,
    pub screening: String,
    pub supervision: String,
    pub consultation: String,
    pub roster: String,
    pub task_force: String,
    pub effect_application: String,
    pub period: String,
    pub request: String,
}

impl Objects {
    /// Makes them, once the organisation is known everywhere.
    pub async fn of(node: &TestNode, cast: &Cast, case: &Case, owner: &str) -> Result<Self> {
        let api = &node.api;
        let applicant = node.token().roles(["applicant"]).subject(owner).sign()?;
        let desk = &cast.desk.organisation;
        let made = async |path: &str, token: &str, body: Value| {
            text(&api.command(path, token, &body).await?, "id")
        };
        let first = async |path: &str, token: &str| {
            let page = api.read(path, token).await?;
            let found = list(&page, "items")?.first().cloned();
            found.with_context(|| format!("{path} is empty"))
        };
        let free = format!("/intake/v1/appointments/free?organisation={desk}");
        let free = api.read(&free, &applicant).await?;
        let slot = list(&free, "items")?.first().context("no free time")?;
        let organ = ("labour_arbitration_commission", "labour_arbitration");
        let organ = Desk::organ(api, &node.issuer, &cast.administrator, organ).await?;
        node.settle().await?;
        let department =
            |organisation: &str| json!({ "organisation": organisation, "duty": "到场" });
        let now = Time::system().now();
        let of_case = format!("/triage/v1/cases/{}", case.case_id);
        Ok(Self {
            inquiry: made(
                "/intake/v1/inquiries",
                &applicant,
                json!({ "region": COUNTY, "item": "legal_advice", "question": "押金能退吗" }),
            )
            .await?,
            appointment: made(
                "/intake/v1/appointments",
                &applicant,
                json!({ "organisation_id": desk, "starts_at": slot["starts_at"], "topic": "咨询" }),
            )
            .await?,
            attachment: attachment(node, cast, case).await?,
            notification: text(&first("/intake/v1/notifications", &applicant).await?, "id")?,
            organisation_message: text(
                &first("/intake/v1/organisation-messages", &cast.desk.officer).await?,
                "id",
            )?,
            screening: made(
                "/intake/v1/screenings",
                &node.role(Role::GridWorker)?,
                json!({ "region": COUNTY, "place": "东大街", "kind": "routine", "category": "other",
                        "severity": "general", "description": "邻里口角" }),
            )
            .await?,
            supervision: made(
                &format!("{of_case}/supervise"),
                &cast.coordinator,
                json!({ "fault": "should_handle", "demand": "限期办理" }),
            )
            .await?,
            consultation: made(
                &format!("{of_case}/consultations"),
                &cast.coordinator,
                json!({ "purpose": "会商", "departments": [department(desk), department(&organ.organisation)] }),
            )
            .await?,
            roster: made(
                "/triage/v1/rosters",
                &cast.coordinator,
                json!({ "organisation": desk, "mode": "resident", "officer": "officer",
                        "starts_at": now, "ends_at": now + chrono::Duration::hours(8) }),
            )
            .await?,
            task_force: made(
                "/triage/v1/task-forces",
                &cast.leader,
                json!({ "project": "引水工程", "region": COUNTY, "basis": "mass", "lead": "lead",
                        "assignment": "排查", "organisations": [desk] }),
            )
            .await?,
            effect_application: made(
                "/judicial-confirmation/v1/effect-applications",
                &cast.desk.officer,
                json!({ "agreement_id": case.agreement_id, "kind": "notarised_instrument",
                        "body": cast.court_id, "party_ids": case.parties }),
            )
            .await?,
            period: made(
                "/reporting/v1/periods",
                &cast.evaluator,
                json!({ "period": "2024" }),
            )
            .await?,
            request: request(node, case).await?,
        })
    }
}

/// A file of the matter, on the applicant's side.
async fn attachment(node: &TestNode, cast: &Cast, case: &Case) -> Result<String> {
    let path = format!(
        "/intake/v1/matters/{}/attachments?side=applicant",
        case.matter_id
    );
    let file = node
        .api
        .request(Method::POST, &path)
        .bearer_auth(&cast.clerk)
        .header("content-type", "application/pdf")
        .header(
            "content-disposition",
            "attachment; filename*=UTF-8''promise.pdf",
        )
        .body("%PDF-1.7 a promise to pay");
    text(&node.api.send(file).await?.expect(201)?, "id")
}

/// A request of a county's desk, signed for here, with the file of the case: what the border desk would keep of it. This node is part of no
/// federation.
async fn request(node: &TestNode, case: &Case) -> Result<String> {
    let (id, case) = (Time::system().uuid().to_string(), &case.case_id);
    let sql = node.sql().await?;
    sql.execute(
        "INSERT INTO federation.requests (id, node, outgoing, kind, case_id, from_node, to_node, hands_over, details, state, sent_at,
             delivered_at, signed_at, reworks, handover, own_steps, other_steps, version, created_at, updated_at)
         VALUES ($1::text::uuid, '6206', false, 'report_up', $2::text::uuid, '620602', '6206', 'none', '{}', 'signed', now(), now(), now(), 0, 0, 2, 1, 1, now(), now())",
        &[&id, case],
    )
    .await?;
    sql.execute(
        "INSERT INTO federation.dossiers (request_id, case_id, from_node, body, received_at) VALUES ($1::text::uuid, $2::text::uuid, '620602', '{}', now())",
        &[&id, case],
    )
    .await?;
    Ok(id)
}
