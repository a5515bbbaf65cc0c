//! A schema and a role a service; a process refuses a schema it does not know.

use anyhow::Result;
use chassis::{
    config::Config,
    db::{MigrateError, check_release, migrate},
    service::ServiceModule as _,
};
use testkit::{TestDatabase, TestService};

use super::{Service, notes::Notes};

#[tokio::test(flavor = "multi_thread")]
async fn a_role_reaches_its_own_schema_only() -> Result<()> {
    let service: Service = TestService::start().await?;
    let admin = service.sql().await?;
    admin
        .batch_execute("CREATE SCHEMA other; CREATE TABLE other.secrets (x int)")
        .await?;
    let role = service.sql_as("fengqiao_evaluation").await?;
    role.query("SELECT * FROM evaluation.notes", &[]).await?;
    for forbidden in [
        "SELECT * FROM other.secrets",
        "CREATE TABLE evaluation.mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "CREATE SCHEMA mine",
        "DROP TABLE evaluation.notes",
        "TRUNCATE evaluation.notes",
        "SET ROLE postgres",
    ] {
        let error = role.batch_execute(forbidden).await.expect_err(forbidden);
        assert!(error.as_db_error().is_some(), "{forbidden}: {error}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_is_repeatable_and_two_at_once_do_it_once() -> Result<()> {
    let database = TestDatabase::empty().await?;
    let mut config = Config::default();
    config.database.url = database.url("postgres");
    config.database.admin_url = Some(database.admin_url().into());
    let schemas = [Notes::schema()];
    let (one, two) = tokio::join!(
        migrate(&config.database, &schemas),
        migrate(&config.database, &schemas)
    );
    assert_eq!(one?.len() + two?.len(), 8, "machinery and notes, once");
    assert!(migrate(&config.database, &schemas).await?.is_empty());
    // Whatever the server speaks, it speaks English to the service.
    let spoken = "SELECT count(*) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase
        WHERE d.datname = current_database() AND setrole = 'fengqiao_evaluation'::regrole AND 'lc_messages=C' = ANY (setconfig)";
    let admin = testkit::postgres::connect(&database.admin_url()).await?;
    assert_eq!(admin.query_one(spoken, &[]).await?.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_refuses_a_schema_that_is_behind_or_too_new() -> Result<()> {
    let service: Service = TestService::start().await?;
    let db = service.db()?;
    check_release(db.url(), &Notes::schema()).await?;
    let admin = service.sql().await?;
    // A later release added a migration that this one can live with.
    admin
        .batch_execute(
            "INSERT INTO evaluation.__diesel_schema_migrations (version) VALUES ('00000000000200')",
        )
        .await?;
    check_release(db.url(), &Notes::schema()).await?;
    admin
        .batch_execute("UPDATE evaluation.schema_release SET oldest_reader = 200")
        .await?;
    let refused = check_release(db.url(), &Notes::schema()).await;
    assert!(
        matches!(
            refused,
            Err(MigrateError::Ahead {
                needed: 200,
                known: 100,
                ..
            })
        ),
        "{refused:?}"
    );
    admin
        .batch_execute(
            "DELETE FROM evaluation.__diesel_schema_migrations WHERE version LIKE '%100'",
        )
        .await?;
    let refused = check_release(db.url(), &Notes::schema()).await;
    assert!(
        matches!(refused, Err(MigrateError::Behind { .. })),
        "{refused:?}"
    );
    Ok(())
}
