//! What the repository checks of itself is a test too: that way its program is built once, with everything else.

use std::process::Command;

#[test]
fn the_repository_keeps_its_own_rules() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("check")
        .output()
        .unwrap();
    let findings = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "`cargo xtask check`; stale files: `cargo xtask generate`\n{findings}"
    );
}
