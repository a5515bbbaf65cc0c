//! Roles and permissions. The role catalogue follows practice (five posts of TR-17 and the parties' side).

crate::text_enum! {
    /// What a caller is. A token may carry several.
    pub enum Role {
        /// 当事人/申请人: sees only what is their own.
        Applicant => "applicant",
        /// 窗口工作人员, first-asked person (IN-05).
        WindowClerk => "window_clerk",
        /// 网格员.
        GridWorker => "grid_worker",
        /// 引导分流岗.
        TriageOfficer => "triage_officer",
        /// 承办单位经办人: officer of a receiving organisation.
        OrganisationOfficer => "organisation_officer",
        /// 调解员.
        Mediator => "mediator",
        /// 协调督办岗.
        Coordinator => "coordinator",
        /// 研判评估岗: follow-up and assessment.
        Evaluator => "evaluator",
        /// 中心主任.
        CentreDirector => "centre_director",
        /// 法院用户.
        CourtUser => "court_user",
        /// 领导: reads numbers.
        Leader => "leader",
        /// 系统管理员.
        Administrator => "administrator",
        /// 消息网关: the operator's program that says what became of messages; it sees nothing else.
        MessageGateway => "message_gateway",
    }
}

impl Role {
    /// The Chinese name of the role.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Applicant => "当事人",
            Self::WindowClerk => "窗口工作人员",
            Self::GridWorker => "网格员",
            Self::TriageOfficer => "引导分流岗",
            Self::OrganisationOfficer => "承办单位经办人",
            Self::Mediator => "调解员",
            Self::Coordinator => "协调督办岗",
            Self::Evaluator => "研判评估岗",
            Self::CentreDirector => "中心主任",
            Self::CourtUser => "法院用户",
            Self::Leader => "领导",
            Self::Administrator => "系统管理员",
            Self::MessageGateway => "消息网关",
        }
    }

    /// Whether a caller with this role sees only its own organisation's objects (its scope needs an organisation).
    #[must_use]
    pub fn bound_to_organisation(self) -> bool {
        matches!(
            self,
            Self::OrganisationOfficer | Self::Mediator | Self::CourtUser
        )
    }
}

/// Something a caller may do. Implemented by the marker types in [`permission`]; a handler names one in its signature.
pub trait Permission {
    /// Stable name, as in the OpenAPI security requirement: `matter.accept`.
    const NAME: &'static str;
    /// Roles that have it.
    const ROLES: &'static [Role];
}

