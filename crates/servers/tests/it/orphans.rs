//! No server outlives a process that is killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use servers::{NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};

const DIRECTORY: &str = "FENGQIAO_TEST_ORPHANS";

/// The process that is killed: this test binary, asked for just this.
#[tokio::test]
#[ignore = "run by servers_end_with_a_killed_process"]
async fn holds_servers_until_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let directory = Path::new(&directory);
    let postgres =
        PrivatePostgres::start(&directory.join("postgres"), PostgresOptions::for_tests())
            .await
            .unwrap();
    let nats = PrivateNats::start(&directory.join("nats"), NatsOptions::for_tests())
        .await
        .unwrap();
    println!("\nports {} {}", postgres.port(), nats.port());
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn servers_end_with_a_killed_process() {
    let directory = tempfile::tempdir().unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "orphans::holds_servers_until_killed",
            "--nocapture",
        ])
        .env(DIRECTORY, directory.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let ports: Vec<u16> = lines
        .find_map(|line| {
            Some(
                line.unwrap()
                    .strip_prefix("ports ")?
                    .split(' ')
                    .map(|port| port.parse().unwrap())
                    .collect(),
            )
        })
        .expect("the holder says where its servers are");
    assert!(ports.iter().all(|port| listens(*port)));

    holder.kill().unwrap();
    holder.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while ports.iter().any(|port| listens(*port)) {
        assert!(
            Instant::now() < deadline,
            "a server outlived the process that started it"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The next owner waits for what is still going down.
    PrivatePostgres::start(
        &directory.path().join("postgres"),
        PostgresOptions::for_tests(),
    )
    .await
    .unwrap();
    PrivateNats::start(&directory.path().join("nats"), NatsOptions::for_tests())
        .await
        .unwrap();
}

fn listens(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}
