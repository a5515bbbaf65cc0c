//! Connections to a database server that is elsewhere.

use std::path::PathBuf;

use accounts::{TlsFiles, local_tls};
use anyhow::Result;
use chassis::{
    config::DatabaseConfig,
    db::{DbUrl, Session, SessionError},
    time::Time,
};
use servers::{PostgresOptions, PrivatePostgres};
use tempfile::TempDir;
use tokio::runtime::Handle;

struct Elsewhere {
    postgres: PrivatePostgres,
    tls: TlsFiles,
    home: TempDir,
}

/// A server that shows a certificate for `host`.
async fn server(host: &str) -> Result<Elsewhere> {
    let home = tempfile::tempdir()?;
    let tls = local_tls(&home.path().join("tls"), &[host], Time::system().now())?;
    let options = PostgresOptions {
        tls: Some((tls.certificate.clone(), tls.key.clone())),
        ..PostgresOptions::for_tests()
    };
    let postgres = PrivatePostgres::start(&home.path().join("postgres"), options).await?;
    Ok(Elsewhere {
        postgres,
        tls,
        home,
    })
}

/// Whether a connection is encrypted.
async fn connect(at: &Elsewhere, ca: Option<PathBuf>, more: &str) -> Result<bool, SessionError> {
    // Over a socket of the machine PostgreSQL encrypts nothing.
    let port = at.postgres.port();
    let config = DatabaseConfig {
        admin_url: Some(format!("postgres://postgres@127.0.0.1:{port}/postgres{more}").into()),
        ca_file: ca,
        ..DatabaseConfig::default()
    };
    let session = Session::open(&DbUrl::of_admin(&config)?, &Handle::current()).await?;
    let asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let row = session.client().query_one(asked, &[]).await;
    Ok(row.expect("a row about this connection").get(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_shows_who_it_is_is_spoken_to_in_secret() -> Result<()> {
    let at = server("127.0.0.1").await?;
    assert!(connect(&at, Some(at.tls.ca.clone()), "").await?);
    // Inside a cluster nothing is asked for.
    assert!(!connect(&at, None, "").await?);
    // Whoever wants it says by whom it is signed.
    let refused = connect(&at, None, "?sslmode=require").await.unwrap_err();
    assert!(refused.to_string().contains("sslmode=require"), "{refused}");

    let another = local_tls(
        &at.home.path().join("another"),
        &["127.0.0.1"],
        Time::system().now(),
    )?;
    let refused = connect(&at, Some(another.ca), "").await.unwrap_err();
    assert!(refused.to_string().contains("certificate"), "{refused}");
    for (name, text) in [("none.pem", None), ("empty.pem", Some(""))] {
        let file = at.home.path().join(name);
        if let Some(text) = text {
            std::fs::write(&file, text)?;
        }
        let refused = connect(&at, Some(file), "").await.unwrap_err();
        assert!(
            matches!(refused, SessionError::Certificates(_)),
            "{refused}"
        );
        assert!(refused.to_string().contains(name), "{refused}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_the_certificate_of_another_or_with_none_is_refused() -> Result<()> {
    let at = server("postgres.example").await?;
    let refused = connect(&at, Some(at.tls.ca.clone()), "").await.unwrap_err();
    assert!(refused.to_string().contains("certificate"), "{refused}");

    let directory = tempfile::tempdir()?;
    let options = PostgresOptions::for_tests();
    let clear = Elsewhere {
        postgres: PrivatePostgres::start(directory.path(), options).await?,
        ..at
    };
    let refused = connect(&clear, Some(clear.tls.ca.clone()), "")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("TLS"), "{refused}");
    Ok(())
}
