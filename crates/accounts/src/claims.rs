//! The operator JWT and the account JWTs of a node: PLAT, FED, LINK, SYS.

use chrono::{DateTime, Utc};
use contracts::region::RegionCode;
use serde_json::{Value, json};

use crate::jwt::Claims;
use crate::ledger::Ledger;
use crate::subjects::{consume_down, domain};
use crate::{Error, NodeKeys};

/// An account's public key and JWT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Public key (`A…`).
    pub key: String,
    /// The JWT.
    pub jwt: String,
}

/// What a node's nats-server has to know of who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// The operator JWT.
    pub operator: String,
    /// The local services, with their own JetStream. Never linked.
    pub platform: Account,
    /// The streams UP and DOWN, the federation service, the links of the children.
    pub federation: Account,
    /// Where the link to the parent ends: no users, no JetStream, only what it imports and exports.
    pub link: Account,
    /// Checks and account updates.
    pub system: Account,
}

impl NodeKeys {
    /// The JWTs of the node's accounts. The same until something in them changes; then they are issued at `now`.
    ///
    /// # Errors
    /// When a file in the directory cannot be read or written.
    pub fn accounts(&self, now: DateTime<Utc>) -> Result<Accounts, Error> {
        let parent = self.parent()?.map(|parent| parent.code);
        self.change_ledger(|ledger| {
            let operator = json!({
                "type": "operator",
                "version": 2,
                "system_account": self.system.identity.public_key(),
            });
            let platform = with_users(account(Some(-1)), &self.platform.signing.public_key());
            let mut federation =
                with_users(account(Some(2)), &self.federation.signing.public_key());
            set(&mut federation, "revocations", json!(ledger.revocations()));
            let mut link = account(None);
            if let Some(parent) = parent {
                self.connect(&mut federation, &mut link, parent);
            }
            let system = with_users(account(None), &self.system.signing.public_key());
            Ok(Accounts {
                operator: self
                    .issue(ledger, "operator", &self.operator, operator, now)?
                    .jwt,
                platform: self.issue(ledger, "PLAT", &self.platform.identity, platform, now)?,
                federation: self.issue(
                    ledger,
                    "FED",
                    &self.federation.identity,
                    federation,
                    now,
                )?,
                link: self.issue(ledger, "LINK", &self.link, link, now)?,
                system: self.issue(ledger, "SYS", &self.system.identity, system, now)?,
            })
        })
    }

    /// Lets FED and LINK of this node reach each other, and the parent through LINK: it may consume UP, we consume our part
    /// of its DOWN.
    ///
    /// The exports are public, as an export for named accounts takes a second token each; the operator signs the four
    /// accounts only, and the other two import nothing.
    fn connect(&self, federation: &mut Value, link: &mut Value, parent: RegionCode) {
        let (fed, via) = (
            self.federation.identity.public_key(),
            self.link.public_key(),
        );
        let domain = domain(self.code());
        let (up, down) = (format!("fed.up.{domain}.>"), format!("fed.down.{domain}.>"));
        let consume_up = "$JS.API.CONSUMER.CREATE.UP.*.up.>";
        let consume_down = consume_down(parent, self.code());
        // The prefix of the API at the parent, as the source of DOWN knows it.
        let local_down = consume_down.replacen(
            &format!("$JS.{}.API.", crate::subjects::domain(parent)),
            "fed.parent.",
            1,
        );
        let local_up = consume_up.replacen("$JS.API.", &format!("fed.api.{domain}."), 1);
        set(
            federation,
            "exports",
            json!([
                export("service", consume_up),
                export("service", "$JS.FC.UP.>"),
                export("stream", &up),
            ]),
        );
        set(
            federation,
            "imports",
            json!([
                import("service", &via, &consume_down, Some(&local_down)),
                import("service", &via, "$JS.FC.DOWN.>", None),
                import("stream", &via, &down, None),
            ]),
        );
        set(
            link,
            "exports",
            json!([
                export("service", &consume_down),
                export("service", "$JS.FC.DOWN.>"),
                export("stream", &down),
            ]),
        );
        set(
            link,
            "imports",
            json!([
                import("service", &fed, consume_up, Some(&local_up)),
                import("service", &fed, "$JS.FC.UP.>", None),
                import("stream", &fed, &up, None),
            ]),
        );
    }

    fn issue(
        &self,
        ledger: &mut Ledger,
        name: &str,
        identity: &nkeys::KeyPair,
        claims: Value,
        now: DateTime<Utc>,
    ) -> Result<Account, Error> {
        let key = identity.public_key();
        let issued_at = ledger.edition(name, &claims.to_string(), now);
        let name = format!("{name} {}", self.code());
        let jwt = Claims::new(&name, &key, issued_at, claims).sign(&self.operator)?;
        Ok(Account { key, jwt })
    }
}

/// Claims of an account; `streams` is how many streams it may have (-1: any number), none: no JetStream.
fn account(streams: Option<i64>) -> Value {
    let mut limits = json!({
        "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1,
    });
    if let Some(streams) = streams {
        set(&mut limits, "mem_storage", json!(-1));
        set(&mut limits, "disk_storage", json!(-1));
        set(&mut limits, "streams", json!(streams));
        set(&mut limits, "consumer", json!(-1));
    }
    json!({"type": "account", "version": 2, "limits": limits, "default_permissions": {"pub": {}, "sub": {}}})
}

fn with_users(mut account: Value, signing: &str) -> Value {
    set(&mut account, "signing_keys", json!([signing]));
    account
}

fn set(object: &mut Value, field: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(field.to_owned(), value);
    }
}

fn export(kind: &str, subject: &str) -> Value {
    json!({"name": subject, "subject": subject, "type": kind})
}

fn import(kind: &str, account: &str, subject: &str, local: Option<&str>) -> Value {
    let mut import = json!({"name": subject, "subject": subject, "account": account, "type": kind});
    if let Some(local) = local {
        set(&mut import, "local_subject", json!(local));
    }
    import
}
