//! Layers, strictness and secrets of the configuration.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chassis::config::{Config, ConfigError, LogFormat, Sources};
use contracts::Service;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

const MINIMAL: &str = r#"
[node]
region = "6206"
[auth]
issuer = "https://login"
jwks_file = "/keys.json"
[database]
url = "postgres://127.0.0.1/fengqiao"
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn load(file: &Path, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Sources {
        file: Some(file.to_owned()),
        variables: variables.collect::<HashMap<_, _>>(),
    }
    .load()
}

fn mistakes(result: Result<Config, ConfigError>) -> Vec<String> {
    result
        .unwrap_err()
        .mistakes
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn defaults_then_file_then_variables() {
    let folder = Folder::new();
    let text = format!(
        "{MINIMAL}\n[http]\nbody_limit = 5000\nworkers = 3\n[consumers]\nbackoff = [\"1s\", \"2m\"]\n"
    );
    let file = folder.file("f.toml", &text);
    let variables = [
        ("FENGQIAO__HTTP__WORKERS", "7"),
        ("FENGQIAO__HTTP__REQUEST_TIMEOUT", "1500ms"),
        ("FENGQIAO__HTTP__TRUST_FORWARDED_FOR", "true"),
        ("FENGQIAO__TELEMETRY__LOG_FORMAT", "text"),
        ("FENGQIAO__TELEMETRY__SAMPLE", "0.25"),
        (
            "FENGQIAO__DATABASE__SERVICES__JUDICIAL_CONFIRMATION__PASSWORD",
            "123456",
        ),
        // Neither of these is a key: an orchestrator may set them for a service of this name.
        ("FENGQIAO_PORT", "tcp://10.0.0.1:80"),
        ("FENGQIAO_SERVICE_HOST", "10.0.0.1"),
    ];
    let config = load(&file, &variables).unwrap();
    assert_eq!(config.http.keep_alive, Duration::from_secs(75), "default");
    assert_eq!(config.http.body_limit, 5000, "file");
    assert_eq!(config.http.workers, 7, "variable over file");
    assert_eq!(config.http.request_timeout, Duration::from_millis(1500));
    assert!(config.http.trust_forwarded_for);
    assert_eq!(config.telemetry.log_format, LogFormat::Text);
    assert!((config.telemetry.sample - 0.25).abs() < f64::EPSILON);
    assert_eq!(
        config.consumers.backoff,
        [Duration::from_secs(1), Duration::from_secs(120)]
    );
    assert_eq!(config.region().unwrap().as_str(), "6206");
    let password = config
        .database
        .role_password(Service::JudicialConfirmation)
        .unwrap();
    assert_eq!(
        password.expose_secret(),
        "123456",
        "a password of digits stays a text"
    );
    assert!(config.database.role_password(Service::Intake).is_none());
    assert_eq!(
        config.database.role(Service::JudicialConfirmation),
        "fengqiao_judicial_confirmation"
    );
    let listed = load(&file, &[("FENGQIAO__CONSUMERS__BACKOFF", "5s, 10m")]).unwrap();
    assert_eq!(
        listed.consumers.backoff,
        [Duration::from_secs(5), Duration::from_secs(600)]
    );
}

#[test]
fn unknown_keys_are_named_with_their_path() {
    let folder = Folder::new();
    let cases = [
        ("[http]\nlissten = \"x\"", "http.lissten: unknown key"),
        ("[htp]\nlisten = \"x\"", "htp: unknown key"),
        (
            "[database.services.intake]\npasword = \"x\"",
            "database.services.intake.pasword: unknown key",
        ),
    ];
    for (text, expected) in cases {
        let file = folder.file("f.toml", &format!("{MINIMAL_WITHOUT_DATABASE}{text}"));
        let found = mistakes(load(
            &file,
            &[("FENGQIAO__DATABASE__URL", "postgres://h/d")],
        ));
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{text}: {found:?}"
        );
    }
    let file = folder.file("f.toml", MINIMAL);
    let found = mistakes(load(&file, &[("FENGQIAO__NATS__ULR", "x")]));
    assert!(found[0].starts_with("nats.ulr: unknown key"), "{found:?}");
}

