//! Problems of mediation 调解.

super::problem_codes! {
    CONSENT_MISSING => "consent-missing" 409 "尚未取得全体当事人同意" "Not every party has consented (People's Mediation Law 17)",
    CONSENT_ALREADY_GIVEN => "consent-already-given" 409 "该当事人已表示意愿" "This party has already answered",
    UNKNOWN_PARTY => "unknown-party" 422 "不是本案当事人" "Not a party of this case",
    UNKNOWN_MEDIATOR => "unknown-mediator" 422 "不是该组织在册调解员" "Not a registered mediator of this organisation",
    UNKNOWN_ORDER => "unknown-order" 409 "流转单不存在或尚未签收" "The order does not exist or has not been signed for",
    ORDER_RETURNED => "order-returned" 409 "该流转单已申请退回或者已退回" "The return of this order was asked for or granted",
    MEDIATOR_CONFLICT => "mediator-conflict" 422 "调解员有利害关系且未经当事人接受" "The mediator has an interest that the parties have not accepted",
    UNKNOWN_END_CODE => "unknown-end-code" 422 "未知的终结情形" "The end code is unknown",
    OBLIGATION_INCOMPLETE => "obligation-incomplete" 422 "协议条款须写明金额或事项、方式与期限" "A clause needs an amount or act, a way and a date",
    AMOUNT_MISMATCH => "amount-mismatch" 422 "各期金额之和与总额不符" "The instalments do not add up to the amount",
    SESSION_REQUIRED => "session-required" 409 "尚无调解记录" "No session has been recorded",
    SIGNATURE_ALREADY_GIVEN => "signature-already-given" 409 "已签署" "Already signed",
    SIGNATURE_FORM_NOT_ALLOWED => "signature-form-not-allowed" 422 "该类协议不适用电子签名" "An electronic signature has no effect here (Electronic Signature Law 3)",
    ORGANISATION_INVALID => "organisation-invalid" 422 "调解组织登记信息不符合规定" "The organisation's registration does not meet the rules",
    PROOF_REQUIRED => "proof-required" 422 "履行登记须有凭证" "Registering performance needs a proof",
    WRITTEN_FORM_REQUIRED => "written-form-required" 422 "该类纠纷的协议须采用书面形式" "An agreement on such a dispute must be in writing",
    CONTACT_TRIES_MISSING => "contact-tries-missing" 422 "联系当事人的记录未达规定次数或方式" "The party was not tried often enough or in enough ways",
    ROUTE_NOT_MEDIATED => "route-not-mediated" 409 "该流转单的化解途径不是调解" "The order's route is not mediation",
}
