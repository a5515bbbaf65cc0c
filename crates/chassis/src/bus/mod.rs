//! NATS: the connection of a service, the stream of events, the relay that publishes the outbox, the consumer that applies
//! events, questions between services, dead letters.

mod batch;
mod border;
mod connect;
mod consumer;
pub mod dead_letters;
mod durable;
mod epoch;
mod inbox;
mod leader;
mod notifier;
mod own_party;
mod permissions;
mod question;
mod relay;
pub mod replay;
mod second_try;
mod standing;
mod stream;
mod subscriptions;
mod sweep;
mod verify;

pub use border::Border;
pub use connect::{Bus, BusError, MINIMUM_SERVER, Shape, Stamp};
pub use leader::{Still, keep_still};
pub use permissions::{allowed, authorization};
pub use question::Answers;
pub use standing::Standing;
pub use subscriptions::{Guard, Subscriptions, Verdict};

pub(crate) use consumer::consume;
pub(crate) use notifier::notify;
pub(crate) use question::answer;
pub(crate) use relay::relay;
pub(crate) use sweep::sweep;
