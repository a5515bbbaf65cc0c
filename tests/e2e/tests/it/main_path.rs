//! A dispute goes from the window to the statistics.

use contracts::roles::Role;
use e2e::{
    Mode, TestNode,
    cast::{COUNTY, Cast},
    client::list,
    flow::{Case, Course, expected_events},
};
use rstest::rstest;
use serde_json::{Value, json};

const APPLICANT: &str = "zhang-san";

fn codes<'a>(page: &'a Value, field: &str) -> Vec<&'a str> {
    list(page, "items")
        .unwrap()
        .iter()
        .map(|item| item[field].as_str().unwrap())
        .collect()
}

#[rstest]
#[case::one_process(Mode::One)]
#[case::six_processes(Mode::Six)]
#[tokio::test(flavor = "multi_thread")]
async fn cases_of_every_course_go_through_everything(#[case] mode: Mode) {
    let node = TestNode::start(mode).await.unwrap();
    let (api, cast) = (&node.api, Cast::gather(&node).await.unwrap());
    let applicant = node
        .token()
        .roles([Role::Applicant.as_str()])
        .subject(APPLICANT)
        .sign()
        .unwrap();
    let status = async |case: &Case, expected: &str| {
        node.settle().await.unwrap();
        let found = api
            .get(&format!("/intake/v1/cases/{}", case.case_id), &applicant)
            .await
            .unwrap();
        assert_eq!(found.expect(200).unwrap()["status"], expected);
    };

    // One case step by step, as the applicant sees it.
    let matter = e2e::flow::matter(APPLICANT);
    let mut case = Case::register(api, &cast, Course::Confirmed, &matter)
        .await
        .unwrap();
    status(&case, "accepted").await;
    case.triage(api, &cast).await.unwrap();
    status(&case, "signed").await;
    case.mediate(api, &cast).await.unwrap();
    status(&case, "performing").await;
    case.confirm(api, &cast).await.unwrap();
    status(&case, "performing").await;
    case.perform(api, &cast).await.unwrap();
    status(&case, "follow_up").await;
    case.close(api, &cast).await.unwrap();
    status(&case, "closed").await;
    let timeline = api
        .get(
            &format!("/intake/v1/cases/{}/timeline", case.case_id),
            &applicant,
        )
        .await
        .unwrap();
    let timeline = timeline.expect(200).unwrap();
    assert_eq!(
        codes(&timeline, "code"),
        [
            "registered",
            "accepted",
            "triaged",
            "dispatched",
            "signed",
            "consent_asked",
            "mediation_started",
            "agreement_effective",
            "agreed",
            "confirmation_applied",
            "confirmed_valid",
            "performed",
            "follow_up_planned",
            "closed",
        ]
    );
    for item in list(&timeline, "items").unwrap() {
        assert!(
            item["zh"].as_str().is_some_and(|text| !text.is_ascii()),
            "{item}"
        );
    }

    // The other courses.
    for course in Course::ALL
        .into_iter()
        .filter(|course| *course != Course::Confirmed)
    {
        let case = Case::play(api, &cast, course, APPLICANT).await.unwrap();
        status(&case, "closed").await;
    }

    node.reconciled().await.unwrap();
    node.check_published(&expected_events(Course::ALL))
        .await
        .unwrap();

    // What the person who brought five cases finds, and what the leader reads.
    let own = api
        .get("/intake/v1/matters", &applicant)
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(
        (own["total"].as_i64(), own["items"][0]["state"].as_str()),
        (Some(5), Some("accepted"))
    );
    let by = async |query: &str| {
        let found = api
            .get(&format!("/reporting/v1/statistics?{query}"), &cast.leader)
            .await
            .unwrap();
        found.expect(200).unwrap()
    };
    let by_type = by("dimension=type").await;
    for (field, expected) in [
        ("received", json!(5)),
        ("settled", json!(3)),
        ("concluded", json!(5)),
        ("settled_rate_pct", json!(60.0)),
    ] {
        assert_eq!(by_type[field], expected, "{field}: {by_type}");
    }
    assert_eq!(by_type["total_check"]["balanced"], true);
    let row = |table: &Value, code: &str| {
        let rows = table["rows"].as_array().unwrap();
        rows.iter()
            .find(|row| row["code"] == code)
            .unwrap_or_else(|| panic!("no row {code}: {table}"))
            .clone()
    };
    let by_region = by("dimension=region&level=county").await;
    assert_eq!(row(&by_region, COUNTY)["count"], 5);
    let by_outcome = by("dimension=outcome").await;
    for (outcome, count) in [("agreed", 3), ("refused", 1), ("failed", 1)] {
        assert_eq!(row(&by_outcome, outcome)["count"], count, "{outcome}");
    }
    assert_eq!(row(&by("dimension=channel").await, "window")["count"], 5);
    assert_eq!(row(&by("dimension=source").await, "public")["count"], 5);

    let entry = api
        .get(
            &format!("/reporting/v1/ledger/{}", case.case_id),
            &cast.leader,
        )
        .await
        .unwrap();
    let entry = entry.expect(200).unwrap();
    assert_eq!(
        (&entry["outcome"], &entry["type_code"]),
        (&json!("agreed"), &json!("contract")),
        "{entry}"
    );
    let path = format!("/reporting/v1/cases/{}/timeline?limit=200", case.case_id);
    let facts = api
        .get(&path, &cast.leader)
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let total: i64 = expected_events([Course::Confirmed]).values().sum();
    let planned = codes(&facts, "fact")
        .iter()
        .filter(|fact| **fact == "follow_up.scheduled")
        .count();
    assert_eq!(
        i64::try_from(codes(&facts, "fact").len() - planned).unwrap(),
        total,
        "{facts}"
    );
}

