//! The second act: one hard case, from the whistle to enforcement. It is played at a county when the figures of the half year
//! are counted, so that it is none of them.

mod people;
mod story;
mod timeline;

use anyhow::{Context as _, Result, ensure};
use contracts::roles::Role;
use serde::Serialize;
use serde_json::json;

use super::{Api, check, play::china_today, tree::Tree};
use people::People;
use story::Story;
pub use timeline::print;
use timeline::{Entry, missing};

/// The county where it is played: 凉州, at the seat of the city.
const COUNTY: &str = "620602";

/// What came of it.
#[derive(Debug, Serialize)]
pub struct SecondAct {
    /// The node.
    pub node: &'static str,
    /// What happened, as the node's timeline of the case tells it.
    pub timeline: Vec<Entry>,
    /// What should have happened and is not there, or not in its place.
    pub missing: Vec<&'static str>,
    /// Events that a service of the node has not applied.
    pub unapplied: i64,
    /// Dead letters of the node.
    pub dead_letters: i64,
}

/// Plays it and looks at what the node tells of it.
pub async fn play(tree: &Tree) -> Result<SecondAct> {
    let mut counties = tree.counties.iter();
    let node = counties.find(|node| node.config.node.region == COUNTY);
    let node = node.context("no such county")?;
    let token = |role: Role, of| node.issuer.token(&format!("demo-{role}"), role, COUNTY, of);
    let people = People::gather(Api::new(node.address)?, COUNTY, token).await?;
    let timeline = told(&people).await?;
    let consumers = check::settled(node).await?;
    Ok(SecondAct {
        node: COUNTY,
        missing: missing(&timeline),
        timeline,
        unapplied: consumers.iter().map(|c| c.missing).sum(),
        dead_letters: consumers.iter().map(|c| c.dead_letters).sum(),
    })
}

/// Fails when something of it is missing.
pub fn verdict(act: &SecondAct) -> Result<()> {
    ensure!(
        act.missing.is_empty() && act.unapplied == 0 && act.dead_letters == 0,
        "second act: missing {:?}, {} events not applied, {} dead letters",
        act.missing,
        act.unapplied,
        act.dead_letters
    );
    Ok(())
}

/// Plays it from beginning to end; gives the timeline of the case.
async fn told(people: &People) -> Result<Vec<Entry>> {
    let story = Story::begin(people).await?;
    story.called_together().await?;
    let force = story.task_force().await?;
    let proceeding = story.appraised().await?;
    let agreement = story.settled_in_part(&proceeding).await?;
    let unclear = json!({ "outcome": "dismissed", "reason": "unclear_content", "ruling_number": "(2026)甘0602诉前调确9001号", "ruled_on": china_today() });
    let application = story.ruled(&agreement, unclear).await?;
    story.dismissed(&application).await?;
    story.agreed_anew(&proceeding, &agreement).await?;
    let valid = json!({ "outcome": "valid", "ruling_number": "(2026)甘0602诉前调确9002号", "ruled_on": china_today() });
    let application = story.ruled(&agreement, valid).await?;
    story.enforced(&agreement, &application).await?;
    story.dissolved(&force).await?;
    timeline::read(people, &story.case_id).await
}

#[cfg(test)]
mod tests {
    use contracts::Service;
    use testkit::{TestCentre, centre::migrated};

    use super::*;
    use crate::modules;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hard_case_goes_from_the_whistle_to_enforcement() {
        let schemas = modules::schemas(Service::ALL);
        let database = migrated("second_act", &schemas).await.unwrap();
        let time = chassis::time::Time::system();
        let centre = TestCentre::start(database, time, async |mut node| {
            for service in Service::ALL {
                node = modules::add(node, *service).await?;
            }
            Ok(node)
        });
        let centre = centre.await.unwrap();
        let token = |role: Role, of: Option<contracts::ids::OrganisationId>| {
            let token = centre.issuer.token().region(COUNTY).roles([role.as_str()]);
            match of {
                Some(of) => token.organisation(of).sign(),
                None => token.sign(),
            }
        };
        let api = Api::new(centre.address).unwrap();
        let people = People::gather(api, COUNTY, token).await.unwrap();
        let timeline = told(&people).await.unwrap();
        assert_eq!(missing(&timeline), Vec::<&str>::new());
        let printed = serde_json::to_string(&timeline).unwrap();
        assert!(!printed.contains("住户"), "{printed}");
    }
}
