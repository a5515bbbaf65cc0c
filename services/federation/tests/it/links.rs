//! Who is linked, and who counts as silent.

use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use federation::{Federation, links};
use testkit::TestService;

const SILENT_AFTER: Duration = Duration::from_mins(3);

/// Code, whether it is a child, and whether it is silent, of all nodes below.
async fn seen(city: &TestService<Federation>) -> Vec<(String, bool, bool)> {
    let status = links::status(&city.db().unwrap(), SILENT_AFTER).await;
    let (links, _) = status.unwrap();
    let seen = links
        .iter()
        .map(|link| (link.code.to_string(), link.child, link.silent));
    seen.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_silent_from_its_link_on_and_not_when_it_was_taken_off() -> Result<()> {
    let city: TestService<Federation> =
        TestService::start_with(|config| "6206".clone_into(&mut config.node.region)).await?;
    let (db, county) = (city.db()?, "620602".parse()?);
    let (child, grandchild) = ("620602".to_owned(), "620602001".to_owned());
    links::add_child(&db, county).await.unwrap();
    assert_eq!(seen(&city).await, [(child.clone(), true, false)]);
    city.time.advance(TimeDelta::seconds(181));
    assert_eq!(seen(&city).await, [(child.clone(), true, true)]);

    // It is heard of, and one below it.
    let now = city.time.now();
    for code in [&child, &grandchild] {
        city.sql()
            .await?
            .execute(
                "INSERT INTO federation.nodes (code, last_contact, epoch, checkpoint, told_policy, clock_off_ms, release, policy_version)
                 VALUES ($1, $2, 1, 1, 'sha256:00', 0, '', '')",
                &[code, &now],
            )
            .await?;
    }
    let both = |silent| {
        vec![
            (child.clone(), true, silent),
            (grandchild.clone(), false, silent),
        ]
    };
    assert_eq!(seen(&city).await, both(false));
    city.time.advance(TimeDelta::seconds(181));
    assert_eq!(seen(&city).await, both(true));

    // Taken off it is no alarm any more; linked again it has time to be heard of, and is told everything again.
    assert!(links::remove_child(&db, county).await.unwrap());
    assert_eq!(seen(&city).await, []);
    city.time.advance(TimeDelta::hours(24));
    links::add_child(&db, county).await.unwrap();
    assert_eq!(
        seen(&city).await,
        [(child, true, false), (grandchild, false, true)]
    );
    assert_eq!(city.count("nodes WHERE told_policy = ''").await?, 1);
    Ok(())
}
