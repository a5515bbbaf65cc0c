//! The catalogue of events: facts in the past tense, CloudEvents in binary mode over JetStream.
//!
//! Subject `evt.<service>.<object>.<fact>`, type `fengqiao.<service>.<object>.<fact>.v1`. Changes are additive inside a
//! version; a correction is a new event. Bodies carry ids and roles of persons, never identities.

mod catalogue;
pub mod clock;
pub mod effect;
mod envelope;
pub mod evaluation;
pub mod federation;
pub mod intake;
pub mod judicial_confirmation;
pub mod mediation;
pub mod reporting;
pub mod triage;

pub use catalogue::{CatalogueEntry, catalogue};
pub use envelope::{Envelope, EnvelopeError, header};

use crate::Service;

/// A kind of event.
pub trait Event:
    serde::Serialize + serde::de::DeserializeOwned + utoipa::ToSchema + 'static
{
    /// The service that publishes it; `None` when every service may.
    const SERVICE: Option<Service>;
    /// The object the fact is about: `matter`.
    const OBJECT: &'static str;
    /// The fact, past tense: `accepted`.
    const FACT: &'static str;

    /// The subject it is published on by `service`.
    #[must_use]
    fn subject(service: Service) -> String {
        format!("evt.{service}.{}.{}", Self::OBJECT, Self::FACT)
    }

    /// The CloudEvents type, published by `service`.
    #[must_use]
    fn event_type(service: Service) -> String {
        format!("fengqiao.{service}.{}.{}.v1", Self::OBJECT, Self::FACT)
    }
}

/// Implements [`Event`] for payload types.
macro_rules! events {
    ($service:expr; $($name:ident => $object:literal . $fact:literal),+ $(,)?) => { $(
        impl $crate::events::Event for $name {
            const SERVICE: Option<$crate::Service> = $service;
            const OBJECT: &'static str = $object;
            const FACT: &'static str = $fact;
        }
    )+ };
}
pub(crate) use events;