#[rstest]
#[case::one_process(Mode::One)]
#[case::six_processes(Mode::Six)]
#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_learns_of_the_other_ways(#[case] mode: Mode) {
    let node = TestNode::start(mode).await.unwrap();
    let (api, cast) = (&node.api, Cast::gather(&node).await.unwrap());
    let applicant = node
        .token()
        .roles([Role::Applicant.as_str()])
        .subject(APPLICANT)
        .sign()
        .unwrap();
    for (course, end_code, outcome) in [
        (Course::Refused, "party_unwilling", "refused"),
        (Course::Failed, "large_gap", "failed"),
    ] {
        let mut case = Case::register(api, &cast, course, &e2e::flow::matter(APPLICANT))
            .await
            .unwrap();
        case.triage(api, &cast).await.unwrap();
        case.mediate(api, &cast).await.unwrap();
        let path = format!("/mediation/v1/proceedings/{}", case.proceeding_id);
        let proceeding = api
            .get(&path, &cast.desk.officer)
            .await
            .unwrap()
            .expect(200)
            .unwrap();
        assert_eq!(
            (&proceeding["state"], &proceeding["ending"]["end_code"]),
            (&json!(outcome), &json!(end_code))
        );
        // The applicant reads the notice itself.
        let notice = api
            .read(&format!("{path}/notice"), &applicant)
            .await
            .unwrap();
        let ways = list(&notice, "ways").unwrap();
        let routes: Vec<&str> = ways
            .iter()
            .map(|way| way["route"].as_str().unwrap())
            .collect();
        assert!(
            routes.contains(&"litigation") && routes.contains(&"legal_aid"),
            "{notice}"
        );
        assert!(
            !routes.contains(&"labour_arbitration"),
            "not a labour dispute: {notice}"
        );
        assert!(
            ways.iter()
                .all(|way| way["law"].as_str().is_some_and(|law| law.contains('法'))),
            "{notice}"
        );
        node.settle().await.unwrap();
        let path = format!("/intake/v1/cases/{}/timeline", case.case_id);
        let timeline = api
            .get(&path, &applicant)
            .await
            .unwrap()
            .expect(200)
            .unwrap();
        assert!(codes(&timeline, "code").contains(&outcome), "{timeline}");
        // Nothing more can be done in it.
        let start = json!({ "mediator_ids": cast.desk.mediators });
        let path = format!("/mediation/v1/proceedings/{}/start", case.proceeding_id);
        let refused = api.post(&path, &cast.desk.mediator, &start).await.unwrap();
        refused
            .expect_problem(409, "transition-not-allowed")
            .unwrap();
    }
    node.reconciled().await.unwrap();
}