const MINIMAL_WITHOUT_DATABASE: &str =
    "[node]\nregion = \"6206\"\n[auth]\nissuer = \"i\"\njwks_file = \"/k\"\n";

#[test]
fn wrong_types_are_named_with_their_path() {
    let folder = Folder::new();
    let file = folder.file("f.toml", MINIMAL);
    let cases = [
        ("FENGQIAO__HTTP__WORKERS", "many", "http.workers"),
        ("FENGQIAO__HTTP__LISTEN", "nowhere", "http.listen"),
        (
            "FENGQIAO__HTTP__REQUEST_TIMEOUT",
            "30",
            "http.request_timeout",
        ),
        (
            "FENGQIAO__CONSUMERS__BACKOFF",
            "1s,soon",
            "consumers.backoff",
        ),
        (
            "FENGQIAO__TELEMETRY__LOG_FORMAT",
            "xml",
            "telemetry.log_format",
        ),
    ];
    for (name, value, path) in cases {
        let found = mistakes(load(&file, &[(name, value)]));
        assert!(
            found.len() == 1 && found[0].starts_with(path),
            "{name}: {found:?}"
        );
    }
    let broken = folder.file("broken.toml", "[node\n");
    assert!(mistakes(load(&broken, &[]))[0].contains("broken.toml"));
    assert!(mistakes(load(Path::new("/nowhere/f.toml"), &[]))[0].contains("/nowhere/f.toml"));
}

#[test]
fn secrets_come_from_files_too() {
    let folder = Folder::new();
    let secret = folder.file("secret", "s3cret pässword\n");
    let secret = secret.to_str().unwrap();
    let file = folder.file("f.toml", MINIMAL);
    let config = load(
        &file,
        &[
            ("FENGQIAO__DATABASE__PASSWORD_FILE", secret),
            ("FENGQIAO__NATS__SERVICES__INTAKE__PASSWORD_FILE", secret),
            ("FENGQIAO__DATABASE__ADMIN_URL_FILE", secret),
        ],
    )
    .unwrap();
    let expected = "s3cret pässword";
    assert_eq!(
        config
            .database
            .role_password(Service::Triage)
            .unwrap()
            .expose_secret(),
        expected
    );
    assert_eq!(
        config
            .nats
            .login(Service::Intake)
            .password
            .unwrap()
            .expose_secret(),
        expected
    );
    assert!(config.nats.login(Service::Triage).password.is_none());
    assert_eq!(
        config.database.admin_url.as_ref().unwrap().expose_secret(),
        expected
    );
    assert!(
        !format!("{config:?}").contains("s3cret"),
        "a secret does not print itself"
    );

    let both = [
        ("FENGQIAO__DATABASE__PASSWORD_FILE", secret),
        ("FENGQIAO__DATABASE__PASSWORD", "other"),
    ];
    let found = mistakes(load(&file, &both));
    assert!(found[0].starts_with("database.password: both"), "{found:?}");
    let missing = [("FENGQIAO__NATS__PASSWORD_FILE", "/nowhere/secret")];
    assert!(mistakes(load(&file, &missing))[0].starts_with("nats.password_file: cannot read"));
}

