//! The shared PostgreSQL: found by every process, gone when nobody needs it.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use testkit::TestDatabase;
use testkit::servers::IDLE_SECONDS;

use crate::proxy::connect;

/// Run as a process of its own by the test below.
#[tokio::test]
#[ignore = "run by processes_share_one_server"]
async fn prints_the_server_it_uses() {
    let database = TestDatabase::empty().await.unwrap();
    let client = connect(&database.admin_url()).await.unwrap();
    let row = client
        .query_one("SELECT pg_postmaster_start_time()::text", &[])
        .await
        .unwrap();
    println!(
        "\nserver {} {}",
        database.admin_url().replace(database.name(), ""),
        row.get::<_, &str>(0)
    );
}

#[test]
fn processes_share_one_server() {
    let children = (0..6).map(|_| {
        Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "shared_server::prints_the_server_it_uses",
                "--nocapture",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    });
    let children: Vec<_> = children.collect();
    let servers = children.into_iter().map(|child| {
        let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        output
            .lines()
            .find(|line| line.starts_with("server "))
            .unwrap()
            .to_owned()
    });
    let servers: Vec<_> = servers.collect();
    assert!(
        servers.iter().all(|server| *server == servers[0]),
        "{servers:#?}"
    );
}

/// Only on request: it needs the server for itself, for a while.
#[test]
#[ignore = "slow, and wrong while other tests run: cargo nextest run -p testkit --run-ignored only -E 'test(ends_when_idle)'"]
fn ends_when_idle() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "shared_server::prints_the_server_it_uses",
            "--nocapture",
        ])
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let address = output
        .lines()
        .find_map(|line| line.strip_prefix("server postgres://postgres@"))
        .unwrap();
    let address = address.split('/').next().unwrap();
    assert!(std::net::TcpStream::connect(address).is_ok());
    let deadline = Instant::now() + Duration::from_secs(u64::from(IDLE_SECONDS) + 10);
    while std::net::TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < deadline, "the server still runs");
        std::thread::sleep(Duration::from_millis(200));
    }
}
