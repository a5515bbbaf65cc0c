//! What goes wrong between nodes, on real servers: each node with its own nats-server, database and border desk, links over TLS
//! through a network that can be broken.
#![cfg(test)]
#![expect(clippy::large_futures, reason = "one a test")]

mod databases;
mod links;
mod machines;
mod messages;
mod node;
mod policy;
mod stores;
mod told;

use futures_util::future::{FutureExt as _, LocalBoxFuture, join_all};

/// A source whose parent was away asks again after up to 40 s (nats-server 2.15): what has to wait for that waits together.
#[tokio::test(flavor = "multi_thread")]
async fn what_sources_take_their_time_for() {
    let side_by_side: [LocalBoxFuture<'_, ()>; 6] = [
        links::a_city_whose_server_and_desk_die_under_load_misses_nothing().boxed_local(),
        databases::a_new_city_has_everything_from_its_counties().boxed_local(),
        stores::a_store_rolled_back_is_noticed_at_the_start_and_repaired_first().boxed_local(),
        stores::a_store_rolled_back_under_a_running_desk_is_repaired_first().boxed_local(),
        stores::a_city_that_loses_its_store_has_all_again_from_below().boxed_local(),
        stores::a_city_rolled_back_hides_nothing_of_its_counties_from_the_province().boxed_local(),
    ];
    join_all(side_by_side).await;
}

/// The same for machines that were put back.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_back_is_read_after_a_while() {
    let side_by_side: [LocalBoxFuture<'_, ()>; 5] = [
        machines::a_county_put_back_by_a_snapshot_loses_nothing_it_does_since().boxed_local(),
        machines::a_county_put_back_by_a_snapshot_with_a_new_epoch_is_read_at_once().boxed_local(),
        machines::a_city_put_back_by_a_snapshot_is_heard_by_its_counties().boxed_local(),
        machines::what_a_restored_city_lost_of_an_earlier_epoch_is_asked_for().boxed_local(),
        machines::a_new_city_passes_over_what_its_county_keeps_no_more().boxed_local(),
    ];
    join_all(side_by_side).await;
}
