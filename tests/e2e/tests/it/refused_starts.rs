//! A process that cannot work says why and ends with an error.

use std::path::Path;

use e2e::{Mode, Settings, TestNode};
use servers::Auth;

async fn node() -> TestNode {
    TestNode::prepare(Settings::of(Mode::One)).await.unwrap()
}

/// Fails unless the process ended with 1 and said all of this, and nothing about the password.
async fn refuses(node: &TestNode, variables: &[(&str, &str)], said: &[&str]) {
    let refused = node.start_refused(variables).await.unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.printed);
    for text in said {
        assert!(
            refused.printed.contains(text),
            "{text:?} is not in:\n{}",
            refused.printed
        );
    }
    assert!(
        !refused.printed.contains("wrong-password") && !refused.printed.contains("panicked"),
        "{}",
        refused.printed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_that_cannot_be_right() {
    let node = node().await;
    refuses(
        &node,
        &[("FENGQIAO__HTTP__PROT", "1")],
        &["http.prot", "unknown key", "listen"],
    )
    .await;
    refuses(
        &node,
        &[
            ("FENGQIAO__NODE__REGION", "9999"),
            ("FENGQIAO__AUTH__ISSUER", ""),
        ],
        &["node.region", "auth.issuer"],
    )
    .await;
    refuses(
        &node,
        &[("FENGQIAO__HTTP__REQUEST_TIMEOUT", "soon")],
        &["http.request_timeout", "30s"],
    )
    .await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_pack_with_a_mistake() {
    let node = node().await;
    let (policies, pack) = (
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies"),
        node.directory().join("pack"),
    );
    for part in ["default", "regions", "reference/calendar"] {
        copy(&policies.join(part), &pack.join(part));
    }
    let place = [("FENGQIAO__POLICY__DIR", pack.to_str().unwrap())];
    let limits = pack.join("default/limits.yaml");
    let good = std::fs::read_to_string(&limits).unwrap();
    let line = 1 + good
        .lines()
        .position(|line| line.starts_with("narrative_max"))
        .unwrap();
    for (bad, said) in [
        ("narrative_max: many", "narrative_max"),
        ("narrative_maximum: 5000", "narrative_maximum"),
    ] {
        std::fs::write(&limits, good.replace("narrative_max: 5000", bad)).unwrap();
        refuses(&node, &place, &["limits.yaml", said]).await;
    }
    std::fs::write(
        &limits,
        good.replace("narrative_max: 5000", "narrative_max: many"),
    )
    .unwrap();
    refuses(&node, &place, &[&format!("limits.yaml:{line}")]).await;
    refuses(
        &node,
        &[("FENGQIAO__POLICY__DIR", "/nowhere")],
        &["/nowhere", "no policy file"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_of_another_release() {
    // The roles of the services belong to the whole server: some other node has made them.
    drop(node().await);
    let empty = TestNode::prepare(Settings::of(Mode::One).unmigrated())
        .await
        .unwrap();
    refuses(
        &empty,
        &[],
        &["intake", "lacks migration", "fengqiao migrate"],
    )
    .await;

    let newer = node().await;
    let change = "UPDATE triage.schema_release SET oldest_reader = 99991231000000";
    newer
        .sql()
        .await
        .unwrap()
        .execute(change, &[])
        .await
        .unwrap();
    refuses(&newer, &[], &["schema triage needs release 99991231000000"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_do_not_let_it_in() {
    let mut settings = Settings::of(Mode::One).own_postgres();
    settings.postgres_auth = Auth::Password;
    let mut node = TestNode::prepare(settings).await.unwrap();
    let wrong = [("FENGQIAO__DATABASE__PASSWORD", "wrong-password")];
    refuses(
        &node,
        &wrong,
        &["intake", "PostgreSQL", "password authentication failed"],
    )
    .await;
    let wrong = [(
        "FENGQIAO__NATS__SERVICES__INTAKE__PASSWORD",
        "wrong-password",
    )];
    refuses(&node, &wrong, &["intake", "authorization violation"]).await;
    // With the right ones it works.
    node.start_processes().await.unwrap();
    node.terminate().await.unwrap();
    node.database.server().unwrap().stop().await.unwrap();
    refuses(&node, &[], &["PostgreSQL", "error connecting to server"]).await;
}
