//! `up` and `demo` as a newcomer types them.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testkit::http::Client;

use crate::{
    support::{Running, printed},
    text,
};

/// The program; ends with the test.
fn program(arguments: &[&str], data: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "--", env!("CARGO_BIN_EXE_fengqiao")])
        .args(arguments)
        .arg("--data")
        .arg(data)
        .env_remove("FENGQIAO_CONFIG");
    command
}

/// A node of `fengqiao up`, its client and its file of tokens.
struct Up {
    process: Running,
    client: Client,
    tokens: String,
}

impl Up {
    fn start(data: &Path, log: &Path) -> Self {
        let mut process = Running::start(program(&["up", "--port", "0"], data), log);
        let started = Instant::now();
        let told = loop {
            let told = fs::read_to_string(log).unwrap();
            if told.contains("Ctrl-C stops it") {
                break told;
            }
            assert!(
                process.ended().is_none() && started.elapsed() < Duration::from_secs(120),
                "{told}"
            );
            std::thread::sleep(Duration::from_millis(50));
        };
        let address = told.split("http://").nth(1).unwrap();
        let address: SocketAddr = address.split('/').next().unwrap().parse().unwrap();
        Self {
            process,
            client: Client::new(address).unwrap(),
            tokens: fs::read_to_string(data.join("tokens.env")).unwrap(),
        }
    }

    fn token(&self, name: &str) -> &str {
        let export = format!("export {name}=");
        let found = self
            .tokens
            .lines()
            .find_map(|line| line.strip_prefix(&export));
        found.unwrap()
    }

    async fn get(&self, path: &str, name: &str) -> (u16, Value) {
        let answer = self.client.get(path, Some(self.token(name))).await.unwrap();
        (answer.status, answer.body)
    }

    /// Ctrl-C.
    fn interrupt(mut self) {
        self.process.interrupt();
        assert!(self.process.wait().success());
    }
}

/// The processes that were started with files under `data`.
fn processes_in(data: &Path) -> Vec<String> {
    let data = data.to_str().unwrap();
    let lines = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let line = fs::read(entry.ok()?.path().join("cmdline")).ok()?;
        Some(text(&line).replace('\0', " "))
    });
    lines.filter(|line| line.contains(data)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_to_play_with_knows_its_tokens_stops_whole_and_keeps_what_it_has() {
    let directory = tempfile::tempdir().unwrap();
    let (data, log) = (directory.path().join("up"), directory.path().join("log"));
    let up = Up::start(&data, &log);
    let names = up.tokens.lines().filter_map(|line| {
        let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
        value.starts_with("ey").then(|| name.to_owned())
    });
    let names: Vec<String> = names.collect();
    assert!(names.len() > 10, "a token per role: {names:?}");
    for name in &names {
        let (status, body) = up.get("/intake/v1/matters", name).await;
        assert!([200, 403].contains(&status), "{name}: {status} {body}");
    }
    let body = json!({"region": "620602", "class": "dispute", "source": "public", "channel": "window",
        "narrative": "邻居装修把我家墙体震裂,要求赔偿五千元。", "notice_version": "2026-01", "parties": [
        {"side": "applicant", "kind": "natural_person", "name": "甲"},
        {"side": "respondent", "kind": "natural_person", "name": "乙"}]});
    let clerk = Some(up.token("CLERK"));
    let matter = up.client.post("/intake/v1/matters", clerk, body, &[]).await;
    let matter = matter.unwrap().expect(201).unwrap();
    let path = format!("/intake/v1/matters/{}", matter["id"].as_str().unwrap());
    up.interrupt();
    assert_eq!(processes_in(&data), Vec::<String>::new());

    let up = Up::start(&data, &log);
    let (status, again) = up.get(&path, "CLERK").await;
    assert_eq!((status, &again["id"]), (200, &matter["id"]));
    up.interrupt();
}

#[test]
fn a_demo_empties_only_what_a_demo_has_left() {
    let directory = tempfile::tempdir().unwrap();
    let precious = directory.path().join("precious.txt");
    fs::write(&precious, "mine").unwrap();
    let report = directory.path().join("report.json");
    let arguments = ["demo", "--report", report.to_str().unwrap()];
    let refused = program(&arguments, directory.path()).output().unwrap();
    let (code, told) = printed(&refused);
    assert!(code != 0 && told.contains("holds other files"), "{told}");
    assert!(precious.exists() && !report.exists());
}

/// `make demo` with one matter in many: six linked nodes, a link cut, a county killed, the second act, and its own verdict.
#[test]
fn a_small_demo_ends_well_and_reports_what_it_saw() {
    let directory = tempfile::tempdir().unwrap();
    let (data, report) = (
        directory.path().join("demo"),
        directory.path().join("report.json"),
    );
    let arguments = [
        "demo",
        "--every",
        "100",
        "--report",
        report.to_str().unwrap(),
    ];
    let (code, told) = printed(&program(&arguments, &data).output().unwrap());
    assert_eq!(code, 0, "{told}");
    let report: Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    for (field, expected) in [
        ("lost", json!(0)),
        ("duplicates", json!(0)),
        ("dead_letters", json!(0)),
        ("differences", json!([])),
    ] {
        assert_eq!(report[field], expected, "{field}: {told}");
    }
    let levels = report["levels"].as_object().unwrap();
    let received = |node: &str| levels[node]["received"].as_u64().unwrap();
    let counties = ["620602", "620621", "620622", "620623"].map(received);
    assert_eq!(received("62"), received("6206"), "{told}");
    assert_eq!(counties.iter().sum::<u64>(), received("62"), "{told}");
    assert!(report["cut_seconds"].as_f64().unwrap() > 0.0, "{told}");
    assert!(
        !report["act2"]["timeline"].as_array().unwrap().is_empty(),
        "{told}"
    );
    assert_eq!(processes_in(&data), Vec::<String>::new());
}
