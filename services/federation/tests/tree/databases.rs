//! Databases that were restored from a backup, copied, or made anew.

use async_nats::jetstream;
use federation::links;

use crate::{
    node::{Node, eventually},
    told::{metric_of, seen_whole, told_once, told_once_in_order, until_told},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_city_restored_from_a_backup_asks_for_what_it_has_lost() {
    let mut city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    city.stop().await;
    let copy = city.back_up().await;
    city.serve().await;
    facts.extend(county.make(300).await);
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;
    city.stop().await;
    city.restore(&copy).await;
    // Nobody thought of the epoch: the county's next checkpoint shows what is missing.
    city.serve().await;
    facts.extend(county.make(100).await);
    let missing = || metric_of("fengqiao_federation_node_missing", &county);
    eventually("operations see the gap", async || {
        missing().is_some_and(|missing| missing >= 300.0)
    })
    .await;
    eventually("it is asked for", async || {
        county.count("up_outbox WHERE replays > 0").await > 0
    })
    .await;
    told_once(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    eventually("operations see that it is closed", async || {
        missing() == Some(0.0)
    })
    .await;
    assert!(city.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_restored_with_a_new_epoch_reads_its_streams_again() {
    let mut city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    city.stop().await;
    let copy = city.back_up().await;
    city.serve().await;
    facts.extend(county.make(300).await);
    until_told(&city, &facts).await;
    city.stop().await;
    city.restore(&copy).await;
    city.config.node.epoch = 2;
    let made = {
        city.serve().await;
        county.make(100).await
    };
    facts.extend(made);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert_eq!(county.count("up_outbox WHERE replays > 0").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_restored_with_a_new_epoch_is_not_taken_for_the_old_one() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;
    county.stop().await;
    let copy = county.back_up().await;
    county.serve().await;
    facts.extend(county.make(200).await);
    until_told(&city, &facts).await;
    county.stop().await;
    county.restore(&copy).await;
    county.config.node.epoch = 2;
    county.serve().await;
    facts.extend(county.make(300).await);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert_eq!(city.sees(&county).await.epoch, 2);
    eventually("the new epoch is confirmed", async || {
        county.sending().await.confirmed_epoch == 2
    })
    .await;
    assert!(city.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_restored_without_a_new_epoch_begins_one_by_itself() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    county.stop().await;
    let copy = county.back_up().await;
    county.serve().await;
    facts.extend(county.make(200).await);
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;
    county.stop().await;
    county.restore(&copy).await;
    county.serve().await;
    facts.extend(county.make(300).await);
    told_once(&city, &[(&county, &facts)]).await;
    eventually("a new epoch", async || county.sending().await.epoch == 2).await;
    facts.extend(county.make(50).await);
    told_once(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert_eq!(city.sees(&county).await.epoch, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_database_at_another_county_is_seen() {
    let city = Node::root("6206").await;
    let mut west = Node::below(&city, "620602").await;
    let mut east = Node::invited(&city, "620621").await;
    let mut of_west = west.make(60).await;
    until_told(&city, &of_west).await;
    west.stop().await;
    let copy = west.back_up().await;
    west.serve().await;
    east.restore(&copy).await;
    east.join(&city).await;
    let of_east = east.make(100).await;
    of_west.extend(west.make(100).await);
    told_once_in_order(&city, &[(&west, &of_west), (&east, &of_east)]).await;
    let facts = |letters: &[chassis::bus::dead_letters::DeadLetter]| {
        let of_east = letters.iter().filter(|letter| {
            letter.nats_subject == "up.62.06.21._.fact.sent" && letter.problem == "conflict"
        });
        of_east.count()
    };
    eventually("every copy is kept aside", async || {
        facts(&city.dead_letters().await) == 60
    })
    .await;
    // Both go on, and nothing is asked for for ever.
    seen_whole(&city, &west).await;
    seen_whole(&city, &east).await;
    assert_eq!(facts(&city.dead_letters().await), 60);
}

pub async fn a_new_city_has_everything_from_its_counties() {
    let mut city = Node::root("6206").await;
    let west = Node::below(&city, "620602").await;
    let mut east = Node::below(&city, "620621").await;
    let (mut of_west, mut of_east) = tokio::join!(west.make(400), east.make(400));
    until_told(&city, &of_west).await;
    until_told(&city, &of_east).await;
    seen_whole(&city, &east).await;
    city.move_to_a_new_machine().await;
    // The east's stream is new as well: what the old city confirmed is in its database only.
    east.published().await;
    east.nats.kill9().await;
    east.nats.lose_store().unwrap();
    east.nats.restart().await.unwrap();
    for child in [&west, &east] {
        links::add_child(&city.db(), child.code).await.unwrap();
    }
    city.serve().await;
    eventually("the east's streams are made anew", async || {
        let streams = jetstream::new(east.anybody("plat").await);
        streams.get_stream("EVENTS").await.is_ok()
    })
    .await;
    let (more_west, more_east) = tokio::join!(west.make(100), east.make(100));
    of_west.extend(more_west);
    of_east.extend(more_east);
    told_once(&city, &[(&west, &of_west), (&east, &of_east)]).await;
    seen_whole(&city, &west).await;
    seen_whole(&city, &east).await;
    assert!(city.dead_letters().await.is_empty());
}
