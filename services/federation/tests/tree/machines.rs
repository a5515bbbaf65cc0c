//! Whole machines that were put back to an earlier day: database and streams together, as a snapshot of a virtual machine does.
//! Nothing on such a machine tells that it was; the nodes around it know more than it does.

use std::path::PathBuf;

use async_nats::jetstream;
use chrono::{DateTime, Utc};

use crate::{
    node::{Node, eventually},
    told::{seen_whole, told_once, until_told},
};

/// What a machine is put back to.
struct Snapshot {
    database: String,
    store: PathBuf,
}

async fn take(node: &mut Node) -> Snapshot {
    node.stop().await;
    node.nats.stop().await.unwrap();
    let store = node.nats.copy_store().unwrap();
    let database = node.back_up().await;
    node.nats.restart().await.unwrap();
    node.serve().await;
    Snapshot { database, store }
}

/// Puts it back; the border desk does not run yet.
async fn put_back(node: &mut Node, snapshot: &Snapshot) {
    node.stop().await;
    node.nats.stop().await.unwrap();
    node.nats.put_store(&snapshot.store).unwrap();
    node.restore(&snapshot.database).await;
    node.nats.restart().await.unwrap();
}

/// When the stream was made; none while it is made anew.
async fn made_at(node: &Node, stream: &str) -> Option<DateTime<Utc>> {
    let streams = jetstream::new(node.anybody("fed").await);
    let stream = streams.get_stream(stream).await.ok()?;
    Some(stream.cached_info().created)
}

/// Before its link stands again it makes more than it had made since: every number was given before, and every place in its stream
/// was read before.
pub async fn a_county_put_back_by_a_snapshot_loses_nothing_it_does_since() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    let snapshot = take(&mut county).await;
    facts.extend(county.make(150).await);
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;

    put_back(&mut county, &snapshot).await;
    county.serve().await;
    let since = county.make(400).await;
    facts.extend(&since);
    county.taken(600).await;
    county.published().await;

    told_once(&city, &[(&county, &facts)]).await;
    eventually("a new epoch", async || county.sending().await.epoch == 2).await;
    seen_whole(&city, &county).await;
    facts.extend(county.make(50).await);
    told_once(&city, &[(&county, &facts)]).await;
    eventually("all of it is confirmed", async || {
        county.sending().await.unconfirmed < 4
    })
    .await;
    assert!(city.dead_letters().await.is_empty());
}

/// A runbook asks for a new epoch; the streams' places were read before all the same.
pub async fn a_county_put_back_by_a_snapshot_with_a_new_epoch_is_read_at_once() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(100).await;
    until_told(&city, &facts).await;
    let snapshot = take(&mut county).await;
    facts.extend(county.make(300).await);
    until_told(&city, &facts).await;
    put_back(&mut county, &snapshot).await;
    county.config.node.epoch = 2;
    county.serve().await;
    facts.extend(county.make(100).await);
    told_once(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
}

/// What comes down has no gapless numbers: its children say what they have heard.
pub async fn a_city_put_back_by_a_snapshot_is_heard_by_its_counties() {
    let mut city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(100).await;
    until_told(&city, &facts).await;
    let snapshot = take(&mut city).await;
    let before = made_at(&city, "DOWN").await;
    for _ in 0..6 {
        facts.extend(county.make(50).await);
        until_told(&city, &facts).await;
        eventually("it is confirmed", async || {
            county.sending().await.unconfirmed < 4
        })
        .await;
    }
    put_back(&mut city, &snapshot).await;
    city.serve().await;
    eventually("its stream down is made anew", async || {
        made_at(&city, "DOWN").await > before
    })
    .await;
    facts.extend(county.make(50).await);
    told_once(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    eventually("the county hears of it", async || {
        county.sending().await.unconfirmed < 4
    })
    .await;
}

/// The county's numbers began anew, and so the city's memory of the old ones is the only one to ask from.
pub async fn what_a_restored_city_lost_of_an_earlier_epoch_is_asked_for() {
    let mut city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(100).await;
    until_told(&city, &facts).await;
    city.stop().await;
    let copy = city.back_up().await;
    city.serve().await;
    facts.extend(county.make(200).await);
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;
    eventually("it is confirmed", async || {
        county.sending().await.unconfirmed < 4
    })
    .await;
    county.stop().await;
    county.config.node.epoch = 2;
    county.serve().await;
    facts.extend(county.make(50).await);
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;
    city.stop().await;
    city.restore(&copy).await;
    // What was sourced before is not sourced again: the city has acknowledged it.
    city.serve().await;
    told_once(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert!(city.dead_letters().await.is_empty());
}

/// What a county has kept long enough is gone; a new city passes over it, and whatever is lost later comes again.
pub async fn a_new_city_passes_over_what_its_county_keeps_no_more() {
    let mut city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let old = county.make(100).await;
    until_told(&city, &old).await;
    eventually("it is confirmed", async || {
        county.sending().await.unconfirmed < 4
    })
    .await;
    county
        .sql()
        .await
        .batch_execute(
            "DELETE FROM federation.up_outbox o USING federation.up_outbox_state s
             WHERE (o.epoch, o.seq) <= (s.confirmed_epoch, s.confirmed_seq)",
        )
        .await
        .unwrap();
    let mut facts = county.make(50).await;
    until_told(&city, &facts).await;
    // Its stream is new as well, and holds what was not confirmed only.
    county.published().await;
    county.nats.kill9().await;
    county.nats.lose_store().unwrap();
    county.nats.restart().await.unwrap();
    eventually("the county's streams are made anew", async || {
        let streams = jetstream::new(county.anybody("plat").await);
        streams.get_stream("EVENTS").await.is_ok()
    })
    .await;

    city.move_to_a_new_machine().await;
    federation::links::add_child(&city.db(), county.code)
        .await
        .unwrap();
    city.serve().await;
    facts.extend(county.make(50).await);
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;
    let link = city.sees(&county).await;
    assert!(link.passed_over > 0, "{link:?}");
}
