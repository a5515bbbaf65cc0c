//! Percentages that say how they were rounded.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the shares of a column are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Each share by itself, half up; the column may miss 100 by a little.
    HalfUp,
    /// Largest remainder (Hamilton): the column adds up to exactly 100.
    LargestRemainder,
}

/// Most decimals a percentage may have.
pub const MAX_DECIMALS: u32 = 6;

/// `part / whole` in per cent, half up, in units of the last decimal: with one decimal, 992 is 99.2 %. `None` when
/// `whole` is 0.
#[must_use]
pub fn percent(part: u64, whole: u64, decimals: u32) -> Option<u64> {
    if whole == 0 {
        return None;
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let scaled = (part * full(decimals) * 2 + whole) / (whole * 2);
    u64::try_from(scaled).ok()
}

/// The shares of `counts` in their sum, in units of the last decimal; all 0 when the sum is 0.
#[must_use]
pub fn shares(counts: &[u64], decimals: u32, rounding: Rounding) -> Vec<u64> {
    let whole: u64 = counts.iter().sum();
    if whole == 0 {
        return vec![0; counts.len()];
    }
    match rounding {
        Rounding::HalfUp => counts
            .iter()
            .map(|count| percent(*count, whole, decimals).unwrap_or(0))
            .collect(),
        Rounding::LargestRemainder => largest_remainder(counts, whole, decimals),
    }
}

fn largest_remainder(counts: &[u64], whole: u64, decimals: u32) -> Vec<u64> {
    let full = full(decimals);
    let divide = |count: &u64| {
        let scaled = u128::from(*count) * full;
        (scaled / u128::from(whole), scaled % u128::from(whole))
    };
    let mut rows: Vec<_> = counts.iter().map(divide).enumerate().collect();
    let given: u128 = rows.iter().map(|(_, (floor, _))| floor).sum();
    let missing = usize::try_from(full - given).unwrap_or(0);
    // Equal remainders: the earlier row first, so that the same numbers always give the same column.
    rows.sort_by(|(i, (_, a)), (j, (_, b))| b.cmp(a).then(i.cmp(j)));
    for (_, (floor, _)) in rows.iter_mut().take(missing) {
        *floor += 1;
    }
    rows.sort_by_key(|(index, _)| *index);
    rows.into_iter()
        .map(|(_, (share, _))| u64::try_from(share).unwrap_or(u64::MAX))
        .collect()
}

/// A value of [`percent`] or [`shares`] as text: 992 with one decimal is `99.2`.
#[must_use]
pub fn text(value: u64, decimals: u32) -> String {
    let decimals = decimals.min(MAX_DECIMALS);
    let unit = 10_u64.pow(decimals);
    if decimals == 0 {
        return value.to_string();
    }
    let width = usize::try_from(decimals).unwrap_or(0);
    format!("{}.{:0width$}", value / unit, value % unit)
}

fn full(decimals: u32) -> u128 {
    100 * 10_u128.pow(decimals.min(MAX_DECIMALS))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Rounding, percent, shares, text};

    /// Wuwei, first half of 2022: 婚姻家庭, 邻里, 劳资, 土地, 其他.
    const WUWEI: [u64; 5] = [579, 792, 563, 388, 1114];
    /// Huangshi, August 2016, the 15 classes of the Ministry of Justice and the shares it printed.
    const HUANGSHI: [u64; 15] = [160, 278, 67, 44, 31, 76, 18, 28, 4, 13, 7, 55, 33, 1, 54];

    fn texts(values: &[u64]) -> Vec<String> {
        values.iter().map(|value| text(*value, 1)).collect()
    }

    #[test]
    fn wuwei_by_both_methods() {
        let plain = shares(&WUWEI, 1, Rounding::HalfUp);
        assert_eq!(texts(&plain), ["16.9", "23.1", "16.4", "11.3", "32.4"]);
        assert_eq!(plain.iter().sum::<u64>(), 1001);
        let forced = shares(&WUWEI, 1, Rounding::LargestRemainder);
        assert_eq!(texts(&forced), ["16.9", "23.0", "16.4", "11.3", "32.4"]);
        assert_eq!(forced.iter().sum::<u64>(), 1000);
        assert_eq!(percent(3410, 3436, 1), Some(992));
    }

    #[test]
    fn huangshi_adds_up() {
        assert_eq!(HUANGSHI.iter().sum::<u64>(), 869);
        assert_eq!(percent(842, 869, 1).map(|v| text(v, 1)).unwrap(), "96.9");
        let forced = shares(&HUANGSHI, 1, Rounding::LargestRemainder);
        assert_eq!(forced.iter().sum::<u64>(), 1000);
    }

    #[test]
    fn nothing_counted_is_no_share() {
        assert_eq!(percent(1, 0, 1), None);
        assert_eq!(shares(&[0, 0], 1, Rounding::LargestRemainder), [0, 0]);
        assert_eq!(text(7, 0), "7");
        assert_eq!(text(5, 2), "0.05");
    }

    proptest! {
        #[test]
        fn largest_remainder_always_fills_the_column(counts in prop::collection::vec(0_u64..1_000_000, 1..30), decimals in 0_u32..4) {
            prop_assume!(counts.iter().sum::<u64>() > 0);
            let column = shares(&counts, decimals, Rounding::LargestRemainder);
            prop_assert_eq!(column.iter().sum::<u64>(), 100 * 10_u64.pow(decimals));
            let plain = shares(&counts, decimals, Rounding::HalfUp);
            for (a, b) in column.iter().zip(&plain) {
                prop_assert!(a.abs_diff(*b) <= 1);
            }
        }
    }
}
