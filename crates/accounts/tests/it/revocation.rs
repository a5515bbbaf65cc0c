//! How a link is cut: revoked, replaced, expired.

use std::time::{Duration, Instant};

use accounts::push;
use chrono::TimeDelta;

use crate::support::{Node, Stranger, now, publish, region, until_messages};

#[tokio::test]
async fn a_revoked_link_is_cut_at_once_and_a_replaced_one_goes_on() {
    let mut city = Node::new("6206");
    let mut west = Node::below(&city, "620602");
    tokio::join!(city.start(), west.start());
    let config = std::fs::read(city.config_file()).unwrap();
    // Invited while the server runs.
    let mut east = Node::below(&city, "620621");
    east.start().await;
    city.until_children(&["node-620602", "node-620621"]).await;
    let desk = city.make_streams(&["620602", "620621"]).await;
    let (west_desk, east_desk) = tokio::join!(west.make_streams(&[]), east.make_streams(&[]));
    publish(&west_desk, "up.62.06.02._.case.registered", "1").await;
    publish(&east_desk, "up.62.06.21._.case.registered", "1").await;
    until_messages(&desk, "UP", 2).await;
    let system = city.system().await;
    let east_link = accounts::links(&system).await.unwrap();
    let east_link = east_link.iter().find(|l| l.name == "node-620621").unwrap();

    // New credentials for the west, the old ones taken back: it comes back with the new ones.
    let (invitation, old) = city.keys.rotate(&city.invite("620602"), now()).unwrap();
    assert_eq!(old.len(), 1);
    west.keys.accept(&invitation, now()).unwrap();
    push(&system, &city.keys.revoke(&old[0], now()).unwrap())
        .await
        .unwrap();
    publish(&west_desk, "up.62.06.02._.case.closed", "2").await;
    until_messages(&desk, "UP", 3).await;
    assert_eq!(
        city.keys.standing(region("620602"), now()).unwrap(),
        [invitation.user().unwrap()]
    );

    // All of the west's credentials taken back: the link is gone at once and stays gone.
    let started = Instant::now();
    push(&system, &city.keys.remove(region("620602"), now()).unwrap())
        .await
        .unwrap();
    city.until_children(&["node-620621"]).await;
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    publish(&west_desk, "up.62.06.02._.case.closed", "3").await;
    publish(&east_desk, "up.62.06.21._.case.closed", "2").await;
    until_messages(&desk, "UP", 4).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let links = accounts::links(&system).await.unwrap();
    assert_eq!(links.len(), 1);
    // The other link was never interrupted, and the configuration never touched.
    assert_eq!(&links[0], east_link);
    assert_eq!(std::fs::read(city.config_file()).unwrap(), config);
    assert_eq!(crate::support::messages(&desk, "UP").await, 4);

    // What was revoked stays so when the server starts again with the configuration of before.
    city.restart().await;
    assert_eq!(std::fs::read(city.config_file()).unwrap(), config);
    city.until_children(&["node-620621"]).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(city.children().await, ["node-620621"]);
}

#[tokio::test]
async fn expired_credentials_open_no_link_and_a_link_ends_with_them() {
    let mut city = Node::new("6206");
    city.start().await;
    let mut invite = city.invite("620602");
    invite.expires_at = now() + TimeDelta::seconds(3);
    let short = city.keys.invite(&invite, now()).unwrap();
    let _stranger = Stranger::start(&short).await;
    city.until_children(&["stranger"]).await;
    city.until_children(&[]).await;
    assert!(now() >= short.expires_at - TimeDelta::seconds(1));
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(city.children().await.is_empty());
}
