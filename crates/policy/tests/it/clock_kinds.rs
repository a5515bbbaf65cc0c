//! Every kind of clock of the default pack: what it is in days on the real calendar, and by which law. The ends were counted apart
//! from the program.

use chrono::{DateTime, FixedOffset, Utc};
use policy::clock::{Approver, BreachEffect, ClockKind, Unit};

use super::pack;

/// Kind and dispute type, start in Beijing, last day, law or practice.
const KINDS: &str = "\
matter.register | 2026-02-13T17:30 | 2026-02-13 | 首问负责 (IN-05)
matter.correct | 2026-02-13T17:30 | 2026-02-27 | 一次性告知 (IN-05)
matter.answer | 2026-02-13T17:30 | 2026-02-14 | 马上办、一次办 (IN-07)
matter.accept | 2026-02-13T17:30 | 2026-02-14 | centre rule
triage.decide | 2026-02-13T17:30 | 2026-02-14 | TR-13
dispatch.sign | 2026-02-13T17:30 | 2026-02-14 | TR-12
dispatch.return | 2026-02-13T17:30 | 2026-02-27 | 信访工作条例 23
dispatch.return_decide | 2026-02-13T17:30 | 2026-02-14 | 信访工作条例 23
supervision.reply | 2026-02-13T17:30 | 2026-02-25 | 信访工作条例 37
supervision.reply.urgent | 2026-02-13T17:30 | 2026-02-14 | 信访工作条例 37
mediation.consent | 2026-02-13T17:30 | 2026-02-25 | 人民法院在线调解规则 15
mediation.choose | 2026-02-13T17:30 | 2026-02-24 | 人民法院在线调解规则 10
mediation.start | 2026-02-13T17:30 | 2026-02-25 | 人民法院在线调解规则 12
mediation.statutory | 2026-09-01T17:30 | 2026-10-08 | 人民法院在线调解规则 24
mediation.statutory@medical | 2026-02-13T17:30 | 2026-04-02 | 医疗纠纷预防和处理条例 38
mediation.statutory@labour | 2026-09-01T17:30 | 2026-09-16 | 劳动争议调解仲裁法 14
mediation.statutory@traffic_accident | 2026-09-01T17:30 | 2026-09-11 | 道路交通安全法实施条例 95
mediation.track.simple | 2026-09-01T17:30 | 2026-09-02 | TR-02, practice of 东至县
mediation.track.general | 2026-09-01T17:30 | 2026-09-08 | TR-02, practice of 东至县
mediation.track.complex | 2026-09-01T17:30 | 2026-09-21 | TR-02, practice of 东至县
mediation.pause | 2026-09-01T17:30 | 2026-10-01 | centre rule
other_route.transfer | 2026-02-13T17:30 | 2026-02-14 | 人民调解法 26
confirmation.apply | 2026-09-01T17:30 | 2026-10-08 | 民事诉讼法 205, 85
court.accept | 2026-09-01T17:30 | 2026-09-04 | 法释〔2011〕5号
court.confirm | 2026-09-01T17:30 | 2026-10-08 | 民事诉讼法 187
court.confirm.target | 2026-09-01T17:30 | 2026-09-16 | 法释〔2011〕5号
confirmation.tell_options | 2026-02-13T17:30 | 2026-02-25 | 民事诉讼法 206
confirmation.supplement | 2026-09-01T17:30 | 2026-09-08 | 民诉法解释 354, 356, 357
confirmation.objection | 2026-09-01T17:30 | 2026-09-16 | 民诉法解释 372
confirmation.objection.third_party | 2026-01-15T17:30 | 2026-07-15 | 民诉法解释 372
effect.notary | 2026-02-13T17:30 | 2026-03-12 | 公证法 30
effect.payment_order.accept | 2026-09-01T17:30 | 2026-09-07 | 民事诉讼法 226
effect.payment_order.issue | 2026-09-01T17:30 | 2026-09-16 | 民事诉讼法 227
effect.payment_order.objection | 2026-09-01T17:30 | 2026-09-16 | 民事诉讼法 227, 228
effect.labour_review.apply | 2026-09-01T17:30 | 2026-09-16 | 劳动人事争议仲裁办案规则 74
effect.land_arbitration | 2026-09-01T17:30 | 2026-10-31 | 农村土地承包经营纠纷调解仲裁法 47
request.sign | 2026-02-13T17:30 | 2026-02-14 | TR-12
request.report_in | 2026-02-13T17:30 | 2026-02-14 | TR-15
request.return | 2026-02-13T17:30 | 2026-02-27 | 信访工作条例 23
request.done | 2026-02-13T17:30 | 2026-03-12 | 信访工作条例 22
request.reply | 2026-02-13T17:30 | 2026-02-25 | 信访工作条例 37
request.reply.urgent | 2026-02-13T17:30 | 2026-02-14 | 信访工作条例 37
followup.visit | 2026-09-01T17:30 | 2026-09-08 | EV-03
case.close | 2026-02-13T17:30 | 2026-02-25 | EV-01
case.reopen | 2026-09-01T17:30 | 2026-10-01 | centre rule
case.archive | 2026-09-01T17:30 | 2026-10-01 | 人民调解法 27
route.administrative_mediation | 2026-09-01T17:30 | 2026-10-01 | local rules (Shenzhen 多元化解纠纷条例)
route.judicial_mediation | 2026-09-01T17:30 | 2026-09-16 | 最高人民法院关于人民法院特邀调解的规定 27
route.judicial_mediation.summary | 2026-09-25T17:30 | 2026-10-08 | 最高人民法院关于人民法院特邀调解的规定 27
route.notarisation | 2026-02-13T17:30 | 2026-03-12 | 公证法 30
route.administrative_adjudication | 2026-09-01T17:30 | 2026-10-31 | local rules
route.administrative_reconsideration | 2026-09-01T17:30 | 2026-10-31 | 行政复议法 62
route.arbitration | 2026-07-31T17:30 | 2026-11-30 | rules of the arbitration commission
route.labour_arbitration | 2026-09-01T17:30 | 2026-10-16 | 劳动争议调解仲裁法 43
route.legal_aid | 2026-09-01T17:30 | 2026-09-08 | 法律援助法 43
route.forensic_appraisal | 2026-02-13T17:30 | 2026-04-02 | 司法鉴定程序通则 28
route.petition | 2026-09-01T17:30 | 2026-10-31 | 信访工作条例 34
route.litigation | 2026-03-31T17:30 | 2026-09-30 | 民事诉讼法 152
route.administrative_mediation@medical | 2026-02-13T17:30 | 2026-04-02 | 医疗纠纷预防和处理条例 40
route.medical_mediation.accept | 2026-02-13T17:30 | 2026-02-27 | 医疗纠纷预防和处理条例 40
route.administrative_mediation@consumer | 2026-02-13T17:30 | 2026-04-24 | 市场监督管理投诉举报处理暂行办法
route.consumer_complaint.accept | 2026-02-13T17:30 | 2026-03-02 | 市场监督管理投诉举报处理暂行办法
traffic.apply_mediation | 2026-09-01T17:30 | 2026-09-11 | 道路交通安全法实施条例 94
traffic.police_after_failure | 2026-09-01T17:30 | 2026-09-04 | 道路交通事故处理程序规定 85–90
public_security.second_mediation | 2026-02-13T17:30 | 2026-03-02 | 公安机关办理行政案件程序规定 178–186
labour.limitation | 2025-08-31T17:30 | 2026-08-31 | 劳动争议调解仲裁法 27
labour.arbitration_accept | 2026-09-01T17:30 | 2026-09-06 | 劳动争议调解仲裁法 29
labour.defence | 2026-09-01T17:30 | 2026-09-11 | 劳动争议调解仲裁法 30
labour.sue | 2026-09-01T17:30 | 2026-09-16 | 劳动争议调解仲裁法 48–50
land.arbitration_accept | 2026-02-13T17:30 | 2026-02-27 | 农村土地承包经营纠纷调解仲裁法 22
land.arbitration | 2026-09-01T17:30 | 2026-10-31 | 农村土地承包经营纠纷调解仲裁法 47
land.sue | 2026-09-01T17:30 | 2026-10-08 | 农村土地承包经营纠纷调解仲裁法 48
reconsideration.apply | 2026-09-01T17:30 | 2026-10-31 | 行政复议法 20
reconsideration.accept | 2026-02-13T17:30 | 2026-02-27 | 行政复议法 30, 88
reconsideration.simple | 2026-09-01T17:30 | 2026-10-01 | 行政复议法 62
legal_aid.assign | 2026-09-01T17:30 | 2026-09-04 | 法律援助法 43
recommendation.court_reply | 2026-08-31T17:30 | 2026-10-31 | 法释〔2023〕11号 8
recommendation.procuratorate_reply | 2026-08-31T17:30 | 2026-10-31 | 人民检察院检察建议工作规定 19
stability.public_comment | 2026-09-01T17:30 | 2026-10-01 | 重大行政决策程序暂行条例 15
consultation.report_in | 2026-02-13T17:30 | 2026-02-14 | TR-15
consultation.meet | 2026-02-13T17:30 | 2026-02-27 | TR-15
task_force.plan | 2026-02-13T17:30 | 2026-02-25 | TR-16
task_force.progress | 2026-09-01T17:30 | 2026-09-08 | TR-16
case.reopen_decide | 2026-02-13T17:30 | 2026-02-14 | centre rule";

