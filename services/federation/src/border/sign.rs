//! Signatures of messages between nodes: Ed25519 with the node's key over what identifies the message, and its body.

use async_nats::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use contracts::events::header;
use nkeys::KeyPair;

/// The header that carries it.
pub const SIGNATURE: &str = "fq-signature";

/// What of the headers is signed: a change of any of them shows.
const SIGNED: [&str; 6] = [
    header::ID,
    header::TYPE,
    header::SUBJECT,
    header::ORIGIN,
    header::EPOCH,
    header::SEQ,
];

fn canonical(headers: &HeaderMap, nats_subject: &str, body: &[u8]) -> Vec<u8> {
    let mut text = String::from(nats_subject);
    for name in SIGNED {
        text.push('\n');
        text.push_str(
            headers
                .get(name)
                .map_or("", async_nats::HeaderValue::as_str),
        );
    }
    text.push('\n');
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Signs a message; a key without its secret half leaves it unsigned, and nobody takes it.
pub fn sign(key: &KeyPair, headers: &mut HeaderMap, nats_subject: &str, body: &[u8]) {
    if let Ok(signature) = key.sign(&canonical(headers, nats_subject, body)) {
        headers.insert(SIGNATURE, STANDARD.encode(signature).as_str());
    }
}

/// Whether a message carries the signature of the holder of `public_key`.
#[must_use]
pub fn verify(public_key: &str, headers: &HeaderMap, nats_subject: &str, body: &[u8]) -> bool {
    let signature = headers
        .get(SIGNATURE)
        .and_then(|s| STANDARD.decode(s.as_str()).ok());
    let (Some(signature), Ok(key)) = (signature, KeyPair::from_public_key(public_key)) else {
        return false;
    };
    key.verify(&canonical(headers, nats_subject, body), &signature)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_message_does_not_verify() {
        let key = KeyPair::new_account();
        let mut headers = HeaderMap::new();
        headers.insert(header::SEQ, "7");
        sign(&key, &mut headers, "up.62.06._._.fact.sent", b"{}");
        let public = key.public_key();
        assert!(verify(&public, &headers, "up.62.06._._.fact.sent", b"{}"));
        assert!(!verify(&public, &headers, "up.62.05._._.fact.sent", b"{}"));
        assert!(!verify(&public, &headers, "up.62.06._._.fact.sent", b"{} "));
        let other = KeyPair::new_account().public_key();
        assert!(!verify(&other, &headers, "up.62.06._._.fact.sent", b"{}"));
        headers.insert(header::SEQ, "8");
        assert!(!verify(&public, &headers, "up.62.06._._.fact.sent", b"{}"));
    }
}
