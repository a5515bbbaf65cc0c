//! Made-up people with well-formed identity numbers: nobody's, and enough for every matter.

/// Weights of GB 11643 for the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The n-th made-up person's resident id: born in 凉州 620602 between 1950 and 1999.
pub fn resident_id(n: usize) -> String {
    let (year, rest) = (1950 + n % 50, n / 50);
    let (month, rest) = (1 + rest % 12, rest / 12);
    let (day, serial) = (1 + rest % 28, rest / 28);
    let first = format!("620602{year:04}{month:02}{day:02}{serial:03}");
    let sum: u32 = first
        .chars()
        .zip(WEIGHTS)
        .filter_map(|(c, w)| Some(c.to_digit(10)? * w))
        .sum();
    // Remainder 0..=10 of the weighted sum, in this order.
    let check = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"];
    let index = usize::try_from(sum % 11).unwrap_or_default();
    format!("{first}{}", check.get(index).unwrap_or(&"X"))
}

#[cfg(test)]
mod tests {
    use contracts::identifiers::ResidentId;

    #[test]
    fn the_numbers_are_well_formed_and_different() {
        let numbers: std::collections::BTreeSet<String> =
            (0..10_000).map(super::resident_id).collect();
        assert_eq!(numbers.len(), 10_000);
        for number in &numbers {
            assert!(number.parse::<ResidentId>().is_ok(), "{number}");
        }
    }
}
