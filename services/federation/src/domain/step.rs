//! Steps of a request 文书步骤, numbered by each side for itself.

use chrono::{DateTime, Utc};
use contracts::{ids::RequestId, region::RegionCode, text_enum};
use diesel::{Insertable, Queryable, Selectable};

use crate::schema::request_steps;

text_enum! {
    /// What a side does to a request.
    pub enum Step {
        /// 发出: the sender.
        Sent => "sent",
        /// 送达: the receiver's desk, of its own accord.
        Delivered => "delivered",
        /// 签收: the receiver.
        Signed => "signed",
        /// 阶段反馈: the receiver.
        FedBack => "fed_back",
        /// 办结反馈: the receiver.
        Done => "done",
        /// 退回: the receiver.
        Refused => "refused",
        /// 撤回: asked for by the sender, then confirmed by the receiver.
        Recalled => "recalled",
        /// 返工: the sender.
        Rework => "rework",
        /// 催办: the sender.
        Urged => "urged",
    }
}

impl Step {
    /// Whether the sender may take it; a receiver takes the others, and `recalled` both.
    #[must_use]
    pub fn of_sender(self) -> bool {
        matches!(
            self,
            Self::Sent | Self::Recalled | Self::Rework | Self::Urged
        )
    }

    /// Whether the receiver may take it.
    #[must_use]
    pub fn of_receiver(self) -> bool {
        !matches!(self, Self::Sent | Self::Rework | Self::Urged)
    }
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = request_steps)]
pub struct Note {
    /// The request.
    pub request_id: RequestId,
    /// The node that took it.
    pub by_node: RegionCode,
    /// Its number among that node's steps, from 1.
    pub number: i32,
    /// The step.
    pub step: Step,
    /// Why, or what came of it.
    pub body: Option<String>,
    /// When it was taken, by that node's clock.
    pub taken_at: DateTime<Utc>,
    /// When this node learnt of it.
    pub noted_at: DateTime<Utc>,
    /// False while an earlier one is missing.
    pub applied: bool,
    /// The dossier that goes with it, sealed to the other node: with a signature, where the kind says so.
    pub sealed: Option<String>,
}
