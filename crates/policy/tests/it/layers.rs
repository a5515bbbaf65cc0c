//! Layers over layers: what is merged, replaced, removed and locked.

use std::{fs, path::Path};

use contracts::events::triage::RiskColour;
use policy::{PolicyPack, TriageInput};
use tempfile::TempDir;

use super::region;

/// A copy of the project's pack to break.
pub fn copy() -> TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let copy = tempfile::tempdir().unwrap();
    for folder in ["default", "reference/calendar"] {
        fs::create_dir_all(copy.path().join(folder)).unwrap();
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(
                entry.path(),
                copy.path().join(folder).join(entry.file_name()),
            )
            .unwrap();
        }
    }
    copy
}

/// Writes a file of a layer.
pub fn write(pack: &TempDir, name: &str, text: &str) {
    let path = pack.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn load(pack: &TempDir, code: &str) -> PolicyPack {
    PolicyPack::load(pack.path(), &region(code)).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn the_directory_and_the_program_hold_the_same_pack() {
    let pack = copy();
    assert_eq!(load(&pack, "34").version(), super::pack("34").version());
}

#[test]
fn layers_alone_go_over_the_pack_of_the_program() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir, "regions/34/limits.yaml", "title_max: 77\n");
    assert_eq!(load(&dir, "3413").limits().title_max, 77);
    let (alone, built_in) = (load(&dir, "6206"), super::pack("6206"));
    assert_eq!(alone.version(), built_in.version());
}

#[test]
fn lower_layers_override_upper_ones() {
    let pack = copy();
    write(
        &pack,
        "regions/62/clocks.yaml",
        "clocks:\n  - {id: triage.decide, amount: 2}\n",
    );
    write(
        &pack,
        "regions/6206/clocks.yaml",
        "clocks:\n  - {id: triage.decide, amount: 3}\n",
    );
    write(
        &pack,
        "regions/620602/clocks.yaml",
        "clocks:\n  - {id: matter.accept, amount: 2}\n",
    );
    let amount = |code, id| load(&pack, code).clock(id, None).unwrap().amount;
    assert_eq!(amount("34", "triage.decide"), 1);
    assert_eq!(amount("62", "triage.decide"), 2);
    assert_eq!(amount("6206", "triage.decide"), 3);
    assert_eq!(amount("620602", "triage.decide"), 3);
    assert_eq!(amount("620602", "matter.accept"), 2);
    // The rest of the rule is the upper layer's.
    let county = load(&pack, "620602");
    assert_eq!(county.clock("triage.decide", None).unwrap().name.zh, "分流");
    assert_ne!(county.version(), load(&pack, "6206").version());
}

#[test]
fn lists_merge_by_id_grow_and_shrink() {
    let pack = copy();
    write(
        &pack,
        "regions/6206/intake.yaml",
        "channels:\n  - {code: network, remove: true}\n  - {code: kiosk, name: {zh: 自助机, en: Kiosk}}\n",
    );
    let city = load(&pack, "6206");
    assert!(city.intake().channel("network").is_none());
    assert_eq!(city.intake().channel("kiosk").unwrap().name.en, "Kiosk");
    assert!(city.intake().channel("window").is_some());
    assert!(load(&pack, "62").intake().channel("network").is_some());
}

#[test]
fn a_plain_list_is_replaced() {
    let pack = copy();
    let hours = "working_hours:\n  - {from: \"08:30\", to: \"11:30\"}\n";
    write(&pack, "regions/6206/clocks.yaml", hours);
    let opens = load(&pack, "6206").calendar().working_hours().opens();
    assert_eq!(opens.to_string(), "08:30:00");
}

#[test]
fn a_locality_with_three_colours_takes_the_severer_one() {
    let pack = copy();
    write(
        &pack,
        "regions/6206/triage.yaml",
        "colours:\n  - {code: orange, used: false}\n  - {code: blue, name: {zh: 绿色, en: Green}}\n",
    );
    let city = load(&pack, "6206");
    let input = TriageInput {
        party_count: 12,
        ..TriageInput::default()
    };
    assert_eq!(city.triage().propose(&input).colour, RiskColour::Red);
    assert_eq!(
        city.triage()
            .file()
            .colour(RiskColour::Blue)
            .unwrap()
            .name
            .zh,
        "绿色"
    );
    assert_eq!(
        load(&pack, "34").triage().propose(&input).colour,
        RiskColour::Orange
    );
}

#[test]
fn what_a_province_locks_binds_the_city_and_not_the_province() {
    let pack = copy();
    write(
        &pack,
        "regions/62/clocks.yaml",
        "locks: [/clocks/triage.decide/amount]\nclocks:\n  - {id: triage.decide, amount: 2}\n",
    );
    write(
        &pack,
        "regions/6206/clocks.yaml",
        "clocks:\n  - id: triage.decide\n    breach: supervise\n",
    );
    // Beside the lock the city is free.
    let rule = load(&pack, "6206");
    assert_eq!(rule.clock("triage.decide", None).unwrap().amount, 2);
}
