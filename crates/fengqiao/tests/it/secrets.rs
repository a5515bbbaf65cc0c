//! `fengqiao secrets`: what is printed, and what is refused.

use std::{collections::BTreeMap, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use serde::Deserialize;

use crate::support::printed;

#[derive(Deserialize)]
struct Secret {
    kind: String,
    metadata: BTreeMap<String, String>,
    #[serde(rename = "stringData")]
    data: BTreeMap<String, String>,
}

/// Without any configuration.
fn secrets(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fengqiao"));
    let command = command
        .current_dir(directory)
        .arg("secrets")
        .args(arguments);
    let output = command.env_remove("FENGQIAO_CONFIG").output().unwrap();
    let (code, _) = printed(&output);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (code, text(output.stdout), text(output.stderr))
}

fn read(directory: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect()
}

#[test]
fn the_secret_is_printed_once_and_what_the_keys_give_as_often_as_wanted() {
    let home = tempfile::tempdir().unwrap();
    let init = [
        "init",
        "--centre",
        "6206",
        "--keys",
        "keys",
        "--host",
        "nats.6206.example",
    ];
    let (code, yaml, said) = secrets(home.path(), &init);
    assert_eq!(code, 0, "{said}");
    let secret: Secret = serde_saphyr::from_str(&yaml).unwrap();
    assert_eq!(
        (secret.kind.as_str(), secret.metadata["name"].as_str()),
        ("Secret", "centre-6206")
    );
    let comments = yaml.lines().filter(|line| line.starts_with("  # ")).count();
    assert_eq!(comments, secret.data.len(), "every key is explained");

    // A text in YAML is the same text again.
    let keys = read(&home.path().join("keys"));
    for name in ["node.json", "node-signing.seed", "node-sealing.seed"] {
        assert_eq!(secret.data[name], keys[name], "{name}");
    }
    // What can sign accounts, services and invitations stays behind.
    for (name, seed) in keys
        .iter()
        .filter(|(name, _)| name.starts_with("account") || name.starts_with("operator"))
    {
        assert!(!yaml.contains(seed.trim()), "{name} is in the Secret");
    }
    // Every password is another one.
    let passwords: Vec<&String> = secret
        .data
        .iter()
        .filter(|(name, _)| name.ends_with("-password"))
        .map(|(_, v)| v)
        .collect();
    let different: std::collections::BTreeSet<_> = passwords.iter().collect();
    assert_eq!((passwords.len(), different.len()), (9, 9));
    assert!(passwords.iter().all(|password| password.len() == 48));

    let (code, yaml, said) = secrets(home.path(), &init);
    assert_eq!((code, yaml.as_str()), (1, ""));
    assert!(said.contains("was printed already"), "{said}");

    let (code, yaml, said) = secrets(
        home.path(),
        &[
            "refresh",
            "--keys",
            "keys",
            "--name",
            "other",
            "--namespace",
            "n",
        ],
    );
    assert_eq!(code, 0, "{said}");
    let again: Secret = serde_saphyr::from_str(&yaml).unwrap();
    assert_eq!(again.metadata["name"], "other");
    assert!(
        !again
            .data
            .keys()
            .any(|name| name.contains("password") || name.contains("url") || name == "backup-key")
    );
    assert_eq!(again.data["accounts.conf"], secret.data["accounts.conf"]);
    assert!(!again.data.contains_key("leaf.crt"), "no --host was given");
}

#[test]
fn a_folder_has_a_file_a_key_for_its_owner_only_and_nothing_is_written_over() {
    let home = tempfile::tempdir().unwrap();
    let init = |keys: &'static str, out: &'static str| {
        [
            "init",
            "--centre",
            "620602",
            "--keys",
            keys,
            "--format",
            "directory",
            "--out",
            out,
        ]
    };
    let (code, out, said) = secrets(home.path(), &init("keys", "secret"));
    assert_eq!((code, out.as_str()), (0, ""), "{said}");
    let files = read(&home.path().join("secret"));
    assert!(files["database-owner-url"].ends_with("@centre-620602-postgres:5432/fengqiao"));
    assert!(files.contains_key("nats-judicial-confirmation.creds"));
    for name in files.keys() {
        assert!(!said.contains(files[name].trim()), "{name} is printed");
        let mode = home
            .path()
            .join("secret")
            .join(name)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let (code, _, said) = secrets(home.path(), &init("others", "secret"));
    assert_eq!(code, 1);
    assert!(said.contains("exists already"), "{said}");
    assert!(
        !home.path().join("others").exists(),
        "nothing is made when it is refused"
    );
    assert_eq!(read(&home.path().join("secret")), files);
    // Keys of one node are not another's.
    let other = ["init", "--centre", "620621", "--keys", "keys"];
    std::fs::remove_file(home.path().join("keys/secret-printed")).unwrap();
    let (code, yaml, said) = secrets(home.path(), &other);
    assert_eq!((code, yaml.as_str()), (1, ""), "{said}");
}
