//! The services as the generator sees them.

use chassis::{http::docs::Routes, service::ServiceModule};
use contracts::{Service, lifecycle::Diagram};

/// What is generated from a service.
pub struct Module {
    /// Which.
    pub service: Service,
    /// Its paths.
    pub routes: Routes,
    /// The subjects it applies.
    pub subscribed: Vec<String>,
    /// Its state machines.
    pub diagrams: Vec<Diagram>,
}

fn module<S: ServiceModule>() -> Module {
    Module {
        service: S::SERVICE,
        routes: S::all_routes,
        subscribed: S::consumes().subjects(),
        diagrams: S::diagrams(),
    }
}

/// Every service, in the order of a case's way.
pub fn all() -> Vec<Module> {
    vec![
        module::<intake::Intake>(),
        module::<triage::Triage>(),
        module::<mediation::Mediation>(),
        module::<judicial_confirmation::JudicialConfirmation>(),
        module::<evaluation::Evaluation>(),
        module::<reporting::Reporting>(),
        module::<federation::Federation>(),
    ]
}
