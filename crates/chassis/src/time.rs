//! The clock and the ids: the only place that reads either. A test hands in its own.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, DurationRound as _, Utc};
use contracts::ids::TypedId;
use uuid::Uuid;

/// Where time and ids come from. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Time {
    mock: Option<Arc<Mutex<DateTime<Utc>>>>,
}

impl Time {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `at` until it is moved.
    #[must_use]
    pub fn mock(at: DateTime<Utc>) -> Self {
        Self {
            mock: Some(Arc::new(Mutex::new(at))),
        }
    }

    /// Now, in whole microseconds (what PostgreSQL keeps).
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.mock {
            None => Utc::now(),
            Some(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.duration_trunc(Duration::microseconds(1)).unwrap_or(now)
    }

    /// Moves a mock clock; nothing happens to the machine's.
    pub fn advance(&self, by: Duration) {
        if let Some(at) = &self.mock {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// Sets a mock clock; nothing happens to the machine's.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Some(at) = &self.mock {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }

    /// A new UUIDv7.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that makes ids"
    )]
    pub fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// A new typed id.
    #[must_use]
    pub fn id<T: TypedId>(&self) -> T {
        T::from_uuid(self.uuid())
    }
}
