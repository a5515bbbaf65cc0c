//! Messages of the size and shape of a fact: the headers of one, a body of some 700 bytes, nothing that repeats but what does.

use accounts::tokens;
use async_nats::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use contracts::events::header;
use contracts::region::RegionCode;
use serde_json::json;

/// A message.
pub struct Message {
    pub subject: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The facts of one node, numbered.
pub struct Facts {
    node: RegionCode,
    random: Random,
    seq: u64,
}

impl Facts {
    pub fn of(node: RegionCode) -> Self {
        let seed = node
            .to_string()
            .bytes()
            .fold(7, |seed, b| seed * 31 + u64::from(b));
        Self {
            node,
            random: Random(seed),
            seq: 0,
        }
    }

    pub fn next(&mut self, now: DateTime<Utc>) -> Message {
        self.seq += 1;
        let node = self.node;
        let seq = self.seq.to_string();
        let time = now.to_rfc3339_opts(SecondsFormat::Micros, true);
        let [event, fact, case, correlation] = std::array::from_fn(|_| self.random.uuid(now));
        let id = |random: &mut Random| random.uuid(now);
        let body = json!({
            "event_id": fact,
            "event_type": "fengqiao.intake.matter.accepted.v1",
            "service": "intake",
            "epoch": 1,
            "seq": self.seq,
            "occurred_at": time,
            "body": {
                "case_id": case,
                "matter_id": id(&mut self.random),
                "number": format!("{node}-2026-{:06}", self.seq),
                "region": node,
                "category": "marriage_family.divorce",
                "channel": "window",
                "urgency": "ordinary",
                "risk": "yellow",
                "amount_fen": self.random.next() % 10_000_000,
                "parties": [
                    { "party_id": id(&mut self.random), "role": "applicant" },
                    { "party_id": id(&mut self.random), "role": "respondent" },
                ],
                "organisation_id": id(&mut self.random),
                "accepted_at": time,
            },
        });
        let signature: Vec<u8> = (0..8)
            .flat_map(|_| self.random.next().to_be_bytes())
            .collect();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::SPEC_VERSION, "1.0"),
            (header::ID, &event),
            (header::TYPE, "fengqiao.federation.fact.sent.v1"),
            (header::SOURCE, &node.to_string()),
            (header::SUBJECT, &case),
            (header::TIME, &time),
            (header::CONTENT_TYPE, "application/json"),
            (header::ORIGIN, &format!("{node}/federation")),
            (header::EPOCH, "1"),
            (header::SEQ, &seq),
            (header::CASE_SEQ, "1"),
            (header::CORRELATION, &correlation),
            (header::CAUSATION, &fact),
            (header::MSG_ID, &format!("{node}-{event}")),
            ("fq-signature", &STANDARD.encode(signature)),
        ] {
            headers.insert(name, value);
        }
        Message {
            subject: format!("up.{}.fact.sent", tokens(node)),
            headers,
            body: body.to_string().into(),
        }
    }
}

/// SplitMix64: the same messages in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn uuid(&mut self, now: DateTime<Utc>) -> String {
        let (ms, a, b) = (now.timestamp_millis(), self.next(), self.next());
        format!(
            "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
            ms >> 16,
            ms & 0xffff,
            a & 0xfff,
            (a >> 12) & 0xfff,
            b & 0xffff_ffff_ffff,
        )
    }
}
