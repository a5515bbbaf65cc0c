//! Tables add up.

use std::sync::LazyLock;

use contracts::region::Level;
use policy::{PolicyPack, rounding::Rounding};
use proptest::prelude::*;
use reporting::domain::{
    dimension::Dimension,
    layout::Layout,
    table::{Counted, Figures, table},
};

fn pack() -> &'static PolicyPack {
    static PACK: LazyLock<PolicyPack> =
        LazyLock::new(|| PolicyPack::embedded(&"6206".parse().unwrap()).unwrap());
    &PACK
}

fn counted(key: Option<&str>, count: u64) -> Counted {
    Counted {
        key: key.map(str::to_owned),
        figures: Figures {
            count,
            settled: count / 2,
            concluded: count,
            amount_fen: 1,
        },
    }
}

#[test]
fn a_type_is_counted_in_its_column_or_its_first_levels_or_the_other_one() {
    let pack = pack();
    let layout = Layout::of_types(pack.dispute_types().group("wuwei_2022").unwrap());
    let row = |key| layout.row_of(Some(key));
    assert_eq!(row("neighbour"), Some("neighbour"));
    assert_eq!(row("labour.wage_arrears"), Some("labour"));
    assert_eq!(row("medical"), Some("other"));
    assert_eq!(layout.row_of(None), None);
}

#[test]
fn regions_of_the_next_level_are_all_listed() {
    let layout = Layout::of_regions("6206".parse().unwrap(), Level::County, &["620699"]);
    let names: Vec<&str> = layout.rows.iter().map(|row| row.name.zh.as_str()).collect();
    for county in ["凉州区", "民勤县", "古浪县", "天祝藏族自治县", "620699"] {
        assert!(names.contains(&county), "{county} is not in {names:?}");
    }
    let layout = Layout::of_regions("6206".parse().unwrap(), Level::Township, &["620602001"]);
    assert_eq!(layout.rows.len(), 1);
}

#[test]
fn every_split_has_rows_and_names() {
    let pack = pack();
    for dimension in Dimension::ALL {
        let layout = Layout::listed(*dimension, pack);
        let special = matches!(
            dimension,
            Dimension::Type | Dimension::Region | Dimension::Node
        );
        assert_eq!(layout.rows.is_empty(), special, "{dimension}");
        assert!(!dimension.residual().0.is_empty());
    }
}

#[test]
fn a_total_that_does_not_fit_is_seen() {
    let pack = pack();
    let layout = Layout::listed(Dimension::Track, pack);
    let total = Figures {
        count: 6,
        ..Figures::default()
    };
    let made = table(
        Dimension::Track,
        &layout,
        &[counted(Some("simple"), 5)],
        total,
        Rounding::HalfUp,
        1,
    );
    assert!(!made.check.balanced);
}

#[test]
fn nothing_counted_is_a_table_of_zeros() {
    let pack = pack();
    let layout = Layout::listed(Dimension::Outcome, pack);
    let made = table(
        Dimension::Outcome,
        &layout,
        &[],
        Figures::default(),
        Rounding::LargestRemainder,
        1,
    );
    assert!(made.check.balanced);
    assert_eq!(made.rows.len(), 7);
    assert!(
        made.rows
            .iter()
            .all(|row| row.figures.count == 0 && row.share_pct == 0.0)
    );
}

proptest! {
    #[test]
    fn total_is_the_rows_and_the_residual(
        cases in prop::collection::vec((prop::option::of("simple|general|complex|unheard_of"), 0_u64..10_000), 0..20),
    ) {
        let pack = pack();
        let layout = Layout::listed(Dimension::Track, pack);
        let cases: Vec<Counted> = cases.iter().map(|(key, count)| counted(key.as_deref(), *count)).collect();
        let total = Figures { count: cases.iter().map(|one| one.figures.count).sum(), ..Figures::default() };
        for method in [Rounding::HalfUp, Rounding::LargestRemainder] {
            let made = table(Dimension::Track, &layout, &cases, total, method, 1);
            prop_assert!(made.check.balanced);
            let parts: u64 = made.rows.iter().map(|row| row.figures.count).sum();
            prop_assert_eq!(parts + made.residual.figures.count, total.count);
            if method == Rounding::LargestRemainder && total.count > 0 {
                prop_assert_eq!(made.column_total_pct, 100.0);
            }
        }
    }
}
