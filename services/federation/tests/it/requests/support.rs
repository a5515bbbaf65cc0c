//! Nodes, and the way between them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering::SeqCst},
};

use anyhow::{Context as _, Result};
use chassis::{db::Cause, http::Problem, time::Time};
use contracts::{
    Service,
    border::RequestStep,
    events::{
        Envelope, Event as _,
        intake::{MatterClass, PartyKind, PartySide},
        reporting::PeriodType,
    },
    identifiers::DocumentKind,
    ids::{CaseId, EventId, TypedId},
    questions::{
        CaseDossier, CaseMediated, CaseMediatedAnswer, Dossier, DossierMatter, DossierParty,
        PeriodFigures, PeriodFiguresAnswer,
    },
    region::RegionCode,
};
use federation::{Federation, consumers::on_request_stepped};
use nkeys::XKey;
use serde_json::{Value, json};
use testkit::TestService;

/// What the person said: must be found in no message between nodes.
pub const NARRATIVE: &str = "邻居家的空调外机整夜轰鸣";
/// Who said it.
pub const NAME: &str = "张三";
/// Their document.
pub const NUMBER: &str = "11010519491231002X";

/// Why a request is sent: for the receiver only.
pub const REASON: &str = "超出本级权限";

/// A node with its keys.
pub struct Node {
    /// Its border desk.
    pub service: TestService<Federation>,
    /// Its region.
    pub code: RegionCode,
    /// Its sealing key.
    pub key: XKey,
    /// Whether its cases are being mediated.
    pub mediated: Arc<AtomicBool>,
    state: Federation,
    up: AtomicI64,
    down: AtomicI64,
    _directory: tempfile::TempDir,
}

/// A step on its way.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The node that sent it.
    pub source: RegionCode,
    /// The nodes it is for: one below, or all above.
    pub to: Option<RegionCode>,
    /// The step.
    pub step: RequestStep,
}

impl Node {
    /// A node whose intake knows every case.
    pub async fn start(code: &str) -> Result<Self> {
        Self::start_with(code, true, true).await
    }

