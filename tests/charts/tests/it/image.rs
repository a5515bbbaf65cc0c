//! The image's root filesystem, built without a container engine from the program at hand, and run as a cluster would.

use std::{path::Path, process::Command};

use anyhow::{Result, ensure};
use charts_tests::helm::root;

#[tokio::test]
async fn is_built_and_runs() -> Result<()> {
    let out = tempfile::Builder::new()
        .prefix("fengqiao-image-")
        .tempdir()?;
    let folder = out.path().join("image");
    // What a debugger needs is most of a debug build, and takes long to pack.
    let program = out.path().join("fengqiao");
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(&program).arg(e2e::program().await?);
    succeeds(strip)?;
    let mut build = Command::new(root().join("k8s/image/build-rootfs"));
    build
        .arg("--binary")
        .arg(&program)
        .arg("--nats-server")
        .arg(servers::nats_server()?)
        .arg("--out")
        .arg(&folder);
    succeeds(build)?;
    let digest = std::fs::read_to_string(folder.join("digest"))?;
    ensure!(digest.starts_with("sha256:"), "{digest}");
    ensure!(folder.join("sbom.cdx.json").is_file(), "no SBOM");
    if !namespaces() {
        eprintln!("this machine allows no namespaces: the image was built and not run");
        return Ok(());
    }
    let mut check = Command::new(root().join("k8s/image/check-rootfs"));
    check
        .arg(folder.join("rootfs.tar"))
        .arg(root().join("policies").canonicalize()?);
    succeeds(check)
}

/// Whether a process may have a mount table of its own here: inside many containers it may not.
fn namespaces() -> bool {
    let mut probe = Command::new("unshare");
    probe.args(["--mount", "--pid", "--fork"]);
    if !is_root() {
        probe.args(["--user", "--map-root-user"]);
    }
    probe
        .args(["mount", "-t", "tmpfs", "tmpfs", "/tmp"])
        .output()
        .is_ok_and(|output| output.status.success())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    Path::new("/proc/self")
        .metadata()
        .is_ok_and(|process| process.uid() == 0)
}

fn succeeds(mut command: Command) -> Result<()> {
    let output = command.output()?;
    ensure!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
