//! The rules of requests between nodes, without database or network.

pub mod accountability;
pub mod order;
mod own;
pub mod place;
pub mod refusal;
pub mod request;
pub mod step;
pub mod terms;

pub use accountability::Accountability;
pub use order::{Arrival, Order};
pub use place::Place;
pub use refusal::Refusal;
pub use request::{Request, RequestState};
pub use step::{Note, Step};
