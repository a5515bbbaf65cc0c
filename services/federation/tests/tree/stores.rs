//! Streams that are lost, emptied, rolled back, or too small. The databases stay.

use std::time::Duration;

use async_nats::jetstream::{self, stream::Info};

use crate::{
    node::{Node, eventually},
    told::{metric, seen_whole, told_once, told_once_in_order, until_told},
};

async fn up(node: &Node) -> Info {
    let streams = jetstream::new(node.anybody("fed").await);
    let stream = streams.get_stream("UP").await.unwrap();
    stream.cached_info().clone()
}

/// The origin's sequences in UP, in the order of the stream.
async fn sequences(node: &Node) -> Vec<i64> {
    let streams = jetstream::new(node.anybody("fed").await);
    let stream = streams.get_stream("UP").await.unwrap();
    let state = stream.cached_info().state.clone();
    let mut sequences = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        let message = stream.get_raw_message(sequence).await.unwrap();
        sequences.push(
            message
                .headers
                .get("fq-seq")
                .unwrap()
                .as_str()
                .parse()
                .unwrap(),
        );
    }
    sequences
}

pub async fn a_store_rolled_back_is_noticed_at_the_start_and_repaired_first() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    county.stop().await;
    county.nats.stop().await.unwrap();
    let copy = county.nats.copy_store().unwrap();
    county.nats.restart().await.unwrap();
    county.serve().await;

    // The city has seen sequences that the rolled-back stream will give again, and some facts are in the stream only.
    facts.extend(county.make(200).await);
    until_told(&city, &facts).await;
    county.link.as_ref().unwrap().cut().await;
    facts.extend(county.make(100).await);
    county.taken(facts.len()).await;
    county.published().await;
    county.stop().await;
    let before = up(&county).await;
    county.nats.stop().await.unwrap();
    county.nats.put_store(&copy).unwrap();
    county.nats.restart().await.unwrap();
    assert!(up(&county).await.state.last_sequence < before.state.last_sequence);
    county.link.as_ref().unwrap().heal().await;
    county.serve().await;
    facts.extend(county.make(100).await);

    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert!(up(&county).await.created > before.created);
    // The old ones first, then the new ones.
    let sequences = sequences(&county).await;
    assert!(sequences.is_sorted(), "{sequences:?}");
    assert!(city.dead_letters().await.is_empty());
}

pub async fn a_store_rolled_back_under_a_running_desk_is_repaired_first() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    county.published().await;
    county.nats.stop().await.unwrap();
    let copy = county.nats.copy_store().unwrap();
    county.nats.restart().await.unwrap();
    facts.extend(county.make(200).await);
    until_told(&city, &facts).await;
    county.published().await;
    county.nats.kill9().await;
    county.nats.put_store(&copy).unwrap();
    county.nats.restart().await.unwrap();
    facts.extend(county.make(300).await);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    let sequences = sequences(&county).await;
    assert!(sequences.is_sorted(), "{sequences:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_store_is_filled_again_with_what_the_city_does_not_have() {
    let city = Node::root("6206").await;
    let mut county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&city, &facts).await;
    county.link.as_ref().unwrap().cut().await;
    facts.extend(county.make(200).await);
    county.taken(facts.len()).await;
    county.published().await;
    county.nats.kill9().await;
    county.nats.lose_store().unwrap();
    county.nats.restart().await.unwrap();
    county.link.as_ref().unwrap().heal().await;
    eventually("the streams are made anew", async || {
        let streams = jetstream::new(county.anybody("plat").await);
        streams.get_stream("EVENTS").await.is_ok()
    })
    .await;
    facts.extend(county.make(300).await);
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
    assert!(city.dead_letters().await.is_empty() && county.dead_letters().await.is_empty());
}

pub async fn a_city_that_loses_its_store_has_all_again_from_below() {
    let province = Node::root("62").await;
    let mut city = Node::below(&province, "6206").await;
    let west = Node::below(&city, "620602").await;
    let east = Node::below(&city, "620621").await;
    let (mut of_west, mut of_east) = tokio::join!(west.make(300), east.make(300));
    until_told(&city, &of_west).await;
    let mut of_city = city.make(100).await;
    city.taken(of_city.len()).await;
    let (more_west, more_east, ()) = tokio::join!(west.make(400), east.make(400), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        city.nats.kill9().await;
        city.nats.lose_store().unwrap();
        city.nats.restart().await.unwrap();
    });
    of_west.extend(more_west);
    of_east.extend(more_east);
    eventually("the streams are made anew", async || {
        let streams = jetstream::new(city.anybody("plat").await);
        streams.get_stream("EVENTS").await.is_ok()
    })
    .await;
    of_city.extend(city.make(100).await);
    told_once_in_order(&city, &[(&west, &of_west), (&east, &of_east)]).await;
    let all: [(&Node, &[_]); 3] = [(&west, &of_west), (&east, &of_east), (&city, &of_city)];
    told_once(&province, &all).await;
    for node in [&west, &east] {
        seen_whole(&city, node).await;
        seen_whole(&province, node).await;
    }
    seen_whole(&province, &city).await;
    assert!(city.dead_letters().await.is_empty() && province.dead_letters().await.is_empty());
}

