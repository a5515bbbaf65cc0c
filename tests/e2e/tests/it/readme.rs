//! What the READMEs tell a newcomer to type works.

use std::process::Command;

use contracts::roles::Role;
use e2e::{Mode, TestNode, cast::Cast};

const ENGLISH: &str = include_str!("../../../../README.md");
const CHINESE: &str = include_str!("../../../../README.zh-CN.md");

/// The block of shell that takes a case from the window to its end.
fn walk(readme: &str) -> &str {
    let blocks = readme.split("```sh\n").skip(1);
    let mut blocks = blocks.map(|block| block.split("```").next().unwrap());
    blocks
        .find(|block| block.contains("/intake/v1/matters"))
        .expect("a walk through one case")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_through_one_case_can_be_pasted() {
    let script = walk(ENGLISH);
    assert_eq!(script, walk(CHINESE), "both READMEs have the same walk");
    let node = TestNode::start(Mode::One).await.unwrap();
    let cast = Cast::gather(&node).await.unwrap();
    let mut shell = Command::new("bash");
    shell
        .args(["-euo", "pipefail", "-c", script])
        .env("api", format!("http://{}", node.api.processes()[0]))
        .env("CLERK", &cast.clerk)
        .env("TRIAGE", &cast.triage)
        .env("OFFICER", &cast.desk.officer)
        .env("MEDIATOR", &cast.desk.mediator)
        .env("EVALUATOR", &cast.evaluator)
        .env("COORDINATOR", &cast.coordinator)
        .env("LEADER", node.role(Role::Leader).unwrap())
        .env("COURT", &cast.court)
        .env("ORG", &cast.desk.organisation)
        .env("MED", &cast.desk.mediators[0])
        .env("COURT_ID", &cast.court_id);
    let output = tokio::task::spawn_blocking(move || shell.output().unwrap())
        .await
        .unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("\"confirmed_valid\""), "{said}");
    assert!(said.contains("\"total_check\""), "{said}");
    let refusals = said.lines().filter(|line| line.contains("\"status\":4"));
    assert_eq!(refusals.count(), 0, "{said}");
}
