//! `POST /proceedings/{id}/end` and `GET /proceedings/{id}/notice`.

use anyhow::Result;
use contracts::{events::mediation::MediationEnded, ids::PartyId};
use serde_json::{Value, json};

use crate::support::{self, Case, id, text};

fn tries(case: Case, ways: &[&str]) -> Value {
    ways.iter().map(|way| json!({ "party_id": case.respondent, "way": way, "tried_at": "2026-09-01T01:00:00Z" })).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_has_its_outcome_and_its_notice() -> Result<()> {
    let desk = support::start().await?;
    for (code, state, told) in [
        ("self_settled_withdrawn", "self_settled", false),
        ("party_unwilling", "refused", true),
        ("large_gap", "failed", true),
        ("unreachable", "failed", true),
        ("term_expired", "failed", true),
        ("signature_refused", "failed", true),
        ("other", "withdrawn", true),
    ] {
        let (case, proceeding) = desk.started().await?;
        let contact_tries = if code == "unreachable" {
            tries(case, &["telephone", "telephone", "visit"])
        } else {
            json!([])
        };
        let body = json!({ "end_code": code, "contact_tries": contact_tries });
        let ended = desk
            .post(&format!("/proceedings/{proceeding}/end"), body)
            .await?
            .expect(200)?;
        assert_eq!(
            (text(&ended, "state"), ended["ending"]["notice"].is_null()),
            (state, !told),
            "{code}"
        );
        let notice = desk
            .service
            .get(
                &format!("/mediation/v1/proceedings/{proceeding}/notice"),
                &desk.officer(),
            )
            .await?;
        let event = desk
            .service
            .published::<MediationEnded>()
            .await?
            .pop()
            .unwrap();
        assert_eq!((event.end_code.as_str(), event.case_id), (code, case.id));
        assert_eq!(!event.other_ways.is_empty(), told, "{code}");
        if told {
            let notice = notice.expect(200)?;
            let laws = notice["ways"]
                .as_array()
                .unwrap()
                .iter()
                .map(|way| text(way, "law"));
            assert!(laws.clone().count() > 0 && laws.clone().all(|law| !law.is_empty()));
        } else {
            notice.expect_problem(404, "not-found")?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn undisputed_facts_are_recorded_and_the_draft_lapses() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    let path = format!("/proceedings/{}/end", text(&view, "proceeding_id"));
    let body =
        json!({ "end_code": "signature_refused", "undisputed_facts": "双方对漏水事实无争议。" });
    let ended = desk.post(&path, body).await?.expect(200)?;
    assert_eq!(
        ended["ending"]["undisputed_facts"],
        "双方对漏水事实无争议。"
    );
    assert_eq!(
        desk.get(&format!("/agreements/{agreement}")).await?["state"],
        "lapsed"
    );
    let act = support::signatures(case).remove(0);
    desk.post(&format!("/agreements/{agreement}/signatures"), act)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    desk.post(&path, json!({ "end_code": "large_gap" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_ends() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.started().await?;
    let path = format!("/proceedings/{proceeding}/end");
    let unreachable =
        |contact_tries: Value| json!({ "end_code": "unreachable", "contact_tries": contact_tries });
    let mut late = tries(case, &["telephone", "visit", "letter"]);
    late[2]["tried_at"] = json!("2026-09-02T00:00:00Z");
    let mut foreign = tries(case, &["telephone"]);
    foreign[0]["party_id"] = json!(id::<PartyId>());
    let mut spread = tries(case, &["telephone", "visit", "letter"]);
    spread[0]["party_id"] = json!(case.applicant);
    desk.all_refused(
        &path,
        vec![
            (
                json!({ "end_code": "nonsense" }),
                422,
                "unknown-end-code",
                json!("/end_code"),
            ),
            // An agreement ends mediation by taking effect, never by being claimed.
            (
                json!({ "end_code": "agreement" }),
                409,
                "transition-not-allowed",
                json!(null),
            ),
            (
                json!({ "end_code": "large_gap", "undisputed_facts": "" }),
                422,
                "text-required",
                json!("/undisputed_facts"),
            ),
            (
                unreachable(json!([])),
                422,
                "contact-tries-missing",
                json!("/contact_tries"),
            ),
            (
                unreachable(tries(case, &["telephone", "visit"])),
                422,
                "contact-tries-missing",
                json!("/contact_tries"),
            ),
            (
                unreachable(tries(case, &["letter", "letter", "letter"])),
                422,
                "contact-tries-missing",
                json!("/contact_tries"),
            ),
            (
                unreachable(spread),
                422,
                "contact-tries-missing",
                json!("/contact_tries"),
            ),
            (
                unreachable(tries(case, &["pigeon"])),
                422,
                "invalid-body",
                json!("/contact_tries/0/way"),
            ),
            (
                unreachable(foreign),
                422,
                "unknown-party",
                json!("/contact_tries/0/party_id"),
            ),
            (
                unreachable(late),
                422,
                "invalid-date",
                json!("/contact_tries/2/tried_at"),
            ),
        ],
    )
    .await?;
    let [other, elsewhere, applicant] = desk.strangers().try_into().unwrap();
    let full = format!("/mediation/v1{path}");
    for (token, status, code) in [
        (&other, 404, "not-found"),
        (&elsewhere, 404, "not-found"),
        (&applicant, 403, "forbidden"),
    ] {
        desk.service
            .post(&full, token, json!({ "end_code": "large_gap" }))
            .await?
            .expect_problem(status, code)?;
    }
    desk.post(&path, json!({ "end_code": "large_gap" }))
        .await?
        .expect(200)?;
    for token in [other, elsewhere, applicant] {
        let notice = format!("/mediation/v1/proceedings/{proceeding}/notice");
        desk.service
            .get(&notice, &token)
            .await?
            .expect_problem(404, "not-found")?;
    }
    Ok(())
}
