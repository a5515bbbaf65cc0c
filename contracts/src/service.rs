//! The services of a node.

crate::text_enum! {
    /// A business service of a node. The text form is used in subjects, paths, schemas and configuration.
    pub enum Service {
        /// 受理: one window, every channel.
        Intake => "intake",
        /// 分流: type, route, track, colour; dispatch.
        Triage => "triage",
        /// 调解: organisations, proceedings, agreements, performance.
        Mediation => "mediation",
        /// 司法确认: joint application and the court's decision.
        JudicialConfirmation => "judicial-confirmation",
        /// 评价: follow-up, rating, closing.
        Evaluation => "evaluation",
        /// 研判: ledger, timeline, statistics.
        Reporting => "reporting",
        /// 互联: the border desk; what goes between this node and the levels above and below.
        Federation => "federation",
    }
}

impl Service {
    /// The PostgreSQL schema of this service: its name with `_` for `-`.
    #[must_use]
    pub fn schema(self) -> String {
        self.as_str().replace('-', "_")
    }

    /// The Chinese name on desks and in documents.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Intake => "受理",
            Self::Triage => "分流",
            Self::Mediation => "调解",
            Self::JudicialConfirmation => "司法确认",
            Self::Evaluation => "评价",
            Self::Reporting => "研判",
            Self::Federation => "互联",
        }
    }
}
