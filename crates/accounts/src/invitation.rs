//! Invitations: how a node becomes the child of another one, and how it ceases to be.

use std::fmt;

use chrono::{DateTime, SubsecRound as _, Utc};
use contracts::region::{Level, RegionCode};
use nkeys::KeyPair;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ledger::Issued;
use crate::users::User;
use crate::{Allow, Error, NodeKeys, PublicKeys, jwt, subjects};

/// How a child's link may connect, in nats-server's words: never as an ordinary client.
const LINKS: [&str; 2] = ["LEAFNODE", "LEAFNODE_WS"];

/// What a parent writes into an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// The node invited.
    pub child: RegionCode,
    /// Where its server connects to ours: `tls://host:port`, and `wss://host:port` where only HTTPS passes.
    pub urls: Vec<String>,
    /// The certificate authority of these addresses (PEM); none: one that every system knows.
    pub ca: Option<String>,
    /// How long the credentials in it are valid.
    pub expires_at: DateTime<Utc>,
}

/// The file a parent hands to a node that is to become its child. It holds a secret: whoever has it is that child.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// The node invited.
    pub child: RegionCode,
    /// The node that invites.
    pub parent: RegionCode,
    /// Where the child's server connects to.
    pub urls: Vec<String>,
    /// The certificate authority of these addresses (PEM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
    /// The credentials file of the link.
    pub credentials: String,
    /// The parent's own keys.
    pub parent_keys: PublicKeys,
    /// Short hash of all that matters in it but the secret, to be read out on the phone: both sides see the same.
    pub fingerprint: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// From when its credentials are no longer valid.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation")
            .field("child", &self.child)
            .field("parent", &self.parent)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

impl Invitation {
    /// Public key of the user in the credentials.
    ///
    /// # Errors
    /// [`Error::Key`] when the credentials are damaged.
    pub fn user(&self) -> Result<String, Error> {
        Ok(jwt::read_credentials(&self.credentials)?.0.sub)
    }

    /// The hash of the child, the user, the addresses, the authority and the parent's keys: who changes the invitation on
    /// its way changes it.
    fn compute_fingerprint(&self, user: &str) -> String {
        let mut hash = Sha256::new();
        let fixed = [
            self.child.as_str(),
            self.parent.as_str(),
            user,
            &self.parent_keys.signing,
            &self.parent_keys.sealing,
            self.ca.as_deref().unwrap_or_default(),
        ];
        for part in fixed
            .into_iter()
            .chain(self.urls.iter().map(String::as_str))
        {
            hash.update(part);
            hash.update([0]);
        }
        let hex = data_encoding::HEXLOWER.encode(&hash.finalize());
        let groups = hex.as_bytes().chunks(4).take(4);
        groups
            .map(String::from_utf8_lossy)
            .collect::<Vec<_>>()
            .join("-")
    }

    /// Checks that `node` can accept it at `now`.
    pub(crate) fn check(&self, node: RegionCode, now: DateTime<Utc>) -> Result<(), Error> {
        if self.child != node {
            return Err(Error::NotForUs {
                invited: self.child,
                node,
            });
        }
        must_lie_in(self.parent, self.child)?;
        check_urls(&self.urls)?;
        if now >= self.expires_at {
            return Err(Error::Expired(self.expires_at));
        }
        let wrong = |what: &str| Err(Error::Invitation(what.to_owned()));
        let (claims, _) = jwt::read_credentials(&self.credentials)?;
        if claims.exp != Some(self.expires_at.timestamp()) {
            return wrong("its credentials expire at another time");
        }
        if KeyPair::from_public_key(&self.parent_keys.signing).is_err()
            || nkeys::XKey::from_public_key(&self.parent_keys.sealing).is_err()
        {
            return wrong("the parent's keys cannot be read");
        }
        if self.fingerprint != self.compute_fingerprint(&claims.sub) {
            return wrong("its fingerprint is not that of its content");
        }
        Ok(())
    }
}

