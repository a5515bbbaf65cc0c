//! No personal data in logs, messages, metrics or problems.

use contracts::roles::Role;
use e2e::{
    Mode, Settings, TestNode,
    cast::{COUNTY, Cast},
    flow::{Case, Course},
    node::STREAM,
};
use rstest::rstest;
use serde_json::{Value, json};

/// What must not be found anywhere but in the answers to those who may read it.
const SECRETS: [&str; 12] = [
    "欧阳隐名",
    "司徒藏姓",
    "62060219780314292X",
    "13909351234",
    "凉州区无名巷7号",
    "祖传玉镯被当作赝品",
    "调解时哭诉旧事",
    "对方承认摔坏玉镯",
    "赔偿玉镯折价款",
    "银行回单尾号8841",
    "回访时说仍然睡不着",
    "希望不要再提起玉镯",
];

fn matter() -> Value {
    json!({
        "region": COUNTY, "class": "dispute", "source": "public", "channel": "window", "notice_version": "2026-01",
        "narrative": format!("{},要求赔偿。", SECRETS[5]), "amount_fen": 300_000,
        "parties": [
            { "side": "applicant", "kind": "natural_person", "name": SECRETS[0], "phone": SECRETS[3], "address": SECRETS[4],
              "identifier": { "kind": "resident-id", "number": SECRETS[2] }, "account_subject": "ouyang" },
            { "side": "respondent", "kind": "natural_person", "name": SECRETS[1] },
        ],
    })
}

/// A text as it is, and as drivers, proxies and databases write it when they do not.
fn forms(secret: &str) -> [String; 5] {
    let each = |byte: fn(&u8) -> String| secret.as_bytes().iter().map(byte).collect::<Vec<_>>();
    [
        secret.to_owned(),
        each(u8::to_string).join(", "),
        each(|byte| format!("{byte:02x}")).concat(),
        each(|byte| format!("%{byte:02X}")).concat(),
        secret
            .encode_utf16()
            .map(|unit| format!("\\u{unit:04x}"))
            .collect(),
    ]
}

/// Fails when any secret is in the text.
fn check(place: &str, text: &str) {
    let forms = SECRETS.map(forms);
    for line in text.lines() {
        let found = forms.iter().flatten().find(|form| line.contains(*form));
        assert_eq!(found, None, "{place}: {line}");
    }
}

/// Plays a case that is full of them.
async fn play(node: &TestNode, cast: &Cast) -> Case {
    let (api, mediator) = (&node.api, &cast.desk.mediator);
    let mut case = Case::register(api, cast, Course::Instalments, &matter())
        .await
        .unwrap();
    case.triage(api, cast).await.unwrap();
    let opened = api
        .command(
            "/mediation/v1/proceedings",
            &cast.desk.officer,
            &json!({ "order_id": case.order_id }),
        )
        .await
        .unwrap();
    case.proceeding_id = opened["id"].as_str().unwrap().to_owned();
    let path = format!("/mediation/v1/proceedings/{}", case.proceeding_id);
    for party in &case.parties {
        let consent = json!({ "party_id": party, "consents": true, "way": "in_person" });
        api.command(&format!("{path}/consents"), mediator, &consent)
            .await
            .unwrap();
    }
    api.command(
        &format!("{path}/start"),
        mediator,
        &json!({ "mediator_ids": cast.desk.mediators }),
    )
    .await
    .unwrap();
    let now = chassis::time::Time::system().now();
    let session = json!({ "held_at": now, "place": "centre", "attendance": case.parties, "record": SECRETS[6] });
    api.command(&format!("{path}/sessions"), mediator, &session)
        .await
        .unwrap();
    let draft = json!({
        "form": "oral", "facts": SECRETS[7], "content": SECRETS[8], "amount_fen": 300_000,
        "obligations": [{ "way": "payment", "act": SECRETS[8], "debtor": case.parties[1], "amount_fen": 300_000,
                          "due_on": e2e::flow::today() }],
    });
    let agreement = api
        .command(&format!("{path}/agreement"), mediator, &draft)
        .await
        .unwrap();
    let obligation = agreement["clauses"][0]["obligation_id"].as_str().unwrap();
    let proof = json!({ "fulfilled_on": e2e::flow::today(), "proof": SECRETS[9] });
    api.command(
        &format!("/mediation/v1/obligations/{obligation}/fulfil"),
        mediator,
        &proof,
    )
    .await
    .unwrap();
    node.settle().await.unwrap();
    let path = format!("/evaluation/v1/cases/{}", case.case_id);
    let found = api.read(&path, &cast.evaluator).await.unwrap();
    let follow_up = found["follow_ups"][0]["id"].as_str().unwrap();
    let visit = json!({ "reached": true, "satisfied": false, "note": SECRETS[10] });
    api.command(
        &format!("/evaluation/v1/follow-ups/{follow_up}/complete"),
        &cast.evaluator,
        &visit,
    )
    .await
    .unwrap();
    let rating = json!({ "score": 2, "comment": SECRETS[11], "party_id": case.parties[0] });
    api.command(&format!("{path}/rating"), &cast.evaluator, &rating)
        .await
        .unwrap();
    let closing =
        json!({ "feedback": SECRETS[8], "feedback_way": "telephone", "rating_asked": true });
    api.command(&format!("{path}/close"), &cast.coordinator, &closing)
        .await
        .unwrap();
    case
}

