//! The program as an operator starts it. That these tests exist also makes cargo build the program for the tests of whole
//! nodes, which are another package's.
#![cfg(test)]

mod centre;
mod federation;
mod local;
mod schema;
mod secrets;
mod support;

use std::process::{Command, Output};

fn fengqiao(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fengqiao"));
    command
        .args(arguments)
        .env_remove("FENGQIAO_CONFIG")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_names_every_command_and_version_the_release() {
    let help = text(&fengqiao(&["--help"]).stdout);
    for command in [
        "serve",
        "migrate",
        "up",
        "demo",
        "outbox",
        "dead-letters",
        "rebuild",
        "reconcile",
        "nats-authorization",
        "check",
        "wait-schema",
        "doctor",
        "smoke",
        "secrets",
    ] {
        assert!(
            help.lines().any(|line| line.trim().starts_with(command)),
            "{command} is not in:\n{help}"
        );
        let of_command = fengqiao(&[command, "--help"]);
        assert!(
            of_command.status.success() && !of_command.stdout.is_empty(),
            "{command} --help"
        );
    }
    let version = text(&fengqiao(&["--version"]).stdout);
    assert_eq!(
        version.trim(),
        format!("fengqiao {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_wrong_command_line_is_refused_with_what_would_be_right() {
    for (arguments, said) in [
        (&["serve", "kitchen"][..], "judicial-confirmation"),
        (&["serve"], "SERVICES"),
        (&["rebuild", "intake"], "intake"),
        (&["outbox", "replay", "--since", "yesterday"], "--since"),
        (&["dead-letters", "show", "x"], "EVENT_ID"),
        (&["dead-letters", "replay"], "EVENT_ID"),
        (&["wait-schema", "--timeout", "soon"], "30s"),
        (&["secrets", "init", "--keys", "x"], "--centre"),
        (
            &["secrets", "refresh", "--keys", "x", "--format", "directory"],
            "--out",
        ),
    ] {
        let refused = fengqiao(arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&refused.stderr).contains(said),
            "{arguments:?}: {}",
            text(&refused.stderr)
        );
    }
}

#[test]
fn a_missing_configuration_file_is_named() {
    for command in [
        &["check"][..],
        &["migrate"],
        &["serve", "all"],
        &["reconcile"],
        &["wait-schema"],
    ] {
        let refused = fengqiao(&[&["--config", "/nowhere/fengqiao.toml"], command].concat());
        assert_eq!(refused.status.code(), Some(1), "{command:?}");
        assert!(
            text(&refused.stderr).contains("/nowhere/fengqiao.toml"),
            "{command:?}: {}",
            text(&refused.stderr)
        );
    }
}
