//! ChaosProxy in front of a real PostgreSQL and a real nats-server.

use std::time::{Duration, Instant};

use testkit::{ChaosProxy, TestDatabase, TestNats};
use tokio::time::timeout;
use tokio_postgres::{Client, NoTls};

pub async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's connection ends with the test"
    )]
    tokio::spawn(connection);
    Ok(client)
}

async fn in_front_of(database: &TestDatabase) -> (ChaosProxy, String) {
    let port = database
        .admin_url()
        .split([':', '/'])
        .find_map(|part| part.parse().ok())
        .unwrap();
    let proxy = ChaosProxy::start(port).await.unwrap();
    // The server's socket cannot be proxied.
    let by_socket = database.admin_url();
    let (user, place) = by_socket.split_once('@').unwrap();
    let (_, port_and_database) = place.split_once(':').unwrap();
    let direct = format!("{user}@127.0.0.1:{port_and_database}");
    let url = proxy.redirect(&direct);
    assert_ne!(url, direct);
    (proxy, url)
}

#[tokio::test]
async fn cut_ends_connections_and_refuses_new_ones_until_healed() {
    let database = TestDatabase::empty().await.unwrap();
    let (proxy, url) = in_front_of(&database).await;
    let client = connect(&url).await.unwrap();
    client.query("SELECT 1", &[]).await.unwrap();

    proxy.cut().await;
    assert!(client.query("SELECT 1", &[]).await.is_err());
    assert!(connect(&url).await.is_err());

    proxy.heal().await;
    connect(&url)
        .await
        .unwrap()
        .query("SELECT 1", &[])
        .await
        .unwrap();
}

#[tokio::test]
async fn refuse_leaves_open_connections_alone() {
    let database = TestDatabase::empty().await.unwrap();
    let (proxy, url) = in_front_of(&database).await;
    let client = connect(&url).await.unwrap();
    proxy.refuse().await;
    client.query("SELECT 1", &[]).await.unwrap();
    assert!(connect(&url).await.is_err());
}

#[tokio::test]
async fn a_black_hole_is_silent_and_loses_nothing() {
    let database = TestDatabase::empty().await.unwrap();
    let (proxy, url) = in_front_of(&database).await;
    let client = connect(&url).await.unwrap();
    proxy.black_hole().await;
    let query = client.query_one("SELECT 7", &[]);
    tokio::pin!(query);
    assert!(
        timeout(Duration::from_millis(300), &mut query)
            .await
            .is_err(),
        "no answer and no error"
    );
    assert!(
        timeout(Duration::from_millis(300), connect(&url))
            .await
            .is_err(),
        "no refusal either"
    );
    proxy.heal().await;
    assert_eq!(query.await.unwrap().get::<_, i32>(0), 7);
}

#[tokio::test]
async fn delay_is_felt_in_both_directions() {
    let database = TestDatabase::empty().await.unwrap();
    let (proxy, url) = in_front_of(&database).await;
    let client = connect(&url).await.unwrap();
    proxy.delay(Duration::from_millis(100)).await;
    let start = Instant::now();
    client.simple_query("SELECT 1").await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_millis(200),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_message_client_comes_back_through_the_proxy() {
    let nats = TestNats::start().await.unwrap();
    let proxy = ChaosProxy::start(nats.port()).await.unwrap();
    let client = async_nats::connect(proxy.redirect(&nats.url()))
        .await
        .unwrap();
    proxy.cut().await;
    proxy.heal().await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while timeout(Duration::from_secs(1), client.flush())
        .await
        .is_err()
        || client.connection_state() != async_nats::connection::State::Connected
    {
        assert!(Instant::now() < deadline, "the client did not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