/// Declares the permissions.
macro_rules! permissions {
    ($($(#[$meta:meta])* $name:ident => $text:literal [$($role:ident),+ $(,)?]),+ $(,)?) => {
        $( $(#[$meta])* #[derive(Debug, Clone, Copy)] pub struct $name;
           impl Permission for $name {
               const NAME: &'static str = $text;
               const ROLES: &'static [Role] = &[$(Role::$role),+];
           } )+

        /// Every permission: name and roles.
        pub const ALL: &[(&str, &[Role])] = &[$(($text, &[$(Role::$role),+])),+];
    };
}

/// The permissions, a marker type each.
pub mod permission {
    use super::{Permission, Role};

    permissions! {
        // intake
        /// Register a matter 登记.
        MatterRegister => "matter.register" [Applicant, WindowClerk, GridWorker, TriageOfficer, OrganisationOfficer],
        /// Read matters and cases.
        MatterRead => "matter.read" [Applicant, WindowClerk, GridWorker, TriageOfficer, OrganisationOfficer, Mediator, Coordinator, Evaluator, CentreDirector],
        /// See petitions that accuse somebody, and those of which nobody has decided yet whether they do (信访工作条例 30).
        PetitionRead => "petition.read" [WindowClerk, TriageOfficer, Coordinator],
        /// Read the identities of a matter's parties.
        PartyRead => "party.read" [Applicant, WindowClerk, TriageOfficer, OrganisationOfficer, Mediator, Coordinator],
        /// Accept, decline or answer a matter 受理、不予受理、当场办结.
        MatterAccept => "matter.accept" [WindowClerk, TriageOfficer],
        /// Supply what was missing of a matter 补正: the person, or a clerk for them.
        CorrectionSupply => "correction.supply" [Applicant, WindowClerk, TriageOfficer],
        /// Open a closed case again 重启.
        CaseReopen => "case.reopen" [Applicant, Coordinator],
        /// Register the dispute of a closed case that came back 复发.
        CaseRecur => "case.recur" [Applicant, WindowClerk, GridWorker, TriageOfficer],
        /// Merge and split cases 并案、拆案.
        CaseMerge => "case.merge" [TriageOfficer, Coordinator],
        /// See what a matter may be a duplicate of, and link matters.
        MatterLink => "matter.link" [WindowClerk, TriageOfficer, Coordinator],
        /// Read the file of a case 卷宗.
        FileRead => "file.read" [WindowClerk, TriageOfficer, Coordinator, Evaluator, CentreDirector],
        /// Fill and archive the file of a case 归档.
        CaseArchive => "case.archive" [WindowClerk, Coordinator],
        /// Ask for advice 咨询, rate the answer.
        InquiryAsk => "inquiry.ask" [Applicant, WindowClerk],
        /// Read questions and their answers.
        InquiryRead => "inquiry.read" [Applicant, WindowClerk, TriageOfficer, Coordinator],
        /// Answer questions.
        InquiryAnswer => "inquiry.answer" [WindowClerk, TriageOfficer],
        /// Ask for an appointment with an organisation 预约, cancel it.
        AppointmentAsk => "appointment.ask" [Applicant, WindowClerk, OrganisationOfficer, Mediator],
        /// Read appointments.
        AppointmentRead => "appointment.read" [Applicant, WindowClerk, OrganisationOfficer, Mediator, Coordinator],
        /// Confirm appointments, say who came.
        AppointmentManage => "appointment.manage" [OrganisationOfficer, Mediator],
        /// Decide what a petition is, and answer it (信访工作条例 31-36).
        PetitionDecide => "petition.decide" [TriageOfficer, Coordinator],
        /// Approve that a petition takes longer: the person in charge (信访工作条例 34).
        PetitionExtend => "petition.extend" [CentreDirector],
        /// Ask for the review of a petition: the person, or a clerk for them.
        PetitionReview => "petition.review" [Applicant, WindowClerk, TriageOfficer],
        /// Hand in files of a matter, and remove them before it is decided.
        AttachmentManage => "attachment.manage" [Applicant, WindowClerk, GridWorker, TriageOfficer],
        /// Take over matters of other systems 数据导入.
        MatterImport => "matter.import" [WindowClerk, TriageOfficer],
        /// Record hidden risks found by screening, and register them as matters.
        ScreeningRecord => "screening.record" [WindowClerk, GridWorker, TriageOfficer],
        /// Read the ledger of screening.
        ScreeningRead => "screening.read" [WindowClerk, GridWorker, TriageOfficer, Coordinator, CentreDirector],
        /// Write hidden risks off 销号.
        ScreeningWriteOff => "screening.write_off" [WindowClerk, GridWorker, TriageOfficer, Coordinator],
        /// Read messages to the people of a case.
        NotificationRead => "notification.read" [Applicant, WindowClerk, TriageOfficer, Coordinator],
        /// Send a message again that has failed.
        NotificationRetry => "notification.retry" [WindowClerk, Coordinator],
        /// Note that one read a message to oneself.
        NotificationAcknowledge => "notification.acknowledge" [Applicant],
        /// Note what became of a message that a gateway took 回执.
        NotificationReceipt => "notification.receipt" [MessageGateway],
        /// Read messages to organisations 单位通知.
        OrganisationMessageRead => "organisation_message.read" [OrganisationOfficer, Mediator, Coordinator],
        /// Note that a message to one's organisation was read.
        OrganisationMessageAcknowledge => "organisation_message.acknowledge" [OrganisationOfficer, Mediator],
        // triage
        /// Read proposals, decisions and orders.
        TriageRead => "triage.read" [TriageOfficer, Coordinator, OrganisationOfficer, Mediator, CentreDirector],
        /// Decide type, route, track and colour 分流.
        TriageDecide => "triage.decide" [TriageOfficer],
        /// Dispatch a decided case 交办.
        OrderDispatch => "order.dispatch" [TriageOfficer, Coordinator],
        /// Sign for an order 签收.
        OrderSign => "order.sign" [OrganisationOfficer],
        /// Tell what came of a case on a route without mediation 反馈.
        OrderFeedback => "order.feedback" [OrganisationOfficer],
        /// Record that the person in charge of the organ lengthened its time 延长办理期限.
        OrderExtend => "order.extend" [OrganisationOfficer],
        /// Not accept what an organ reported as finished 返工.
        OrderRework => "order.rework" [TriageOfficer, Coordinator],
        /// Ask to return an order 申请退回.
        OrderReturn => "order.return" [OrganisationOfficer],
        /// Decide on a return as the sender 同意、不同意退回.
        ReturnDecide => "order.return_decide" [TriageOfficer, Coordinator],
        /// Hand a case over to another organisation 移交, or report it up 上报 (transition 17).
        CaseHandOver => "case.hand_over" [OrganisationOfficer],
        /// Urge whoever handles a case 催办.
        CaseUrge => "case.urge" [TriageOfficer, Coordinator, CentreDirector],
        /// Supervise a case 督办 and close the supervision (transition 31).
        CaseSupervise => "case.supervise" [Coordinator, CentreDirector],
        /// Reply to a supervision order.
        SupervisionReply => "supervision.reply" [TriageOfficer, OrganisationOfficer],
        /// Raise the risk colour of a case 风险升级.
        RiskRaise => "risk.raise" [TriageOfficer, OrganisationOfficer, Mediator, Coordinator, CentreDirector],
        /// Lower the risk colour of a case 风险降级.
        RiskLower => "risk.lower" [Coordinator, CentreDirector],
        /// Call departments together 吹哨, and conclude (transition 15).
        ConsultationCall => "consultation.call" [TriageOfficer, Coordinator],
        /// Report in as a department 报到.
        ConsultationReportIn => "consultation.report_in" [OrganisationOfficer],
        /// Keep the duty rosters of departments (TR-16).
        RosterManage => "roster.manage" [Coordinator, CentreDirector],
        /// Study a case at a level 研判 (TR-08).
        CaseStudy => "case.study" [TriageOfficer, Coordinator, CentreDirector],
        /// Form and dissolve task forces 专班 (transition 16).
        TaskForceForm => "task_force.form" [CentreDirector, Leader],
        /// Plan and report as a task force: its lead, or somebody of an organisation in it.
        TaskForceWork => "task_force.work" [OrganisationOfficer, Coordinator, CentreDirector, Leader],
        /// Read task forces.
        TaskForceRead => "task_force.read" [TriageOfficer, OrganisationOfficer, Coordinator, CentreDirector, Leader],
        /// Designate who handles a disputed case 指定办理.
        OrderDesignate => "order.designate" [Coordinator, CentreDirector],
        // mediation
        /// Keep the register of organisations and mediators.
        RegisterManage => "register.manage" [Administrator],
        /// Read the register of organisations and mediators.
        RegisterRead => "register.read" [Applicant, WindowClerk, TriageOfficer, OrganisationOfficer, Mediator, Coordinator, Evaluator, CentreDirector, CourtUser, Leader, Administrator],
        /// Read proceedings, sessions, agreements.
        ProceedingRead => "proceeding.read" [Applicant, OrganisationOfficer, Mediator, Coordinator, CentreDirector],
        /// Conduct a proceeding: open, record consent, start, hold sessions, end.
        ProceedingConduct => "proceeding.conduct" [OrganisationOfficer, Mediator],
        /// Consent to or refuse mediation as a party, or record it for one.
        ConsentRecord => "consent.record" [Applicant, OrganisationOfficer, Mediator],
        /// Choose the mediators as a party, or record it for one; appoint them as the organisation.
        MediatorChoose => "mediator.choose" [Applicant, OrganisationOfficer, Mediator],
        /// Suspend mediation and go on 中止、恢复.
        ProceedingPause => "proceeding.pause" [OrganisationOfficer, Mediator, Coordinator],
        /// Take another way after mediation settled nothing 转其他途径.
        OtherWayTake => "other_way.take" [Applicant, TriageOfficer, OrganisationOfficer, Mediator],
        /// Clear a suspicion of a sham mediation 虚假调解.
        ShamClear => "sham.clear" [Coordinator, CentreDirector],
        /// Sign an agreement: as a party, as the mediator, or the organisation's seal.
        AgreementSign => "agreement.sign" [Applicant, OrganisationOfficer, Mediator],
        /// Register performance or default of an obligation.
        PerformanceRegister => "performance.register" [Applicant, OrganisationOfficer, Mediator],
        // judicial confirmation
        /// Apply, join or withdraw as a party, or record it for one.
        ConfirmationApply => "confirmation.apply" [Applicant, OrganisationOfficer, Mediator],
        /// Read applications.
        ConfirmationRead => "confirmation.read" [Applicant, OrganisationOfficer, Mediator, Coordinator, CourtUser],
        /// The court's acts: receive, accept, refuse, rule.
        ConfirmationRule => "confirmation.rule" [CourtUser],
        /// Record that the parties were told what remains when the court did not confirm.
        ConfirmationTell => "confirmation.tell" [OrganisationOfficer, Mediator],
        /// Object to a ruling as a party; the court records a third party's objection.
        ConfirmationObject => "confirmation.object" [Applicant, CourtUser],
        /// Decide on another way to give an agreement effect: as a notary office, an arbitration body or a court.
        EffectDecide => "effect.decide" [OrganisationOfficer, CourtUser],
        // evaluation
        /// Visit and record a follow-up 回访.
        FollowUpRecord => "follow_up.record" [Evaluator],
        /// Read follow-ups and ratings.
        EvaluationRead => "evaluation.read" [Applicant, Evaluator, Coordinator, CentreDirector],
        /// Rate 评价.
        RatingGive => "rating.give" [Applicant, Evaluator],
        /// Close a case 办结.
        CaseClose => "case.close" [Coordinator],
        // reporting
        /// Read the ledger and timelines.
        LedgerRead => "ledger.read" [Coordinator, Evaluator, CentreDirector, Leader],
        /// Read statistics.
        StatisticsRead => "statistics.read" [TriageOfficer, Coordinator, Evaluator, CentreDirector, Leader],
        // every service
        /// Read which clocks 时限 run, are due soon, overdue or paused.
        ClockRead => "clock.read" [WindowClerk, GridWorker, TriageOfficer, OrganisationOfficer, Mediator, Coordinator, Evaluator, CentreDirector, CourtUser],
        // federation
        /// Read requests between nodes and who answers for a case.
        RequestRead => "request.read" [TriageOfficer, Coordinator, CentreDirector],
        /// Send requests to another node, recall them, answer for them: report up, assign, supervise ….
        RequestSend => "request.send" [TriageOfficer, Coordinator, CentreDirector],
        /// Sign for requests of another node, refuse, feed back, finish.
        RequestHandle => "request.handle" [TriageOfficer, Coordinator, CentreDirector],
        /// Read a dossier another node sent 卷宗 (personal data).
        DossierRead => "dossier.read" [TriageOfficer, Coordinator],
        /// See how the links to the nodes above and below stand.
        LinkRead => "link.read" [Coordinator, CentreDirector, Administrator],
        /// Close a period's numbers and compare them with the nodes below.
        PeriodClose => "period.close" [Evaluator, CentreDirector],
    }
}
