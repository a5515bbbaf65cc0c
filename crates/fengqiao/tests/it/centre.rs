//! Two centres, one below the other, that run from their Secrets alone: everything a chart mounts is enough, and nothing is
//! written to it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use contracts::Service;
use servers::{NatsOptions, PrivateNats, PrivatePostgres, free_port};
use tempfile::TempDir;
use testkit::TestIssuer;

use crate::support::{Running, eventually, postgres, program, run, sql};

struct Centre {
    home: TempDir,
    config: PathBuf,
    leafs: u16,
    http: u16,
    secret: BTreeMap<String, String>,
    nats: PrivateNats,
    _postgres: PrivatePostgres,
    _process: Option<Running>,
}

fn read(directory: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    let text = |path| std::fs::read_to_string(path).unwrap();
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), text(entry.path())))
        .collect()
}

impl Centre {
    /// Makes the Secret, its servers with what is in it, and its schema.
    async fn prepare(code: &str, issuer: &TestIssuer, parent: Option<&Centre>) -> Self {
        let home = TempDir::new().unwrap();
        let path = |name: &str| home.path().join(name).display().to_string();
        let leafs = free_port().unwrap();
        let port = free_port().unwrap();
        let database = format!("127.0.0.1:{port}/fengqiao");
        let (keys, out, invitation, accounts) = (
            path("keys"),
            path("secret"),
            path("invitation"),
            path("accounts"),
        );
        let mut arguments = vec![
            "secrets",
            "init",
            "--centre",
            code,
            "--keys",
            &keys,
            "--database",
            &database,
            "--accounts",
            &accounts,
            "--host",
            "127.0.0.1",
            "--format",
            "directory",
            "--out",
            &out,
        ];
        if let Some(parent) = parent {
            let url = format!("tls://127.0.0.1:{}", parent.leafs);
            let add = [
                "federation",
                "add",
                code,
                "--url",
                &url,
                "--out",
                &invitation,
            ];
            let (code, said) = run(&parent.operators(), &add);
            assert_eq!(code, 0, "{said}");
            arguments.extend(["--parent-invitation", &invitation]);
        }
        let (status, said) = run(Path::new("/nowhere"), &arguments);
        assert_eq!(status, 0, "{said}");
        let secret = read(&home.path().join("secret"));
        let postgres = postgres(
            &home.path().join("postgres"),
            &secret["database-owner-password"],
        )
        .await;
        // The server takes a port of its own; the rest of the address is as it was made.
        let owner_url = home.path().join("owner-url");
        let url =
            secret["database-owner-url"].replace(&port.to_string(), &postgres.port().to_string());
        std::fs::write(&owner_url, url).unwrap();
        let nats = PrivateNats::start(
            &home.path().join("nats"),
            NatsOptions {
                name: format!("fengqiao-{code}"),
                domain: Some(format!("c{code}")),
                config: server(home.path(), &secret, leafs, parent),
                ..NatsOptions::for_tests()
            },
        )
        .await
        .unwrap();
        let jwks = home.path().join("jwks.json");
        std::fs::write(&jwks, issuer.jwks().to_string()).unwrap();
        let http = free_port().unwrap();
        let config = home.path().join("fengqiao.toml");
        let mut text = format!(
            "[node]\nregion = \"{code}\"\n[http]\nlisten = \"127.0.0.1:{http}\"\n[auth]\nissuer = \"{}\"\njwks_file = {jwks:?}\n\
             [database]\nurl = \"postgres://127.0.0.1:{}/fengqiao\"\nadmin_url_file = {owner_url:?}\npool_size = 4\n\
             [federation]\ndirectory = {out:?}\ncheckpoint_interval = \"1s\"\nmissing_after = \"5s\"\n[nats]\nurl = \"{}\"\n",
            TestIssuer::ISSUER,
            postgres.port(),
            nats.url(),
        );
        for service in Service::ALL {
            let schema = service.schema();
            _ = write!(
                text,
                "[database.services.{schema}]\npassword_file = \"{out}/database-{service}-password\"\n\
                 [nats.services.{schema}]\ncredentials_file = \"{out}/nats-{service}.creds\"\n"
            );
        }
        std::fs::write(&config, text).unwrap();
        let (status, said) = run(&config, &["migrate"]);
        assert_eq!(status, 0, "{said}");
        Self {
            config,
            leafs,
            http,
            secret,
            nats,
            _postgres: postgres,
            _process: None,
            home,
        }
    }

