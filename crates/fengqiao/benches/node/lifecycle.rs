//! One case from the window to the search, as the load test plays it: CREATE → DISPATCH → SETTLE → SEARCH, with an oral agreement.

use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::NaiveDate;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::{
    api::Api,
    people::{People, id, text},
};

/// The steps, in their order.
pub const STEPS: [&str; 4] = ["1 CREATE", "2 DISPATCH", "3 SETTLE", "4 SEARCH"];

/// Counties of the city, the first the largest.
const REGIONS: [&str; 8] = [
    "620602", "620602", "620602", "620621", "620621", "620622", "620622", "620623",
];
/// What people say, with the type that is decided.
const MATTERS: [(&str, &str); 4] = [
    (
        "neighbour",
        "楼上漏水泡坏了吊顶和地板,找了三次都推脱,要求赔偿损失。",
    ),
    (
        "contract",
        "卖给他的建材款一直拖着不还,有欠条,要求按约定支付余款。",
    ),
    (
        "labour",
        "在工地干了四个月,包工头欠工资不发,要求支付拖欠的工资。",
    ),
    (
        "marriage_family",
        "兄弟几个对赡养老人的费用谈不拢,老人要求每月有固定的生活费。",
    ),
];

/// How often one who watches an event on its way looks.
const LOOK: Duration = Duration::from_millis(10);

/// How far a case goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Registered,
    Declined,
    Accepted,
    Decided,
    Dispatched,
    Signed,
    ConsentPending,
    Refused,
    Mediating,
    Failed,
    Agreed,
}

/// A case that was played.
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// Of the acceptance, and in the register of oral agreements.
    pub numbers: Vec<String>,
    /// How long each step took.
    pub steps: Vec<Duration>,
    /// From sending the last command until reporting's ledger showed it, when that was watched.
    pub lag: Option<Duration>,
}

/// Plays the whole lifecycle. Who gets a permit of the `watchers` looks how long it takes to reporting.
pub async fn play(api: &Api, people: &People, turn: u64, watchers: &Semaphore) -> Result<Played> {
    let began = Instant::now();
    let mut case = Case::register(api, people, turn).await?;
    case.accept().await?;
    let created = Instant::now();
    case.decide().await?;
    let order = case.dispatch().await?;
    case.sign(&order).await?;
    let dispatched = Instant::now();
    let proceeding = case.open(&order).await?;
    case.consent(&proceeding, true).await?;
    case.mediate(&proceeding).await?;
    let sent = Instant::now();
    case.agree(&proceeding).await?;
    let settled = Instant::now();
    let lag = match watchers.try_acquire() {
        Ok(_permit) => Some(case.watch(sent).await?),
        Err(_) => None,
    };
    case.search().await?;
    let steps = vec![
        created - began,
        dispatched - created,
        settled - dispatched,
        settled.elapsed(),
    ];
    Ok(Played {
        numbers: case.numbers,
        steps,
        lag,
    })
}

/// Plays a case as far as wanted.
pub async fn play_until(api: &Api, people: &People, turn: u64, way: Way) -> Result<()> {
    let mut case = Case::register(api, people, turn).await?;
    match way {
        Way::Registered => return Ok(()),
        Way::Declined => return case.decline().await,
        _ => case.accept().await?,
    }
    if way < Way::Decided {
        return Ok(());
    }
    case.decide().await?;
    if way < Way::Dispatched {
        return Ok(());
    }
    let order = case.dispatch().await?;
    if way < Way::Signed {
        return Ok(());
    }
    case.sign(&order).await?;
    if way < Way::ConsentPending {
        return Ok(());
    }
    let proceeding = case.open(&order).await?;
    match way {
        Way::ConsentPending => return Ok(()),
        Way::Refused => return case.consent(&proceeding, false).await,
        _ => case.consent(&proceeding, true).await?,
    }
    case.mediate(&proceeding).await?;
    match way {
        Way::Failed => case.fail(&proceeding).await,
        Way::Agreed => case.agree(&proceeding).await,
        _ => Ok(()),
    }
}

struct Case<'a> {
    api: &'a Api,
    people: &'a People,
    turn: u64,
    matter_id: String,
    case_id: String,
    parties: Vec<String>,
    numbers: Vec<String>,
}

impl<'a> Case<'a> {
    async fn register(api: &'a Api, people: &'a People, turn: u64) -> Result<Self> {
        let party = |side: &str, name: &str| json!({ "side": side, "kind": "natural_person", "name": format!("{name}{turn}") });
        let body = json!({
            "region": pick(&REGIONS, turn), "class": "dispute", "source": "public", "channel": "window",
            "narrative": format!("{}(压力测试第{turn}件)", pick(&MATTERS, turn).map_or("", |m| m.1)),
            "amount_fen": 100_000 + turn % 50 * 10_000, "notice_version": "2026-01",
            "parties": [party("applicant", "压测甲"), party("respondent", "压测乙")],
        });
        let registered = api.post("/intake/v1/matters", &people.clerk, &body).await?;
        let parties = registered.get("parties").and_then(Value::as_array);
        let parties = parties.into_iter().flatten();
        Ok(Self {
            api,
            people,
            turn,
            matter_id: id(&registered)?,
            case_id: text(&registered, "case_id")?,
            parties: parties
                .map(|party| text(party, "party_id"))
                .collect::<Result<_>>()?,
            numbers: Vec::new(),
        })
    }

    async fn accept(&mut self) -> Result<()> {
        let path = format!("/intake/v1/matters/{}/accept", self.matter_id);
        let accepted = self.api.post(&path, &self.people.clerk, &json!({})).await?;
        self.numbers.push(text(&accepted, "acceptance_number")?);
        Ok(())
    }

