//! Links and processes that come and go; the stores stay.

use std::time::{Duration, Instant};

use accounts::push;
use async_nats::jetstream;
use chassis::{db::Cause, time::Time};
use chrono::TimeDelta;
use contracts::{
    Service,
    border::AuditAnswered,
    events::{Event, clock::ClockBreached, federation::AccountabilityMoved},
    ids::{CaseId, EventId, TypedId as _},
};
use federation::{
    audits::{self, Scope},
    links,
};

use crate::{
    node::{Node, eventually, now},
    told::{metric_of, seen_whole, told_once, told_once_in_order, until_told},
};

const SILENCE: &str = "fengqiao_federation_node_silence_seconds";

/// Moments nobody chose. The seed is printed; `FENGQIAO_SEED` gives the same ones again.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let given = std::env::var("FENGQIAO_SEED").ok();
        let seed = given.map_or_else(
            || Time::system().uuid().as_u64_pair().1,
            |seed| seed.parse().unwrap(),
        );
        println!("FENGQIAO_SEED={seed}");
        Self(seed)
    }

    /// The next number below `limit` (SplitMix64).
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cut_again_and_again_loses_nothing() {
    let city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let link = county.link.as_ref().unwrap();
    let mut chance = Chance::new();
    let breaking = async {
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_millis(50 + chance.below(700))).await;
            link.cut().await;
            tokio::time::sleep(Duration::from_millis(20 + chance.below(400))).await;
            link.heal().await;
        }
        // Long enough to be noticed.
        tokio::time::sleep(Duration::from_millis(300)).await;
        link.cut().await;
        eventually("the county is silent", async || {
            city.sees(&county).await.silent
        })
        .await;
        eventually("the alarm shows it", async || {
            metric_of(SILENCE, &county).is_some_and(|silence| silence > 3.0)
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
    eventually("the alarm is over", async || {
        metric_of(SILENCE, &county).is_some_and(|silence| silence < 3.0)
            && metric_of("fengqiao_federation_node_missing", &county) == Some(0.0)
    })
    .await;
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

    // What the county's desk itself tells arrives like the rest.
    let case_id: CaseId = Time::system().id();
    let breached = ClockBreached {
        clock_id: Time::system().id(),
        kind: "request.sign".to_owned(),
        object_id: Time::system().uuid(),
        case_id,
        due_at: now(),
        breach: Some("record".to_owned()),
        organisation_id: None,
    };
    let moved = AccountabilityMoved {
        case_id,
        from_node: county.code,
        to_node: city.code,
        request_id: Time::system().id(),
        at: now(),
    };
    tell(&county, case_id, &breached).await;
    tell(&county, case_id, &moved).await;
    for kind in [kind_of::<ClockBreached>(), kind_of::<AccountabilityMoved>()] {
        let arrived = format!("facts WHERE node = '620602' AND event_type = '{kind}'");
        eventually("it is counted above", async || {
            city.count(&arrived).await == 1
        })
        .await;
        let (there, here) = compared(&city, &county, &kind).await;
        assert_eq!((here.ids.len(), &here.rows), (1, &there.rows));
        assert_eq!(here.ids, there.ids);
    }
    assert!(city.dead_letters().await.is_empty());

    // They have the same, and when one is lost comparing them names it.
    let accepted = "fengqiao.intake.matter.accepted.v1";
    let (there, here) = compared(&city, &county, accepted).await;
    assert_eq!((there.ids, there.rows), (here.ids, here.rows));
    let sql = city.sql().await;
    sql.execute(
        "DELETE FROM federation.facts WHERE event_id = $1",
        &[&facts[7]],
    )
    .await
    .unwrap();
    let (there, here) = compared(&city, &county, accepted).await;
    assert_ne!(there.rows, here.rows);
    let lost: Vec<_> = there
        .ids
        .iter()
        .filter(|id| !here.ids.contains(id))
        .collect();
    assert_eq!(lost, [&EventId::from_uuid(facts[7])]);
}

fn kind_of<E: Event>() -> String {
    E::event_type(Service::Federation)
}

/// The node's border desk publishes an event of its own.
async fn tell<E: Event>(node: &Node, case_id: CaseId, event: &E) {
    let (db, cause) = (node.db(), Cause::new(&node.time));
    let told = db.tx("tell", &cause, async |tx| tx.publish(case_id, event));
    told.await.unwrap();
}

/// What the county has of its facts of a kind, and what the city has of them.
async fn compared(city: &Node, county: &Node, kind: &str) -> (AuditAnswered, AuditAnswered) {
    let (db, today) = (city.db(), (now() + TimeDelta::hours(8)).date_naive());
    let scope = Scope {
        // It may be midnight.
        from: today.pred_opt().unwrap(),
        to: today.succ_opt().unwrap(),
        node: Some(county.code),
        kind: Some(kind.to_owned()),
        after: None,
    };
    let question = audits::ask(&db, county.code, &scope).await.unwrap();
    let answer = async || audits::answer(&db, question).await.unwrap();
    eventually("the county answers", async || answer().await.is_some()).await;
    let here = audits::own(&db, county.code, &scope).await.unwrap();
    (answer().await.unwrap(), here)
}

pub async fn a_city_whose_server_and_desk_die_under_load_misses_nothing() {
    let mut city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(300).await;
    let (made, ()) = tokio::join!(county.make(500), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        city.crash().await;
        city.nats.kill9().await;
    });
    facts.extend(made);
    // Nobody is above, and the county works on.
    facts.extend(county.make(1_000).await);
    county.taken(facts.len()).await;
    let waiting = county.sending().await.unconfirmed;
    assert!(waiting >= 1_000, "{waiting}");

    let (made, ()) = tokio::join!(county.make(500), async {
        city.nats.restart().await.unwrap();
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
    let mut city = Node::root("6206").await;
    let west = Node::below(&city, "620602").await;
    let east = Node::below(&city, "620621").await;
    let (of_west, mut of_east) = tokio::join!(west.make(100), east.make(100));
    told_once_in_order(&city, &[(&west, &of_west), (&east, &of_east)]).await;

    // The city's server has more of it than the city's desk, which is being restarted.
    city.stop().await;
    let streams = jetstream::new(city.anybody("fed").await);
    let last = async || {
        let stream = streams.get_stream("UP").await.unwrap();
        stream.cached_info().state.last_sequence
    };
    let before = last().await;
    west.make(20).await;
    eventually("some are on their way", async || {
        last().await >= before + 20
    })
    .await;

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
    // What was on its way is none of a stranger's messages.
    city.serve().await;
    of_east.extend(east.make(200).await);
    told_once_in_order(&city, &[(&west, &of_west), (&east, &of_east)]).await;
    seen_whole(&city, &east).await;
    // It is nobody's alarm any more.
    let (seen, _) = links::status(&city.db(), city.config.federation.silent_after)
        .await
        .unwrap();
    assert!(seen.iter().all(|link| link.code != west.code));
    assert!(city.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_with_new_keys_is_heard_again_by_every_level_above() {
    let province = Node::root("62").await;
    let city = Node::below(&province, "6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(50).await;
    until_told(&province, &facts).await;
    let jwt = city.keys.remove(county.code, now()).unwrap();
    push(&city.system().await, &jwt).await.unwrap();
    assert!(links::remove_child(&city.db(), county.code).await.unwrap());
    // Until it has its new keys it goes on and shows the old ones in checkpoints, which are read when it is linked again.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut county = county.with_new_keys(&city).await;
    county.join(&city).await;
    facts.extend(county.make(50).await);
    for above in [&city, &province] {
        told_once(above, &[(&county, &facts)]).await;
        seen_whole(above, &county).await;
    }
    eventually("the county knows that all has arrived", async || {
        county.sending().await.confirmed > 100
    })
    .await;
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

/// Requests of a reader that has gone are still served for a while: whoever follows it must get over that.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_follows_another_at_once_is_given_everything() {
    let mut city = Node::root("6206").await;
    let mut facts = 0;
    for _ in 0..5 {
        facts += i64::try_from(city.make(50).await.len()).unwrap();
        city.stop().await;
        city.follow().await;
        facts += i64::try_from(city.make(50).await.len()).unwrap();
        let started = Instant::now();
        let kept = async || city.count("facts").await == facts;
        eventually("all are kept", kept).await;
        assert!(started.elapsed() < Duration::from_secs(30));
    }
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
