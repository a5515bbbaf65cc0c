//! A database per test.

use std::sync::atomic::{AtomicU32, Ordering};

use testkit::{Template, TestDatabase, TestPostgres};

use crate::proxy::connect;

async fn fill(url: String) -> anyhow::Result<()> {
    let client = connect(&url).await?;
    client
        .batch_execute("CREATE TABLE matter (id int); INSERT INTO matter VALUES (1), (2)")
        .await?;
    Ok(())
}

async fn matters(database: &TestDatabase) -> i64 {
    let client = connect(&database.admin_url()).await.unwrap();
    client
        .query_one("SELECT count(*) FROM matter", &[])
        .await
        .unwrap()
        .get(0)
}

#[tokio::test]
async fn tests_do_not_see_each_other() {
    let template = Template {
        name: "isolation",
        fingerprint: "1",
    };
    let first = TestDatabase::from_template(&template, fill).await.unwrap();
    let second = TestDatabase::from_template(&template, fill).await.unwrap();
    connect(&first.admin_url())
        .await
        .unwrap()
        .batch_execute("DELETE FROM matter")
        .await
        .unwrap();
    assert_eq!((matters(&first).await, matters(&second).await), (0, 2));
}

#[tokio::test]
async fn a_template_is_made_once_and_again_when_it_changes() {
    let times = AtomicU32::new(0);
    let fingerprint = std::process::id().to_string();
    for fingerprint in [&fingerprint, &fingerprint, &format!("{fingerprint}b")] {
        let template = Template {
            name: "counted",
            fingerprint,
        };
        let database = TestDatabase::from_template(&template, async |url| {
            times.fetch_add(1, Ordering::Relaxed);
            fill(url).await
        });
        assert_eq!(matters(&database.await.unwrap()).await, 2);
    }
    assert_eq!(times.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_template_that_cannot_be_made_is_not_kept() {
    let fingerprint = std::process::id().to_string();
    let template = Template {
        name: "broken",
        fingerprint: &fingerprint,
    };
    let broken =
        TestDatabase::from_template(&template, async |_| anyhow::bail!("no such migration"));
    assert!(format!("{:#}", broken.await.unwrap_err()).contains("no such migration"));
    let database = TestDatabase::from_template(&template, fill).await.unwrap();
    assert_eq!(matters(&database).await, 2);
}

#[tokio::test]
async fn a_database_goes_with_its_test() {
    let database = TestDatabase::empty().await.unwrap();
    let (name, url) = (database.name().to_owned(), database.admin_url());
    let other = TestDatabase::empty().await.unwrap();
    let held_open = connect(&url).await.unwrap();
    drop(database);
    assert!(held_open.query("SELECT 1", &[]).await.is_err());
    let client = connect(&other.admin_url()).await.unwrap();
    assert!(
        client
            .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_server_of_ones_own_can_be_killed() {
    let mut postgres = TestPostgres::start().await.unwrap();
    fill(postgres.admin_url()).await.unwrap();
    postgres.kill9().await;
    postgres.restart().await.unwrap();
    let client = connect(&postgres.admin_url()).await.unwrap();
    assert_eq!(
        client
            .query("SELECT 1 FROM matter", &[])
            .await
            .unwrap()
            .len(),
        2
    );
}