    async fn decline(&self) -> Result<()> {
        let path = format!("/intake/v1/matters/{}/decline", self.matter_id);
        let body = json!({ "reason": "other", "explanation": "压力测试" });
        let declined = self.api.post(&path, &self.people.clerk, &body);
        declined.await.map(drop)
    }

    async fn decide(&self) -> Result<()> {
        let path = format!("/triage/v1/cases/{}", self.case_id);
        let proposed = |case: &Value| case.get("proposal").is_some_and(|p| !p.is_null());
        let officer = &self.people.triage;
        let found = self.api.get_when(&path, officer, proposed).await?;
        let proposal = found.get("proposal");
        let decision = json!({
            "type_code": self.type_code(), "route": "peoples_mediation",
            "track": proposal.and_then(|p| p.get("track")), "colour": proposal.and_then(|p| p.get("colour")),
            "reason": "经核实属平等主体之间的民事争议,双方愿意调解。",
        });
        let path = format!("{path}/decide");
        self.api.post(&path, officer, &decision).await.map(drop)
    }

    async fn dispatch(&self) -> Result<String> {
        let path = format!("/triage/v1/cases/{}/dispatch", self.case_id);
        let order = json!({ "to_organisation": self.people.organisation, "mode": "assign" });
        id(&self.api.post(&path, &self.people.triage, &order).await?)
    }

    async fn sign(&self, order: &str) -> Result<()> {
        let path = format!("/triage/v1/orders/{order}/sign");
        self.api
            .post(&path, &self.people.officer, &json!({}))
            .await
            .map(drop)
    }

    async fn open(&self, order: &str) -> Result<String> {
        let body = json!({ "order_id": order });
        let path = "/mediation/v1/proceedings";
        let opened = self.api.post(path, &self.people.officer, &body).await?;
        Ok(format!("{path}/{}", id(&opened)?))
    }

    /// Of all parties; the last one may refuse.
    async fn consent(&self, proceeding: &str, all: bool) -> Result<()> {
        let path = format!("{proceeding}/consents");
        for party in &self.parties {
            let consents = all || self.parties.last() != Some(party);
            let consent = json!({ "party_id": party, "consents": consents, "way": "in_person" });
            self.api
                .post(&path, &self.people.mediator, &consent)
                .await?;
        }
        Ok(())
    }

    /// The mediator is appointed and holds a session.
    async fn mediate(&self, proceeding: &str) -> Result<()> {
        let mediator = &self.people.mediator;
        let start = json!({ "mediator_ids": [self.people.mediator_id] });
        let path = format!("{proceeding}/start");
        self.api.post(&path, mediator, &start).await?;
        let session = json!({
            "held_at": self.api.time().now(), "place": "centre", "attendance": self.parties,
            "record": "双方到场,调解员听取陈述,释明法律,提出方案。",
        });
        let path = format!("{proceeding}/sessions");
        self.api.post(&path, mediator, &session).await.map(drop)
    }

    async fn agree(&mut self, proceeding: &str) -> Result<()> {
        let amount = 100_000 + self.turn % 50 * 10_000;
        let agreement = json!({
            "form": "oral", "immediate": true, "facts": "双方对主要事实无争议。",
            "content": "被申请人向申请人支付款项,双方就此了结。", "content_codes": [], "amount_fen": amount,
            "obligations": [{ "act": "一次付清", "way": "immediate_payment", "debtor": self.parties.get(1),
                              "due_on": self.today(), "amount_fen": amount }],
        });
        let path = format!("{proceeding}/agreement");
        let agreed = self.api.post(&path, &self.people.mediator, &agreement);
        self.numbers.push(text(&agreed.await?, "oral_number")?);
        Ok(())
    }

    async fn fail(&self, proceeding: &str) -> Result<()> {
        let path = format!("{proceeding}/end");
        let body = json!({ "end_code": "large_gap" });
        let ended = self.api.post(&path, &self.people.mediator, &body);
        ended.await.map(drop)
    }

    /// How long until reporting shows the case as agreed.
    async fn watch(&self, sent: Instant) -> Result<Duration> {
        let path = format!("/reporting/v1/ledger/{}", self.case_id);
        loop {
            let entry = self.api.get(&path, &self.people.leader).await?;
            if entry.get("outcome").and_then(Value::as_str) == Some("agreed") {
                return Ok(sent.elapsed());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The clerk answers the person who asks, the leader finds the case among the settled ones.
    async fn search(&self) -> Result<()> {
        let (leader, day) = (&self.people.leader, self.today());
        let path = format!("/intake/v1/cases/{}", self.case_id);
        self.api.get(&path, &self.people.clerk).await?;
        let code = self.type_code();
        let path =
            format!("/reporting/v1/ledger?type={code}&outcome=agreed&from={day}&to={day}&limit=20");
        self.api.get(&path, leader).await?;
        let path = format!("/reporting/v1/cases/{}/timeline", self.case_id);
        self.api.get(&path, leader).await.map(drop)
    }

    fn type_code(&self) -> &'static str {
        pick(&MATTERS, self.turn).map_or("", |matter| matter.0)
    }

    /// Today in China.
    fn today(&self) -> NaiveDate {
        (self.api.time().now() + chrono::Duration::hours(8)).date_naive()
    }
}

fn pick<T: Copy>(all: &[T], turn: u64) -> Option<T> {
    let at = usize::try_from(turn).ok()?.checked_rem(all.len())?;
    all.get(at).copied()
}
