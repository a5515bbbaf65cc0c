//! The table of contents: every path, under `/mediation/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    amend_agreement::amend_agreement, answer_choice::answer_choice,
    change_mediator::change_mediator, change_organisation::change_organisation,
    choose_mediator::choose_mediator, clear_sham::clear_sham,
    default_obligation::default_obligation, draft_agreement::draft_agreement,
    end_mediation::end_mediation, extend_mediation::extend_mediation,
    fulfil_obligation::fulfil_obligation, get_agreement::get_agreement,
    get_filing_file::get_filing_file, get_mediator::get_mediator, get_notice::get_notice,
    get_organisation::get_organisation, get_proceeding::get_proceeding,
    invite_participant::invite_participant, list_agreements::list_agreements,
    list_concessions::list_concessions, list_mediators::list_mediators,
    list_obligations::list_obligations, list_organisations::list_organisations,
    list_proceedings::list_proceedings, list_staffing_gaps::list_staffing_gaps,
    note_conflict::note_conflict, open_proceeding::open_proceeding,
    pause_mediation::pause_mediation, record_concession::record_concession,
    record_consent::record_consent, record_departure::record_departure, record_facts::record_facts,
    record_session::record_session, refer_support::refer_support,
    register_mediator::register_mediator, register_organisation::register_organisation,
    replace_mediators::replace_mediators, report_police::report_police,
    resume_mediation::resume_mediation, search_mediators::search_mediators,
    set_mediator_standing::set_mediator_standing, sign_agreement::sign_agreement,
    sign_amendment::sign_amendment, sign_facts::sign_facts, sign_record::sign_record,
    start_mediation::start_mediation, suspect_sham::suspect_sham, take_other_way::take_other_way,
};

/// Adds the service's paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(register_organisation) // POST /organisations
        .service(list_organisations) // GET /organisations
        .service(get_organisation) // GET /organisations/{id}
        .service(register_mediator) // POST /organisations/{id}/mediators
        .service(list_mediators) // GET /organisations/{id}/mediators
        .service(open_proceeding) // POST /proceedings
        .service(list_proceedings) // GET /proceedings
        .service(get_proceeding) // GET /proceedings/{id}
        .service(record_consent) // POST /proceedings/{id}/consents
        .service(start_mediation) // POST /proceedings/{id}/start
        .service(record_session) // POST /proceedings/{id}/sessions
        .service(draft_agreement) // POST /proceedings/{id}/agreement
        .service(end_mediation) // POST /proceedings/{id}/end
        .service(get_notice) // GET /proceedings/{id}/notice
        .service(get_agreement) // GET /agreements/{id}
        .service(sign_agreement) // POST /agreements/{id}/signatures
        .service(list_obligations) // GET /obligations
        .service(fulfil_obligation) // POST /obligations/{id}/fulfil
        .service(record_departure) // POST /organisations/{id}/departures
        .service(list_staffing_gaps) // GET /staffing-gaps
        .service(change_organisation) // POST /organisations/{id}/change
        .service(search_mediators) // GET /mediators
        .service(get_mediator) // GET /mediators/{id}
        .service(change_mediator) // POST /mediators/{id}/change
        .service(set_mediator_standing) // POST /mediators/{id}/standing
        .service(note_conflict) // POST /mediators/{id}/conflicts
        .service(choose_mediator) // POST /proceedings/{id}/mediator-choice
        .service(answer_choice) // POST /proceedings/{id}/mediator-acceptance
        .service(replace_mediators) // POST /proceedings/{id}/mediator-change
        .service(invite_participant) // POST /proceedings/{id}/participants
        .service(sign_record) // POST /proceedings/{id}/session-signatures
        .service(record_concession) // POST /proceedings/{id}/concessions
        .service(list_concessions) // GET /proceedings/{id}/concessions
        .service(record_facts) // POST /proceedings/{id}/undisputed-facts
        .service(sign_facts) // POST /proceedings/{id}/fact-signatures
        .service(take_other_way) // POST /proceedings/{id}/other-way
        .service(get_filing_file) // GET /proceedings/{id}/filing-file
        .service(suspect_sham) // POST /proceedings/{id}/suspect-sham
        .service(clear_sham) // POST /proceedings/{id}/clear-sham
        .service(report_police) // POST /proceedings/{id}/police-report
        .service(refer_support) // POST /proceedings/{id}/referrals
        .service(list_agreements) // GET /agreements
        .service(amend_agreement) // POST /agreements/{id}/amend
        .service(sign_amendment) // POST /agreements/{id}/amendment-signatures
        .service(pause_mediation) // POST /proceedings/{id}/pause
        .service(resume_mediation) // POST /proceedings/{id}/resume
        .service(extend_mediation) // POST /proceedings/{id}/extend
        .service(default_obligation); // POST /obligations/{id}/default
}
