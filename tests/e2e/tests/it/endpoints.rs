//! Every operation of a node: what to send to it, and what a caller finds who may do it, but not here.

use e2e::{
    cast::{COUNTY, Cast},
    flow::{Case, matter, today},
};
use serde_json::{Value, json};

use crate::objects::Objects;

/// What a caller finds whose role is right, but whose region, organisation or person is another.
#[derive(Debug, Clone, Copy)]
pub enum Outside {
    /// The object does not exist for them.
    NotFound,
    /// The list has nothing in it.
    Empty,
    /// Every number of this name is 0.
    Zero(&'static str),
    /// A refusal that does not tell whether the object exists.
    Refused(u16, &'static str),
    /// It is everybody's.
    Open,
}

use Outside::{Empty, NotFound, Open, Refused, Zero};

/// An operation.
pub struct Endpoint {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path as in the OpenAPI document.
    pub path: &'static str,
    /// A body of the right form; none for a reading.
    pub body: fn(&World) -> Value,
    /// For a caller from another region.
    pub region: Outside,
    /// For a caller from another organisation; none when no role that is bound to one may do it.
    pub organisation: Option<Outside>,
    /// For an applicant whose case it is not; none when applicants may not do it.
    pub stranger: Option<Outside>,
}

/// Objects of every kind, all of one county, one organisation and one applicant.
pub struct World {
    pub cast: Cast,
    /// A closed case with an agreement, an application and a follow-up.
    pub case: Case,
    /// A case that ended with a notice of other ways.
    pub refused: Case,
    /// What is kept beside the cases.
    pub objects: Objects,
}

impl World {
    /// A path of the document with the ids of existing objects.
    pub fn path(&self, template: &str) -> String {
        let (case, desk, objects) = (&self.case, &self.cast.desk, &self.objects);
        let id = match template.split('/').collect::<Vec<_>>().as_slice() {
            ["", "intake", _, "matters", ..] => &case.matter_id,
            ["", "intake", _, "cases", ..] => &case.case_id,
            ["", "intake", _, "inquiries", ..] => &objects.inquiry,
            ["", "intake", _, "appointments", ..] => &objects.appointment,
            ["", "intake", _, "attachments", ..] => &objects.attachment,
            ["", "intake", _, "notifications", ..] => &objects.notification,
            ["", "intake", _, "organisation-messages", ..] => &objects.organisation_message,
            ["", "intake", _, "screenings", ..] => &objects.screening,
            ["", "triage", _, "supervisions", ..] => &objects.supervision,
            ["", "triage", _, "consultations", ..] => &objects.consultation,
            ["", "triage", _, "rosters", ..] => &objects.roster,
            ["", "triage", _, "task-forces", ..] => &objects.task_force,
            ["", "judicial-confirmation", _, "effect-applications", ..] => {
                &objects.effect_application
            }
            ["", "federation", _, "requests", ..] => &objects.request,
            ["", "mediation", _, "organisations", ..] => &desk.organisation,
            ["", "mediation", _, "mediators", ..] => &desk.mediators[0],
            [
                "",
                "mediation",
                _,
                "proceedings",
                "{id}",
                "notice" | "filing-file",
            ] => &self.refused.proceeding_id,
            ["", "mediation", _, "proceedings", ..] => &case.proceeding_id,
            [
                "",
                "mediation" | "judicial-confirmation",
                _,
                "agreements",
                ..,
            ] => &case.agreement_id,
            ["", "mediation", _, "obligations", ..] => &case.obligations[0],
            ["", "judicial-confirmation", _, "applications", ..] => &case.application_id,
            ["", "evaluation", _, "follow-ups", ..] => &case.follow_up_id,
            _ => &case.case_id,
        };
        let path = template
            .replace("{case_id}", &case.case_id)
            .replace("{order_id}", &case.order_id)
            .replace("{period_id}", &objects.period)
            .replace("{version}", "1")
            .replace("{id}", id);
        let query = match template {
            "/reporting/v1/statistics" => "?dimension=type",
            "/reporting/v1/facts" => "?from=2026-09-01&to=2026-09-02",
            "/reporting/v1/facts/events" => "?day=2026-09-01&kind=matter.accepted",
            _ => "",
        };
        match template {
            "/intake/v1/appointments/free" => format!("{path}?organisation={}", desk.organisation),
            _ => format!("{path}{query}"),
        }
    }
}

const fn get(
    path: &'static str,
    region: Outside,
    organisation: Option<Outside>,
    stranger: Option<Outside>,
) -> Endpoint {
    Endpoint {
        method: "GET",
        path,
        body: |_| Value::Null,
        region,
        organisation,
        stranger,
    }
}

const fn post(
    path: &'static str,
    body: fn(&World) -> Value,
    region: Outside,
    organisation: Option<Outside>,
    stranger: Option<Outside>,
) -> Endpoint {
    Endpoint {
        method: "POST",
        path,
        body,
        region,
        organisation,
        stranger,
    }
}

fn nothing(_: &World) -> Value {
    json!({})
}

/// An applicant names the case of a list.
const NAMELESS: Option<Outside> = Some(Refused(400, "invalid-query"));
const OUT_OF_SCOPE: Outside = Refused(422, "region-out-of-scope");

/// Every operation of every service. A test fails when the document has another one.
pub const ENDPOINTS: &[Endpoint] = &[
    // intake
    post(
        "/intake/v1/matters",
        |_| matter("zhang-san"),
        OUT_OF_SCOPE,
        Some(Open),
        Some(Refused(422, "invalid-body")),
    ),
    get("/intake/v1/matters", Empty, Some(Empty), Some(Empty)),
    get(
        "/intake/v1/matters/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    get(
        "/intake/v1/matters/{id}/parties",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    get(
        "/intake/v1/matters/{id}/attachments",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    // A file comes as it is; JSON is none.
    post(
        "/intake/v1/matters/{id}/attachments",
        nothing,
        Refused(422, "attachment-type-not-allowed"),
        None,
        Some(Refused(422, "attachment-type-not-allowed")),
    ),
    get(
        "/intake/v1/attachments/{id}/content",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/intake/v1/attachments/{id}/remove",
        |_| json!({ "reason": "传错了" }),
        NotFound,
        None,
        Some(NotFound),
    ),
    // A table comes as it is; JSON is none.
    post(
        "/intake/v1/imports",
        nothing,
        Refused(422, "import-unreadable"),
        None,
        None,
    ),
    get("/intake/v1/notifications", Empty, None, Some(Empty)),
    post(
        "/intake/v1/notifications/{id}/retry",
        nothing,
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/notifications/{id}/read",
        nothing,
        NotFound,
        None,
        Some(NotFound),
    ),
    post(
        "/intake/v1/notifications/{id}/receipt",
        |_| json!({ "received": true }),
        NotFound,
        None,
        None,
    ),
    get("/intake/v1/organisation-messages", Empty, Some(Empty), None),
    post(
        "/intake/v1/organisation-messages/{id}/read",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/intake/v1/screenings",
        |_| json!({ "region": COUNTY, "place": "东大街", "kind": "routine", "category": "other", "severity": "general", "description": "邻里口角" }),
        OUT_OF_SCOPE,
        None,
        None,
    ),
    get("/intake/v1/screenings", Empty, None, None),
    get("/intake/v1/screenings/{id}", NotFound, None, None),
    post(
        "/intake/v1/screenings/{id}/register",
        |_| json!({ "class": "dispute", "notice_version": "2026-01", "parties": [] }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/screenings/{id}/write-off",
        |_| json!({ "reason": "settled", "evidence": "已回访" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/accept",
        nothing,
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/decline",
        |_| json!({ "reason": "in_court" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/answer",
        |_| json!({ "item": "legal_advice", "answer": "答复" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/correct",
        |_| json!({ "materials": ["evidence"] }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/corrected",
        |_| json!({ "note": "照片" }),
        NotFound,
        None,
        Some(NotFound),
    ),
    post(
        "/intake/v1/matters/{id}/amend",
        |_| json!({ "reason": "写错了", "changes": { "amount_fen": 1 } }),
        NotFound,
        None,
        Some(NotFound),
    ),
    get("/intake/v1/matters/{id}/duplicates", NotFound, None, None),
    post(
        "/intake/v1/matters/{id}/link",
        |world| json!({ "matter_id": world.refused.matter_id, "kind": "related", "reason": "同一人" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/unlink",
        |world| json!({ "matter_id": world.refused.matter_id, "reason": "并非同一事项" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/petition-decision",
        |_| json!({ "kind": "claim", "way": "arbitration", "note": "可以申请仲裁" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/petition-extension",
        |_| json!({ "note": "情况复杂" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/petition-opinion",
        |_| json!({ "note": "意见" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/petition-service",
        |_| json!({ "served_at": "2026-09-02T02:00:00Z", "note": "直接送达" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/matters/{id}/petition-review",
        |_| json!({ "note": "不服" }),
        NotFound,
        None,
        Some(NotFound),
    ),
    get(
        "/intake/v1/cases/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    get("/intake/v1/cases/{id}/file", NotFound, None, None),
    post(
        "/intake/v1/cases/{id}/file",
        |_| json!({ "kind": "identity", "title": "身份证明", "pages": 2 }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/cases/{id}/file/correct",
        |_| json!({ "position": 1, "document": { "kind": "identity", "title": "身份证明", "pages": 2 } }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/cases/{id}/archive",
        |_| json!({ "paper": [] }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/cases/{id}/merge",
        |world| json!({ "into": world.refused.case_id, "reason": "同一纠纷" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/cases/{id}/split",
        |world| json!({ "matters": [world.case.matter_id], "reason": "各不相干" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/cases/{id}/reopen",
        |_| json!({ "reason": "dissatisfied" }),
        NotFound,
        None,
        Some(NotFound),
    ),
    post(
        "/intake/v1/cases/{id}/recurrence",
        |_| matter("zhang-san"),
        NotFound,
        None,
        Some(NotFound),
    ),
    get(
        "/intake/v1/cases/{id}/timeline",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/intake/v1/inquiries",
        |_| json!({ "region": COUNTY, "item": "legal_advice", "question": "押金能退吗" }),
        OUT_OF_SCOPE,
        None,
        Some(Open),
    ),
    get("/intake/v1/inquiries", Empty, None, Some(Empty)),
    get("/intake/v1/inquiries/{id}", NotFound, None, Some(NotFound)),
    post(
        "/intake/v1/inquiries/{id}/answer",
        |_| json!({ "answer": "可以申请调解" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/intake/v1/inquiries/{id}/rate",
        |_| json!({ "score": 5 }),
        NotFound,
        None,
        Some(NotFound),
    ),
    post(
        "/intake/v1/appointments",
        |world| json!({ "organisation_id": world.cast.desk.organisation, "starts_at": "2026-09-03T02:00:00Z", "topic": "咨询" }),
        Refused(422, "unknown-office"),
        Some(Refused(422, "unknown-office")),
        Some(Open),
    ),
    get("/intake/v1/appointments", Empty, Some(Empty), Some(Empty)),
    get(
        "/intake/v1/appointments/free",
        Refused(422, "unknown-office"),
        Some(Refused(422, "unknown-office")),
        Some(Open),
    ),
    get(
        "/intake/v1/appointments/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/intake/v1/appointments/{id}/confirm",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/intake/v1/appointments/{id}/cancel",
        |_| json!({ "note": "临时有事" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/intake/v1/appointments/{id}/end",
        |_| json!({ "came": true }),
        NotFound,
        Some(NotFound),
        None,
    ),
    // every service
    get("/intake/v1/clocks", Empty, Some(Empty), None),
    get("/triage/v1/clocks", Empty, Some(Empty), None),
    get("/mediation/v1/clocks", Empty, Some(Empty), None),
    get("/judicial-confirmation/v1/clocks", Empty, Some(Empty), None),
    get("/evaluation/v1/clocks", Empty, Some(Empty), None),
    get("/reporting/v1/clocks", Empty, Some(Empty), None),
    get("/federation/v1/clocks", Empty, Some(Empty), None),
    // triage
    get("/triage/v1/cases", Empty, Some(Empty), None),
    get("/triage/v1/cases/{case_id}", NotFound, Some(NotFound), None),
    post(
        "/triage/v1/cases/{case_id}/decide",
        |_| json!({ "type_code": "contract", "route": "peoples_mediation", "track": "general", "colour": "red" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/dispatch",
        |world| json!({ "to_organisation": world.cast.desk.organisation, "mode": "assign" }),
        NotFound,
        None,
        None,
    ),
    get("/triage/v1/orders", Empty, Some(Empty), None),
    get(
        "/triage/v1/orders/{order_id}",
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/sign",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/designate",
        |world| json!({ "to_organisation": world.cast.desk.organisation }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/feedback",
        |_| json!({ "outcome": "taken_up", "note": "已立案" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/extension",
        |_| json!({ "reason": "案情复杂" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/rework",
        |_| json!({ "reason": "当事人反映未实际解决" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/recall",
        nothing,
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/return",
        |_| json!({ "reason": "not_competent", "explanation": "不属于本单位职权" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/return/approve",
        nothing,
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/return/reject",
        |_| json!({ "reason": "属于其职权" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/hand-over",
        |world| json!({ "to_organisation": world.cast.desk.organisation, "explanation": "移交" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/assist",
        |world| json!({ "organisation": world.cast.desk.organisation, "duty": "提供资料" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/orders/{order_id}/report-up",
        |_| json!({ "reason": "cannot_settle", "explanation": "本级难以化解" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/urge",
        |_| json!({ "note": "请抓紧办理" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/supervise",
        |_| json!({ "fault": "should_handle", "demand": "限期办理" }),
        NotFound,
        None,
        None,
    ),
    get("/triage/v1/supervisions", Empty, Some(Empty), None),
    get(
        "/triage/v1/supervisions/{id}",
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/supervisions/{id}/reply",
        |_| json!({ "reply": "已办理" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/supervisions/{id}/close",
        |_| json!({ "verdict": "已整改", "rectified": true }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/raise-risk",
        |_| json!({ "colour": "red", "reason": "扬言报复" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/lower-risk",
        |_| json!({ "colour": "blue", "reason": "已平息" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/consultations",
        |world| json!({ "purpose": "会商", "departments": [{ "organisation": world.cast.desk.organisation, "duty": "到场" }] }),
        NotFound,
        None,
        None,
    ),
    get("/triage/v1/consultations", Empty, Some(Empty), None),
    get(
        "/triage/v1/consultations/{id}",
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/consultations/{id}/report-in",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/consultations/{id}/conclude",
        |_| json!({ "conclusion": "settled_on_site", "minutes": "已化解" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/rosters",
        |world| {
            json!({ "organisation": world.cast.desk.organisation, "mode": "resident", "officer": "officer",
                    "starts_at": "2026-09-01T00:00:00Z", "ends_at": "2026-09-02T00:00:00Z" })
        },
        Refused(422, "unknown-organisation"),
        None,
        None,
    ),
    get("/triage/v1/rosters", Empty, Some(Empty), None),
    post(
        "/triage/v1/rosters/{id}/remove",
        nothing,
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/cases/{case_id}/studies",
        |_| json!({ "level": "post", "opinion": "疑难" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/triage/v1/task-forces",
        |world| {
            json!({ "project": "问题楼盘", "region": COUNTY, "basis": "mass", "lead": "lead",
                    "assignment": "排查", "organisations": [world.cast.desk.organisation] })
        },
        OUT_OF_SCOPE,
        None,
        None,
    ),
    get("/triage/v1/task-forces", Empty, Some(Empty), None),
    get(
        "/triage/v1/task-forces/{id}",
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/task-forces/{id}/plan",
        |_| json!({ "plan": "方案" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/task-forces/{id}/reports",
        |_| json!({ "report": "进展" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/triage/v1/task-forces/{id}/dissolve",
        |_| json!({ "result": "已化解", "settled": true }),
        NotFound,
        None,
        None,
    ),
    // mediation: the register is public (人民调解法 10) in its region
    post(
        "/mediation/v1/organisations",
        |_| {
            json!({ "region": COUNTY, "kind": "personal_studio", "name": "老张调解室", "routes": ["peoples_mediation"],
                    "director": "老张" })
        },
        OUT_OF_SCOPE,
        None,
        None,
    ),
    get("/mediation/v1/organisations", Empty, Some(Open), Some(Open)),
    get(
        "/mediation/v1/organisations/{id}",
        NotFound,
        Some(Open),
        Some(Open),
    ),
    post(
        "/mediation/v1/organisations/{id}/mediators",
        |_| json!({ "name": "老李", "class": "part_time" }),
        NotFound,
        None,
        None,
    ),
    get(
        "/mediation/v1/organisations/{id}/mediators",
        NotFound,
        Some(Open),
        Some(Open),
    ),
    post(
        "/mediation/v1/proceedings",
        |world| json!({ "order_id": world.case.order_id }),
        Refused(409, "unknown-order"),
        Some(Refused(409, "unknown-order")),
        None,
    ),
    get("/mediation/v1/proceedings", Empty, Some(Empty), NAMELESS),
    get(
        "/mediation/v1/proceedings/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    get(
        "/mediation/v1/proceedings/{id}/notice",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/proceedings/{id}/consents",
        |world| json!({ "party_id": world.case.parties[0], "consents": true, "way": "phone" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/proceedings/{id}/start",
        |world| json!({ "mediator_ids": world.cast.desk.mediators }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/sessions",
        |world| {
            json!({ "held_at": chassis::time::Time::system().now(), "place": "centre", "attendance": world.case.parties,
                    "record": "记录" })
        },
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/agreement",
        |world| {
            json!({ "form": "written", "facts": "事实", "content": "内容", "amount_fen": 1,
                    "obligations": [{ "way": "payment", "debtor": world.case.parties[1], "amount_fen": 1, "due_on": today() }] })
        },
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/end",
        |_| json!({ "end_code": "large_gap" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    get(
        "/mediation/v1/agreements/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/agreements/{id}/signatures",
        |world| json!({ "signer": "party", "party_id": world.case.parties[0], "form": "fingerprint" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    get("/mediation/v1/obligations", Empty, Some(Empty), NAMELESS),
    post(
        "/mediation/v1/obligations/{id}/fulfil",
        |_| json!({ "fulfilled_on": today(), "proof": "收条" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/obligations/{id}/default",
        |_| json!({ "reason": "不肯付" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/organisations/{id}/departures",
        |_| json!({ "name": "赵主任", "sex": "male" }),
        NotFound,
        None,
        None,
    ),
    get("/mediation/v1/staffing-gaps", Empty, Some(Open), Some(Open)),
    post(
        "/mediation/v1/organisations/{id}/change",
        |_| json!({ "director": "主任" }),
        NotFound,
        None,
        None,
    ),
    get("/mediation/v1/mediators", Empty, Some(Open), Some(Open)),
    get(
        "/mediation/v1/mediators/{id}",
        NotFound,
        Some(Open),
        Some(Open),
    ),
    post(
        "/mediation/v1/mediators/{id}/change",
        |_| json!({ "level": "first" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/mediation/v1/mediators/{id}/standing",
        |_| json!({ "standing": "suspended", "reason": "投诉待查" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/mediation/v1/mediators/{id}/conflicts",
        |world| json!({ "case_id": world.case.case_id, "interest": "亲属" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/mediator-choice",
        |world| json!({ "party_id": world.case.parties[0], "mediator_ids": world.cast.desk.mediators }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/proceedings/{id}/mediator-acceptance",
        |world| json!({ "mediator_id": world.cast.desk.mediators[0], "accepts": true }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/mediator-change",
        |world| json!({ "mediator_ids": world.cast.desk.mediators, "reason": "unable", "accepted_by": world.case.parties }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/participants",
        |world| json!({ "name": "邻居", "role": "neighbour", "consented_by": world.case.parties }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/session-signatures",
        |world| json!({ "session_id": world.case.case_id, "signer": "party", "party_id": world.case.parties[0], "form": "handwritten" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/proceedings/{id}/concessions",
        |world| json!({ "party_id": world.case.parties[0], "content": "愿意少要" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    get(
        "/mediation/v1/proceedings/{id}/concessions",
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/undisputed-facts",
        |_| json!({ "content": "欠款属实" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/fact-signatures",
        |world| json!({ "party_id": world.case.parties[0], "form": "handwritten" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/proceedings/{id}/other-way",
        |_| json!({ "way": "litigation" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    get(
        "/mediation/v1/proceedings/{id}/filing-file",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/proceedings/{id}/suspect-sham",
        |_| json!({ "ground": "collusion", "note": "线索" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/clear-sham",
        |_| json!({ "finding": "查无实据" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/police-report",
        |_| json!({ "ground": "escalation", "note": "已劝阻" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/referrals",
        |world| json!({ "party_id": world.case.parties[0], "kind": "psychological", "consents": true }),
        NotFound,
        Some(NotFound),
        None,
    ),
    get("/mediation/v1/agreements", Empty, Some(Empty), NAMELESS),
    post(
        "/mediation/v1/agreements/{id}/amend",
        |world| {
            json!({ "form": "written", "facts": "事实", "content": "内容", "amount_fen": 1,
                    "obligations": [{ "way": "payment", "debtor": world.case.parties[1], "amount_fen": 1, "due_on": today() }] })
        },
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/agreements/{id}/amendment-signatures",
        |world| json!({ "signer": "party", "party_id": world.case.parties[0], "form": "fingerprint" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/mediation/v1/proceedings/{id}/pause",
        |_| json!({ "reason": "appraisal", "note": "鉴定损失" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/resume",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/mediation/v1/proceedings/{id}/extend",
        |world| json!({ "agreed_by": world.case.parties }),
        NotFound,
        Some(NotFound),
        None,
    ),
    // judicial confirmation
    get(
        "/judicial-confirmation/v1/agreements/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications",
        |world| {
            json!({ "agreement_id": world.case.agreement_id, "party_id": world.case.parties[0], "court": world.cast.court_id,
                    "court_basis": "domicile", "place": COUNTY, "materials": ["agreement", "organisation_proof", "identity", "contact"] })
        },
        Refused(409, "agreement-not-effective"),
        Some(Refused(409, "agreement-not-effective")),
        Some(Refused(409, "agreement-not-effective")),
    ),
    get(
        "/judicial-confirmation/v1/applications",
        Empty,
        Some(Empty),
        NAMELESS,
    ),
    get(
        "/judicial-confirmation/v1/applications/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/join",
        |world| json!({ "party_id": world.case.parties[1] }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/withdraw",
        nothing,
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/receive",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/accept",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/refuse",
        |_| json!({ "reason": "late" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/rule",
        |_| json!({ "outcome": "valid", "ruling_number": "1号", "ruled_on": today() }),
        NotFound,
        Some(NotFound),
        None,
    ),
    get(
        "/judicial-confirmation/v1/agreements/{id}/courts",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/agreements/{id}/invitation",
        |world| json!({ "court": world.cast.court_id, "number": "1号", "invited_on": "2026-01-05" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/submit",
        |world| {
            json!({ "party_id": world.case.parties[0], "court": world.cast.court_id, "court_basis": "domicile",
                    "place": COUNTY, "materials": ["agreement", "organisation_proof", "identity", "contact"] })
        },
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/supply",
        |_| json!({ "materials": ["identity"] }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/tell-options",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/enforcement",
        |world| json!({ "party_id": world.case.parties[0], "obligation_ids": [world.case.obligations[0]] }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/object",
        |_| json!({ "grounds": "内容与事实不符", "third_party_knew_on": "2026-09-01" }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/ask-supplement",
        |_| json!({ "materials": ["identity"] }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/treat-as-withdrawn",
        |_| json!({ "reason": "no_supplement" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/question",
        |world| json!({ "held_on": today(), "way": "online", "present": world.case.parties }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/extend",
        |_| json!({ "time": "target" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/suspend",
        |_| json!({ "reason": "sham_mediation" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/resume",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/serve",
        |world| json!({ "party_id": world.case.parties[0], "received_on": today() }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/decide-objection",
        |_| json!({ "outcome": "maintained", "ruling_number": "2号", "decided_on": today() }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/applications/{id}/circulate",
        |_| json!({ "text": "内容不明确", "recipients": ["organisation"] }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/effect-applications",
        |world| {
            json!({ "agreement_id": world.case.agreement_id, "kind": "notarised_instrument",
                    "body": world.cast.court_id, "party_ids": world.case.parties })
        },
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    get(
        "/judicial-confirmation/v1/effect-applications",
        Empty,
        Some(Empty),
        NAMELESS,
    ),
    get(
        "/judicial-confirmation/v1/effect-applications/{id}",
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/effect-applications/{id}/join",
        |world| json!({ "party_id": world.case.parties[1] }),
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/effect-applications/{id}/withdraw",
        nothing,
        NotFound,
        Some(NotFound),
        Some(NotFound),
    ),
    post(
        "/judicial-confirmation/v1/effect-applications/{id}/accept",
        nothing,
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/effect-applications/{id}/refuse",
        |_| json!({ "note": "材料不齐" }),
        NotFound,
        Some(NotFound),
        None,
    ),
    post(
        "/judicial-confirmation/v1/effect-applications/{id}/decide",
        |_| json!({ "outcome": "issued", "number": "1号", "decided_on": today() }),
        NotFound,
        Some(NotFound),
        None,
    ),
    // evaluation
    get("/evaluation/v1/follow-ups", Empty, None, NAMELESS),
    post(
        "/evaluation/v1/follow-ups/{id}/complete",
        |_| json!({ "reached": true, "satisfied": true }),
        NotFound,
        None,
        None,
    ),
    get(
        "/evaluation/v1/cases/{case_id}",
        NotFound,
        None,
        Some(NotFound),
    ),
    post(
        "/evaluation/v1/cases/{case_id}/rating",
        |world| json!({ "score": 3, "party_id": world.case.parties[1] }),
        NotFound,
        None,
        Some(NotFound),
    ),
    post(
        "/evaluation/v1/cases/{case_id}/close",
        |_| json!({ "feedback": "已办结", "feedback_way": "telephone", "rating_asked": true }),
        NotFound,
        None,
        None,
    ),
    // reporting
    get("/reporting/v1/ledger", Empty, None, None),
    get("/reporting/v1/ledger/{case_id}", NotFound, None, None),
    get(
        "/reporting/v1/cases/{case_id}/timeline",
        NotFound,
        None,
        None,
    ),
    get("/reporting/v1/statistics", Zero("received"), None, None),
    get("/reporting/v1/indicators", Zero("denominator"), None, None),
    get("/reporting/v1/periods", Empty, None, None),
    post(
        "/reporting/v1/periods",
        |_| json!({ "period": "2025" }),
        OUT_OF_SCOPE,
        None,
        None,
    ),
    get("/reporting/v1/periods/{period_id}", NotFound, None, None),
    get(
        "/reporting/v1/periods/{period_id}/comparison",
        NotFound,
        None,
        None,
    ),
    post(
        "/reporting/v1/periods/{period_id}/versions",
        |_| json!({ "reason": "补录一件" }),
        NotFound,
        None,
        None,
    ),
    get(
        "/reporting/v1/periods/{period_id}/versions/{version}/lines",
        NotFound,
        None,
        None,
    ),
    get("/reporting/v1/facts", OUT_OF_SCOPE, None, None),
    get("/reporting/v1/facts/events", OUT_OF_SCOPE, None, None),
    // federation
    get("/federation/v1/requests", Empty, None, None),
    post(
        "/federation/v1/requests",
        |world| json!({ "kind": "report_up", "to": "62", "case_id": world.case.case_id, "reason": "案情重大", "ask": "instruct" }),
        Refused(403, "forbidden"),
        None,
        None,
    ),
    post(
        "/federation/v1/request-batches",
        |_| json!({ "kind": "circulate", "reach": "children", "reason": "情况通报" }),
        Refused(403, "forbidden"),
        None,
        None,
    ),
    get("/federation/v1/requests/{id}", NotFound, None, None),
    post(
        "/federation/v1/requests/{id}/sign",
        nothing,
        NotFound,
        None,
        None,
    ),
    post(
        "/federation/v1/requests/{id}/refuse",
        |_| json!({ "reason": "无管辖" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/federation/v1/requests/{id}/recall",
        nothing,
        NotFound,
        None,
        None,
    ),
    post(
        "/federation/v1/requests/{id}/feed-back",
        |_| json!({ "text": "正在办理" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/federation/v1/requests/{id}/finish",
        |_| json!({ "report": "已办结" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/federation/v1/requests/{id}/rework",
        |_| json!({ "reason": "事实不清" }),
        NotFound,
        None,
        None,
    ),
    post(
        "/federation/v1/requests/{id}/urge",
        nothing,
        NotFound,
        None,
        None,
    ),
    get(
        "/federation/v1/cases/{case_id}/accountability",
        NotFound,
        None,
        None,
    ),
    get(
        "/federation/v1/cases/{case_id}/dossier",
        NotFound,
        None,
        None,
    ),
    get("/federation/v1/links", NotFound, None, None),
];
