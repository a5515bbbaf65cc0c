//! How alike two texts are: shared pairs of neighbouring characters (Dice's measure), which needs no dictionary and works for
//! Chinese.

use std::collections::BTreeMap;

/// Percent of the pairs of characters the two texts share, 0 to 100. Blanks and punctuation do not count.
#[must_use]
pub fn percent(one: &str, other: &str) -> u32 {
    let (one, other) = (pairs(one), pairs(other));
    let shared: usize = one
        .iter()
        .map(|(pair, count)| *count.min(other.get(pair).unwrap_or(&0)))
        .sum();
    let all: usize = one.values().chain(other.values()).sum();
    let percent = (200 * shared).checked_div(all).unwrap_or(0);
    u32::try_from(percent).unwrap_or(100)
}

/// Each pair of neighbouring letters or digits, and how often it occurs.
fn pairs(text: &str) -> BTreeMap<(char, char), usize> {
    let mut pairs = BTreeMap::new();
    let mut before = None;
    for letter in text.chars().filter(|letter| letter.is_alphanumeric()) {
        if let Some(before) = before {
            *pairs.entry((before, letter)).or_insert(0) += 1;
        }
        before = Some(letter);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn like_is_like_and_unlike_is_not() {
        let noise = "邻居家的空调外机整夜轰鸣，多次沟通无果";
        assert_eq!(percent(noise, noise), 100);
        assert_eq!(
            percent(noise, "邻居家的空调外机整夜轰鸣,多次沟通无果。"),
            100
        );
        assert!(percent(noise, "邻居空调外机夜里轰鸣，沟通多次没有结果") > 40);
        assert!(percent(noise, "拖欠工资三个月，老板失联") < 10);
        for (one, other) in [("", ""), ("甲", "甲"), ("", noise)] {
            assert_eq!(percent(one, other), 0);
        }
        assert_eq!(percent("甲乙甲乙", "甲乙"), percent("甲乙", "甲乙甲乙"));
    }
}
