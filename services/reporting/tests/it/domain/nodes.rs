//! Which part a node is counted in.

use contracts::region::{Level, RegionCode};
use policy::sections::reporting::Integrated;
use reporting::domain::nodes::NodeParts;
use rstest::rstest;

fn code(text: &str) -> RegionCode {
    text.parse().unwrap()
}

fn centre() -> Vec<Integrated> {
    vec![Integrated {
        centre: code("620602"),
        with: code("6206"),
    }]
}

#[rstest]
// A city sees itself and each county, a province itself and each city.
#[case("6206", Level::County, "6206", "6206")]
#[case("6206", Level::County, "620621", "620621")]
#[case("6206", Level::County, "620621001", "620621")]
#[case("62", Level::City, "620621001", "6206")]
#[case("62", Level::City, "62", "62")]
// Deeper, each node above that level stays one of its own.
#[case("62", Level::County, "6206", "6206")]
#[case("62", Level::County, "620621", "620621")]
#[case("620602", Level::Township, "620602001", "620602001")]
fn a_node_counts_with_the_child_it_lies_in(
    #[case] within: &str,
    #[case] level: Level,
    #[case] node: &str,
    #[case] part: &str,
) {
    assert_eq!(
        NodeParts::new(code(within), level, &[]).of(code(node)),
        code(part)
    );
}

#[rstest]
#[case("6206", Level::County, "6206", "6206")]
#[case("6206", Level::County, "620602", "6206")]
#[case("6206", Level::County, "620602001", "6206")]
#[case("6206", Level::County, "620621", "620621")]
#[case("62", Level::City, "620602", "6206")]
#[case("62", Level::County, "620602", "6206")]
// Asked about the district alone, the city's node is the district's.
#[case("620602", Level::Township, "6206", "620602")]
#[case("620602", Level::Township, "620602", "620602")]
#[case("620602", Level::Township, "620602001", "620602001")]
fn two_nodes_of_one_centre_are_one_part(
    #[case] within: &str,
    #[case] level: Level,
    #[case] node: &str,
    #[case] part: &str,
) {
    let pairs = centre();
    let parts = NodeParts::new(code(within), level, &pairs);
    assert_eq!(parts.of(code(node)), code(part));
}

#[test]
fn the_parts_of_a_city_are_itself_and_every_county_and_a_centre_is_listed_once() {
    let list = |pairs: &[Integrated]| {
        let parts = NodeParts::new(code("6206"), Level::County, pairs);
        let codes = parts.list(&["620602", "6207", "62"]);
        codes
            .iter()
            .map(|code| format!("{code} {}", parts.name(*code).zh))
            .collect::<Vec<_>>()
    };
    let alone = [
        "6206 武威市本级",
        "620602 凉州区",
        "620621 民勤县",
        "620622 古浪县",
        "620623 天祝藏族自治县",
    ];
    assert_eq!(list(&[]), alone);
    let together = [
        "6206 武威市、凉州区(市区一体)",
        "620621 民勤县",
        "620622 古浪县",
        "620623 天祝藏族自治县",
    ];
    assert_eq!(list(&centre()), together);
}
