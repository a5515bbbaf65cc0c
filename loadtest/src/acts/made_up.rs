//! Made-up people and what they say. The identity numbers are well-formed and nobody's: the serial part runs through all of a
//! day's numbers, which no register office gives out.

use serde_json::{Value, json};

/// Weights of GB 11643 for the first 17 digits.
const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// What people say, with the type a clerk decides on, and the amount in fen.
const MATTERS: [(&str, &str, u64); 8] = [
    (
        "neighbour",
        "邻居装修把我家墙体震裂,物业劝过几次没有用,要求修好并赔偿。",
        500_000,
    ),
    (
        "contract",
        "卖给他的建材款一直拖着不还,有欠条,要求按约定支付余款。",
        3_600_000,
    ),
    (
        "labour",
        "在工地干了四个月,包工头欠工资不发,要求支付拖欠的工资。",
        2_400_000,
    ),
    (
        "marriage_family",
        "兄弟几个对赡养老人的费用谈不拢,老人要求每月有固定的生活费。",
        120_000,
    ),
    (
        "neighbour",
        "楼上漏水泡坏了吊顶和地板,找了三次都推脱,要求赔偿损失。",
        800_000,
    ),
    (
        "contract",
        "借出去的钱到期不还,电话也不接,要求归还本金和约定的利息。",
        5_000_000,
    ),
    (
        "labour",
        "公司解除劳动合同没有给补偿,也没有提前通知,要求经济补偿。",
        1_800_000,
    ),
    (
        "neighbour",
        "隔壁在公共通道堆放杂物,影响通行,要求清理,恢复原状。",
        0,
    ),
];

/// The matter with this number.
pub fn matter(number: u64) -> (&'static str, &'static str, u64) {
    let at = usize::try_from(number % 8).unwrap_or_default();
    MATTERS
        .get(at)
        .copied()
        .unwrap_or(("neighbour", "邻里纠纷。", 0))
}

/// A registration.
pub fn registration(number: u64, region: &str, channel: &str) -> Value {
    let (_, narrative, amount) = matter(number);
    let party = |side: &str, name: &str, n: u64| {
        json!({ "side": side, "kind": "natural_person", "name": format!("{name}{n}"),
                "identifier": { "kind": "resident-id", "number": resident_id(n) } })
    };
    json!({
        "region": region, "class": "dispute", "source": "public", "channel": channel,
        "narrative": format!("{narrative}(压力测试第{number}件)"), "amount_fen": amount, "notice_version": "2026-01",
        "parties": [party("applicant", "压测甲", 2 * number), party("respondent", "压测乙", 2 * number + 1)],
    })
}

/// A made-up resident id.
fn resident_id(n: u64) -> String {
    let (year, rest) = (1950 + n % 50, n / 50);
    let (month, rest) = (1 + rest % 12, rest / 12);
    let (day, rest) = (1 + rest % 28, rest / 28);
    let (serial, place) = (rest % 1000, 20 + rest / 1000 % 4);
    let first = format!("6206{place:02}{year:04}{month:02}{day:02}{serial:03}");
    let digits = first.chars().filter_map(|c| c.to_digit(10));
    let sum: u64 = digits.zip(WEIGHTS).map(|(d, w)| u64::from(d) * w).sum();
    // Remainder 0..=10 of the weighted sum, in this order.
    let check = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"];
    let at = usize::try_from(sum % 11).unwrap_or_default();
    format!("{first}{}", check.get(at).unwrap_or(&"X"))
}

#[cfg(test)]
mod tests {
    use contracts::identifiers::ResidentId;

    #[test]
    fn the_numbers_are_well_formed_and_different() {
        let numbers = (9_999_000_000..9_999_010_000).map(super::resident_id);
        let numbers: std::collections::BTreeSet<String> = numbers.collect();
        assert_eq!(numbers.len(), 10_000);
        for number in &numbers {
            assert!(number.parse::<ResidentId>().is_ok(), "{number}");
        }
    }
}
