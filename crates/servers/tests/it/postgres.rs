//! PrivatePostgres.

use std::path::Path;

use futures_util::future::join_all;
use servers::{Auth, Error, PostgresOptions, PrivatePostgres};
use tokio_postgres::{Client, NoTls};

async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's connection ends with the test"
    )]
    tokio::spawn(connection);
    Ok(client)
}

async fn count(url: &str) -> i64 {
    connect(url)
        .await
        .unwrap()
        .query_one("SELECT count(*) FROM fact", &[])
        .await
        .unwrap()
        .get(0)
}

#[tokio::test]
async fn what_was_committed_survives_kill_and_restart() {
    let directory = tempfile::tempdir().unwrap();
    let mut postgres = PrivatePostgres::start(directory.path(), PostgresOptions::default())
        .await
        .unwrap();
    let url = postgres.admin_url();
    let client = connect(&url).await.unwrap();
    client
        .batch_execute(
            "CREATE TABLE fact (id int); INSERT INTO fact SELECT generate_series(1, 100)",
        )
        .await
        .unwrap();
    client
        .batch_execute("BEGIN; INSERT INTO fact VALUES (101)")
        .await
        .unwrap();

    postgres.kill9().await;
    assert!(
        client.query("SELECT 1", &[]).await.is_err(),
        "the connection must be dead"
    );
    postgres.restart().await.unwrap();
    assert_eq!(postgres.admin_url(), url, "same port, same password");
    assert_eq!(count(&url).await, 100);

    postgres.stop().await.unwrap();
    drop(postgres);
    let postgres = PrivatePostgres::start(directory.path(), PostgresOptions::default())
        .await
        .unwrap();
    assert_eq!(count(&postgres.admin_url()).await, 100);
}

#[tokio::test]
async fn a_role_needs_its_password_unless_told_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    let postgres = PrivatePostgres::start(directory.path(), PostgresOptions::default())
        .await
        .unwrap();
    let without = format!("postgres://postgres@127.0.0.1:{}/postgres", postgres.port());
    assert!(connect(&without).await.is_err());
    let wrong = format!(
        "postgres://postgres:x@127.0.0.1:{}/postgres",
        postgres.port()
    );
    assert!(connect(&wrong).await.is_err());

    let open = tempfile::tempdir().unwrap();
    let options = PostgresOptions {
        auth: Auth::Trust,
        ..PostgresOptions::for_tests()
    };
    let postgres = PrivatePostgres::start(open.path(), options).await.unwrap();
    let row = connect(&postgres.url("postgres", "postgres"))
        .await
        .unwrap();
    let row = row
        .query_one(
            "SELECT current_setting('fsync'), current_setting('TimeZone')",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(
        (row.get::<_, &str>(0), row.get::<_, &str>(1)),
        ("off", "UTC")
    );
}

#[tokio::test]
async fn servers_started_side_by_side_do_not_meet() {
    let directories: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let starts = directories
        .iter()
        .map(|directory| PrivatePostgres::start(directory.path(), PostgresOptions::for_tests()));
    let started: Vec<_> = join_all(starts)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    for postgres in &started {
        let client = connect(&postgres.admin_url()).await.unwrap();
        client
            .batch_execute("CREATE TABLE mine (id int)")
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_directory_has_one_owner() {
    let directory = tempfile::tempdir().unwrap();
    let _first = PrivatePostgres::start(directory.path(), PostgresOptions::for_tests())
        .await
        .unwrap();
    let second = PrivatePostgres::start(directory.path(), PostgresOptions::for_tests()).await;
    assert!(matches!(second, Err(Error::Busy(_))), "{second:?}");
}

#[tokio::test]
async fn a_wrong_setting_is_reported_with_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let settings = vec![("work_mem".to_owned(), "lots".to_owned())];
    let options = PostgresOptions {
        settings,
        ..PostgresOptions::for_tests()
    };
    let error = PrivatePostgres::start(directory.path(), options)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("invalid value for parameter \"work_mem\""),
        "{error}"
    );
}

#[tokio::test]
async fn a_path_the_database_account_cannot_enter_is_worked_around() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let closed = tempfile::tempdir().unwrap();
    std::fs::set_permissions(closed.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let directory = closed.path().join("postgres");
    let postgres = PrivatePostgres::start(&directory, PostgresOptions::for_tests())
        .await
        .unwrap();
    assert!(connect(&postgres.admin_url()).await.is_ok());
    let moved = directory.join("moved-to.txt");
    let as_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    assert_eq!(
        moved.exists(),
        as_root,
        "only root has to lend the files to another account"
    );
    drop(postgres);
    if as_root {
        let home = std::fs::read_to_string(moved).unwrap();
        assert!(home.starts_with("/var/tmp/fengqiao-"));
        std::fs::remove_dir_all(Path::new(home.trim())).unwrap();
    }
}
