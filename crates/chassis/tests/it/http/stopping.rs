//! Stopping a server.

use std::time::{Duration, Instant};

use chassis::lifecycle::LifecycleError;

use super::toy::{Toy, answer, beside};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_under_way_is_finished() {
    let toy = Toy::start().await;
    let slow = beside(toy.get("/intake/v1/wait?ms=1500").send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    let stopped = toy.lifecycle.wait(Duration::from_secs(10)).await;
    assert_eq!(stopped, Ok(()));
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "idle connections do not hold the stop up"
    );
    assert_eq!(slow.await.unwrap().unwrap().status(), 204);
    assert!(
        toy.get("/intake/v1/toys").send().await.is_err(),
        "nothing listens any more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_does_not_end_is_dropped() {
    let toy = Toy::start().await;
    assert_eq!(answer(toy.get("/intake/v1/wait?ms=0")).await.0, 204);
    let slow = beside(toy.get("/intake/v1/wait?ms=20000").send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    let stopped = toy.lifecycle.wait(Duration::from_millis(500)).await;
    assert_eq!(stopped, Err(LifecycleError::Forced));
    assert!(began.elapsed() < Duration::from_secs(5));
    slow.abort();
}
