//! Who may do what on the bus: the `authorization` block of a node's nats-server, made from the contract. A service
//! publishes its own events, asks only the questions it may ask, answers only its own, and reads only its own inboxes.

use std::fmt::Write as _;

use contracts::{Service, questions};

use super::connect::inbox_prefix;

/// What a service may publish and subscribe to; besides, it may answer the requests it gets.
#[must_use]
pub fn allowed(stream: &str, service: Service) -> (Vec<String>, Vec<String>) {
    let subscribe = vec![
        format!("{}.>", inbox_prefix(service)),
        format!("svc.{service}.>"),
    ];
    (publish(stream, service), subscribe)
}

/// The `authorization { … }` block for a node: one user a service, named after it; `password` gives each one's password.
#[must_use]
pub fn authorization(stream: &str, password: impl Fn(Service) -> String) -> String {
    let mut out = String::from("authorization {\n  users = [\n");
    for &service in Service::ALL {
        let (publish, subscribe) = allowed(stream, service);
        let (publish, subscribe) = (quoted(&publish), quoted(&subscribe));
        _ = writeln!(
            out,
            "    {{ user: \"{service}\", password: \"{}\", permissions: {{\n      publish: {{ allow: [{publish}] }}\n      \
             subscribe: {{ allow: [{subscribe}] }}\n      allow_responses: true }} }}",
            password(service)
        );
    }
    out.push_str("  ]\n}\n");
    out
}

fn publish(stream: &str, service: Service) -> Vec<String> {
    let consumer = service.as_str();
    let mut allowed = vec![
        format!("evt.{service}.>"),
        "$JS.API.INFO".to_owned(),
        // Every relay may have to make the stream anew when it was lost.
        format!("$JS.API.STREAM.CREATE.{stream}"),
        format!("$JS.API.STREAM.DELETE.{stream}"),
        format!("$JS.API.STREAM.INFO.{stream}"),
        format!("$JS.API.DIRECT.GET.{stream}"),
        format!("$JS.API.STREAM.MSG.GET.{stream}"),
        format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}"),
        format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}.>"),
        format!("$JS.API.CONSUMER.INFO.{stream}.{consumer}"),
        format!("$JS.API.CONSUMER.RESET.{stream}.{consumer}"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"),
        format!("$JS.ACK.{stream}.{consumer}.>"),
    ];
    let asked = questions::catalogue()
        .into_iter()
        .filter(|(_, _, askers)| askers.contains(&service));
    allowed.extend(asked.map(|(_, subject, _)| subject));
    allowed
}

fn quoted(subjects: &[String]) -> String {
    subjects
        .iter()
        .map(|s| format!("\"{s}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_publishes_only_its_own_events_and_asks_only_its_own_questions() {
        let triage = publish("EVENTS", Service::Triage);
        assert!(triage.contains(&"evt.triage.>".to_owned()));
        assert!(triage.contains(&"svc.intake.matter_narrative".to_owned()));
        assert!(!triage.contains(&"svc.intake.case_parties".to_owned()));
        assert!(!triage.iter().any(|s| s.starts_with("evt.intake")));
        assert!(
            !publish("EVENTS", Service::Reporting)
                .iter()
                .any(|s| s.starts_with("svc."))
        );
    }
}