    fn serve(&mut self) {
        let log = self.home.path().join("serve.log");
        self._process = Some(Running::start(
            program(&self.config, &["serve", "all"]),
            &log,
        ));
    }

    /// The configuration on the operators' machine: with all keys instead of those that run.
    fn operators(&self) -> PathBuf {
        let text = std::fs::read_to_string(&self.config).unwrap();
        let secret = format!("directory = {:?}", self.home.path().join("secret"));
        let keys = format!("directory = {:?}", self.home.path().join("keys"));
        assert!(text.contains(&secret));
        let file = self.home.path().join("operators.toml");
        std::fs::write(&file, text.replace(&secret, &keys)).unwrap();
        file
    }

    /// Cases received, as reporting counts them.
    async fn received(&self, token_file: &str) -> usize {
        let url = format!(
            "http://127.0.0.1:{}/reporting/v1/statistics?dimension=source",
            self.http
        );
        let client = reqwest::Client::builder().build().unwrap();
        let token = std::fs::read_to_string(token_file).unwrap();
        let answer = client.get(url).bearer_auth(token).send().await.unwrap();
        let body: serde_json::Value = answer.json().await.unwrap();
        usize::try_from(body["received"].as_u64().unwrap()).unwrap()
    }

    /// What one of them has lost is found by comparing, and named.
    async fn differs_from(&self, parent: &Self) {
        let same = eventually(&parent.config, &["reconcile"], "");
        assert!(!same.contains("missing here"), "{same}");
        let admin = parent._postgres.admin_url();
        let (server, _) = admin.rsplit_once('/').unwrap();
        let lose = "DELETE FROM federation.facts WHERE event_id = (SELECT event_id FROM federation.facts
                    WHERE node = '620602' AND event_type = 'fengqiao.intake.matter.accepted.v1' LIMIT 1)";
        sql(&format!("{server}/fengqiao"), &[lose]).await;
        let (code, said) = run(&parent.config, &["reconcile"]);
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("620602")
                && said.contains("fengqiao.intake.matter.accepted.v1: 1 missing here"),
            "{said}"
        );
    }

    /// Keys are forgotten and shown again; inviting a node that is linked only links it.
    fn forgets_and_links_again(&self) {
        let operators = self.operators();
        let forget = |code| run(&operators, &["federation", "forget-keys", code]);
        let (code, said) = forget("620602");
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("the keys of 620602 are forgotten"), "{said}");
        let (code, said) = forget("620699");
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("no keys of 620699 are known"), "{said}");
        let (code, said) = forget("6299");
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("6299 is not below 6206"), "{said}");
        let out = self.home.path().join("again");
        let url = format!("tls://127.0.0.1:{}", self.leafs);
        let out_name = out.display().to_string();
        let again = [
            "federation",
            "add",
            "620602",
            "--url",
            &url,
            "--out",
            &out_name,
        ];
        let (code, said) = run(&operators, &again);
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("is linked with the credentials it has"),
            "{said}"
        );
        assert!(!out.exists(), "no second invitation");
        // Its next checkpoint shows its keys, and the message there and back arrives.
        eventually(&self.config, &["federation", "check"], "there and back");
    }

    fn hides_its_secrets(&self, said: &str) {
        for (name, value) in &self.secret {
            let long = value
                .lines()
                .filter(|line| line.len() > 40 && !line.starts_with('-'));
            for line in long {
                assert!(!said.contains(line), "{name} is in\n{said}");
            }
        }
    }
}

