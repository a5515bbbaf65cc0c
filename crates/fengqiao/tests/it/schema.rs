//! `fengqiao migrate` and `fengqiao wait-schema`, as the processes of a rollout meet.

use std::{path::Path, time::Duration};

use testkit::TestIssuer;

use crate::support::{Running, postgres, program, run, sql};

fn configure(home: &Path, database: u16) -> std::path::PathBuf {
    let jwks = home.join("jwks.json");
    std::fs::write(&jwks, TestIssuer::new().unwrap().jwks().to_string()).unwrap();
    let config = home.join("fengqiao.toml");
    let text = format!(
        "[node]\nregion = \"6206\"\n[auth]\nissuer = \"x\"\njwks_file = {jwks:?}\n[database]\n\
         url = \"postgres://127.0.0.1:{database}/fengqiao\"\npassword = \"of-the-services\"\n\
         admin_url = \"postgres://fengqiao_owner:of-the-owner@127.0.0.1:{database}/fengqiao\"\n"
    );
    std::fs::write(&config, text).unwrap();
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_wait_for_server_and_migration_and_an_older_release_leaves_a_newer_schema_alone()
{
    let home = tempfile::tempdir().unwrap();
    let mut server = postgres(&home.path().join("postgres"), "of-the-owner").await;
    let config = configure(home.path(), server.port());

    // Nothing has run: it says what is missing and gives up in time.
    let (code, said) = run(&config, &["wait-schema", "--timeout", "2s"]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("waiting: ") && said.contains("not ready after 2s"),
        "{said}"
    );

    // One that waits lives through a server that goes away, and ends when `migrate` has run.
    let log = home.path().join("wait.log");
    let mut waiting = Running::start(program(&config, &["wait-schema", "--timeout", "2m"]), &log);
    server.stop().await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.restart().await.unwrap();
    assert!(
        waiting.ended().is_none(),
        "{}",
        std::fs::read_to_string(&log).unwrap()
    );
    let (code, said) = run(&config, &["migrate"]);
    assert_eq!(code, 0, "{said}");
    let status = waiting.wait();
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(
        status.success() && said.contains("the schema is ready"),
        "{said}"
    );
    assert!(
        said.contains("PostgreSQL: "),
        "it saw the server away: {said}"
    );

    // A later release has run a migration of its own: this release's `migrate` does nothing, and it can still be used.
    let owner = format!(
        "postgres://fengqiao_owner:of-the-owner@127.0.0.1:{}/fengqiao",
        server.port()
    );
    sql(
        &owner,
        &[
            "INSERT INTO triage.__diesel_schema_migrations (version) VALUES ('99990101000000')",
            "ALTER TABLE triage.outbox ADD COLUMN of_a_later_release text",
        ],
    )
    .await;
    let (code, said) = run(&config, &["migrate"]);
    assert_eq!((code, said.trim()), (0, "the database is up to date"));
    assert_eq!(
        run(&config, &["wait-schema", "triage", "--timeout", "1s"]).0,
        0
    );

    // One that older releases cannot live with: no waiting helps.
    sql(
        &owner,
        &["UPDATE triage.schema_release SET oldest_reader = 99991231000000"],
    )
    .await;
    let (code, said) = run(&config, &["wait-schema", "--timeout", "10m"]);
    assert_eq!(code, 1);
    assert!(
        said.contains("schema triage needs release 99991231000000"),
        "{said}"
    );
    assert_eq!(
        run(&config, &["wait-schema", "intake", "--timeout", "1s"]).0,
        0
    );
    assert_eq!(run(&config, &["migrate"]).0, 0);
}
