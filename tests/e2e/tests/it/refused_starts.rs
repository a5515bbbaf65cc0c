//! A process that cannot work says why and ends with an error.

use std::path::Path;

use e2e::{Mode, Settings, TestNode};
use servers::Auth;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

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

/// Stands before the node's nats-server and greets with another version than the server's own. When that changes, connections end.
async fn greet_as(
    version: watch::Receiver<&'static str>,
    node: &TestNode,
) -> (String, JoinSet<()>) {
    let server = node.nats.url().replace("nats://", "");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut task = JoinSet::new();
    task.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut client, _)) = listener.accept().await {
            let (server, mut version) = (server.clone(), version.clone());
            connections.spawn(async move {
                let mut server = BufReader::new(TcpStream::connect(server).await.unwrap());
                let mut greeting = String::new();
                server.read_line(&mut greeting).await.unwrap();
                let info = greeting.trim().strip_prefix("INFO ").unwrap();
                let mut info: serde_json::Value = serde_json::from_str(info).unwrap();
                info["version"] = (*version.borrow_and_update()).into();
                let greeting = format!("INFO {info}\r\n");
                client.write_all(greeting.as_bytes()).await.unwrap();
                tokio::select! {
                    _ = copy_bidirectional(&mut client, &mut server) => {}
                    _ = version.changed() => {}
                }
            });
        }
    });
    (format!("nats://127.0.0.1:{port}"), task)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_server_that_is_too_old() {
    let node = node().await;
    let (_version, versions) = watch::channel("2.14.9");
    let (url, _greeting) = greet_as(versions, &node).await;
    refuses(
        &node,
        &[("FENGQIAO__NATS__URL", &url)],
        &["nats-server 2.14.9 is too old", "2.15.0"],
    )
    .await;
}

/// A server that was put back to an older release while the node ran.
#[tokio::test(flavor = "multi_thread")]
async fn a_nats_server_that_is_an_older_one_after_a_while() {
    let mut node = node().await;
    let (version, versions) = watch::channel("2.15.1");
    let (url, _greeting) = greet_as(versions, &node).await;
    let file = node.directory().join("fengqiao.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, config.replace(&node.nats.url(), &url)).unwrap();
    node.start_processes().await.unwrap();

    version.send("2.14.9").unwrap();
    let api = node.api.clone();
    let process = *api.processes().first().unwrap();
    e2e::node::settle::eventually("not ready", async || {
        Ok(api.send(api.get_from(process, "/readyz")).await?.status == 503)
    })
    .await
    .unwrap();
    // It stays so once the connections are back.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let answer = api.send(api.get_from(process, "/readyz")).await.unwrap();
    assert_eq!(answer.status, 503, "{}", answer.body);
    version.send("2.15.1").unwrap();
    node.wait_until_ready().await.unwrap();
}