#[test]
fn every_mistake_is_reported_at_once() {
    let folder = Folder::new();
    let file = folder.file(
        "f.toml",
        r#"
        [node]
        region = "62x"
        epoch = 0
        [http]
        body_limit = 1
        [auth]
        jwks_url = "ftp://x"
        [database]
        url = "postgres://user:password@host/db"
        pool_size = 1
        [nats]
        replicas = 2
        [telemetry]
        sample = 1.5
        log_filter = "a=b=c=d"
        [services.intak]
        "#,
    );
    insta::assert_snapshot!(mistakes(load(&file, &[])).join("\n"), @r"
    node.region: is not a region code: a region code has digits only
    node.epoch: must be at least 1
    http.body_limit: must be at least 1024 bytes
    telemetry.sample: must be from 0.0 to 1.0
    telemetry.log_filter: is not a filter in the syntax of RUST_LOG
    auth.issuer: is required
    auth.jwks_url: must be an http or https address
    database.url: must not carry a user or password; each service has its own role
    database.pool_size: must be at least 2
    nats.replicas: must be 1, 3 or 5
    services.intak: unknown service (expected one of intake, triage, mediation, judicial_confirmation, evaluation, reporting, federation)
    ");
    let empty = Config::default().validate().unwrap_err();
    let required: Vec<&str> = empty
        .mistakes
        .iter()
        .map(|mistake| mistake.path.as_str())
        .collect();
    assert_eq!(
        required,
        [
            "node.region",
            "auth.issuer",
            "auth.jwks_url",
            "database.url"
        ]
    );
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToySection {
    limit: u32,
    #[serde(deserialize_with = "chassis::config::duration")]
    wait: Duration,
}

#[test]
fn a_service_reads_its_own_section() {
    let folder = Folder::new();
    let file = folder.file(
        "f.toml",
        &format!("{MINIMAL}[services.judicial_confirmation]\nlimit = 3\n"),
    );
    let variable = ("FENGQIAO__SERVICES__JUDICIAL_CONFIRMATION__WAIT", "4s");
    let config = load(&file, &[variable]).unwrap();
    let section: ToySection = config.service(Service::JudicialConfirmation).unwrap();
    assert_eq!(
        section,
        ToySection {
            limit: 3,
            wait: Duration::from_secs(4)
        }
    );
    assert_eq!(
        config.service::<ToySection>(Service::Intake).unwrap(),
        ToySection::default()
    );
    let config = load(
        &file,
        &[("FENGQIAO__SERVICES__JUDICIAL_CONFIRMATION__LIMITS", "4")],
    )
    .unwrap();
    let error = config
        .service::<ToySection>(Service::JudicialConfirmation)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("services.judicial_confirmation.limits: unknown key"),
        "{error}"
    );
}

/// The texts in the reference are the defaults: a configuration made of them equals the default one.
#[test]
fn the_reference_tells_the_truth() {
    let set: Vec<_> = Config::keys()
        .filter(|key| !key.default.is_empty())
        .collect();
    assert!(set.len() > 30);
    let text = |value: &str| value.replace('\n', "");
    let variables = set
        .iter()
        .map(|key| (key.variable(), text(key.default)))
        .collect::<HashMap<_, _>>();
    let mut variables = variables;
    variables.insert("FENGQIAO__AUTH__ISSUER".to_owned(), "i".to_owned());
    variables.insert("FENGQIAO__AUTH__JWKS_FILE".to_owned(), "/k".to_owned());
    variables.insert("FENGQIAO__NODE__REGION".to_owned(), "6206".to_owned());
    variables.insert(
        "FENGQIAO__DATABASE__URL".to_owned(),
        "postgres://h/d".to_owned(),
    );
    let from_texts = Sources {
        file: None,
        variables,
    }
    .load()
    .unwrap();
    let mut defaults = Config::default();
    defaults.auth.issuer = "i".to_owned();
    defaults.auth.jwks_file = Some("/k".into());
    defaults.node.region = "6206".to_owned();
    defaults.database.url = "postgres://h/d".to_owned();
    assert_eq!(format!("{from_texts:?}"), format!("{defaults:?}"));
    let table = Config::reference();
    assert_eq!(table.lines().count(), Config::keys().count() + 2);
    let line = "| `http.body_limit` | `FENGQIAO__HTTP__BODY_LIMIT` | `1048576` | Largest request body in bytes; a larger one gets 413. |";
    assert!(table.contains(line), "{table}");
}
