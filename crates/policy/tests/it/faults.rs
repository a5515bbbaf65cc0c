//! Every kind of fault in a pack is reported with its file, line and reason.

use std::fs;

use policy::{PackError, PolicyPack, pack::PackErrorKind};
use rstest::rstest;

use super::{
    layers::{copy, write},
    region,
};

/// The faults of a pack for 620602.
fn faults(pack: &tempfile::TempDir) -> Vec<PackError> {
    match PolicyPack::load(pack.path(), &region("620602")) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.errors().to_vec(),
    }
}

#[track_caller]
fn assert_fault(
    fault: &PackError,
    kind: PackErrorKind,
    place: (&str, u32),
    path: &str,
    reason: &str,
) {
    assert_eq!(fault.kind, kind, "{fault}");
    assert_eq!((fault.file.as_str(), fault.line), place, "{fault}");
    assert_eq!(fault.path, path, "{fault}");
    assert!(fault.reason.contains(reason), "{fault}");
}

/// One faulty file in the city's layer.
#[rstest]
#[case::not_yaml(
    "clocks.yaml",
    "clocks:\n  - {id: triage.decide, amount: 2\n",
    PackErrorKind::Yaml,
    2,
    "",
    "unclosed bracket"
)]
#[case::key_twice(
    "limits.yaml",
    "note_max: 10\ntitle_max: 10\nnote_max: 20\n",
    PackErrorKind::Yaml,
    3,
    "",
    "duplicate"
)]
#[case::against_the_schema(
    "clocks.yaml",
    "clocks:\n  - id: triage.decide\n    amount: -3\n",
    PackErrorKind::Schema,
    3,
    "/clocks/triage.decide/amount",
    "-3 is less than the minimum of 0"
)]
#[case::not_in_the_list(
    "clocks.yaml",
    "\nclocks:\n  - id: triage.decide\n    unit: fortnight\n",
    PackErrorKind::Schema,
    4,
    "/clocks/triage.decide/unit",
    "fortnight"
)]
#[case::something_is_missing(
    "clocks.yaml",
    "clocks:\n  - id: new.clock\n    amount: 1\n    name: {zh: 新, en: New}\n    kind: target\n    unit: day\n    starts_at: now\n    breach: record\n",
    PackErrorKind::Schema,
    2,
    "/clocks/new.clock",
    "\"law\" is a required property"
)]
#[case::unknown_key(
    "clocks.yaml",
    "clocks:\n  - id: triage.decide\n    amount: 2\n    amonut: 3\n",
    PackErrorKind::UnknownKey,
    4,
    "/clocks/triage.decide/amonut",
    "unknown key `amonut`"
)]
#[case::unknown_key_at_the_top(
    "limits.yaml",
    "note_max: 10\nnotes: 3\n",
    PackErrorKind::UnknownKey,
    2,
    "/notes",
    "unknown key `notes`"
)]
#[case::typed_but_wrong(
    "clocks.yaml",
    "working_hours:\n  - {from: \"12:00\", to: \"09:00\"}\n",
    PackErrorKind::Type,
    2,
    "/working_hours",
    "ends before it begins"
)]
#[case::a_number_without_sequence(
    "intake.yaml",
    "acceptance_number:\n  pattern: \"{year}枫受字\"\n",
    PackErrorKind::Type,
    2,
    "/acceptance_number/pattern",
    "must hold {seq} once"
)]
#[case::the_same_id_twice(
    "clocks.yaml",
    "clocks:\n  - {id: triage.decide, amount: 2}\n  - {id: triage.decide, amount: 3}\n",
    PackErrorKind::DuplicateId,
    3,
    "/clocks/triage.decide",
    "already defined in line 2"
)]
#[case::condition_that_does_not_parse(
    "triage.yaml",
    "rules:\n  - id: colour.people.30\n    when: party_count >=\n",
    PackErrorKind::Condition,
    3,
    "/rules/colour.people.30/when",
    "does not parse"
)]
#[case::condition_with_an_unknown_variable(
    "triage.yaml",
    "rules:\n  - id: colour.people.30\n    when: people >= 30\n",
    PackErrorKind::Condition,
    3,
    "/rules/colour.people.30/when",
    "unknown variable `people`; there are: text,"
)]
#[case::condition_with_an_unknown_function(
    "triage.yaml",
    "rules:\n  - id: colour.people.30\n    when: shout(text)\n",
    PackErrorKind::Condition,
    3,
    "/rules/colour.people.30/when",
    "unknown function `shout`"
)]
#[case::condition_that_is_no_question(
    "triage.yaml",
    "rules:\n  - id: colour.people.30\n    when: party_count + 1\n",
    PackErrorKind::Condition,
    3,
    "/rules/colour.people.30/when",
    "no yes-or-no question"
)]
#[case::condition_with_a_type_error_that_a_short_cut_hides(
    "triage.yaml",
    "rules:\n  - id: colour.people.30\n    when: party_count > 1000000 && text > 3\n",
    PackErrorKind::Condition,
    3,
    "/rules/colour.people.30/when",
    "cannot be evaluated"
)]
#[case::a_code_that_nothing_defines(
    "triage.yaml",
    "rules:\n  - id: legality.crime\n    proposes:\n      route: prison\n",
    PackErrorKind::Reference,
    4,
    "/rules/legality.crime/proposes/route",
    "there is no route `prison`"
)]
#[case::a_column_set_that_nothing_defines(
    "reporting.yaml",
    "default_column_set: wuwei_1922\n",
    PackErrorKind::Reference,
    1,
    "/default_column_set",
    "there is no column set `wuwei_1922`"
)]
#[case::a_centre_outside_its_city(
    "reporting.yaml",
    "integrated:\n  - {centre: \"620702\", with: \"6206\"}\n",
    PackErrorKind::Reference,
    2,
    "/integrated/0",
    "`620702` does not lie in `6206`"
)]
#[case::two_centres_with_one_city(
    "reporting.yaml",
    "integrated:\n  - {centre: \"620602\", with: \"6206\"}\n  - {centre: \"620621\", with: \"6206\"}\n",
    PackErrorKind::Reference,
    3,
    "/integrated/1",
    "is in a pair already"
)]
#[case::a_removed_thing_that_is_needed(
    "dispute_types.yaml",
    "types:\n  - {code: neighbour, remove: true}\n",
    PackErrorKind::Reference,
    0,
    "",
    "there is no dispute type `neighbour`"
)]
#[case::nothing_to_remove(
    "intake.yaml",
    "channels:\n  - {code: pigeon, remove: true}\n",
    PackErrorKind::Reference,
    2,
    "/channels/pigeon",
    "not there to be removed"
)]
#[case::a_message_that_tells_too_much(
    "notifications.yaml",
    "templates:\n  - {code: accepted, text: {zh: \"{narrative}\"}}\n",
    PackErrorKind::Reference,
    2,
    "/templates/accepted/text/zh",
    "there is no placeholder `narrative`"
)]
#[case::a_channel_of_screening_that_there_is_not(
    "intake.yaml",
    "screening: {channel: pigeon}\n",
    PackErrorKind::Reference,
    1,
    "/screening/channel",
    "there is no channel `pigeon`"
)]
#[case::no_such_section(
    "clock.yaml",
    "clocks: []\n",
    PackErrorKind::File,
    1,
    "",
    "no such section"
)]
#[case::a_lock_on_nothing(
    "clocks.yaml",
    "locks:\n  - /clocks/triage.decide\n  - /clocks/no.such.clock\n",
    PackErrorKind::Lock,
    3,
    "/locks",
    "names nothing"
)]
#[case::a_lock_that_is_no_path(
    "clocks.yaml",
    "locks: [clocks]\n",
    PackErrorKind::Lock,
    1,
    "/locks",
    "begins with `/`"
)]
fn one_fault(
    #[case] file: &str,
    #[case] text: &str,
    #[case] kind: PackErrorKind,
    #[case] line: u32,
    #[case] path: &str,
    #[case] reason: &str,
) {
    let pack = copy();
    let name = format!("regions/6206/{file}");
    write(&pack, &name, text);
    let faults = faults(&pack);
    assert!(!faults.is_empty(), "the pack was accepted");
    if line == 0 {
        // The fault shows where the missing thing is used, in the upper layer's file.
        let found = faults
            .iter()
            .any(|fault| fault.kind == kind && fault.reason.contains(reason));
        assert!(found, "{faults:?}");
    } else {
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert_fault(&faults[0], kind, (&name, line), path, reason);
    }
}

