//! `POST /cases/{id}/file`, `GET /cases/{id}/file` and `POST /cases/{id}/archive`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service as From,
    events::{intake::CaseArchived, mediation::OrganisationRegistered},
    ids::CaseId,
};
use serde_json::{Value, json};

use crate::support::*;

const MUST: [&str; 5] = [
    "application",
    "rights_notice",
    "identity",
    "session_record",
    "back_cover",
];

async fn add(service: &Service, case: CaseId, kind: &str) -> Result<testkit::http::TestResponse> {
    let path = format!("/intake/v1/cases/{case}/file");
    let body = json!({ "kind": kind, "title": "材料", "pages": 2 });
    service
        .post(&path, &service.role("coordinator"), body)
        .await
}

fn paper(kinds: &[&str]) -> Value {
    let documents = kinds.iter().map(|kind| json!({ "kind": kind, "pages": 2 }));
    json!({ "paper": documents.collect::<Vec<_>>() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_file_gets_a_number_of_its_organisation() -> Result<()> {
    let service = Service::start().await?;
    let office = organisation();
    let registered = OrganisationRegistered {
        organisation_id: office,
        region: "620602".parse()?,
        kind: "township_pmc".to_owned(),
        name: "东大街人民调解委员会".to_owned(),
        routes: Vec::new(),
    };
    service
        .publish(From::Mediation, office, &registered)
        .await?;
    let token = service.role("coordinator");
    let archive = async |case: CaseId, body: Value| {
        let path = format!("/intake/v1/cases/{case}/archive");
        service.post(&path, &token, body).await
    };
    let (_, case) = accepted(&service).await?;
    dispatched(&service, case, office, service.time.now()).await?;
    add(&service, case, "poem")
        .await?
        .expect_problem(422, "unknown-document")?;
    for kind in &MUST[..4] {
        add(&service, case, kind).await?.expect(201)?;
    }
    archive(case, paper(&MUST[..4]))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    // A line is put right, and may name the file that holds the document.
    let line = |position: i32, extra: Value| {
        let mut document = json!({ "kind": "session_record", "title": "调解笔录", "pages": 2 });
        document["attachment_id"] = extra;
        json!({ "position": position, "document": document })
    };
    service
        .sql()
        .await?
        .batch_execute(&format!(
            "INSERT INTO intake.attachments (id, matter_id, case_id, name, media_type, bytes, sha256, added_by, added_at)
             SELECT '{case}', id, case_id, 'a.pdf', 'application/pdf', 1, 'abc', 'x', now() FROM intake.matters"
        ))
        .await?;
    let correct = format!("/intake/v1/cases/{case}/file/correct");
    for (body, status, code) in [
        (line(5, Value::Null), 422, "invalid-body"),
        (line(4, json!(office)), 404, "not-found"),
    ] {
        service
            .post(&correct, &token, body)
            .await?
            .expect_problem(status, code)?;
    }
    let view = service
        .post(&correct, &token, line(4, json!(case)))
        .await?
        .expect(200)?;
    assert_eq!(
        (
            &view["documents"][3]["title"],
            &view["documents"][3]["sha256"]
        ),
        (&json!("调解笔录"), &json!("abc"))
    );
    service.time.advance(Duration::hours(1));
    close(&service, case).await?;
    assert_eq!(archive_clock(&service, case).await?, "running");

    // The person may still have it opened again (transition 29).
    service.time.advance(Duration::days(29));
    archive(case, paper(&MUST[..4]))
        .await?
        .expect_problem(409, "reopen-window-open")?;
    service.time.advance(Duration::days(2));
    let problem = archive(case, paper(&MUST[..4]))
        .await?
        .expect_problem(409, "file-incomplete")?;
    assert_eq!(problem["errors"][0]["code"], "back_cover", "{problem}");
    let view = add(&service, case, "back_cover").await?.expect(201)?;
    assert_eq!(view["missing"], json!([]));
    let problem = archive(case, paper(&MUST[..4]))
        .await?
        .expect_problem(409, "paper-differs")?;
    assert_eq!(problem["errors"][0]["pointer"], "/paper/4", "{problem}");
    let mut forever = paper(&MUST);
    forever["retention"] = json!("until_monday");
    archive(case, forever)
        .await?
        .expect_problem(422, "unknown-retention")?;
    assert_eq!(service.count("case_files").await?, 0);

    let file = archive(case, paper(&MUST)).await?.expect(200)?;
    assert_eq!(file["number"], "（2026）东大街人民调解委员会人调字第1号");
    assert_eq!(
        (&file["retention"]["code"], &file["keep_until"]),
        (&json!("long"), &json!("2086-09-01"))
    );
    assert_eq!(archive_clock(&service, case).await?, "stopped");
    assert_eq!(public(&service, case).await?.0, "archived");
    archive(case, paper(&MUST))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    add(&service, case, "evidence")
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let path = format!("/intake/v1/cases/{case}/reopen");
    service
        .post(&path, &token, json!({ "reason": "objection" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let events = service.published::<CaseArchived>().await?;
    assert_eq!((events.len(), events[0].documents), (1, 5));

    // A refusal took no number; the window of no office has a series of its own.
    let (_, next) = accepted(&service).await?;
    for kind in MUST {
        add(&service, next, kind).await?.expect(201)?;
    }
    close(&service, next).await?;
    service.time.advance(Duration::days(31));
    let file = archive(next, paper(&MUST)).await?.expect(200)?;
    assert_eq!(file["number"], "（2026）武威市人调字第1号");
    Ok(())
}
