//! Disputes that go as the law says, one file a scenario, on a whole node whose days the test sets.

mod a_concession_does_not_travel_to_the_court_file;
mod a_divorce_agreement_cannot_be_confirmed_online;
mod a_returned_order_ends_in_designation;
mod an_administrative_organ_handles_and_reports_back;
mod an_appraisal_stops_the_clock_and_an_extension_is_capped;
mod the_court_does_not_confirm_and_the_parties_sue;
mod the_thirtieth_day_falls_on_a_holiday;
mod two_cases_merge_and_one_file_closes;

use anyhow::Result;
use e2e::scenario::Scene;

/// A node with every service; it is ten in the morning of `day` in China.
async fn on(day: &str) -> Result<Scene> {
    Scene::on(day, async |node| {
        let node = node.add::<intake::Intake>().await?;
        let node = node.add::<triage::Triage>().await?;
        let node = node.add::<mediation::Mediation>().await?;
        let node = node
            .add::<judicial_confirmation::JudicialConfirmation>()
            .await?;
        let node = node.add::<evaluation::Evaluation>().await?;
        let node = node.add::<reporting::Reporting>().await?;
        node.add::<federation::Federation>().await
    })
    .await
}