#[rstest]
#[case::the_value_itself(
    "clocks:\n  - {id: triage.decide}\n  - id: confirmation.apply\n    amount: 60\n",
    4,
    "/clocks/confirmation.apply/amount"
)]
#[case::something_new_under_it(
    "clocks:\n  - id: confirmation.apply\n    first_day: same_day\n",
    3,
    "/clocks/confirmation.apply/first_day"
)]
#[case::taking_it_out(
    "clocks:\n  - {id: confirmation.apply, remove: true}\n",
    2,
    "/clocks/confirmation.apply"
)]
#[case::replacing_what_holds_it("clocks: 3\n", 1, "/clocks")]
fn a_broken_lock(#[case] text: &str, #[case] line: u32, #[case] path: &str) {
    let pack = copy();
    write(
        &pack,
        "regions/62/clocks.yaml",
        "# the law's own\nlocks: [/clocks/confirmation.apply]\n",
    );
    write(&pack, "regions/6206/clocks.yaml", text);
    let faults = faults(&pack);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    let reason = "`/clocks/confirmation.apply` is locked by regions/62/clocks.yaml:2";
    assert_fault(
        &faults[0],
        PackErrorKind::Lock,
        ("regions/6206/clocks.yaml", line),
        path,
        reason,
    );
}