/// Requests that are refused, with personal data in every place.
async fn refused(node: &TestNode, cast: &Cast) -> Vec<Value> {
    let mut bodies = Vec::new();
    for (pointer, value) in [
        ("/parties/0/identifier/number", json!("620602197803142910")),
        (
            "/parties/0/identifier/number",
            json!(format!("{}{}", SECRETS[2], SECRETS[0])),
        ),
        ("/parties/0/side", json!(SECRETS[0])),
        (
            "/parties/0/phone",
            json!(format!("{}9999999999999", SECRETS[3])),
        ),
        ("/parties/0/name", json!({ "first": SECRETS[0] })),
        ("/region", json!(SECRETS[4])),
        ("/class", json!(SECRETS[5])),
        ("/amount_fen", json!(SECRETS[3])),
        ("/channel", json!(SECRETS[5])),
        ("/narrative", json!(SECRETS[5].repeat(1000))),
    ] {
        let mut body = matter();
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = node
            .api
            .post("/intake/v1/matters", &cast.clerk, &body)
            .await
            .unwrap();
        assert!(
            (400..500).contains(&answer.status),
            "{pointer}: {}",
            answer.body
        );
        bodies.push(answer.body);
    }
    let mut unknown = matter();
    unknown["parties"][0]["nickname"] = json!(SECRETS[0]);
    bodies.push(
        node.api
            .post("/intake/v1/matters", &cast.clerk, &unknown)
            .await
            .unwrap()
            .body,
    );
    for path in [
        "/intake/v1/matters/{}",
        "/intake/v1/matters?from={}",
        "/intake/v1/matters?region={}",
        "/intake/v1/{}",
        "/{}/x?{}=1",
    ] {
        let answer = node
            .api
            .get(&path.replace("{}", SECRETS[0]), &cast.clerk)
            .await
            .unwrap();
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {}",
            answer.body
        );
        bodies.push(answer.body);
    }
    bodies
}

#[rstest]
#[case::one_process(Mode::One)]
#[case::six_processes(Mode::Six)]
#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_read_them_get_to_see_personal_data(#[case] mode: Mode) {
    let settings = Settings::of(mode).variable("FENGQIAO__TELEMETRY__LOG_FILTER", "trace");
    let node = TestNode::with(settings).await.unwrap();
    let (api, cast) = (&node.api, Cast::gather(&node).await.unwrap());
    let case = play(&node, &cast).await;
    for body in refused(&node, &cast).await {
        check("a problem", &body.to_string());
    }
    node.reconciled().await.unwrap();

    let stream = async_nats::jetstream::new(node.bus().await.unwrap())
        .get_stream(STREAM)
        .await
        .unwrap();
    let last = stream.cached_info().state.last_sequence;
    for sequence in 1..=last {
        let message = stream.get_raw_message(sequence).await.unwrap();
        let headers: Vec<String> = message
            .headers
            .iter()
            .map(|(name, values)| format!("{name}: {values:?}"))
            .collect();
        let text = format!(
            "{} {} {}",
            message.subject,
            headers.join(" "),
            String::from_utf8_lossy(&message.payload)
        );
        check("a message", &text);
    }
    assert!(last > 20, "{last} messages");
    for process in api.processes() {
        let metrics = api.send(api.get_from(process, "/metrics")).await.unwrap();
        let metrics = metrics.body.as_str().unwrap().to_owned();
        assert!(metrics.contains("http"), "{metrics}");
        check("the metrics", &metrics);
    }
    let printed = node.printed().unwrap();
    assert!(
        printed
            .lines()
            .filter(|line| line.contains("\"DEBUG\""))
            .count()
            >= 10,
        "the logs are at their most talkative"
    );
    check("the logs", &printed);
    for token in [&cast.clerk, &cast.desk.mediator, &cast.evaluator] {
        let signature = token.rsplit('.').next().unwrap();
        assert!(!printed.contains(signature), "a token is in the logs");
    }

    // The window sees the names, and the numbers masked; the triage officer reads what it is about; the person is told.
    let parties = api
        .get(
            &format!("/intake/v1/matters/{}/parties", case.matter_id),
            &cast.clerk,
        )
        .await
        .unwrap();
    let parties = parties.expect(200).unwrap().to_string();
    assert!(
        parties.contains(SECRETS[0])
            && !parties.contains(SECRETS[2])
            && !parties.contains(SECRETS[3]),
        "{parties}"
    );
    let leader = node.role(Role::Leader).unwrap();
    let ledger = api
        .get(&format!("/reporting/v1/ledger/{}", case.case_id), &leader)
        .await
        .unwrap();
    check("the ledger", &ledger.expect(200).unwrap().to_string());
}
