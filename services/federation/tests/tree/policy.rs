//! Policy: layers and working days come down, what they lock stays; what it says of a colour goes up.

use std::{fs, path::Path, time::Duration};

use chassis::time::Time;
use contracts::{
    events::triage::RiskColour,
    ids::{CaseId, TypedId as _},
};
use federation::links::NodeLink;
use policy::PackFiles;

use crate::{
    node::{Node, eventually},
    told::metric_of,
};

/// Gives a node a pack of its own in a folder: the program's with these files.
fn give(node: &mut Node, files: &[(&str, &str)]) {
    let dir = node.folder("policy");
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    for folder in ["default", "reference/calendar"] {
        fs::create_dir_all(dir.join(folder)).unwrap();
        for entry in fs::read_dir(policies.join(folder)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), dir.join(folder).join(entry.file_name())).unwrap();
        }
    }
    for (name, text) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    node.config.policy.dir = Some(dir);
}

/// The version of the pack that a node runs with what these nodes above it hand down, the root first.
fn expected(node: &Node, above: &[&Node]) -> String {
    let mut handed_down = None;
    for superior in above {
        let files = PackFiles::read(superior.config.policy.dir.as_deref());
        let pack = files.pack(&superior.code, handed_down.as_ref()).unwrap();
        handed_down = Some(pack.handed_down().files.clone());
    }
    let files = PackFiles::read(node.config.policy.dir.as_deref());
    let pack = files.pack(&node.code, handed_down.as_ref()).unwrap();
    pack.version().to_owned()
}

fn confirmed(link: &NodeLink) -> bool {
    link.policy_received.is_some()
        && link.policy_received == link.policy_handed_down
        && link.policy_refused.is_none()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_province_decides_reaches_the_county_and_is_confirmed() {
    let mut province = Node::root("62").await;
    province.stop().await;
    give(
        &mut province,
        &[(
            "regions/62/limits.yaml",
            "title_max: 90\nlocks: [/title_max]\n",
        )],
    );
    province.serve().await;
    let mut city = Node::invited(&province, "6206").await;
    give(
        &mut city,
        &[("regions/6206/limits.yaml", "note_max: 900\n")],
    );
    city.join(&province).await;
    let county = Node::below(&city, "620602").await;
    let (of_city, of_county) = (
        expected(&city, &[&province]),
        expected(&county, &[&province, &city]),
    );
    assert_ne!(of_city, expected(&city, &[]));
    eventually("city and county run what was handed down", async || {
        let (city_seen, county_seen) = (province.sees(&city).await, city.sees(&county).await);
        confirmed(&city_seen)
            && city_seen.policy_version == of_city
            && confirmed(&county_seen)
            && county_seen.policy_version == of_county
    })
    .await;
    // The other services of the county learn it from an event.
    assert_eq!(
        county
            .count("outbox WHERE event_type = 'fengqiao.federation.policy.adopted.v1' AND payload->'files' ? 'regions/62/limits.yaml'")
            .await,
        1
    );

    // A city that sets what the province has locked works on with what it had, and the province sees why.
    city.stop().await;
    province.stop().await;
    give(
        &mut province,
        &[(
            "regions/62/limits.yaml",
            "note_max: 800\nlocks: [/note_max]\n",
        )],
    );
    province.serve().await;
    city.serve().await;
    eventually("the province sees that the city refuses", async || {
        let seen = province.sees(&city).await;
        seen.policy_received == seen.policy_handed_down
            && seen
                .policy_refused
                .is_some_and(|why| why.contains("regions/6206/limits.yaml"))
            && seen.policy_version == of_city
    })
    .await;
    eventually("the alarm shows it", async || {
        metric_of("fengqiao_federation_node_policy_refused", &city) == Some(1.0)
    })
    .await;
    assert!(city.dead_letters().await.is_empty());
    assert!(county.dead_letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_red_case_goes_to_the_city_of_its_own_accord_and_a_blue_one_does_not() {
    let city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    // A case intake never gets is asked for ever more rarely, and nothing waits for it.
    let unknown = Time::system().id::<CaseId>();
    let large = Time::system().id::<CaseId>();
    county.answer_dossiers(unknown, large).await;
    county.decide(unknown, RiskColour::Red).await;
    eventually("its warning is sent, the report of it waits", async || {
        county
            .count("automatic_requests WHERE again_at - noted_at > interval '1 s'")
            .await
            == 1
    })
    .await;
    let red = Time::system().id::<CaseId>();
    county.decide(Time::system().id(), RiskColour::Blue).await;
    county.decide(red, RiskColour::Red).await;
    // Decided again: not sent again.
    county.decide(red, RiskColour::Red).await;
    let of_red = format!(
        "requests WHERE case_id = '{}' AND state = 'delivered'",
        red.uuid()
    );
    eventually("the warning and the report have arrived", async || {
        city.count(&of_red).await == 2
    })
    .await;
    county.decide(red, RiskColour::Red).await;
    county.taken(5).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(city.count("requests").await, 3);
    let sealed = "requests WHERE kind = 'report_up' AND sealed IS NOT NULL AND hands_over = 'none'";
    assert_eq!(city.count(sealed).await, 1);
    assert_eq!(
        county
            .count("automatic_requests WHERE request_id IS NOT NULL")
            .await,
        3
    );
    assert!(city.dead_letters().await.is_empty());

    // One whose dossier is too large is told to operations, and the others do not wait for it.
    county.decide(large, RiskColour::Red).await;
    eventually("it is told", async || {
        let unsent = federation::links::unsent(&county.db()).await.unwrap();
        unsent.len() == 1
            && (unsent[0].case_id, unsent[0].refused.as_str())
                == (large.uuid(), "dossier-too-large")
    })
    .await;
}
