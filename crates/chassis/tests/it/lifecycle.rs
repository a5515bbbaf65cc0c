//! Tasks that end, fail and do not end.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use chassis::lifecycle::{Lifecycle, LifecycleError};

use crate::http::toy::beside;

const GRACE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn tasks_finish_what_they_do() {
    let lifecycle = Lifecycle::new();
    let (done, ended) = tokio::sync::oneshot::channel();
    let soft = lifecycle.soft().clone();
    lifecycle.spawn("worker", async move {
        soft.cancelled().await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let _ = done.send("finished");
        Ok::<(), String>(())
    });
    lifecycle.spawn("short", async { Ok::<(), String>(()) });
    let waiting = lifecycle.clone();
    let running = beside(async move { waiting.run_until_stopped(GRACE).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(
        !running.is_finished(),
        "a task that ends well does not stop the process"
    );
    lifecycle.stop();
    assert_eq!(running.await.unwrap(), Ok(()));
    assert_eq!(ended.await, Ok("finished"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_task_ends_the_process_and_names_itself() {
    let failed = |task, message: &str| {
        Err(LifecycleError::TaskFailed {
            task,
            message: message.to_owned(),
        })
    };
    let lifecycle = Lifecycle::new();
    lifecycle.spawn("relay", async { Err("no stream") });
    assert_eq!(
        lifecycle.run_until_stopped(GRACE).await,
        failed("relay", "no stream")
    );

    let lifecycle = Lifecycle::new();
    lifecycle.spawn("relay", async {
        tokio::task::yield_now().await;
        let empty: Vec<u8> = Vec::new();
        assert_eq!(empty.len(), 1, "as expected");
        Ok::<(), String>(())
    });
    let LifecycleError::TaskFailed { task, message } =
        lifecycle.run_until_stopped(GRACE).await.unwrap_err()
    else {
        panic!("the panic was not noticed");
    };
    assert_eq!(task, "relay");
    assert!(message.contains("as expected"), "{message}");

    let lifecycle = Lifecycle::new();
    lifecycle.spawn_local_thread("consumer", || async { Err("poisoned") });
    assert_eq!(
        lifecycle.run_until_stopped(GRACE).await,
        failed("consumer", "poisoned")
    );
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "what is tried here is that it works"
)]
async fn a_task_on_its_own_thread_need_not_be_send() {
    let lifecycle = Lifecycle::new();
    let (send, receive) = tokio::sync::oneshot::channel();
    let soft = lifecycle.soft().clone();
    lifecycle.spawn_local_thread("consumer", move || async move {
        let count = Rc::new(Cell::new(0));
        let shared = Rc::clone(&count);
        tokio::task::spawn_local(async move { shared.set(41) })
            .await
            .map_err(|error| error.to_string())?;
        let name = std::thread::current().name().map(str::to_owned);
        let _ = send.send((count.get() + 1, name));
        soft.cancelled().await;
        Ok::<(), String>(())
    });
    assert_eq!(receive.await.unwrap(), (42, Some("consumer".to_owned())));
    assert_eq!(lifecycle.wait(GRACE).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_is_dropped_after_the_grace() {
    struct Dropped(
        tokio::sync::mpsc::UnboundedSender<&'static str>,
        &'static str,
    );
    impl Drop for Dropped {
        fn drop(&mut self) {
            let _ = self.0.send(self.1);
        }
    }
    let lifecycle = Lifecycle::new();
    let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
    let (first, second) = (Dropped(send.clone(), "task"), Dropped(send, "thread"));
    lifecycle.spawn("endless", async move {
        let _kept = first;
        std::future::pending::<Result<(), String>>().await
    });
    lifecycle.spawn_local_thread("endless-thread", move || async move {
        let _kept = second;
        std::future::pending::<Result<(), String>>().await
    });
    let began = Instant::now();
    assert_eq!(
        lifecycle.wait(Duration::from_millis(200)).await,
        Err(LifecycleError::Forced)
    );
    assert!(began.elapsed() < Duration::from_secs(2));
    let mut dropped = vec![receive.recv().await.unwrap(), receive.recv().await.unwrap()];
    dropped.sort_unstable();
    assert_eq!(dropped, ["task", "thread"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_stops_softly_and_a_second_one_hard() {
    let lifecycle = Lifecycle::new();
    lifecycle.spawn("endless", std::future::pending::<Result<(), String>>());
    let waiting = lifecycle.clone();
    let running = beside(async move { waiting.run_until_stopped(Duration::from_secs(60)).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let signal = || {
        std::process::Command::new("kill")
            .args(["-TERM", &std::process::id().to_string()])
            .status()
    };
    assert!(signal().unwrap().success());
    tokio::time::timeout(GRACE, lifecycle.soft().cancelled())
        .await
        .expect("the first asks");
    assert!(!lifecycle.hard().is_cancelled());
    assert!(signal().unwrap().success());
    let ended = tokio::time::timeout(GRACE, running)
        .await
        .expect("the second ends it")
        .unwrap();
    assert_eq!(ended, Err(LifecycleError::Forced));
}
