//! Who takes part: the centre, the committee, two departments, the court.

use anyhow::{Context as _, Result};
use contracts::{ids::OrganisationId, roles::Role};
use serde_json::{Value, json};

use super::super::{Api, play::text};
use crate::local::{local_court, register_organisations};

/// The departments that the whistle calls.
const DEPARTMENTS: [&str; 2] = ["住房和城乡建设局", "应急管理局"];

/// An organisation with the token of its officer.
pub struct Office {
    /// The organisation.
    pub id: String,
    /// 承办单位经办人.
    pub officer: String,
}

/// Everybody, each with a token.
pub struct People {
    /// The node's API.
    pub api: Api,
    /// 窗口工作人员.
    pub clerk: String,
    /// 引导分流岗.
    pub triage: String,
    /// 中心主任.
    pub director: String,
    /// 领导.
    pub leader: String,
    /// 调解员.
    pub mediator: String,
    /// The committee that mediates.
    pub committee: Office,
    /// The mediator who presides.
    pub presiding: String,
    /// The departments.
    pub departments: Vec<Office>,
    /// 法院用户.
    pub judge: String,
    /// The court.
    pub court: String,
}

impl People {
    /// Gives everybody a token and registers the departments.
    pub async fn gather(
        api: Api,
        county: &str,
        token: impl Fn(Role, Option<OrganisationId>) -> Result<String>,
    ) -> Result<Self> {
        let administrator = token(Role::Administrator, None)?;
        let mut committees = register_organisations(&api, &administrator, county).await?;
        let committee = committees.pop().context("a county without a committee")?;
        let mut departments = Vec::new();
        for name in DEPARTMENTS {
            let office = department(county, name);
            let made = api
                .post("/mediation/v1/organisations", &administrator, &office)
                .await?;
            let id = text(&made, "id")?;
            departments.push(Office {
                officer: token(Role::OrganisationOfficer, Some(id.parse()?))?,
                id,
            });
        }
        let of = Some(committee.organisation);
        let presiding = committee.mediators.first().context("no mediator")?;
        Ok(Self {
            clerk: token(Role::WindowClerk, None)?,
            triage: token(Role::TriageOfficer, None)?,
            director: token(Role::CentreDirector, None)?,
            leader: token(Role::Leader, None)?,
            mediator: token(Role::Mediator, of)?,
            committee: Office {
                id: committee.organisation.to_string(),
                officer: token(Role::OrganisationOfficer, of)?,
            },
            presiding: presiding.to_string(),
            departments,
            judge: token(Role::CourtUser, Some(local_court()))?,
            court: local_court().to_string(),
            api,
        })
    }
}

fn department(county: &str, name: &str) -> Value {
    json!({
        "region": county, "kind": "administrative_office", "name": format!("{name}行政调解工作室"),
        "routes": ["administrative_mediation"], "director": "主任",
    })
}
