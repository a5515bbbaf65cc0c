//! Mediation organisations for a node to play with: the city centre's committee and one in each county of 武威 (the four
//! counties of 武威), each with mediators. Registered through the public API.

use anyhow::{Context as _, Result};
use contracts::ids::{MediatorId, OrganisationId};
use serde_json::{Value, json};

use crate::demo::Api;

/// A receiving desk.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Its region.
    pub region: &'static str,
    /// Its public name.
    pub name: &'static str,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its mediators.
    pub mediators: Vec<MediatorId>,
}

/// The court that the court user of a local node works for: outside the register of organisations.
pub fn local_court() -> OrganisationId {
    OrganisationId::from(uuid::Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0602,
    ))
}

/// Region, name.
const COMMITTEES: [(&str, &str); 5] = [
    ("6206", "武威市矛盾纠纷人民调解委员会"),
    ("620602", "凉州区人民调解委员会"),
    ("620621", "民勤县人民调解委员会"),
    ("620622", "古浪县人民调解委员会"),
    ("620623", "天祝藏族自治县人民调解委员会"),
];

/// Registers those of a node's region, or finds those registered before.
pub async fn register(api: &Api, administrator: &str, node: &str) -> Result<Vec<Desk>> {
    let found = api
        .get("/mediation/v1/organisations?limit=200", administrator)
        .await?;
    let mut desks = Vec::new();
    for (region, name) in COMMITTEES
        .into_iter()
        .filter(|(region, _)| region.starts_with(node))
    {
        let known = items(&found)
            .find(|o| o.get("name").and_then(Value::as_str) == Some(name))
            .cloned();
        let organisation = match known {
            Some(organisation) => organisation,
            None => {
                api.post(
                    "/mediation/v1/organisations",
                    administrator,
                    &committee(region, name),
                )
                .await?
            }
        };
        let organisation: OrganisationId = id(&organisation)?;
        let path = format!("/mediation/v1/organisations/{organisation}/mediators");
        let known = api.get(&path, administrator).await?;
        let mut mediators: Vec<MediatorId> = items(&known).map(id).collect::<Result<_>>()?;
        for n in mediators.len()..3 {
            let mediator = json!({ "name": format!("调解员{}", n + 1), "class": "full_time", "qualifications": [],
                                   "account_subject": format!("mediator-{region}-{n}") });
            mediators.push(id(&api.post(&path, administrator, &mediator).await?)?);
        }
        desks.push(Desk {
            region,
            name,
            organisation,
            mediators,
        });
    }
    Ok(desks)
}

fn committee(region: &str, name: &str) -> Value {
    // 人民调解法 8: three to nine members, one of them the director, a woman among them.
    json!({
        "region": region, "kind": "township_pmc", "name": name, "routes": ["peoples_mediation"],
        "director": "主任",
        "members": [{ "name": "主任", "sex": "male" }, { "name": "委员甲", "sex": "female" }, { "name": "委员乙", "sex": "male" }],
    })
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.get("items")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn id<T: std::str::FromStr>(object: &Value) -> Result<T> {
    let text = object
        .get("id")
        .and_then(Value::as_str)
        .context("an object without id")?;
    text.parse().ok().with_context(|| format!("no id: {text}"))
}
