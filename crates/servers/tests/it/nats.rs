//! PrivateNats.

use async_nats::jetstream::{self, stream};
use futures_util::future::join_all;
use servers::{Error, NatsOptions, PrivateNats};

async fn jetstream(nats: &PrivateNats) -> jetstream::Context {
    jetstream::new(async_nats::connect(nats.url()).await.unwrap())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server is tested, not the outbox"
)]
async fn publish(context: &jetstream::Context, messages: u32) {
    for number in 0..messages {
        context
            .publish("fact", number.to_string().into())
            .await
            .unwrap()
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_kill_and_restart() {
    let directory = tempfile::tempdir().unwrap();
    let mut nats = PrivateNats::start(directory.path(), NatsOptions::default())
        .await
        .unwrap();
    let (url, context) = (nats.url(), jetstream(&nats).await);
    let config = stream::Config {
        name: "FACTS".into(),
        subjects: vec!["fact".into()],
        ..Default::default()
    };
    context.create_stream(config).await.unwrap();
    publish(&context, 50).await;

    nats.kill9().await;
    nats.restart().await.unwrap();
    assert_eq!(nats.url(), url);
    let context = jetstream(&nats).await;
    assert_eq!(
        context
            .get_stream("FACTS")
            .await
            .unwrap()
            .get_info()
            .await
            .unwrap()
            .state
            .messages,
        50
    );

    nats.stop().await.unwrap();
    nats.lose_store().unwrap();
    nats.restart().await.unwrap();
    assert!(
        jetstream(&nats).await.get_stream("FACTS").await.is_err(),
        "the store was lost"
    );
}

#[tokio::test]
async fn the_store_cannot_be_lost_under_a_running_server() {
    let directory = tempfile::tempdir().unwrap();
    let mut nats = PrivateNats::start(directory.path(), NatsOptions::for_tests())
        .await
        .unwrap();
    assert!(matches!(nats.lose_store(), Err(Error::Machine(_))));
}

#[tokio::test]
async fn servers_started_side_by_side_do_not_meet() {
    let directories: Vec<_> = (0..8).map(|_| tempfile::tempdir().unwrap()).collect();
    let starts = directories
        .iter()
        .map(|directory| PrivateNats::start(directory.path(), NatsOptions::for_tests()));
    let started: Vec<_> = join_all(starts)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    for nats in &started {
        let config = stream::Config {
            name: "MINE".into(),
            subjects: vec![nats.port().to_string()],
            ..Default::default()
        };
        jetstream(nats).await.create_stream(config).await.unwrap();
    }
}

#[tokio::test]
async fn a_user_of_the_authorization_block_is_asked_for_the_password() {
    let directory = tempfile::tempdir().unwrap();
    let config = "authorization { users = [ { user: \"relay\", password: \"pw\" } ] }".to_owned();
    let nats = PrivateNats::start(
        directory.path(),
        NatsOptions {
            config,
            ..NatsOptions::for_tests()
        },
    )
    .await
    .unwrap();
    assert!(async_nats::connect(nats.url()).await.is_err());
    let options =
        async_nats::ConnectOptions::with_user_and_password("relay".to_owned(), "pw".to_owned());
    assert!(options.connect(nats.url()).await.is_ok());
}

#[tokio::test]
async fn a_wrong_configuration_is_reported_with_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let options = NatsOptions {
        config: "no_such_setting: 1".to_owned(),
        ..NatsOptions::for_tests()
    };
    let error = PrivateNats::start(directory.path(), options)
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("no_such_setting"), "{error}");
}
