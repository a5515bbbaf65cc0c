//! The kinds of request: what reports and thresholds tell apart.

use crate::play::Visit;

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// HTTP method.
    pub method: &'static str,
    /// Its name in reports and in the file of thresholds.
    pub name: &'static str,
}

macro_rules! kinds {
    ($($constant:ident = $method:literal $name:literal;)+) => {
        $(
            #[doc = concat!("`", $method, "` ", $name, ".")]
            pub const $constant: Kind = Kind { method: $method, name: $name };
        )+

        /// Every kind.
        pub const ALL: &[Kind] = &[$($constant),+];
    };
}

kinds! {
    // CREATE
    REGISTER = "POST" "register a matter";
    ACCEPT = "POST" "accept a matter";
    // DISPATCH
    PROPOSAL = "GET" "open a case in triage";
    DECIDE = "POST" "decide the triage";
    DISPATCH = "POST" "dispatch to an organisation";
    SIGN_ORDER = "POST" "sign for an order";
    // SETTLE
    OPEN = "POST" "open a proceeding";
    CONSENT = "POST" "record a consent";
    START = "POST" "start mediation";
    SESSION = "POST" "record a session";
    AGREEMENT = "POST" "draft the agreement";
    SIGN = "POST" "sign the agreement";
    // SEARCH and mixed work
    MATTERS = "GET" "search the matters";
    MATTER = "GET" "open a matter";
    CASE = "GET" "how a case stands";
    WORKLIST = "GET" "triage worklist";
    ORDERS = "GET" "orders of an organisation";
    PROCEEDINGS = "GET" "proceedings of an organisation";
    PROCEEDING = "GET" "open a proceeding of the list";
    OBLIGATIONS = "GET" "obligations to be performed";
    LEDGER = "GET" "search the ledger";
    ENTRY = "GET" "open a ledger row";
    TIMELINE = "GET" "timeline of a case";
    STATISTICS = "GET" "statistics";
    INDICATORS = "GET" "indicators";
}

/// The visits in which a kind of request may be made.
pub fn visits(kind: Kind) -> &'static [Visit] {
    use Visit::{Code, Dashboard, Desk, Hotline, Lifecycle, Search, Window};
    match kind {
        REGISTER | ACCEPT => &[Window, Hotline, Code, Lifecycle],
        PROPOSAL | DECIDE => &[Desk, Lifecycle],
        WORKLIST | ORDERS | PROCEEDINGS | PROCEEDING | OBLIGATIONS => &[Desk],
        CASE => &[Code, Lifecycle],
        MATTERS => &[Code, Search],
        MATTER | ENTRY => &[Search],
        LEDGER | TIMELINE => &[Search, Lifecycle],
        STATISTICS | INDICATORS => &[Dashboard],
        _ => &[Lifecycle],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_kinds_have_one_name() {
        let names: std::collections::BTreeSet<_> = super::ALL.iter().map(|k| k.name).collect();
        assert_eq!(names.len(), super::ALL.len());
    }
}
