//! Who calls, and how far they may see.

use std::collections::BTreeSet;

use contracts::ids::OrganisationId;
use contracts::region::RegionCode;
use contracts::roles::{Permission, Role};

/// The caller, as its token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The issuer's name for this person or system. Not for logs.
    pub subject: String,
    /// What the caller is; roles nobody here knows are left out.
    pub roles: BTreeSet<Role>,
    /// The region it works for, with all under it.
    pub region: RegionCode,
    /// The organisation it works for.
    pub organisation: Option<OrganisationId>,
}

/// What of the stored objects a caller may see. Goes into every query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// This region and all under it: `region LIKE '<scope>%'`.
    pub region: RegionCode,
    /// Only this organisation's objects.
    pub organisation: Option<OrganisationId>,
    /// Only what this applicant brought or is a party to.
    pub applicant: Option<String>,
    /// The caller; an applicant or a member of staff.
    pub subject: String,
    /// The roles it acts by: those that have the permission it was let in with.
    pub acting: BTreeSet<Role>,
}

impl Scope {
    /// Whether one of the roles the caller acts by has another permission too.
    #[must_use]
    pub fn may<P: Permission>(&self) -> bool {
        P::ROLES.iter().any(|role| self.acting.contains(role))
    }
}

impl Principal {
    /// Whether one of its roles has the permission.
    #[must_use]
    pub fn may<P: Permission>(&self) -> bool {
        P::ROLES.iter().any(|role| self.roles.contains(role))
    }

    /// How far the caller sees when it acts by permission `P`. Only the roles that have `P` count: a clerk who is also a
    /// mediator mediates for their organisation only. `None` when such a role needs an organisation and the token has none.
    #[must_use]
    pub fn scope_for<P: Permission>(&self) -> Option<Scope> {
        let acting = || P::ROLES.iter().filter(|role| self.roles.contains(role));
        let mut scope = Scope {
            region: self.region,
            organisation: None,
            applicant: None,
            subject: self.subject.clone(),
            acting: acting().copied().collect(),
        };
        if acting().all(|role| *role == Role::Applicant) {
            scope.applicant = Some(self.subject.clone());
        } else if acting().all(|role| *role == Role::Applicant || role.bound_to_organisation()) {
            scope.organisation = Some(self.organisation?);
        }
        Some(scope)
    }
}
