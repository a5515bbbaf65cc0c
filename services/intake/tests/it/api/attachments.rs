//! Files of a matter: handing in, listing, reading, removing, and what a dead process leaves behind.

use std::path::PathBuf;

use anyhow::Result;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::service::eventually;

use crate::support::*;

const PDF: &[u8] = b"%PDF-1.7 a promise to pay";

/// A service with a directory for files.
async fn started() -> Result<(Service, TempDir)> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("files");
    let service = Service::start_with(|config| {
        config.attachments.directory = Some(path);
        config.attachments.sweep_interval = std::time::Duration::from_millis(50);
    })
    .await?;
    Ok((service, directory))
}

/// The stored objects.
fn stored(directory: &TempDir) -> Vec<PathBuf> {
    let folder = directory.path().join("files/attachments/6206");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect()
}

async fn send(
    service: &Service,
    token: &str,
    matter: &str,
    kind: &str,
    name: &str,
    content: &[u8],
) -> Result<(u16, Value)> {
    send_with(service, token, (matter, ""), kind, name, content).await
}

async fn send_with(
    service: &Service,
    token: &str,
    (matter, query): (&str, &str),
    kind: &str,
    name: &str,
    content: &[u8],
) -> Result<(u16, Value)> {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!(
        "http://{}/intake/v1/matters/{matter}/attachments{query}",
        service.address()
    );
    let answer = reqwest::Client::builder()
        .build()?
        .post(path)
        .bearer_auth(token)
        .header("content-type", kind)
        .header(
            "content-disposition",
            format!("attachment; filename*=UTF-8''{encoded}"),
        )
        .body(content.to_vec())
        .send()
        .await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

/// An upload under an `Idempotency-Key`: status, whether it is the answer of an earlier one, body.
async fn keyed(
    service: &Service,
    token: &str,
    path: &str,
    (kind, name): (&str, &str),
    content: &[u8],
) -> Result<(u16, bool, Value)> {
    let answer = reqwest::Client::builder()
        .build()?
        .post(format!("http://{}/intake/v1/{path}", service.address()))
        .bearer_auth(token)
        .header("idempotency-key", "attempt-1")
        .header("content-type", kind)
        .header(
            "content-disposition",
            format!("attachment; filename*=UTF-8''{name}"),
        )
        .body(content.to_vec())
        .send()
        .await?;
    let replayed = answer.headers().contains_key("idempotency-replayed");
    Ok((answer.status().as_u16(), replayed, answer.json().await?))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_under_a_key_is_answered_once() -> Result<()> {
    let (service, directory) = started().await?;
    let (matter, _) = registered(&service).await?;
    let clerk = service.role("window_clerk");
    let path = format!("matters/{matter}/attachments");
    let pdf = ("application/pdf", "promise.pdf");
    let (status, replayed, first) = keyed(&service, &clerk, &path, pdf, PDF).await?;
    assert_eq!((status, replayed), (201, false), "{first}");
    let again = keyed(&service, &clerk, &path, pdf, PDF).await?;
    assert_eq!(again, (201, true, first.clone()));
    for (pdf, content) in [
        (pdf, &b"%PDF-1.7 another promise"[..]),
        (("application/pdf", "other.pdf"), PDF),
    ] {
        let (status, _, problem) = keyed(&service, &clerk, &path, pdf, content).await?;
        let code = (status, &problem["code"]);
        assert_eq!(code, (422, &json!("idempotency-key-reused")));
    }
    assert_eq!(service.count("attachments").await?, 1);
    assert_eq!(stored(&directory).len(), 1);
    // What was answered is there.
    let kept = content(&service, &clerk, text(&first, "/id")?).await?;
    assert_eq!(kept.bytes().await?, PDF);
    Ok(())
}

async fn content(service: &Service, token: &str, id: &str) -> Result<Response> {
    let path = format!(
        "http://{}/intake/v1/attachments/{id}/content",
        service.address()
    );
    let request = reqwest::Client::builder()
        .build()?
        .request(Method::GET, path);
    Ok(request.bearer_auth(token).send().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_taken_once_read_by_who_may_and_removed_with_a_reason() -> Result<()> {
    let (service, directory) = started().await?;
    let clerk = service.role("window_clerk");
    let (matter, _) = registered(&service).await?;
    let matter = matter.to_string();
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let (status, first) = send(
        &service,
        &person,
        &matter,
        "application/pdf",
        "借条.pdf",
        PDF,
    )
    .await?;
    assert_eq!(
        (status, &first["name"], &first["bytes"]),
        (201, &json!("借条.pdf"), &json!(PDF.len()))
    );
    assert_eq!(text(&first, "/sha256")?.len(), 64);
    let (status, again) = send(
        &service,
        &person,
        &matter,
        "application/pdf",
        "借条.pdf",
        PDF,
    )
    .await?;
    assert_eq!((status, &again["id"]), (200, &first["id"]));
    assert_eq!(stored(&directory).len(), 1);
    let (status, _) = send_with(
        &service,
        &clerk,
        (&matter, "?side=applicant&kind=evidence"),
        "image/png",
        "现场.png",
        b"\x89PNG\r\n",
    )
    .await?;
    assert_eq!(status, 201);

    let id = text(&first, "/id")?;
    let answer = content(&service, &clerk, id).await?;
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert!(
        answer.headers()["content-disposition"]
            .to_str()?
            .starts_with("attachment; filename*=UTF-8''%E5%80%9F")
    );
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.bytes().await?, PDF);
    let stranger = service
        .token()
        .roles(["applicant"])
        .subject("account-wu")
        .sign()?;
    assert_eq!(content(&service, &stranger, id).await?.status(), 404);
    let list = format!("/intake/v1/matters/{matter}/attachments");
    service
        .get(&list, &stranger)
        .await?
        .expect_problem(404, "not-found")?;

    let remove = format!("/intake/v1/attachments/{id}/remove");
    service
        .post(&remove, &person, json!({ "reason": " " }))
        .await?
        .expect_problem(422, "text-required")?;
    let removed = service
        .post(&remove, &person, json!({ "reason": "传错了" }))
        .await?
        .expect(200)?;
    assert_eq!(removed["removed_reason"], "传错了");
    assert_eq!(content(&service, &clerk, id).await?.status(), 404);
    assert_eq!(stored(&directory).len(), 1);
    let page = service.get(&list, &clerk).await?.expect(200)?;
    assert_eq!(page["items"][0]["removed_reason"], "传错了");
    assert_eq!(page["items"][1]["removed_at"], Value::Null);
    let kinds: Vec<String> = service
        .events()
        .await?
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| kind.contains("attachment"))
            .count(),
        3,
        "{kinds:?}"
    );

    // What a clerk handed in is not the person's to remove; what is decided upon stays.
    let other = text(&page, "/items/1/id")?;
    let remove = format!("/intake/v1/attachments/{other}/remove");
    service
        .post(&remove, &person, json!({ "reason": "不要" }))
        .await?
        .expect_problem(403, "forbidden")?;
    service
        .post(
            &format!("/intake/v1/matters/{matter}/accept"),
            &clerk,
            json!({}),
        )
        .await?
        .expect(200)?;
    service
        .post(&remove, &clerk, json!({ "reason": "不要" }))
        .await?
        .expect_problem(409, "attachment-kept")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_is_no_file_for_a_case_and_keeps_nothing_of_it() -> Result<()> {
    let (service, directory) = started().await?;
    let clerk = service.role("window_clerk");
    let (matter, _) = registered(&service).await?;
    let matter = matter.to_string();
    for (kind, name, body, status, code) in [
        (
            "text/html",
            "a.html",
            PDF,
            422,
            "attachment-type-not-allowed",
        ),
        (
            "application/pdf",
            "../a.pdf",
            PDF,
            422,
            "attachment-name-invalid",
        ),
        (
            "application/pdf",
            "a.exe",
            PDF,
            422,
            "attachment-name-invalid",
        ),
        (
            "application/pdf",
            "a.pdf",
            b"MZ\x90".as_slice(),
            422,
            "attachment-type-not-allowed",
        ),
        (
            "application/pdf",
            "a.pdf",
            b"".as_slice(),
            422,
            "attachment-empty",
        ),
    ] {
        let (found, problem) = send(&service, &clerk, &matter, kind, name, body).await?;
        assert_eq!((found, &problem["code"]), (status, &json!(code)), "{name}");
    }
    let nobody = "00000000-0000-7000-8000-000000000000";
    let (status, _) = send(&service, &clerk, nobody, "application/pdf", "a.pdf", PDF).await?;
    assert_eq!(status, 404);
    service
        .sql()
        .await?
        .batch_execute(&format!(
            "INSERT INTO intake.attachments (id, matter_id, case_id, name, media_type, bytes, sha256, added_by, added_at)
             SELECT gen_random_uuid(), id, case_id, 'a.pdf', 'application/pdf', 1, 'x', 'x', now()
             FROM intake.matters, generate_series(1, 20) WHERE id = '{matter}'"
        ))
        .await?;
    let (status, problem) =
        send(&service, &clerk, &matter, "application/pdf", "b.pdf", PDF).await?;
    assert_eq!(
        (status, &problem["code"]),
        (409, &json!("too-many-attachments"))
    );
    assert!(stored(&directory).is_empty(), "{:?}", stored(&directory));
    let leader = service.role("leader");
    let (status, _) = send(&service, &leader, &matter, "application/pdf", "a.pdf", PDF).await?;
    assert_eq!(status, 403);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn content_without_a_row_is_swept_and_a_node_without_a_store_says_so() -> Result<()> {
    let (mut service, directory) = started().await?;
    let clerk = service.role("window_clerk");
    let (matter, _) = registered(&service).await?;
    let matter = matter.to_string();
    let (_, kept) = send(&service, &clerk, &matter, "application/pdf", "a.pdf", PDF).await?;
    let folder = directory.path().join("files/attachments/6206");
    let orphan = folder.join(uuid::Uuid::from_u128(99).to_string());
    std::fs::write(&orphan, "what a dead process had received")?;
    // Years later by the service's clock, so that it is old enough.
    service.time.set("2036-09-01T02:00:00Z".parse()?);
    eventually("the orphan is gone", async || Ok(!orphan.exists())).await?;
    assert_eq!(stored(&directory), [folder.join(text(&kept, "/id")?)]);

    service.time.set(testkit::service::BEGINNING.parse()?);
    service
        .restart_with(|config| config.attachments.directory = None)
        .await?;
    let (status, problem) =
        send(&service, &clerk, &matter, "application/pdf", "b.pdf", PDF).await?;
    assert_eq!(
        (status, &problem["code"]),
        (503, &json!("attachments-not-configured"))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_its_own_side_until_it_says_otherwise() -> Result<()> {
    let (service, _directory) = started().await?;
    let mut body = dispute();
    body["parties"][1]["account_subject"] = json!("account-wuye");
    let (matter, case) = accepted_as(&service, body).await?;
    let office = organisation();
    dispatched(&service, case, office, service.time.now()).await?;
    let matter = matter.to_string();
    let person = |subject: &str| service.token().roles(["applicant"]).subject(subject).sign();
    let (applicant, respondent) = (person("account-zhang")?, person("account-wuye")?);
    let clerk = service.role("window_clerk");
    let hand_in = async |token: &str, query: &str, name: &str| {
        let to = (matter.as_str(), query);
        send_with(&service, token, to, "application/pdf", name, PDF).await
    };
    let (status, id_card) = hand_in(&applicant, "?kind=identity", "身份证.pdf").await?;
    assert_eq!(
        (status, &id_card["side"], &id_card["visibility"]),
        (201, &json!("applicant"), &json!("own_side"))
    );
    let (_, shared) = hand_in(&applicant, "?visibility=parties", "照片.pdf").await?;
    let (_, staff) = hand_in(&clerk, "", "内部核查.pdf").await?;
    let (status, problem) = hand_in(&applicant, "?side=respondent", "a.pdf").await?;
    assert_eq!((status, &problem["code"]), (400, &json!("invalid-query")));
    let (status, problem) = hand_in(&applicant, "?kind=poem", "a.pdf").await?;
    assert_eq!(
        (status, &problem["code"]),
        (422, &json!("unknown-document"))
    );

    let officer = service.role_in("organisation_officer", office);
    let elsewhere: contracts::ids::OrganisationId = service.time.id();
    let stranger = service.role_in("mediator", elsewhere);
    let seen = async |token: &str| -> Result<Vec<u16>> {
        let mut statuses = Vec::new();
        for view in [&id_card, &shared, &staff] {
            let answer = content(&service, token, text(view, "/id")?).await?;
            statuses.push(answer.status().as_u16());
        }
        Ok(statuses)
    };
    assert_eq!(seen(&applicant).await?, [200, 200, 404]);
    assert_eq!(seen(&respondent).await?, [404, 200, 404]);
    assert_eq!(seen(&clerk).await?, [200, 200, 200]);
    // Who settles the case reads what was handed in; another organisation does not know of it.
    assert_eq!(seen(&officer).await?, [200, 200, 200]);
    assert_eq!(seen(&stranger).await?, [404, 404, 404]);
    let list = format!("/intake/v1/matters/{matter}/attachments");
    let page = service.get(&list, &respondent).await?.expect(200)?;
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
    Ok(())
}