/// The server's configuration as a chart renders it.
fn server(
    home: &Path,
    secret: &BTreeMap<String, String>,
    leafs: u16,
    parent: Option<&Centre>,
) -> String {
    let file = |name: &str| home.join("secret").join(name).display().to_string();
    let mut text = secret["accounts.conf"].clone();
    if parent.is_some() {
        text += &secret["link.conf"];
    }
    _ = write!(
        text,
        "leafnodes {{\n listen: \"127.0.0.1:{leafs}\"\n tls {{ cert_file: \"{}\", key_file: \"{}\", min_version: \"1.3\" }}\n \
         reconnect: \"1s\"\n",
        file("leaf.crt"),
        file("leaf.key")
    );
    if let Some(parent) = parent {
        _ = writeln!(
            text,
            " remotes: [ {{ urls: [ \"tls://127.0.0.1:{}\" ], account: $link_account, credentials: \"{}\", \
             ignore_discovered_servers: true, tls {{ ca_file: \"{}\" }} }} ]",
            parent.leafs,
            file("parent.creds"),
            file("parent-ca.pem")
        );
    }
    text + "}\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn two_centres_run_from_their_secrets_alone() {
    let issuer = TestIssuer::new().unwrap();
    let mut city = Centre::prepare("6206", &issuer, None).await;
    city.serve();
    let mut county = Centre::prepare("620602", &issuer, Some(&city)).await;
    county.serve();

    // Everything is well on both sides.
    let above = eventually(&city.config, &["doctor"], "no node above, 1 nodes below");
    let below = eventually(&county.config, &["doctor"], "linked to 6206, 0 nodes below");
    for said in [&above, &below] {
        for line in [
            "schema of federation",
            "stream EVENTS",
            "stream UP",
            "store of fengqiao-",
            "consumer of reporting",
        ] {
            assert!(
                said.contains(&format!("ok       {line}")),
                "{line}:\n{said}"
            );
        }
        assert!(!said.contains("failed   "), "{said}");
    }
    city.hides_its_secrets(&above);
    county.hides_its_secrets(&below);
    // Both may publish what is theirs and nothing else, and reach each other.
    for centre in [&city, &county] {
        let said = eventually(&centre.config, &["federation", "check"], "there and back");
        assert!(said.contains(" ms"), "{said}");
    }

    // A test matter goes through, declined and accepted.
    let token =
        issuer
            .token()
            .region("6206")
            .roles(["window_clerk", "triage_officer", "coordinator"]);
    let file = county.home.path().join("token");
    std::fs::write(&file, token.sign().unwrap()).unwrap();
    let (url, file) = (
        format!("http://127.0.0.1:{}", county.http),
        file.display().to_string(),
    );
    let smoke = [
        "smoke",
        "--url",
        &url,
        "--token-file",
        &file,
        "--region",
        "620602",
    ];
    for (received, (option, steps)) in [
        (&[][..], ["declined", "in the ledger"]),
        (
            &["--through-triage"],
            ["proposed by triage", "in the ledger"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let (code, said) = run(Path::new("/nowhere"), &[&smoke[..], option].concat());
        assert_eq!(code, 0, "{said}");
        for step in steps {
            assert!(
                said.lines()
                    .any(|line| line.starts_with(&format!("ok      {step}"))
                        && line.ends_with(" ms")),
                "{said}"
            );
        }
        assert!(said.contains("remains: "), "{said}");
        // A declined matter is in no figure; an accepted one is.
        assert_eq!(county.received(&file).await, received, "{said}");
    }
    county.differs_from(&city).await;
    city.forgets_and_links_again();

    // A token that may not register.
    let leader = issuer
        .token()
        .region("6206")
        .roles(["leader"])
        .sign()
        .unwrap();
    std::fs::write(&file, leader).unwrap();
    let (code, said) = run(Path::new("/nowhere"), &smoke);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("failed  registered") && said.contains("forbidden"),
        "{said}"
    );

    // Nothing was written into what is mounted.
    assert_eq!(read(&county.home.path().join("secret")), county.secret);
    assert_eq!(read(&city.home.path().join("secret")), city.secret);

    // Without its nats-server a node is not well, and it says what to do.
    county.nats.kill9().await;
    let (code, said) = run(&county.config, &["doctor"]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("failed   nats login of intake") && said.contains("is nats-server up"),
        "{said}"
    );
    assert!(said.contains("ok       schema of intake"), "{said}");
}
