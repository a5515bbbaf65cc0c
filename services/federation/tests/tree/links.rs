//! Links and processes that come and go; the stores stay.

use std::time::{Duration, Instant};

use accounts::push;
use async_nats::jetstream;
use federation::links;

use crate::{
    node::{Node, eventually, now},
    told::{seen_whole, told_once, told_once_in_order},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cut_again_and_again_loses_nothing() {
    let city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let link = county.link.as_ref().unwrap();
    let breaking = async {
        for pause in [150, 420, 90, 700, 260] {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            link.cut().await;
            tokio::time::sleep(Duration::from_millis(pause / 2)).await;
            link.heal().await;
        }
        // Long enough to be noticed.
        tokio::time::sleep(Duration::from_millis(300)).await;
        link.cut().await;
        eventually("the county is silent", async || {
            city.sees(&county).await.silent
        })
        .await;
        assert!(city.dead_letters().await.is_empty());
        link.heal().await;
    };
    let (facts, ()) = tokio::join!(county.make(2_000), breaking);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    eventually("the county knows that all has arrived", async || {
        county.sending().await.unconfirmed < 5
    })
    .await;
    assert!(county.sending().await.parent_heard_at.is_some());
    assert!(city.dead_letters().await.is_empty() && county.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_that_dies_comes_back_with_all_it_had() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(300).await;
    for round in 0..3_u64 {
        facts.extend(county.make(200).await);
        // In the middle of its work, once with its server and twice without.
        county.crash().await;
        if round == 0 {
            county.nats.kill9().await;
            eventually("the county is silent", async || {
                city.sees(&county).await.silent
            })
            .await;
            county.nats.restart().await.unwrap();
        }
        county.serve().await;
    }
    facts.extend(county.make(100).await);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert!(city.dead_letters().await.is_empty() && county.dead_letters().await.is_empty());
}

pub async fn a_city_whose_server_and_desk_die_under_load_misses_nothing() {
    let mut city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(300).await;
    let (made, ()) = tokio::join!(county.make(1_500), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        city.crash().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        city.serve().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        // Its desk waits for the server.
        city.nats.kill9().await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        city.nats.restart().await.unwrap();
    });
    facts.extend(made);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert!(city.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_county_is_cut_at_once_and_its_sibling_goes_on() {
    let city = Node::root("6206").await;
    let west = Node::below(&city, "620602").await;
    let east = Node::below(&city, "620621").await;
    let (of_west, mut of_east) = tokio::join!(west.make(100), east.make(100));
    told_once_in_order(&city, &[(&west, &of_west), (&east, &of_east)]).await;

    let system = city.system().await;
    let started = Instant::now();
    let jwt = city.keys.remove(west.code, now()).unwrap();
    push(&system, &jwt).await.unwrap();
    eventually("the link is gone", async || {
        let links = accounts::links(&system).await.unwrap();
        links.iter().all(|link| link.name != "node-620602")
    })
    .await;
    assert!(started.elapsed() < Duration::from_secs(1));
    // It makes facts that go nowhere, before and after the city's desk has taken it off.
    west.make(50).await;
    assert!(links::remove_child(&city.db(), west.code).await.unwrap());
    west.make(50).await;
    of_east.extend(east.make(200).await);
    told_once_in_order(&city, &[(&west, &of_west), (&east, &of_east)]).await;
    seen_whole(&city, &east).await;
    eventually("the silence is seen", async || {
        city.sees(&west).await.silent
    })
    .await;
    assert!(!city.sees(&west).await.child);
    assert!(city.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_of_a_desk_do_nothing_twice() {
    let mut city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let (beside_city, beside_county) = tokio::join!(city.process(), county.process());
    let (mut facts, ()) = tokio::join!(county.make(800), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        // The second ones take over.
        city.crash().await;
        county.crash().await;
    });
    facts.extend(county.make(200).await);
    told_once(&city, &[(&county, &facts)]).await;
    county.serve().await;
    city.serve().await;
    facts.extend(county.make(100).await);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    beside_city.kill();
    beside_county.kill();
    assert!(city.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_forgets_before_it_joins_is_read_again() {
    let mut city = Node::root("6206").await;
    let facts = i64::try_from(city.make(40).await.len()).unwrap();
    let kept = async || city.count("facts").await == facts;
    eventually("its own facts are kept", kept).await;
    city.stop().await;
    links::forget_own_events(&city.db()).await.unwrap();
    assert_eq!(city.count("facts").await, 0);
    // As if the outboxes had been published again: everything is read from the beginning.
    let events = jetstream::new(city.anybody("plat").await);
    let stream = events.get_stream("EVENTS").await.unwrap();
    stream.delete_consumer("federation").await.unwrap();
    city.serve().await;
    let kept = async || city.count("facts").await == facts;
    eventually("they are kept again", kept).await;
    assert!(city.dead_letters().await.is_empty());
}
