//! Requests between the levels: some cases are reported up and come back with instructions, some are taken over
//! above and assigned down again, one of them returned and designated, one is supervised by the province.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail, ensure};
use chassis::time::Time;
use contracts::roles::Role;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Api,
    play::Case,
    tree::{CITY, PROVINCE, Tree},
};
use crate::local::LocalNode;

/// What went between the levels.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Requests {
    /// Reported up.
    pub reported_up: usize,
    /// Assigned down.
    pub assigned: usize,
    /// Returned by the receiver.
    pub returned: usize,
    /// Designated.
    pub designated: usize,
    /// Supervised.
    pub supervised: usize,
    /// Finished with a report.
    pub finished: usize,
    /// The matters whose file the city opened: the only names it may know.
    #[serde(skip)]
    pub opened_by_city: BTreeSet<usize>,
    /// The same for the province.
    #[serde(skip)]
    pub opened_by_province: BTreeSet<usize>,
    /// What is still to be finished: the receiving node and the request.
    #[serde(skip)]
    open: Vec<(String, String)>,
}

/// A coordinator's desk at a node.
struct Desk {
    region: String,
    api: Api,
    token: String,
}

impl Desk {
    fn of(node: &LocalNode) -> Result<Self> {
        let region = node.config.node.region.clone();
        Ok(Self {
            api: Api::new(node.address)?,
            token: node
                .issuer
                .token("demo-coordinator", Role::Coordinator, &region, None)?,
            region,
        })
    }

    async fn send(&self, to: &Self, kind: &str, case: &Case, more: Value) -> Result<String> {
        let mut body = json!({ "kind": kind, "to": to.region, "case_id": case.case_id, "reason": "案情复杂,需上下联动。" });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let sent = self
            .api
            .post("/federation/v1/requests", &self.token, &body)
            .await?;
        let id = sent.get("id").and_then(Value::as_str).context("no id")?;
        Ok(id.to_owned())
    }

    /// Waits until a request has arrived here.
    async fn arrived(&self, id: &str) -> Result<()> {
        let here =
            |request: &Value| request.get("state").and_then(Value::as_str) == Some("delivered");
        let path = format!("/federation/v1/requests/{id}");
        self.api.get_when(&path, &self.token, here).await?;
        Ok(())
    }

    async fn step(&self, id: &str, step: &str, body: Value) -> Result<Value> {
        let path = format!("/federation/v1/requests/{id}/{step}");
        self.api.post(&path, &self.token, &body).await
    }

    async fn sign(&self, id: &str) -> Result<()> {
        self.arrived(id).await?;
        self.step(id, "sign", json!({})).await?;
        Ok(())
    }

    /// Waits until this node answers for the case.
    async fn answers_for(&self, case: &Case) -> Result<()> {
        let path = format!("/federation/v1/cases/{}/accountability", case.case_id);
        let mine =
            |found: &Value| found.get("node").and_then(Value::as_str) == Some(self.region.as_str());
        self.api.get_when(&path, &self.token, mine).await?;
        Ok(())
    }
}

/// All of them.
struct Desks {
    province: Desk,
    city: Desk,
    counties: Vec<Desk>,
}

impl Desks {
    fn county(&self, region: &str) -> Result<&Desk> {
        let found = self.counties.iter().find(|desk| desk.region == region);
        found.with_context(|| format!("no desk in {region}"))
    }

    fn of(&self, region: &str) -> Result<&Desk> {
        match region {
            PROVINCE => Ok(&self.province),
            CITY => Ok(&self.city),
            county => self.county(county),
        }
    }
}

fn gather(tree: &Tree) -> Result<Desks> {
    Ok(Desks {
        province: Desk::of(&tree.province)?,
        city: Desk::of(&tree.city)?,
        counties: tree.counties.iter().map(Desk::of).collect::<Result<_>>()?,
    })
}

fn in_a_month() -> Value {
    let today = (Time::system().now() + chrono::Duration::hours(8)).date_naive();
    json!({ "due_on": today + chrono::Days::new(30) })
}

/// Plays them on cases that are decided and not mediated yet; in the end every case is where it came from.
pub async fn play(tree: &Tree, cases: &[Case]) -> Result<Requests> {
    let desks = gather(tree)?;
    let mut done = Requests::default();
    let of = |region: &'static str, nth: usize| {
        let mut there = cases.iter().filter(move |c| c.matter.region == region);
        there
            .nth(nth)
            .with_context(|| format!("too few cases in {region}"))
    };
    for nth in 0..2 {
        instructed(&desks, &mut done, of("620602", nth)?).await?;
    }
    taken_over(&desks, &mut done, of("620621", 0)?, CITY).await?;
    taken_over(&desks, &mut done, of("620622", 0)?, PROVINCE).await?;
    returned_and_designated(&desks, &mut done, of("620621", 1)?).await?;
    supervised(&desks, &mut done, of("620623", 0)?).await?;
    Ok(done)
}

