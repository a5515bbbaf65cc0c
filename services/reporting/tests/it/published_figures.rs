//! Figures that were published, fed as events and read back through the API.

use anyhow::Result;
use contracts::events::mediation::MediationOutcome;
use reporting::Reporting;
use serde_json::Value;
use testkit::TestService;

use crate::feed::{Case, Fed, at, feed};

/// Code of a type in the policy pack, cases, share as published.
type Published = (&'static str, u64, f64);

/// Wuwei 武威, first half of 2022: received 3,436, settled 3,410, 99.2 %.
const WUWEI: [Published; 5] = [
    ("marriage_family", 579, 16.9),
    ("neighbour", 792, 23.1),
    ("labour.wage_arrears", 563, 16.3),
    ("forest_land", 388, 11.3),
    ("consumer", 1_114, 32.4),
];

/// Huangshi 黄石, August 2016: received 869, success 842, 96.9 %. Every printed share is rounded half up.
const HUANGSHI: [Published; 15] = [
    ("marriage_family", 160, 18.4),
    ("neighbour", 278, 32.0),
    ("homestead", 67, 7.7),
    ("contract", 44, 5.1),
    ("business_operation", 31, 3.6),
    ("damages", 76, 8.7),
    ("forest_land", 18, 2.1),
    ("expropriation", 28, 3.2),
    ("pollution", 4, 0.5),
    ("labour", 13, 1.5),
    ("consumer", 7, 0.8),
    ("medical", 55, 6.3),
    ("traffic_accident", 33, 3.8),
    ("property_management", 1, 0.1),
    ("other", 54, 6.2),
];

/// Accepted, decided, ended; the last `failed` of all fail.
fn mediated(published: &[Published], failed: usize) -> Vec<Fed> {
    let types = published
        .iter()
        .flat_map(|(code, count, _)| (0..*count).map(|_| *code));
    let types: Vec<&str> = types.collect();
    let settled = types.len() - failed;
    let life = |(index, code): (usize, &&str)| {
        let case = Case {
            type_code: (*code).to_owned(),
            ..Case::new(u128::try_from(index).unwrap())
        };
        let outcome = match index {
            index if index >= settled => MediationOutcome::Failed,
            index if index % 7 == 0 => MediationOutcome::SelfSettled,
            _ => MediationOutcome::Agreed,
        };
        [case.accepted(), case.decided(), case.ended(outcome)]
    };
    types.iter().enumerate().flat_map(life).collect()
}

fn counts(table: &Value) -> Vec<u64> {
    table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["count"].as_u64().unwrap())
        .collect()
}

fn shares(table: &Value) -> Vec<f64> {
    table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["share_pct"].as_f64().unwrap())
        .collect()
}

