//! What is refused, with status 2 and before anything is sent.

use std::{net::TcpListener, path::Path, process::Command};

use anyhow::Result;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

/// Tokens of everybody that are needed, by an issuer.
pub fn tokens(issuer: &str) -> String {
    let mut text = String::new();
    for role in [
        "applicant",
        "window_clerk",
        "triage_officer",
        "organisation_officer",
        "mediator",
        "leader",
    ] {
        let claims = json!({ "iss": issuer, "sub": role, "exp": 4_000_000_000_u64, "region": "6206", "roles": [role],
                             "organisation": "one" });
        let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
        text.push_str(&format!("e30.{claims}.c2ln\n"));
    }
    text
}

fn refused(directory: &Path, target: &str, issuer: &str) -> Result<String> {
    let file = directory.join("tokens");
    std::fs::write(&file, tokens(issuer))?;
    let output = Command::new(env!("CARGO_BIN_EXE_fengqiao-loadtest"))
        .current_dir(directory)
        .args(["--target", target, "--tokens", "tokens"])
        .output()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    Ok(told)
}

#[test]
fn a_node_that_is_not_listed_is_not_touched() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let told = refused(
        directory.path(),
        "http://centre.gansu.example",
        "urn:fengqiao:development",
    )?;
    assert!(
        told.contains("http://centre.gansu.example/ is not listed as a test target"),
        "{told}"
    );
    assert!(!directory.path().join("target/loadtest").exists());
    Ok(())
}

#[test]
fn the_tokens_of_another_login_are_not_sent() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let target = format!("http://{}", listener.local_addr()?);
    let told = refused(directory.path(), &target, "https://login.gansu.example")?;
    assert!(told.contains("perhaps of a real one"), "{told}");
    assert!(listener.accept().is_err(), "something was sent");
    Ok(())
}

#[test]
fn a_node_that_is_not_there_cannot_be_tested() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let told = refused(
        directory.path(),
        &format!("http://{free}"),
        "urn:fengqiao:development",
    )?;
    assert!(told.contains("no answer from"), "{told}");
    Ok(())
}
