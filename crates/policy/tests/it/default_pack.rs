//! The default pack holds together, and says what the law says.

use std::collections::BTreeMap;

use contracts::events::{
    intake::MatterClass,
    judicial_confirmation::RulingOutcome,
    mediation::{MediationOutcome, SignatureForm},
    triage::{DispatchMode, FeedbackEffect, RiskColour, Track},
};
use policy::{
    clock::BreachEffect,
    rounding::Rounding,
    sections::{clocks::REQUIRED, confirmation::ReasonUse, dispute_types::root_of},
};

use super::pack;

#[test]
fn loads_for_every_kind_of_region() {
    for code in ["62", "6206", "620602", "620602100", "34"] {
        assert!(pack(code).version().starts_with("sha256:"), "{code}");
    }
}

#[test]
fn the_fifteen_categories_are_there_in_order() {
    let pack = pack("34");
    let names: Vec<_> = pack
        .dispute_types()
        .first_level()
        .map(|known| known.name.zh.as_str())
        .collect();
    let official = "婚姻家庭 邻里 房屋宅基地 合同 生产经营 损害赔偿 山林土地 征地拆迁 环境污染 劳动争议 消费 医疗 道路交通事故 物业 其他";
    assert_eq!(names.join(" "), official);
    let columns = &pack.dispute_types().group("moj_15").unwrap().columns;
    let names: Vec<_> = columns
        .iter()
        .map(|column| column.name.zh.as_str())
        .collect();
    assert_eq!(names.join(" "), official);
}

#[test]
fn every_type_is_counted_in_one_column_of_every_set() {
    let pack = pack("6206");
    let types = pack.dispute_types();
    let wuwei = types.group("wuwei_2022").unwrap();
    let names: Vec<_> = wuwei.columns.iter().map(|c| c.name.zh.as_str()).collect();
    assert_eq!(names, ["婚姻家庭", "邻里", "劳资", "土地", "其他"]);
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for known in &types.types {
        *counted.entry(wuwei.column_of(&known.code)).or_default() += 1;
        let moj = types.group("moj_15").unwrap();
        assert_eq!(moj.column_of(&known.code), root_of(&known.code));
    }
    assert_eq!(counted.values().sum::<usize>(), types.types.len());
    assert_eq!(wuwei.column_of("labour.wage_arrears"), "labour");
    assert_eq!(wuwei.column_of("forest_land.contracting"), "land");
    assert_eq!(wuwei.column_of("homestead"), "other");
    assert_eq!(wuwei.column_of("a type of another list"), "other");
}

#[test]
fn a_city_chooses_its_columns() {
    assert_eq!(pack("6206").reporting().default_column_set, "wuwei_2022");
    assert_eq!(pack("620602").reporting().default_column_set, "wuwei_2022");
    assert_eq!(pack("62").reporting().default_column_set, "moj_15");
    assert_eq!(pack("6206").reporting().default_rounding, Rounding::HalfUp);
    assert_ne!(pack("6206").version(), pack("62").version());
    let layers = pack("620602").layers().to_vec();
    assert!(layers.contains(&"regions/6206/reporting.yaml".to_owned()));
}

#[test]
fn every_enumeration_of_the_contract_has_its_policy() {
    let pack = pack("34");
    for track in Track::ALL {
        assert!(pack.triage().file().track(*track).is_some(), "{track}");
    }
    for colour in RiskColour::ALL {
        assert!(pack.triage().file().colour(*colour).is_some(), "{colour}");
    }
    for mode in DispatchMode::ALL {
        assert!(
            pack.triage().file().dispatch_mode(*mode).is_some(),
            "{mode}"
        );
    }
    for class in MatterClass::ALL {
        assert!(pack.intake().class(*class).is_some(), "{class}");
    }
    for outcome in MediationOutcome::ALL {
        assert!(
            pack.mediation().end_code_for(*outcome).is_some(),
            "{outcome}"
        );
    }
    for outcome in RulingOutcome::ALL {
        assert!(pack.confirmation().outcome(*outcome).is_some(), "{outcome}");
    }
    for id in REQUIRED {
        assert!(pack.clock(id, None).is_ok(), "{id}");
    }
}

#[test]
fn mediation_ends_in_eight_ways_and_failure_is_told() {
    let pack = pack("34");
    let ends = &pack.mediation().end_codes;
    assert_eq!(ends.len(), 8);
    for end in ends {
        let settled = matches!(
            end.outcome,
            MediationOutcome::Agreed | MediationOutcome::SelfSettled
        );
        assert_eq!(end.other_ways_notice, !settled, "{}", end.code);
    }
    let unreachable = pack.mediation().end_code("unreachable").unwrap();
    assert!(unreachable.needs_contact_tries);
    assert_eq!(pack.mediation().contact.min_tries, 3);
}