    /// A node whose intake knows every case or none, and which has a key or none.
    pub async fn start_with(code: &str, knows_cases: bool, keyed: bool) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let key = XKey::new();
        let file = directory.path().join("node-sealing.seed");
        std::fs::write(&file, key.seed()?)?;
        let path = file.to_str().context("a path")?.to_owned();
        let service = TestService::<Federation>::start_with(|config| {
            code.clone_into(&mut config.node.region);
            if keyed {
                let section = [("sealing_seed_file".to_owned(), path)];
                let section = config::Map::from_iter(section);
                let value = config::Value::from(section);
                config.services.insert("federation".to_owned(), value);
            }
        })
        .await?;
        let mediated = Arc::new(AtomicBool::new(false));
        let running = Arc::clone(&mediated);
        service
            .answer::<CaseMediated>(move |_| CaseMediatedAnswer {
                mediated: running.load(SeqCst),
            })
            .await?;
        if knows_cases {
            service
                .answer::<PeriodFigures>(|question| figures(&question))
                .await?;
            let region = code.parse()?;
            service
                .answer::<CaseDossier>(move |question| dossier(question.case_id, region))
                .await?;
        }
        Ok(Self {
            state: service.state().await?,
            service,
            code: code.parse()?,
            key,
            mediated,
            up: AtomicI64::new(0),
            down: AtomicI64::new(0),
            _directory: directory,
        })
    }

    /// A token of this node.
    pub fn token(&self, role: &str) -> String {
        self.service
            .issuer
            .token()
            .region(self.code.as_str())
            .roles([role])
            .subject(&format!("test-{role}"))
            .sign()
            .unwrap()
    }

    /// Sends a request.
    pub async fn send(&self, body: Value) -> Result<testkit::http::TestResponse> {
        let token = self.token("coordinator");
        self.service
            .post("/federation/v1/requests", &token, body)
            .await
    }

    /// Takes a step of a request.
    pub async fn step(
        &self,
        id: &str,
        step: &str,
        body: Value,
    ) -> Result<testkit::http::TestResponse> {
        let token = self.token("coordinator");
        let path = format!("/federation/v1/requests/{id}/{step}");
        self.service.post(&path, &token, body).await
    }

    /// A request as this node knows it.
    pub async fn request(&self, id: &str) -> Result<Value> {
        let token = self.token("coordinator");
        let path = format!("/federation/v1/requests/{id}");
        self.service.get(&path, &token).await?.expect(200)
    }

    /// The state of a request at this node.
    pub async fn state(&self, id: &str) -> Result<String> {
        let request = self.request(id).await?;
        Ok(request["state"].as_str().context("state")?.to_owned())
    }

    /// Who answers for a case, as this node knows.
    pub async fn holder(&self, case_id: CaseId) -> Result<String> {
        let token = self.token("coordinator");
        let path = format!("/federation/v1/cases/{case_id}/accountability");
        let view = self.service.get(&path, &token).await?.expect(200)?;
        Ok(view["node"].as_str().context("node")?.to_owned())
    }

    /// What left this node since the last look.
    pub async fn letters(&self) -> Result<Vec<Letter>> {
        let mut letters = Vec::new();
        for (table, seen) in [("up_outbox", &self.up), ("down_outbox", &self.down)] {
            let sql = format!(
                "SELECT id, nats_subject, payload FROM federation.{table} WHERE id > $1 ORDER BY id"
            );
            let admin = self.service.sql().await?;
            for row in admin.query(&sql, &[&seen.load(SeqCst)]).await? {
                seen.store(row.get(0), SeqCst);
                let subject: String = row.get(1);
                let to = match subject.strip_prefix("down.") {
                    Some(rest) => {
                        let address = rest.split('.').take(4).filter(|token| *token != "_");
                        Some(address.collect::<String>().parse()?)
                    }
                    None => None,
                };
                letters.push(Letter {
                    source: self.code,
                    to,
                    step: serde_json::from_value(row.get(2))?,
                });
            }
        }
        Ok(letters)
    }

    /// Takes a step in, as its consumer would.
    pub async fn take(&self, source: RegionCode, step: &RequestStep) -> Result<(), Problem> {
        let time = &self.service.time;
        let id: EventId = time.id();
        let envelope = Envelope {
            id,
            event_type: RequestStep::event_type(Service::Federation),
            source,
            subject: step.request_id.uuid(),
            time: time.now(),
            service: Service::Federation,
            epoch: 1,
            seq: 1,
            case_seq: 1,
            correlation: id.uuid(),
            causation: None,
            traceparent: None,
        };
        let db = self.service.db().map_err(Problem::unexpected)?;
        db.tx("take", &Cause::new(time), async |tx| {
            on_request_stepped::apply(&self.state, tx, &envelope, step.clone()).await
        })
        .await
    }

    /// Everything that leaves this node, in the open.
    pub async fn in_the_open(&self) -> Result<String> {
        let mut text = String::new();
        let admin = self.service.sql().await?;
        for table in ["up_outbox", "down_outbox", "outbox"] {
            let sql = format!("SELECT payload::text FROM federation.{table}");
            for row in admin.query(&sql, &[]).await? {
                text.push_str(row.get(0));
            }
        }
        Ok(text)
    }
}

/// Makes nodes known to each other; each is the child of the next longer prefix among them.
pub async fn introduce(nodes: &[&Node]) -> Result<()> {
    for node in nodes {
        let admin = node.service.sql().await?;
        for other in nodes.iter().filter(|other| other.code != node.code) {
            let (code, key) = (other.code.to_string(), other.key.public_key());
            admin
                .execute(
                    "INSERT INTO federation.nodes_keys (code, signing_key, sealing_key, vouched_by, since)
                     VALUES ($1, 'N', $2, '62', now())",
                    &[&code, &key],
                )
                .await?;
            if node.code.contains(&other.code) {
                admin
                    .execute(
                        "INSERT INTO federation.children (code, added_at) VALUES ($1, now())",
                        &[&code],
                    )
                    .await?;
            }
        }
    }
    Ok(())
}

/// Hands everything that left one of the nodes to those it is for, until nothing leaves any more.
pub async fn ship(nodes: &[&Node]) -> Result<()> {
    loop {
        let mut moved = false;
        for node in nodes {
            for letter in node.letters().await? {
                moved = true;
                deliver(nodes, &letter).await?;
            }
        }
        if !moved {
            return Ok(());
        }
    }
}

/// Hands a letter to the nodes it is for.
pub async fn deliver(nodes: &[&Node], letter: &Letter) -> Result<()> {
    for node in nodes.iter().filter(|node| node.code != letter.source) {
        let theirs = match letter.to {
            Some(to) => node.code == to,
            None => node.code.contains(&letter.source),
        };
        if theirs {
            node.take(letter.source, &letter.step).await?;
        }
    }
    Ok(())
}