fn rate(table: &Value, id: &str) -> (u64, u64, f64, u64) {
    let rates = table["rates"].as_array().unwrap();
    let rate = rates.iter().find(|rate| rate["id"] == id).unwrap();
    let whole = |field: &str| rate[field].as_u64().unwrap();
    (
        whole("numerator"),
        whole("denominator"),
        rate["pct"].as_f64().unwrap(),
        whole("formula_version"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn wuwei() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let mut events = mediated(&WUWEI, 26);
    // Accepted a second before and after the half-year in China: not counted.
    for (number, accepted_at) in [
        (9_001, "2021-12-31T15:59:59Z"),
        (9_002, "2022-06-30T16:00:00Z"),
    ] {
        let case = Case {
            accepted_at: at(accepted_at),
            ..Case::new(number)
        };
        events.extend([
            case.accepted(),
            case.decided(),
            case.ended(MediationOutcome::Agreed),
        ]);
    }
    feed(&service, &events).await?;
    let token = service.role("leader");
    let path =
        "/reporting/v1/statistics?dimension=type&columns=wuwei_2022&from=2022-01-01&to=2022-06-30";

    let plain = service.get(path, &token).await?.expect(200)?;
    assert_eq!(
        [&plain["received"], &plain["settled"], &plain["concluded"]],
        [3_436, 3_410, 3_436]
    );
    assert_eq!(plain["settled_rate_pct"], 99.2);
    assert_eq!(rate(&plain, "settled_rate"), (3_410, 3_436, 99.2, 2));
    assert_eq!(
        rate(&plain, "settled_of_concluded_rate"),
        (3_410, 3_436, 99.2, 2)
    );
    assert_eq!(counts(&plain), WUWEI.map(|(_, count, _)| count));
    for (share, (code, _, published)) in shares(&plain).iter().zip(WUWEI) {
        assert!(
            (share - published).abs() < 0.100_001,
            "{code}: {share} instead of {published}"
        );
    }
    assert_eq!(plain["rounding"]["method"], "half_up");
    assert_eq!(plain["rounding"]["column_total_pct"], 100.1);
    assert_eq!(plain["total_check"]["balanced"], true);
    assert_eq!(plain["residual"]["count"], 0);

    let forced = service
        .get(&format!("{path}&rounding=largest_remainder"), &token)
        .await?
        .expect(200)?;
    assert_eq!(shares(&forced), [16.9, 23.0, 16.4, 11.3, 32.4]);
    assert_eq!(forced["rounding"]["method"], "largest_remainder");
    assert_eq!(forced["rounding"]["column_total_pct"], 100.0);
    assert_eq!(counts(&forced), counts(&plain));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn huangshi() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let mut events = mediated(&HUANGSHI, 27);
    // One more is still open: settled/received and settled/concluded part.
    let open = Case {
        type_code: "other".to_owned(),
        accepted_at: at("2022-08-01T00:00:00Z"),
        ..Case::new(9_003)
    };
    events.extend([open.accepted(), open.decided()]);
    feed(&service, &events).await?;
    let token = service.role("evaluator");
    let path = "/reporting/v1/statistics?dimension=type&columns=moj_15";

    let table = service
        .get(&format!("{path}&to=2022-06-30"), &token)
        .await?
        .expect(200)?;
    assert_eq!([&table["received"], &table["settled"]], [869, 842]);
    assert_eq!(table["settled_rate_pct"], 96.9);
    assert_eq!(counts(&table), HUANGSHI.map(|(_, count, _)| count));
    assert_eq!(shares(&table), HUANGSHI.map(|(_, _, share)| share));

    let with_open = service.get(path, &token).await?.expect(200)?;
    assert_eq!(rate(&with_open, "settled_rate"), (842, 870, 96.8, 2));
    assert_eq!(
        rate(&with_open, "settled_of_concluded_rate"),
        (842, 869, 96.9, 2)
    );
    Ok(())
}

/// Zaozhuang 枣庄, 2022 to 19 May: 14,425 in all, named parts 14,212, so 213 are not listed.
#[tokio::test(flavor = "multi_thread")]
async fn zaozhuang() -> Result<()> {
    const PARTS: [(&str, u64); 6] = [
        ("peoples_mediation", 3_068),
        ("notarisation", 3_144),
        ("arbitration", 47),
        ("legal_aid", 164),
        ("forensic_appraisal", 2_882),
        ("advice_12348", 4_907),
    ];
    // Its sixth part is a route of its own there.
    let policies = tempfile::tempdir()?;
    for folder in ["default", "reference/calendar"] {
        let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../policies")
            .join(folder);
        std::fs::create_dir_all(policies.path().join(folder))?;
        for file in std::fs::read_dir(from)? {
            let file = file?;
            std::fs::copy(
                file.path(),
                policies.path().join(folder).join(file.file_name()),
            )?;
        }
    }
    std::fs::create_dir_all(policies.path().join("regions/6206"))?;
    std::fs::write(
        policies.path().join("regions/6206/routes.yaml"),
        "routes:\n  - code: advice_12348\n    name: {zh: 12348 咨询, en: Advice by 12348}\n    mediated: false\n    \
         charges_fee: false\n    clock: other_route.transfer\n    law: 法律援助法\n",
    )?;
    let service = TestService::<Reporting>::start_with(|config| {
        config.policy.dir = Some(policies.path().to_owned())
    })
    .await?;

    let routes = PARTS
        .iter()
        .flat_map(|(route, count)| (0..*count).map(|_| Some(*route)));
    let mut events = Vec::new();
    for (index, route) in routes.chain((0..213).map(|_| None)).enumerate() {
        let case = Case::new(u128::try_from(index)?);
        events.push(case.accepted());
        if let Some(route) = route {
            events.push(Case { route, ..case }.decided());
        }
    }
    feed(&service, &events).await?;

    let path =
        "/reporting/v1/statistics?dimension=route&from=2022-01-01&rounding=largest_remainder";
    let table = service
        .get(path, &service.role("leader"))
        .await?
        .expect(200)?;
    assert_eq!(table["received"], 14_425);
    for (route, count) in PARTS {
        let row = table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["code"] == route)
            .unwrap();
        assert_eq!(row["count"], count, "{route}");
    }
    assert_eq!(table["residual"]["count"], 213);
    assert_eq!(table["residual"]["share_pct"], 1.5);
    let check =
        serde_json::json!({ "parts": 14_212, "residual": 213, "total": 14_425, "balanced": true });
    assert_eq!(table["total_check"], check);
    assert_eq!(table["rounding"]["column_total_pct"], 100.0);
    Ok(())
}
