//! Who acts: a token of each role, and the organisation that mediates.

use anyhow::{Context as _, Result};
use contracts::roles::Role;
use serde_json::{Value, json};

use crate::{
    api::Api,
    node::{Node, REGION},
};

/// Everybody.
pub struct People {
    pub clerk: String,
    pub triage: String,
    pub leader: String,
    pub officer: String,
    pub mediator: String,
    pub organisation: String,
    pub mediator_id: String,
}

impl People {
    /// Gives out the tokens and registers a committee with a mediator.
    pub async fn gather(node: &Node, api: &Api) -> Result<Self> {
        let token = |role: Role| {
            let token = node.issuer.token().region(REGION).roles([role.as_str()]);
            token
                .subject(&format!("bench-{role}"))
                .expires_in(chrono::Duration::hours(24))
        };
        let administrator = token(Role::Administrator).sign()?;
        // 人民调解法 8: three to nine members, one of them the director, a woman among them.
        let committee = json!({
            "region": REGION, "kind": "township_pmc", "name": "压测人民调解委员会", "routes": ["peoples_mediation"],
            "director": "主任",
            "members": [{ "name": "主任", "sex": "male" }, { "name": "委员甲", "sex": "female" },
                        { "name": "委员乙", "sex": "male" }],
        });
        let path = "/mediation/v1/organisations";
        let organisation = id(&api.post(path, &administrator, &committee).await?)?;
        let mediator = json!({ "name": "调解员", "class": "full_time", "qualifications": [] });
        let path = format!("{path}/{organisation}/mediators");
        let mediator_id = id(&api.post(&path, &administrator, &mediator).await?)?;
        let of_organisation = |role| token(role).organisation(&organisation).sign();
        Ok(Self {
            clerk: token(Role::WindowClerk).sign()?,
            triage: token(Role::TriageOfficer).sign()?,
            leader: token(Role::Leader).sign()?,
            officer: of_organisation(Role::OrganisationOfficer)?,
            mediator: of_organisation(Role::Mediator)?,
            organisation,
            mediator_id,
        })
    }
}

/// The `id` of an object.
pub fn id(object: &Value) -> Result<String> {
    text(object, "id")
}

/// A text field of an object.
pub fn text(object: &Value, field: &str) -> Result<String> {
    let text = object.get(field).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {field}"))?.to_owned())
}
