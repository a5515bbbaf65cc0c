//! Joining and leaving with the commands of `docs/federation.md`, as two operators type them: the node below worked alone before.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use servers::{PrivatePostgres, free_port};
use tempfile::TempDir;
use testkit::TestIssuer;

use crate::support::{Running, eventually, postgres, program, run};

struct Centre {
    home: TempDir,
    config: PathBuf,
    listens: [u16; 4],
    postgres: PrivatePostgres,
    nats: Option<Running>,
    services: Option<Running>,
}

impl Centre {
    /// Its keys, database and configuration.
    async fn prepare(code: &str, issuer: &TestIssuer) -> Self {
        let home = TempDir::new().unwrap();
        let postgres = postgres(&home.path().join("postgres"), "of-the-owner").await;
        let listens = [(); 4].map(|()| free_port().unwrap());
        let [http, nats, ..] = listens;
        let jwks = home.path().join("jwks.json");
        std::fs::write(&jwks, issuer.jwks().to_string()).unwrap();
        let config = home.path().join("node.toml");
        let mut text = format!(
            "[node]\nregion = \"{code}\"\n[http]\nlisten = \"127.0.0.1:{http}\"\n[auth]\nissuer = \"{}\"\njwks_file = {jwks:?}\n\
             [database]\nurl = \"postgres://127.0.0.1:{port}/fengqiao\"\npassword = \"of-the-services\"\npool_size = 4\n\
             admin_url = \"postgres://fengqiao_owner:of-the-owner@127.0.0.1:{port}/fengqiao\"\n\
             [federation]\ndirectory = {:?}\ncheckpoint_interval = \"1s\"\n[nats]\nurl = \"nats://127.0.0.1:{nats}\"\n",
            TestIssuer::ISSUER,
            home.path().join("keys"),
            port = postgres.port(),
        );
        std::fs::write(&config, &text).unwrap();
        let mut centre = Self {
            home,
            config,
            listens,
            postgres,
            nats: None,
            services: None,
        };
        // What `init` prints is what is to be configured.
        let printed = centre.output(&["federation", "init"]);
        assert!(printed.contains("[nats.services.federation]"), "{printed}");
        _ = write!(text, "{printed}");
        std::fs::write(&centre.config, text).unwrap();
        assert_eq!(centre.output(&["federation", "init"]), printed, "again");
        centre.done(&["migrate"]);
        centre.start_nats();
        centre
    }

    /// Writes the server's configuration anew, and restarts it.
    fn start_nats(&mut self) {
        self.nats = None;
        let [_, nats, http, leafs] = self.listens.map(|port| format!("127.0.0.1:{port}"));
        let store = self.home.path().join("nats").display().to_string();
        let arguments = [
            "federation",
            "server-config",
            "--listen",
            &nats,
            "--http",
            &http,
            "--leafs",
            &leafs,
            "--store",
            &store,
        ];
        let file = self.home.path().join("nats.conf");
        std::fs::write(&file, self.output(&arguments)).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(servers::nats_server().unwrap())
            .arg("--config")
            .arg(file);
        self.nats = Some(Running::start(command, &self.home.path().join("nats.log")));
    }

    fn serve(&mut self) {
        let command = program(&self.config, &["serve", "all"]);
        let log = self.home.path().join("serve.log");
        self.services = Some(Running::start(command, &log));
    }

    fn stop(&mut self) {
        let mut services = self.services.take().unwrap();
        services.interrupt();
        assert!(services.wait().success());
    }