#[test]
fn other_ways_fit_the_type() {
    let pack = pack("34");
    let ways = |type_code: &str| -> Vec<_> {
        let ways = pack.mediation().other_ways_for(type_code);
        ways.into_iter().map(|way| way.route.as_str()).collect()
    };
    assert_eq!(
        ways("labour.wage_arrears"),
        ["labour_arbitration", "litigation", "legal_aid"]
    );
    assert_eq!(ways("marriage_family"), ["litigation", "legal_aid"]);
    assert!(ways("contract.debt").contains(&"arbitration"));
    assert!(ways("other.administrative").contains(&"administrative_reconsideration"));
    for known in &pack.dispute_types().types {
        assert!(ways(&known.code).contains(&"litigation"), "{}", known.code);
    }
}

#[test]
fn papers_on_family_matters_are_not_signed_electronically() {
    let pack = pack("34");
    let agreement = &pack.mediation().agreement;
    let electronic = |code| agreement.signature_allowed(SignatureForm::Electronic, code);
    assert!(!electronic("marriage_family"));
    assert!(!electronic("marriage_family.inheritance"));
    assert!(electronic("contract.debt"));
    assert!(agreement.signature_allowed(SignatureForm::Fingerprint, "marriage_family"));
    assert!(agreement.oral_allowed_for("neighbour"));
    assert!(!agreement.oral_allowed_for("medical"));
    assert!(agreement.seal_required && agreement.clause_needs_date && agreement.clause_needs_way);
}

#[test]
fn peoples_mediation_never_charges() {
    let pack = pack("34");
    for kind in &pack.mediation().organisation_kinds {
        if kind.routes.iter().any(|route| route == "peoples_mediation") {
            assert!(!kind.charges_fee, "{}", kind.code);
        }
    }
    assert!(!pack.routes().get("peoples_mediation").unwrap().charges_fee);
    assert_eq!(pack.routes().routes.len(), 14);
}

#[test]
fn every_route_has_a_clock_and_organisations_that_serve_it() {
    let pack = pack("34");
    for route in &pack.routes().routes {
        let mut kinds = pack.mediation().organisation_kinds.iter();
        let served = kinds.any(|kind| kind.routes.contains(&route.code));
        assert!(served, "{}", route.code);
        let limits = pack.clocks().get(&route.clock).into_iter().chain(
            route
                .procedures
                .iter()
                .filter_map(|procedure| pack.clocks().get(&procedure.clock)),
        );
        for limit in limits {
            let ends = limit.breach == BreachEffect::EndProceeding;
            assert_eq!(ends, route.mediated, "{} {}", route.code, limit.id);
        }
    }
    for effect in FeedbackEffect::ALL {
        let mut outcomes = pack.routes().outcomes.iter();
        assert!(outcomes.any(|outcome| outcome.then == *effect), "{effect}");
    }
}

#[test]
fn what_the_law_excludes_is_not_confirmed() {
    let pack = pack("34");
    let none: [&str; 0] = [];
    let confirmation = pack.confirmation();
    assert!(confirmation.exclusion("marriage_family", &none).is_none());
    let status = confirmation.exclusion("marriage_family.status", &none);
    assert_eq!(status.unwrap().law, "民诉法解释 355 (3)");
    let marked = confirmation.exclusion("homestead", &["real_right_title"]);
    assert_eq!(marked.unwrap().law, "民诉法解释 355 (5)");
    for known in &pack.dispute_types().types {
        let excluded = confirmation.exclusion(&known.code, &none).is_some();
        assert!(excluded || !known.status_relation, "{}", known.code);
    }
    assert!(confirmation.reason("late", ReasonUse::Refuse).is_some());
    assert!(confirmation.reason("late", ReasonUse::Dismiss).is_none());
    let needed: Vec<_> = confirmation
        .required_materials("homestead")
        .map(|material| material.code.as_str())
        .collect();
    assert!(needed.contains(&"property_proof"));
}

#[test]
fn follow_up_depends_on_colour_and_type() {
    let pack = pack("34");
    let plan = |type_code, colour| {
        let plan = pack.evaluation().plan(type_code, colour).unwrap();
        plan.after_days.clone()
    };
    assert_eq!(plan("contract", RiskColour::Blue), [7]);
    assert_eq!(plan("neighbour", RiskColour::Yellow), [7, 30]);
    assert_eq!(plan("contract", RiskColour::Red), [7, 14, 21, 28, 90]);
    let rating = &pack.evaluation().rating;
    assert!(rating.satisfied(3) && !rating.satisfied(2) && !rating.contains(6));
}

#[test]
fn nothing_changes_the_version_but_the_content() {
    assert_eq!(pack("62").version(), pack("34").version());
}