fn at(text: &str) -> DateTime<Utc> {
    let time = format!("{text}:00+08:00").parse::<DateTime<FixedOffset>>();
    time.unwrap().to_utc()
}

#[test]
fn every_kind_ends_on_its_day_by_its_law() {
    let pack = pack("62");
    for line in KINDS.lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [kind, start, last, law] = parts[..] else {
            panic!("{line}");
        };
        let (kind, type_code) = match kind.split_once('@') {
            Some((kind, type_code)) => (kind, Some(type_code)),
            None => (kind, None),
        };
        let rule = pack.clock(kind, type_code).unwrap();
        let due = rule.due(at(start), pack.calendar());
        assert_eq!(due.last_day.to_string(), last, "{line}");
        assert!(!due.provisional, "{line}");
        assert!(rule.law.starts_with(law), "{line}: {}", rule.law);
    }
}

#[test]
fn limits_in_hours_and_minutes_end_within_the_day_or_the_next() {
    let pack = pack("62");
    for (kind, start, end) in [
        // 09:00-12:00 and 14:00-18:00: across noon, across the night, across the Spring Festival.
        (
            "consultation.report_in.urgent",
            "2026-03-02T11:00",
            "2026-03-02T17:00",
        ),
        (
            "request.report_in.urgent",
            "2026-03-02T16:30",
            "2026-03-03T11:30",
        ),
        (
            "request.report_in.urgent",
            "2026-02-14T17:00",
            "2026-02-24T12:00",
        ),
        (
            "request.acknowledge",
            "2026-02-16T23:45",
            "2026-02-17T00:15",
        ),
    ] {
        let due = pack.due(kind, None, at(start)).unwrap();
        assert_eq!(due.at, at(end), "{kind} from {start}");
    }
}

