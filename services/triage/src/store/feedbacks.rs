//! What organs told. Whoever may see the case may see it.

use chassis::http::Problem;
use contracts::ids::CaseId;
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::Feedback, schema::feedbacks};

/// Stores a feedback.
///
/// # Errors
/// `unavailable`.
pub async fn insert(conn: &mut AsyncPgConnection, feedback: &Feedback) -> Result<(), Problem> {
    diesel::insert_into(feedbacks::table)
        .values(feedback)
        .execute(conn)
        .await?;
    Ok(())
}

/// The feedback about a case, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<Feedback>, Problem> {
    let rows = feedbacks::table
        .filter(feedbacks::case_id.eq(case_id))
        .order((feedbacks::told_at, feedbacks::id))
        .select(Feedback::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}