/// Reported up for instructions; the county stays the one that answers for it.
async fn instructed(desks: &Desks, done: &mut Requests, case: &Case) -> Result<()> {
    let county = desks.county(case.matter.region)?;
    let id = county
        .send(&desks.city, "report_up", case, json!({ "ask": "instruct" }))
        .await?;
    desks.city.sign(&id).await?;
    done.opened_by_city.insert(case.matter.n);
    desks
        .city
        .step(
            &id,
            "finish",
            json!({ "report": "请依法就地调解,邀请行业专家参加。" }),
        )
        .await?;
    county.answers_for(case).await?;
    done.reported_up += 1;
    done.finished += 1;
    Ok(())
}

/// Reported up to be taken over; the level above assigns it down again with a deadline.
async fn taken_over(desks: &Desks, done: &mut Requests, case: &Case, above: &str) -> Result<()> {
    let (county, above) = (desks.county(case.matter.region)?, desks.of(above)?);
    let up = report_up(county, above, done, case).await?;
    let down = above.send(county, "assign", case, in_a_month()).await?;
    county.sign(&down).await?;
    above_answers_no_more(above, county, case).await?;
    done.assigned += 1;
    done.open.push((county.region.clone(), down));
    done.open.push((above.region.clone(), up));
    Ok(())
}

async fn report_up(
    county: &Desk,
    above: &Desk,
    done: &mut Requests,
    case: &Case,
) -> Result<String> {
    let id = county
        .send(above, "report_up", case, json!({ "ask": "handle" }))
        .await?;
    above.sign(&id).await?;
    above.answers_for(case).await?;
    match above.region.as_str() {
        CITY => done.opened_by_city.insert(case.matter.n),
        _ => done.opened_by_province.insert(case.matter.n),
    };
    done.reported_up += 1;
    Ok(id)
}

async fn above_answers_no_more(above: &Desk, county: &Desk, case: &Case) -> Result<()> {
    county.answers_for(case).await?;
    let path = format!("/federation/v1/cases/{}/accountability", case.case_id);
    let moved =
        |found: &Value| found.get("node").and_then(Value::as_str) == Some(county.region.as_str());
    above.api.get_when(&path, &above.token, moved).await?;
    Ok(())
}

/// Assigned to another county, which returns it with a reason; designated, it cannot be returned.
async fn returned_and_designated(desks: &Desks, done: &mut Requests, case: &Case) -> Result<()> {
    let (county, other) = (desks.county(case.matter.region)?, desks.county("620622")?);
    let up = report_up(county, &desks.city, done, case).await?;
    let assigned = desks.city.send(other, "assign", case, in_a_month()).await?;
    other.arrived(&assigned).await?;
    let reason = json!({ "reason": "当事人和争议标的均不在本县,无管辖。" });
    other.step(&assigned, "refuse", reason.clone()).await?;
    done.assigned += 1;
    done.returned += 1;
    let path = format!("/federation/v1/requests/{assigned}");
    let refused = |request: &Value| request.get("state").and_then(Value::as_str) == Some("refused");
    desks
        .city
        .api
        .get_when(&path, &desks.city.token, refused)
        .await?;
    let designated = desks
        .city
        .send(county, "designate", case, in_a_month())
        .await?;
    county.arrived(&designated).await?;
    match county.step(&designated, "refuse", reason).await {
        Ok(_) => bail!("a designation was returned"),
        Err(error) => ensure!(error.to_string().contains("not-returnable"), "{error:#}"),
    }
    county.sign(&designated).await?;
    above_answers_no_more(&desks.city, county, case).await?;
    done.designated += 1;
    done.open.push((county.region.clone(), designated));
    done.open.push((CITY.to_owned(), up));
    Ok(())
}

/// The province supervises, and reads the file with the county's signature; the county answers.
async fn supervised(desks: &Desks, done: &mut Requests, case: &Case) -> Result<()> {
    let county = desks.county(case.matter.region)?;
    let values = json!({ "values": { "grade": "listed", "fault": "not_handled" } });
    let id = desks
        .province
        .send(county, "supervise", case, values)
        .await?;
    county.sign(&id).await?;
    let province = &desks.province;
    let signed = |request: &Value| request.get("state").and_then(Value::as_str) == Some("signed");
    let path = format!("/federation/v1/requests/{id}");
    province
        .api
        .get_when(&path, &province.token, signed)
        .await?;
    let path = format!("/federation/v1/cases/{}/dossier", case.case_id);
    province.api.get(&path, &province.token).await?;
    done.opened_by_province.insert(case.matter.n);
    county
        .step(
            &id,
            "finish",
            json!({ "report": "已组织调解,双方同意到场。" }),
        )
        .await?;
    done.supervised += 1;
    done.finished += 1;
    Ok(())
}

/// Reports what came of the cases that were assigned, from below upward.
pub async fn finish(tree: &Tree, done: &mut Requests) -> Result<()> {
    let desks = gather(tree)?;
    for (region, id) in std::mem::take(&mut done.open) {
        let report = json!({ "report": "已调解结案,当事人满意。" });
        desks.of(&region)?.step(&id, "finish", report).await?;
        done.finished += 1;
    }
    Ok(())
}