#[test]
fn every_fault_is_reported_at_once() {
    let pack = copy();
    write(&pack, "regions/62/limits.yaml", "note_max: 0\nnotes: 1\n");
    write(
        &pack,
        "regions/6206/triage.yaml",
        "rules:\n  - {id: a.rule, when: nobody, proposes: {colour: red}, weight: 1, reason: {zh: 一, en: A}}\n",
    );
    write(&pack, "regions/620602/clocks.yaml", "clocks: [\n");
    fs::remove_file(pack.path().join("default/routes.yaml")).unwrap();
    let errors = PolicyPack::load(pack.path(), &region("620602")).unwrap_err();
    let kinds: Vec<_> = errors.errors().iter().map(|fault| fault.kind).collect();
    assert!(kinds.contains(&PackErrorKind::File), "{errors}");
    assert!(kinds.contains(&PackErrorKind::Schema), "{errors}");
    assert!(kinds.contains(&PackErrorKind::UnknownKey), "{errors}");
    assert!(kinds.contains(&PackErrorKind::Yaml), "{errors}");
    let text = errors.to_string();
    assert!(
        text.contains("regions/62/limits.yaml:1: /note_max:"),
        "{text}"
    );
    assert!(
        text.contains("default/routes.yaml:1: this file is needed"),
        "{text}"
    );
}

#[test]
fn a_directory_without_any_policy_is_no_pack() {
    let pack = tempfile::tempdir().unwrap();
    let faults = faults(&pack);
    let [fault] = &faults[..] else {
        panic!("{faults:#?}")
    };
    assert_eq!(fault.kind, PackErrorKind::File);
    assert_eq!(fault.reason, "no policy file is there");
}

#[test]
fn a_broken_calendar_is_a_broken_pack() {
    let pack = copy();
    write(
        &pack,
        "reference/calendar/2028.json",
        "{\"year\": 2028,\n\"days\": 3}",
    );
    let faults = faults(&pack);
    assert_eq!(faults.len(), 1);
    assert_eq!(
        (faults[0].file.as_str(), faults[0].line),
        ("reference/calendar/2028.json", 2)
    );
}

#[test]
fn a_layer_of_another_region_is_not_read() {
    let pack = copy();
    write(&pack, "regions/3413/clocks.yaml", "clocks: [\n");
    assert!(faults(&pack).is_empty());
}
