//! The people who use a node, each with a token, and the organisations they work for.

use std::sync::Arc;

use anyhow::Result;
use contracts::roles::Role;
use serde_json::json;
use testkit::TestIssuer;

use crate::{
    client::{Api, text},
    node::{REGION, TestNode},
};

/// The county whose committee mediates.
pub const COUNTY: &str = "620602";
/// Another county of the same city.
pub const OTHER_COUNTY: &str = "620621";

/// Everybody who takes part. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cast {
    /// 窗口工作人员.
    pub clerk: String,
    /// 引导分流岗.
    pub triage: String,
    /// 协调督办岗.
    pub coordinator: String,
    /// 研判评估岗.
    pub evaluator: String,
    /// 领导.
    pub leader: String,
    /// 系统管理员.
    pub administrator: String,
    /// 法院用户.
    pub court: String,
    /// The court.
    pub court_id: String,
    /// The committee of [`COUNTY`].
    pub desk: Arc<Desk>,
}

/// A mediation organisation with the tokens of its people.
#[derive(Debug)]
pub struct Desk {
    /// The organisation.
    pub organisation: String,
    /// Its mediators.
    pub mediators: Vec<String>,
    /// 承办单位经办人.
    pub officer: String,
    /// 调解员.
    pub mediator: String,
}

impl Cast {
    /// Gives everybody a token and registers the committee.
    ///
    /// # Errors
    /// The node does not answer, or refuses.
    pub async fn gather(node: &TestNode) -> Result<Self> {
        Self::of(&node.api, &node.issuer).await
    }

    /// [`Self::gather`] at a node that trusts this issuer.
    ///
    /// # Errors
    /// The node does not answer, or refuses.
    pub async fn of(api: &Api, issuer: &TestIssuer) -> Result<Self> {
        let role = |role: Role| role_in(issuer, role, None);
        let administrator = role(Role::Administrator)?;
        let court_id = COURT.to_owned();
        Ok(Self {
            clerk: role(Role::WindowClerk)?,
            triage: role(Role::TriageOfficer)?,
            coordinator: role(Role::Coordinator)?,
            evaluator: role(Role::Evaluator)?,
            leader: role(Role::Leader)?,
            court: role_in(issuer, Role::CourtUser, Some(&court_id))?,
            court_id,
            desk: Arc::new(Desk::register(api, issuer, &administrator, COUNTY).await?),
            administrator,
        })
    }
}

/// The basic court of the county in the policy pack of the node.
const COURT: &str = "01900000-0000-7000-8000-000000000602";

impl Desk {
    /// Registers an organ that does not mediate, for a route of its kind.
    ///
    /// # Errors
    /// The node does not answer, or refuses.
    pub async fn organ(
        api: &Api,
        issuer: &TestIssuer,
        administrator: &str,
        (kind, route): (&str, &str),
    ) -> Result<Self> {
        let organ = json!({
            "region": COUNTY, "kind": kind, "name": format!("{COUNTY} {kind}"), "routes": [route], "director": "主任",
        });
        let path = "/mediation/v1/organisations";
        let organisation = text(&api.command(path, administrator, &organ).await?, "id")?;
        Ok(Self {
            officer: role_in(issuer, Role::OrganisationOfficer, Some(&organisation))?,
            mediator: role_in(issuer, Role::Mediator, Some(&organisation))?,
            mediators: Vec::new(),
            organisation,
        })
    }

    /// Registers a committee with two mediators.
    ///
    /// # Errors
    /// The node does not answer, or refuses.
    pub async fn register(
        api: &Api,
        issuer: &TestIssuer,
        administrator: &str,
        region: &str,
    ) -> Result<Self> {
        let committee = json!({
            "region": region, "kind": "township_pmc", "name": format!("{region} 人民调解委员会"),
            "routes": ["peoples_mediation"], "director": "主任",
            "members": [{ "name": "主任", "sex": "male" }, { "name": "委员甲", "sex": "female" }, { "name": "委员乙", "sex": "male" }],
        });
        let organisation = api
            .command("/mediation/v1/organisations", administrator, &committee)
            .await?;
        let organisation = text(&organisation, "id")?;
        let path = format!("/mediation/v1/organisations/{organisation}/mediators");
        let mut mediators = Vec::new();
        for n in 1..=2 {
            let mediator = json!({ "name": format!("调解员{n}"), "class": "full_time", "qualifications": [],
                                   "account_subject": format!("mediator-{region}-{n}") });
            mediators.push(text(
                &api.command(&path, administrator, &mediator).await?,
                "id",
            )?);
        }
        let (officer, mediator) = (
            role_in(issuer, Role::OrganisationOfficer, Some(&organisation))?,
            role_in(issuer, Role::Mediator, Some(&organisation))?,
        );
        Ok(Self {
            organisation,
            mediators,
            officer,
            mediator,
        })
    }
}

/// A token with one role in the whole node, or in one organisation.
///
/// # Errors
/// It cannot be signed.
pub fn role_in(issuer: &TestIssuer, role: Role, organisation: Option<&str>) -> Result<String> {
    let token = issuer
        .token()
        .region(REGION)
        .roles([role.as_str()])
        .subject(&format!("e2e-{role}"));
    match organisation {
        Some(organisation) => token.organisation(organisation).sign(),
        None => token.sign(),
    }
}