pub async fn a_city_rolled_back_hides_nothing_of_its_counties_from_the_province() {
    let province = Node::root("62").await;
    let mut city = Node::below(&province, "6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(200).await;
    until_told(&province, &facts).await;
    city.stop().await;
    city.nats.stop().await.unwrap();
    let copy = city.nats.copy_store().unwrap();
    city.nats.restart().await.unwrap();
    city.serve().await;
    facts.extend(county.make(200).await);
    until_told(&province, &facts).await;
    // Its own messages are few: most of what is rolled back came from below.
    city.stop().await;
    city.nats.stop().await.unwrap();
    city.nats.put_store(&copy).unwrap();
    let (made, ()) = tokio::join!(county.make(200), async {
        city.nats.restart().await.unwrap();
        city.serve().await;
    });
    facts.extend(made);
    told_once(&province, &[(&county, &facts)]).await;
    told_once(&city, &[(&county, &facts)]).await;
    seen_whole(&province, &county).await;
    seen_whole(&city, &county).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_too_small_for_a_long_cut_holds_back_and_loses_nothing() {
    let mut city = Node::root("6206").await;
    let mut county = Node::invited(&city, "620602").await;
    county.config.federation.max_bytes = 300 << 10;
    county.join(&city).await;
    let mut facts = county.make(50).await;
    until_told(&city, &facts).await;
    // One process of the border desk, one set of metrics.
    city.stop().await;
    county.link.as_ref().unwrap().cut().await;
    facts.extend(county.make(600).await);
    county.taken(facts.len()).await;
    let waiting = async || county.count("up_outbox WHERE stream_seq IS NULL").await;
    // Longer than publishing takes.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = u32::try_from(waiting().await).unwrap();
    assert!(before > 100, "{before} wait");
    assert!(up(&county).await.state.bytes <= 300 << 10);
    facts.extend(county.make(100).await);
    county.taken(facts.len()).await;
    eventually("the alarm shows what waits", async || {
        let pending = metric("fengqiao_outbox_pending", "federation.up");
        pending.is_some_and(|pending| pending > f64::from(before))
    })
    .await;
    assert!(county.sending().await.unconfirmed > 700);
    eventually("and what is not confirmed, and its age", async || {
        metric("fengqiao_federation_up_unconfirmed", "") > Some(700.0)
            && metric("fengqiao_federation_up_unconfirmed_oldest_age_seconds", "") > Some(3.0)
    })
    .await;

    // A larger stream, and a way to the city again.
    county.stop().await;
    county.config.federation.max_bytes = 64 << 20;
    county.serve().await;
    county.published().await;
    county.link.as_ref().unwrap().heal().await;
    city.serve().await;
    told_once_in_order(&city, &[(&county, &facts)]).await;
    seen_whole(&city, &county).await;
}

/// What went up years ago; the parent has confirmed the first four.
const LONG_AGO: &str = "
    SET search_path = federation;
    INSERT INTO up_outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, payload, occurred_at, epoch, seq,
                           stream_seq)
    SELECT gen_random_uuid(), 'up.62.06._._.fact.sent', 'fengqiao.federation.fact.sent.v1', gen_random_uuid(), 0,
           gen_random_uuid(), '{}', '2020-01-01', 1, n, n FROM generate_series(1, 10) AS n;
    UPDATE up_outbox_state SET next_seq = 11, confirmed_epoch = 1, confirmed_seq = 4";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_parent_has_not_confirmed_is_kept_however_old() {
    let mut city = Node::root("6206").await;
    city.stop().await;
    city.sql().await.batch_execute(LONG_AGO).await.unwrap();
    city.serve().await;
    // The stream has none of it: what is not confirmed is published again.
    eventually(
        "what was confirmed is gone, and the rest goes up",
        async || {
            city.count("up_outbox WHERE seq <= 4").await == 0
                && city
                    .count("up_outbox WHERE stream_seq > 0 AND replays = 1")
                    .await
                    == 6
        },
    )
    .await;
}