#[test]
fn extensions_are_those_of_the_law() {
    let pack = pack("62");
    let by_law = [
        (
            "mediation.statutory",
            None,
            30,
            Unit::Day,
            Approver::AllParties,
        ),
        (
            "mediation.statutory",
            Some("medical"),
            30,
            Unit::WorkingDay,
            Approver::AllParties,
        ),
        (
            "court.confirm",
            None,
            30,
            Unit::Day,
            Approver::CourtPresident,
        ),
        (
            "route.judicial_mediation",
            None,
            30,
            Unit::Day,
            Approver::AllParties,
        ),
        (
            "route.judicial_mediation.summary",
            None,
            30,
            Unit::Day,
            Approver::AllParties,
        ),
        ("route.petition", None, 30, Unit::Day, Approver::Leader),
        (
            "route.administrative_reconsideration",
            None,
            30,
            Unit::Day,
            Approver::Leader,
        ),
        (
            "route.labour_arbitration",
            None,
            15,
            Unit::Day,
            Approver::Leader,
        ),
        ("land.arbitration", None, 30, Unit::Day, Approver::Leader),
    ];
    for (kind, type_code, amount, unit, approver) in by_law {
        let extension = pack.clock(kind, type_code).unwrap().extension.unwrap();
        assert_eq!((extension.amount, extension.unit), (amount, unit), "{kind}");
        assert_eq!(
            (extension.max_times, extension.approver),
            (1, approver),
            "{kind}"
        );
    }
    // 劳动争议调解仲裁法 14, 道路交通安全法实施条例 95, 民事诉讼法 205: none.
    for (kind, type_code) in [
        ("mediation.statutory", Some("labour")),
        ("mediation.statutory", Some("traffic_accident")),
        ("route.administrative_mediation", Some("medical")),
        ("route.administrative_mediation", Some("consumer")),
        ("confirmation.apply", None),
    ] {
        assert_eq!(
            pack.clock(kind, type_code).unwrap().extension,
            None,
            "{kind}"
        );
    }
}

#[test]
fn what_the_law_lets_lapse_is_not_only_reminded_of() {
    let pack = pack("62");
    for (kind, effect) in [
        ("matter.correct", BreachEffect::Lapse),
        ("dispatch.return", BreachEffect::Expire),
        ("confirmation.apply", BreachEffect::Expire),
        ("mediation.statutory", BreachEffect::EndProceeding),
        ("dispatch.sign", BreachEffect::Supervise),
        ("triage.decide", BreachEffect::Remind),
    ] {
        let rule = pack.clock(kind, None).unwrap();
        assert_eq!(rule.breach, effect, "{kind}");
        assert_eq!(
            effect.is_final(),
            !matches!(effect, BreachEffect::Remind | BreachEffect::Supervise)
        );
    }
    for rule in &pack.clocks().clocks {
        assert!(
            rule.law.chars().count() > 2,
            "{} names no law or practice",
            rule.id
        );
        if rule.kind == ClockKind::Statutory {
            assert!(
                rule.law.contains(char::is_numeric) || rule.law.contains("办法"),
                "{}: {}",
                rule.id,
                rule.law
            );
        }
    }
}
