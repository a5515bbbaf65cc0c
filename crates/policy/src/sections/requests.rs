//! `requests.yaml`: requests between nodes, the fifteen messages (docs/federation.md).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::{border::HandsOver, events::triage::RiskColour};
use serde::Deserialize;

use crate::{
    Text,
    clock::{Span, Unit},
};

/// The steps a pack must have rules for.
pub const STEPS: &[&str] = &["return", "recall", "urge", "feedback", "rework"];

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// What was not acknowledged by then is sent again.
    pub resend_after: Span,
    /// So many refusals by equals, and only the common superior may decide who handles the case (信访工作条例 24).
    pub refusals_before_designation: i64,
    /// How often a sender may ask for rework of a closing report.
    pub reworks: i32,
    /// What the desk sends of its own accord.
    #[serde(default)]
    pub automatic: Vec<AutomaticRequest>,
    /// Kinds of requests.
    pub kinds: Vec<RequestKind>,
    /// Steps of a request that are messages of their own.
    pub steps: Vec<StepRule>,
}

/// A kind of request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestKind {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Where it may go.
    pub direction: Direction,
    /// Whether it is about a case.
    pub case: Need,
    /// Whether a reason is given.
    pub reason: Need,
    /// Whether a last day is named.
    pub deadline: Need,
    /// Whether finishing it needs a closing report.
    pub report: Need,
    /// Whether the case file goes from one node to the other, and when.
    pub dossier: DossierGoes,
    /// What the signature does to the case, unless an option says otherwise.
    pub hands_over: HandsOver,
    /// May be refused within the time of the step `return`.
    pub returnable: bool,
    /// What completes it.
    pub ends_with: EndsWith,
    /// The receiver's clock until the signature.
    #[serde(default)]
    pub sign_clock: Option<String>,
    /// The receiver's clock until the end.
    #[serde(default)]
    pub done_clock: Option<String>,
    /// What it says besides.
    #[serde(default)]
    pub values: Vec<RequestValue>,
    /// The figures it carries, of the period that its value `period` names.
    #[serde(default)]
    pub figures: Option<CarriedFigures>,
    /// The law it rests on.
    pub law: String,
}

/// The figures a request carries: counted by the sender's reporting, not typed in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedFigures {
    /// Whose cases are counted.
    pub of: By,
    /// Which figures.
    pub fields: Vec<Figure>,
}

/// A figure of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// 截止统计日: the last day whose events are counted.
    CountedTo,
    /// 版本: of the closed period.
    Version,
    /// 受理数.
    Received,
    /// 化解数.
    Settled,
    /// 其他/未列明: received in no type.
    Residual,
    /// 数据快照: the digest of the lines.
    Digest,
    /// By dispute type.
    Types,
    /// By node.
    Nodes,
    /// Events by kind.
    Events,
}

impl Figure {
    /// Its code: the field of the figures.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CountedTo => "counted_to",
            Self::Version => "version",
            Self::Received => "received",
            Self::Settled => "settled",
            Self::Residual => "residual",
            Self::Digest => "digest",
            Self::Types => "types",
            Self::Nodes => "nodes",
            Self::Events => "events",
        }
    }

    /// Whether it is one number or word, and no list.
    #[must_use]
    pub fn is_single(self) -> bool {
        !matches!(self, Self::Types | Self::Nodes | Self::Events)
    }
}

/// Where a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 上级: a node above.
    Up,
    /// 下级: a node below.
    Down,
    /// 平级、跨区: a node neither above nor below.
    Lateral,
    /// Any other node.
    Any,
}

/// When the case file goes to the other node, sealed to its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DossierGoes {
    /// It does not.
    None,
    /// With the request, from the sender.
    WithRequest,
    /// With the signature, from the receiver: who supervises a case sees it.
    WithSignature,
}

/// A request the desk sends of its own accord to the node above.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutomaticRequest {
    /// When triage decides a case to have this colour.
    pub colour: RiskColour,
    /// Kind code.
    pub kind: String,
    /// The reason it gives.
    pub reason: String,
    /// The values of the kind.
    pub values: BTreeMap<String, String>,
}

/// Whether something belongs to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// It must not be there.
    None,
}

/// What completes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndsWith {
    /// Its arrival.
    Delivery,
    /// The receiver's signature.
    Signature,
    /// The receiver's closing feedback.
    Finish,
}

/// Something a kind says besides.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestValue {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Whether it must be given.
    pub required: bool,
    /// What it may be; empty = any text.
    #[serde(default)]
    pub options: Vec<RequestOption>,
    /// The figure it repeats: it need not be typed in.
    #[serde(default)]
    pub figure: Option<Figure>,
}

impl RequestValue {
    /// Whether it is given as it must be.
    pub(crate) fn suits(&self, given: &BTreeMap<String, String>) -> bool {
        match given.get(&self.code) {
            None => !self.required,
            Some(text) => {
                self.options.is_empty() || self.options.iter().any(|option| option.code == *text)
            }
        }
    }
}

/// What a value may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestOption {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// In place of the kind's.
    #[serde(default)]
    pub hands_over: Option<HandsOver>,
    /// In place of the kind's.
    #[serde(default)]
    pub sign_clock: Option<String>,
    /// In place of the kind's.
    #[serde(default)]
    pub done_clock: Option<String>,
}

/// A step that is a message of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRule {
    /// Stable code: one of [`STEPS`].
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Who takes it.
    pub by: By,
    /// Whether it says why.
    pub reason: Need,
    /// How long after the delivery it may be taken.
    #[serde(default)]
    pub clock: Option<String>,
    /// The law it rests on.
    pub law: String,
}

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// 发文方.
    Sender,
    /// 收文方.
    Receiver,
}

impl Requests {
    /// The kind with this code.
    #[must_use]
    pub fn kind(&self, code: &str) -> Option<&RequestKind> {
        self.kinds.iter().find(|kind| kind.code == code)
    }

    /// When a request sent at `sent_at` is sent again.
    #[must_use]
    pub fn resend_at(&self, sent_at: DateTime<Utc>) -> DateTime<Utc> {
        let amount = i64::from(self.resend_after.amount);
        let wait = match self.resend_after.unit {
            Unit::Minute => TimeDelta::minutes(amount),
            Unit::Day | Unit::WorkingDay => TimeDelta::days(amount),
            _ => TimeDelta::hours(amount),
        };
        sent_at
            .checked_add_signed(wait)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The rule of the step with this code; there is one for each of [`STEPS`].
    #[must_use]
    pub fn step(&self, code: &str) -> Option<&StepRule> {
        self.steps.iter().find(|step| step.code == code)
    }
}

impl RequestKind {
    /// The value with this code.
    #[must_use]
    pub fn value(&self, code: &str) -> Option<&RequestValue> {
        self.values.iter().find(|value| value.code == code)
    }

    /// Everything its signature may do to a case.
    pub fn hands_over_options(&self) -> impl Iterator<Item = HandsOver> {
        let options = self.values.iter().flat_map(|value| &value.options);
        std::iter::once(self.hands_over).chain(options.filter_map(|option| option.hands_over))
    }

    /// The options chosen, given what each value is.
    pub fn chosen<'a, 'v: 'a>(
        &'a self,
        value_of: impl Fn(&str) -> Option<&'v str> + 'a,
    ) -> impl Iterator<Item = &'a RequestOption> {
        self.values.iter().filter_map(move |value| {
            let chosen = value_of(&value.code)?;
            value.options.iter().find(|option| option.code == chosen)
        })
    }
}