/// A new id.
pub fn id<T: TypedId>() -> T {
    Time::system().id()
}

/// A case file with everything that must stay sealed.
pub fn dossier(case_id: CaseId, region: RegionCode) -> Dossier {
    let at = testkit::service::BEGINNING.parse().unwrap();
    Dossier {
        case_id,
        matters: vec![DossierMatter {
            matter_id: id(),
            region,
            acceptance_number: "（2026）枫受字第000001号".to_owned(),
            class: MatterClass::Dispute,
            source: "public".to_owned(),
            channel: "window".to_owned(),
            type_hint: None,
            narrative: NARRATIVE.to_owned(),
            amount_fen: Some(500_000),
            persons_involved: 2,
            notice_version: "2026-01".to_owned(),
            organisation_id: None,
            registered_at: at,
            accepted_at: at,
            parties: vec![DossierParty {
                representative: false,
                party_id: id(),
                side: PartySide::Applicant,
                kind: PartyKind::NaturalPerson,
                name: NAME.to_owned(),
                identifier_kind: Some(DocumentKind::ResidentId),
                identifier_number: Some(NUMBER.to_owned()),
                phone: None,
                address: None,
                account_subject: None,
            }],
        }],
    }
}

/// What reporting counts of August; of a region below, a tenth of it.
pub fn figures(question: &PeriodFigures) -> PeriodFiguresAnswer {
    let received = if question.region.as_str().len() > 4 {
        12
    } else {
        120
    };
    PeriodFiguresAnswer {
        counted_to: "2026-08-31".parse().unwrap(),
        version: Some(1),
        received,
        settled: received / 2,
        residual: 3,
        digest: "sha256:00".to_owned(),
        types: vec![PeriodType {
            type_code: Some("neighbour".to_owned()),
            received: received - 3,
            settled: received / 2,
        }],
        nodes: Vec::new(),
        events: Vec::new(),
    }
}

/// A valid body of every kind, from a node with others above, below and beside it.
pub fn body(kind: &str, to: RegionCode, case_id: CaseId) -> Value {
    let values = match kind {
        "report_up" => json!({ "ask": "handle" }),
        "assist" => json!({ "urgency": "urgent", "duty": "核实噪声" }),
        "supervise" => json!({ "grade": "listed", "fault": "overdue" }),
        "warn" => json!({ "colour": "red", "scope": "凉州区" }),
        "roll_up" => json!({ "period": "2026-08", "snapshot": "sha256:00" }),
        "reference_data" => {
            json!({ "set": "dispute_types", "version": "2", "valid_from": "2026-10-01" })
        }
        "return_data" => json!({ "set": "rulings", "period": "2026-08" }),
        _ => json!({}),
    };
    let mut body = json!({ "kind": kind, "to": to, "values": values });
    let without_case = ["circulate", "roll_up", "reference_data", "return_data"];
    if !without_case.contains(&kind) {
        body["case_id"] = json!(case_id);
    }
    if !["roll_up", "reference_data", "return_data"].contains(&kind) {
        body["reason"] = json!(REASON);
    }
    if ["assign", "designate"].contains(&kind) {
        body["due_on"] = json!("2026-09-30");
    }
    body
}

/// Sends a valid request and gives its id.
pub async fn sent(node: &Node, kind: &str, to: &Node, case_id: CaseId) -> Result<String> {
    let view = node.send(body(kind, to.code, case_id)).await?.expect(201)?;
    Ok(view["id"].as_str().context("id")?.to_owned())
}

/// A county, its city and another county of it, known to each other.
pub async fn three() -> Result<(Node, Node, Node)> {
    let (county, city, other) = tokio::try_join!(
        Box::pin(Node::start("620602")),
        Box::pin(Node::start("6206")),
        Box::pin(Node::start("620621"))
    )?;
    introduce(&[&county, &city, &other]).await?;
    Ok((county, city, other))
}

/// A county and its city, known to each other.
pub async fn two() -> Result<(Node, Node)> {
    let (county, city) = tokio::try_join!(
        Box::pin(Node::start("620602")),
        Box::pin(Node::start("6206"))
    )?;
    introduce(&[&county, &city]).await?;
    Ok((county, city))
}
