//! The services as one list.

use chassis::{
    db::ServiceSchema,
    node::{Node, StartError},
    service::ServiceModule,
};
use contracts::Service;

/// Calls `$each!(module)` for every service.
macro_rules! all_services {
    ($service:expr, $module:ident => $body:expr) => {
        match $service {
            Service::Intake => {
                type $module = intake::Intake;
                $body
            }
            Service::Triage => {
                type $module = triage::Triage;
                $body
            }
            Service::Mediation => {
                type $module = mediation::Mediation;
                $body
            }
            Service::JudicialConfirmation => {
                type $module = judicial_confirmation::JudicialConfirmation;
                $body
            }
            Service::Evaluation => {
                type $module = evaluation::Evaluation;
                $body
            }
            Service::Reporting => {
                type $module = reporting::Reporting;
                $body
            }
            Service::Federation => {
                type $module = federation::Federation;
                $body
            }
        }
    };
}

/// Adds a service to a process.
pub async fn add(node: Node, service: Service) -> Result<Node, StartError> {
    all_services!(service, Module => node.add::<Module>().await)
}

/// The schemas of some services.
pub fn schemas(services: &[Service]) -> Vec<ServiceSchema> {
    services
        .iter()
        .map(|service| all_services!(*service, Module => Module::schema()))
        .collect()
}

/// The subjects a service applies.
pub fn subscribed(service: Service) -> Vec<String> {
    all_services!(service, Module => Module::consumes().subjects())
}
