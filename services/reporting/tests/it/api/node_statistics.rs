//! `GET /reporting/v1/statistics?dimension=node`: total = Σ nodes + residual.

use anyhow::Result;
use contracts::events::mediation::MediationOutcome;
use reporting::Reporting;
use serde_json::Value;
use testkit::TestService;

use crate::feed::{Case, Fed, as_fact, feed};

const PATH: &str = "/reporting/v1/statistics?dimension=node";

/// Node, region and how many cases: two of every three are settled.
const CASES: [(&str, &str, u128); 6] = [
    ("6206", "6206", 5),
    // Brought to the city's own window, about the district.
    ("6206", "620602", 4),
    ("620602", "620602", 7),
    ("620602001", "620602001", 3),
    ("620621", "620621001", 6),
    ("62", "620622", 1),
];

fn cases() -> Vec<Fed> {
    let mut events = Vec::new();
    for (index, (node, region, count)) in (0..).zip(CASES) {
        for number in 0..count {
            let case = Case {
                node,
                region,
                ..Case::new(index * 100 + number + 1)
            };
            let accepted = case.accepted();
            events.push(if node == "6206" {
                accepted
            } else {
                as_fact(&accepted)
            });
            if number % 3 != 0 {
                events.push(as_fact(&case.ended(MediationOutcome::Agreed)));
            }
        }
    }
    events
}

/// Code and count of every row with cases, the residual last.
fn filled(table: &Value) -> Vec<(String, u64)> {
    assert_eq!(table["total_check"]["balanced"], true);
    let rows = table["rows"].as_array().unwrap().iter();
    let rows = rows.chain([&table["residual"]]);
    let counted: Vec<(String, u64)> = rows
        .map(|row| {
            let code = row["code"].as_str().unwrap_or("residual").to_owned();
            (code, row["count"].as_u64().unwrap())
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let total: u64 = counted.iter().map(|(_, count)| count).sum();
    assert_eq!(table["received"], total);
    let sum = |field: &str| -> u64 {
        let rows = table["rows"].as_array().unwrap().iter();
        rows.chain([&table["residual"]])
            .map(|row| row[field].as_u64().unwrap())
            .sum()
    };
    assert_eq!(table["settled"], sum("settled"));
    assert_eq!(table["concluded"], sum("concluded"));
    counted
}

fn expected(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
    rows.iter()
        .map(|(code, count)| ((*code).to_owned(), *count))
        .collect()
}

async fn table(service: &TestService<Reporting>, query: &str) -> Result<Value> {
    let token = service.token().roles(["leader"]).region("62").sign()?;
    service
        .get(&format!("{PATH}{query}"), &token)
        .await?
        .expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_sees_itself_and_each_child() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    feed(&service, &cases()).await?;
    let province = table(&service, "").await?;
    assert_eq!(filled(&province), expected(&[("62", 1), ("6206", 25)]));
    let city = table(&service, "&region=6206").await?;
    let rows = [("6206", 9), ("620602", 10), ("620621", 6), ("residual", 1)];
    assert_eq!(filled(&city), expected(&rows));
    // Every county is there, with no case too.
    assert_eq!(city["rows"].as_array().map(Vec::len), Some(5));
    let deep = table(&service, "&level=county").await?;
    let rows = [("62", 1), ("6206", 9), ("620602", 10), ("620621", 6)];
    assert_eq!(filled(&deep), expected(&rows));
    let county = table(&service, "&region=620602").await?;
    let rows = [("620602", 7), ("620602001", 3), ("residual", 4)];
    assert_eq!(filled(&county), expected(&rows));
    // Who works for a county counts the county.
    let token = service.token().roles(["leader"]).region("620602").sign()?;
    let own = service.get(PATH, &token).await?.expect(200)?;
    assert_eq!(filled(&own), filled(&county));
    service
        .get(&format!("{PATH}&region=6206"), &token)
        .await?
        .expect_problem(422, "region-out-of-scope")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_of_two_nodes_is_one_part_and_counts_once() -> Result<()> {
    let policies = tempfile::tempdir()?;
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    for folder in ["default", "reference/calendar"] {
        std::fs::create_dir_all(policies.path().join(folder))?;
        for file in std::fs::read_dir(own.join(folder))? {
            let file = file?;
            let to = policies.path().join(folder).join(file.file_name());
            std::fs::copy(file.path(), to)?;
        }
    }
    std::fs::create_dir_all(policies.path().join("regions/6206"))?;
    std::fs::write(
        policies.path().join("regions/6206/reporting.yaml"),
        "integrated:\n  - {centre: \"620602\", with: \"6206\"}\n",
    )?;
    let service = TestService::<Reporting>::start_with(|config| {
        config.policy.dir = Some(policies.path().to_owned());
    })
    .await?;
    let mut events = cases();
    // The district's node takes in what the city's node had accepted, and the other way round.
    for (number, node) in [(1, "620602"), (201, "6206")] {
        let again = Case {
            node,
            region: "620602",
            accepted_at: Case::new(number).accepted_at + chrono::TimeDelta::days(1),
            ..Case::new(number)
        };
        events.push(as_fact(&again.accepted()));
    }
    feed(&service, &events).await?;
    let city = table(&service, "&region=6206").await?;
    let rows = [("6206", 19), ("620621", 6), ("residual", 1)];
    assert_eq!(filled(&city), expected(&rows));
    assert_eq!(city["rows"][0]["zh"], "武威市、凉州区(市区一体)");
    let province = table(&service, "").await?;
    assert_eq!(filled(&province), expected(&[("62", 1), ("6206", 25)]));
    let district = table(&service, "&region=620602").await?;
    let rows = [("620602", 11), ("620602001", 3)];
    assert_eq!(filled(&district), expected(&rows));
    Ok(())
}