impl NodeKeys {
    /// Invites a node below this one, and remembers it. The server's configuration does not change: whoever shows
    /// credentials that the account's signing key has signed is let in.
    ///
    /// # Errors
    /// [`Error::NotInside`]; [`Error::Overlap`] with another child; [`Error::Url`]; [`Error::Expired`] when `expires_at` is
    /// over; when a file cannot be read or written.
    pub fn invite(&self, invite: &Invite, now: DateTime<Utc>) -> Result<Invitation, Error> {
        let (parent, child) = (self.code(), invite.child);
        must_lie_in(parent, child)?;
        check_urls(&invite.urls)?;
        // JWTs know seconds.
        let (now, expires_at) = (now.trunc_subsecs(0), invite.expires_at.trunc_subsecs(0));
        if expires_at <= now {
            return Err(Error::Expired(expires_at));
        }
        let key = KeyPair::new_user();
        let user = User {
            name: &format!("link {child}"),
            key: &key,
            allow: &Allow {
                publish: subjects::child_publish(parent, child),
                subscribe: subjects::child_subscribe(child),
                responses: false,
            },
            connections: &LINKS,
            issued_at: now,
            expires_at: Some(expires_at),
        };
        let mut invitation = Invitation {
            child,
            parent,
            urls: invite.urls.clone(),
            ca: invite.ca.clone(),
            credentials: user.credentials(&self.federation)?,
            parent_keys: self.public(),
            fingerprint: String::new(),
            issued_at: now,
            expires_at,
        };
        invitation.fingerprint = invitation.compute_fingerprint(&key.public_key());
        self.change_ledger(|ledger| {
            let standing = ledger.issued.iter().filter(|issued| issued.standing(now));
            let overlaps = |other: &RegionCode| {
                *other != child && (other.contains(&child) || child.contains(other))
            };
            if let Some(other) = standing.map(|issued| issued.child).find(overlaps) {
                return Err(Error::Overlap { child, other });
            }
            ledger.issued.push(Issued {
                child,
                user: key.public_key(),
                fingerprint: invitation.fingerprint.clone(),
                issued_at: now,
                expires_at,
                revoked_at: None,
            });
            Ok(())
        })?;
        Ok(invitation)
    }

    /// A new invitation for a child there is, and the users of the earlier ones that still stand: they are to be revoked once
    /// the child has accepted the new one.
    ///
    /// # Errors
    /// As [`Self::invite`].
    pub fn rotate(
        &self,
        invite: &Invite,
        now: DateTime<Utc>,
    ) -> Result<(Invitation, Vec<String>), Error> {
        let earlier = self.standing(invite.child, now)?;
        Ok((self.invite(invite, now)?, earlier))
    }

    /// The users a child can log in as.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn standing(&self, child: RegionCode, now: DateTime<Utc>) -> Result<Vec<String>, Error> {
        let standing = self
            .issued()?
            .into_iter()
            .filter(|issued| issued.child == child && issued.standing(now));
        Ok(standing.map(|issued| issued.user).collect())
    }

    /// Whether a node was ever invited.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn was_invited(&self, child: RegionCode) -> Result<bool, Error> {
        let issued = self.issued()?;
        Ok(issued.iter().any(|issued| issued.child == child))
    }

    /// Takes credentials back: the JWT of FED that says so, for [`push`](crate::push). They stay revoked when the server's
    /// configuration is written anew.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; when a file cannot be read or written.
    pub fn revoke(&self, user: &str, at: DateTime<Utc>) -> Result<String, Error> {
        self.change_ledger(|ledger| {
            let issued = ledger.issued.iter_mut().find(|issued| issued.user == user);
            let issued = issued.ok_or_else(|| Error::UnknownUser(user.to_owned()))?;
            issued.revoked_at.get_or_insert(at);
            Ok(())
        })?;
        Ok(self.accounts(at)?.federation.jwt)
    }

    /// Takes all credentials of a child back, as [`Self::revoke`] does.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn remove(&self, child: RegionCode, at: DateTime<Utc>) -> Result<String, Error> {
        self.change_ledger(|ledger| {
            for issued in &mut ledger.issued {
                if issued.child == child {
                    issued.revoked_at.get_or_insert(at);
                }
            }
            Ok(())
        })?;
        Ok(self.accounts(at)?.federation.jwt)
    }
}

fn must_lie_in(parent: RegionCode, child: RegionCode) -> Result<(), Error> {
    if child.level() == Level::Village {
        return Err(Error::Village(child));
    }
    if parent == child || !parent.contains(&child) {
        return Err(Error::NotInside { child, parent });
    }
    Ok(())
}

fn check_urls(urls: &[String]) -> Result<(), Error> {
    let good = |url: &str| {
        let address = url
            .strip_prefix("tls://")
            .or_else(|| url.strip_prefix("wss://"));
        let host_and_port = address.and_then(|address| address.rsplit_once(':'));
        host_and_port.is_some_and(|(host, port)| {
            let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
            !host.is_empty() && host.chars().all(plain) && port.parse::<u16>().is_ok()
        })
    };
    if urls.is_empty() {
        return Err(Error::Url(String::new()));
    }
    match urls.iter().find(|url| !good(url)) {
        Some(bad) => Err(Error::Url(bad.clone())),
        None => Ok(()),
    }
}