    /// Standard output of a command that succeeds.
    fn output(&self, arguments: &[&str]) -> String {
        let output = program(&self.config, arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}\n{said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that succeeds says.
    fn done(&self, arguments: &[&str]) -> String {
        let (code, said) = run(&self.config, arguments);
        assert_eq!(code, 0, "{arguments:?}\n{said}");
        said
    }

    /// What a command that fails says.
    fn fails(&self, arguments: &[&str]) -> String {
        let (code, said) = run(&self.config, arguments);
        assert_eq!(code, 1, "{arguments:?}\n{said}");
        said
    }

    fn url(&self) -> String {
        format!("tls://127.0.0.1:{}", self.listens[3])
    }

    /// Facts here of a node and kind.
    async fn facts(&self, node: &str, kind: &str) -> i64 {
        let url = self.postgres.admin_url();
        let (server, _) = url.rsplit_once('/').unwrap();
        let url = format!("{server}/fengqiao");
        let sql = testkit::postgres::connect(&url).await.unwrap();
        let count = "SELECT count(*) FROM federation.facts WHERE node = $1 AND event_type LIKE $2";
        let kind = format!("%.{kind}.v1");
        let row = sql.query_one(count, &[&node, &kind]).await.unwrap();
        row.get(0)
    }

    async fn until_facts(&self, node: &str, kind: &str, wanted: i64) {
        let started = std::time::Instant::now();
        while self.facts(node, kind).await != wanted {
            let found = self.facts(node, kind).await;
            assert!(
                started.elapsed().as_secs() < 120,
                "{node} {kind}: {found}, not {wanted}"
            );
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// A matter is accepted here.
    fn accepts_a_matter(&self, issuer: &TestIssuer, region: &str) {
        let token =
            issuer
                .token()
                .region("6206")
                .roles(["window_clerk", "triage_officer", "coordinator"]);
        let file = self.home.path().join("token");
        std::fs::write(&file, token.sign().unwrap()).unwrap();
        let url = format!("http://127.0.0.1:{}", self.listens[0]);
        let file = file.display().to_string();
        let smoke = [
            "smoke",
            "--url",
            &url,
            "--token-file",
            &file,
            "--region",
            region,
            "--through-triage",
        ];
        eventually(Path::new("/nowhere"), &smoke, "in the ledger");
    }
}

fn fingerprint(said: &str) -> &str {
    let rest = said.split("fingerprint ").nth(1).unwrap();
    rest.split([' ', ';']).next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_that_worked_alone_joins_with_its_history_and_leaves() {
    let issuer = TestIssuer::new().unwrap();
    let mut city = Centre::prepare("6206", &issuer).await;
    let mut county = Centre::prepare("620602", &issuer).await;
    city.serve();
    county.serve();
    county.accepts_a_matter(&issuer, "620602");
    county.until_facts("620602", "matter.accepted", 1).await;

    // Invited: once, however often it is typed.
    let invitation = city.home.path().join("620602.invitation");
    let invitation = invitation.display().to_string();
    let url = city.url();
    let invite = |how, out| ["federation", how, "620602", "--url", &url, "--out", out];
    let invited = city.done(&invite("add", &invitation));
    let again = city.done(&invite("add", &invitation));
    assert!(again.contains("with the credentials it has"), "{again}");
    let said = city.fails(&["federation", "remove", "620699"]);
    assert!(said.contains("620699 was never invited"), "{said}");

    // A desk that runs would take the history up and keep it to itself.
    let join = ["federation", "join", "--history", &invitation];
    let said = county.fails(&join);
    assert!(said.contains("the border desk runs: stop"), "{said}");
    let said = county.done(&["federation", "check"]);
    assert!(!said.contains("6206 "), "nothing is accepted yet\n{said}");
    county.stop();
    let joined = county.done(&join);
    assert_eq!(fingerprint(&invited), fingerprint(&joined));
    assert!(joined.contains("earlier events are read again"), "{joined}");
    county.start_nats();
    county.serve();
    for centre in [&city, &county] {
        eventually(&centre.config, &["federation", "check"], "there and back");
    }
    city.until_facts("620602", "matter.accepted", 1).await;
    county.accepts_a_matter(&issuer, "620602");
    city.until_facts("620602", "matter.accepted", 2).await;

    // New credentials; the old ones are taken back, however often that is typed.
    let renewed = city.home.path().join("620602.renewed");
    let renewed = renewed.display().to_string();
    city.done(&invite("rotate", &renewed));
    county.done(&["federation", "join", &renewed]);
    county.start_nats();
    eventually(&county.config, &["federation", "check"], "there and back");
    for _ in 0..2 {
        let said = city.done(&["federation", "retire", "620602"]);
        assert!(said.contains("the running nats-server was told"), "{said}");
    }
    eventually(&city.config, &["federation", "check"], "there and back");

    // Taken off: what it sent stays, and nothing more comes. The server is away the first time.
    city.nats = None;
    let remove = ["federation", "remove", "620602"];
    let said = city.fails(&remove);
    assert!(said.contains("try again"), "{said}");
    city.start_nats();
    let said = eventually(&city.config, &remove, "the running nats-server was told");
    assert!(said.contains("was taken off before"), "{said}");
    let (_, said) = run(&county.config, &["federation", "check"]);
    assert!(said.contains("link DOWN"), "{said}");
    county.accepts_a_matter(&issuer, "620602");
    county.until_facts("620602", "matter.accepted", 3).await;
    assert_eq!(city.facts("620602", "matter.accepted").await, 2);
}
