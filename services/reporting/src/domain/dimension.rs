//! What the cases of a period can be split by.

use contracts::{region::Level, text_enum};

text_enum! {
    /// What the cases of a period are split by.
    pub enum Dimension {
        /// Dispute type as decided, in a column set of the policy pack.
        Type => "type",
        /// Region, one level at a time.
        Region => "region",
        /// The node that accepted it, each child with all under it.
        Node => "node",
        /// Source (IN-04).
        Source => "source",
        /// Channel (IN-08).
        Channel => "channel",
        /// Dispute, petition or complaint.
        Class => "class",
        /// Route as decided (TR-04).
        Route => "route",
        /// Track as decided (TR-02).
        Track => "track",
        /// Risk colour (RP-03).
        Colour => "colour",
        /// How the work ended.
        Outcome => "outcome",
    }
}

impl Dimension {
    /// The expression over the ledger that gives a case's key; null goes to the residual. `level` is that of the rows of
    /// [`Self::Region`].
    #[must_use]
    pub fn sql(self, level: Level) -> String {
        match self {
            Self::Type => "type_code".to_owned(),
            Self::Region => {
                let digits = level.digits();
                format!("CASE WHEN length(region) >= {digits} THEN left(region, {digits}) END")
            }
            Self::Node => "origin".to_owned(),
            Self::Source => "source".to_owned(),
            Self::Channel => "channel".to_owned(),
            Self::Class => "class".to_owned(),
            Self::Route => "route".to_owned(),
            Self::Track => "track".to_owned(),
            Self::Colour => "colour".to_owned(),
            Self::Outcome => "outcome".to_owned(),
        }
    }

    /// What the residual of this split is called, Chinese and English.
    #[must_use]
    pub fn residual(self) -> (&'static str, &'static str) {
        match self {
            Self::Type | Self::Route | Self::Track | Self::Colour => {
                ("未分流或未列明", "Not decided yet, or not listed")
            }
            Self::Region => ("本级或未列明", "Of a higher level, or not listed"),
            Self::Node => (
                "上级或其他节点受理",
                "Accepted at a node above or elsewhere",
            ),
            Self::Outcome => ("尚未办结", "Not concluded yet"),
            Self::Source | Self::Channel | Self::Class => ("未列明", "Not listed"),
        }
    }
}
