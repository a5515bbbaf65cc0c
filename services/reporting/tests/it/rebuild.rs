//! The ledger made again from the event log gives the same numbers.

use anyhow::{Result, anyhow};
use contracts::events::mediation::MediationOutcome;
use reporting::{Reporting, rebuild};
use testkit::TestService;

use crate::feed::{Case, everything, feed};

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuilt_ledger_gives_identical_numbers() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let regions = ["620602", "620602001", "620621", "6206"];
    let types = [
        "marriage_family",
        "neighbour",
        "labour.wage_arrears",
        "damages",
    ];
    let mut events = Vec::new();
    for number in 0..300_usize {
        let case = Case {
            region: regions[number % 4],
            type_code: types[number / 3 % 4].to_owned(),
            amount_fen: (number % 2 == 0).then_some(12_345),
            ..Case::new(u128::try_from(number)?)
        };
        match number % 5 {
            0 => events.extend(case.story()),
            1 => events.extend([case.registered()]),
            2 => events.extend([case.accepted(), case.decided()]),
            3 => events.extend([
                case.accepted(),
                case.decided(),
                case.ended(MediationOutcome::Refused),
            ]),
            _ => events.extend([
                case.accepted(),
                case.rated(3, 4),
                case.effective(&[5, 9_000]),
            ]),
        }
    }
    feed(&service, &events).await?;
    let before = everything(&service).await?;
    assert_eq!(
        before
            .first()
            .and_then(|page| page.as_array())
            .map(Vec::len),
        Some(200)
    );

    let db = service.db()?;
    let applied = rebuild(&db)
        .await
        .map_err(|problem| anyhow!("{problem:?}"))?;
    assert_eq!(applied, u64::try_from(events.len())?);
    assert_eq!(everything(&service).await?, before);

    // Whatever happened to the ledger, the log makes it whole.
    let admin = testkit::postgres::connect(&service.database.admin_url()).await?;
    admin.batch_execute("UPDATE reporting.ledger SET outcome = 'failed'; DELETE FROM reporting.ledger WHERE type_code IS NULL").await?;
    assert_ne!(everything(&service).await?, before);
    rebuild(&db)
        .await
        .map_err(|problem| anyhow!("{problem:?}"))?;
    assert_eq!(everything(&service).await?, before);
    Ok(())
}
