//! What travels around an event's body: the CloudEvents attributes and ours, as message headers.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

use crate::{
    Service,
    ids::{EventId, TypedId as _},
    region::RegionCode,
};

/// Names of the headers.
pub mod header {
    /// CloudEvents version, always `1.0`.
    pub const SPEC_VERSION: &str = "ce-specversion";
    /// Event id, UUIDv7.
    pub const ID: &str = "ce-id";
    /// Event type.
    pub const TYPE: &str = "ce-type";
    /// Region code of the node where it happened.
    pub const SOURCE: &str = "ce-source";
    /// The case (or, outside a case, the object) it is about.
    pub const SUBJECT: &str = "ce-subject";
    /// When it happened, RFC 3339 UTC.
    pub const TIME: &str = "ce-time";
    /// Media type of the body.
    pub const CONTENT_TYPE: &str = "ce-datacontenttype";
    /// W3C trace context.
    pub const TRACEPARENT: &str = "traceparent";
    /// Origin of the gapless sequence: `<region>/<service>`.
    pub const ORIGIN: &str = "fq-origin";
    /// Epoch of the origin: raised when its database was restored from a backup.
    pub const EPOCH: &str = "fq-epoch";
    /// Gapless sequence of the origin within the epoch, from 1.
    pub const SEQ: &str = "fq-seq";
    /// Sequence of the event within its case and service, from 1.
    pub const CASE_SEQ: &str = "fq-case-seq";
    /// Id of what started the chain (a request's or the first event's).
    pub const CORRELATION: &str = "fq-correlation";
    /// Id of the event that caused this one, when one did.
    pub const CAUSATION: &str = "fq-causation";
    /// JetStream's key of de-duplication.
    pub const MSG_ID: &str = "Nats-Msg-Id";
}

/// An event's attributes, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Event id.
    pub id: EventId,
    /// Event type: `fengqiao.intake.matter.accepted.v1`.
    pub event_type: String,
    /// Region code of the node where it happened.
    pub source: RegionCode,
    /// The case, or the object outside a case.
    pub subject: Uuid,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// The service it comes from.
    pub service: Service,
    /// Epoch of the origin.
    pub epoch: i32,
    /// Gapless sequence of the origin.
    pub seq: i64,
    /// Sequence within the case.
    pub case_seq: i64,
    /// What started the chain.
    pub correlation: Uuid,
    /// The event that caused it.
    pub causation: Option<EventId>,
    /// W3C trace context.
    pub traceparent: Option<String>,
}

/// Headers that are not an event's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// A header is missing.
    #[error("header {0} is missing")]
    Missing(&'static str),
    /// A header cannot be read.
    #[error("header {0} cannot be read")]
    Invalid(&'static str),
}

impl Envelope {
    /// Origin of the gapless sequence: `<region>/<service>`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}/{}", self.source, self.service)
    }

    /// The headers, in the order of their names.
    #[must_use]
    pub fn headers(&self) -> BTreeMap<&'static str, String> {
        let mut h = BTreeMap::from([
            (header::SPEC_VERSION, "1.0".to_owned()),
            (header::ID, self.id.to_string()),
            (header::TYPE, self.event_type.clone()),
            (header::SOURCE, self.source.to_string()),
            (header::SUBJECT, self.subject.to_string()),
            (
                header::TIME,
                self.time.to_rfc3339_opts(SecondsFormat::Micros, true),
            ),
            (header::CONTENT_TYPE, "application/json".to_owned()),
            (header::ORIGIN, self.origin()),
            (header::EPOCH, self.epoch.to_string()),
            (header::SEQ, self.seq.to_string()),
            (header::CASE_SEQ, self.case_seq.to_string()),
            (header::CORRELATION, self.correlation.to_string()),
        ]);
        if let Some(id) = self.causation {
            h.insert(header::CAUSATION, id.to_string());
        }
        if let Some(trace) = &self.traceparent {
            h.insert(header::TRACEPARENT, trace.clone());
        }
        h
    }

    /// Reads the headers of a message; `get` gives a header's value.
    ///
    /// # Errors
    /// When a header is missing or cannot be read; a trace context that cannot be read is left out.
    pub fn parse<'a>(get: impl Fn(&'static str) -> Option<&'a str>) -> Result<Self, EnvelopeError> {
        fn read<T: std::str::FromStr>(
            text: Option<&str>,
            name: &'static str,
        ) -> Result<T, EnvelopeError> {
            text.ok_or(EnvelopeError::Missing(name))?
                .parse()
                .map_err(|_| EnvelopeError::Invalid(name))
        }
        let origin: String = read(get(header::ORIGIN), header::ORIGIN)?;
        let (_, service) = origin
            .split_once('/')
            .ok_or(EnvelopeError::Invalid(header::ORIGIN))?;
        let causation = get(header::CAUSATION)
            .map(|id| {
                id.parse::<Uuid>()
                    .map_err(|_| EnvelopeError::Invalid(header::CAUSATION))
            })
            .transpose()?;
        Ok(Self {
            id: EventId::from_uuid(read(get(header::ID), header::ID)?),
            event_type: read(get(header::TYPE), header::TYPE)?,
            source: read(get(header::SOURCE), header::SOURCE)?,
            subject: read(get(header::SUBJECT), header::SUBJECT)?,
            time: read(get(header::TIME), header::TIME)?,
            service: service
                .parse()
                .map_err(|_| EnvelopeError::Invalid(header::ORIGIN))?,
            epoch: read(get(header::EPOCH), header::EPOCH)?,
            seq: read(get(header::SEQ), header::SEQ)?,
            case_seq: read(get(header::CASE_SEQ), header::CASE_SEQ)?,
            correlation: read(get(header::CORRELATION), header::CORRELATION)?,
            causation: causation.map(EventId::from_uuid),
            traceparent: get(header::TRACEPARENT).map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            id: EventId::from_uuid(Uuid::from_u128(1)),
            event_type: "fengqiao.intake.matter.accepted.v1".to_owned(),
            source: "6206".parse().unwrap(),
            subject: Uuid::from_u128(2),
            time: "2026-09-01T02:03:04.000005Z".parse().unwrap(),
            service: Service::Intake,
            epoch: 1,
            seq: 7,
            case_seq: 2,
            correlation: Uuid::from_u128(3),
            causation: Some(EventId::from_uuid(Uuid::from_u128(4))),
            traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        }
    }

    #[test]
    fn headers_round_trip() {
        let headers = envelope().headers();
        let read = Envelope::parse(|name| headers.get(name).map(String::as_str)).unwrap();
        assert_eq!(read, envelope());
    }

    #[test]
    fn every_required_header_is_required() {
        let optional = [
            header::CAUSATION,
            header::TRACEPARENT,
            header::SPEC_VERSION,
            header::CONTENT_TYPE,
        ];
        for name in envelope().headers().keys() {
            let mut headers = envelope().headers();
            headers.remove(name);
            let read = Envelope::parse(|name| headers.get(name).map(String::as_str));
            assert_eq!(read.is_ok(), optional.contains(name), "{name}");
        }
    }
}
