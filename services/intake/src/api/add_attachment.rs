//! Handing in a file.

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ContentDisposition},
    post,
    web::Payload,
};
use chassis::http::{Call, Data, Path, Permit, Problem, ProblemResponses, Query, Reply};
use contracts::{
    events::intake::{AttachmentAdded, PartySide},
    ids::MatterId,
    problems::{common, intake},
    roles::permission::AttachmentManage,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::list_attachments::AttachmentView;
use crate::{
    Intake,
    domain::{
        Refusal,
        attachment::{Visibility, check, too_large},
    },
    store::{
        attachments::{self, Attachment},
        matters, parties,
    },
};

/// What is said of a file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttachmentQuery {
    /// What it is: a code of the policy pack's list of documents of a file.
    #[param(example = "identity")]
    pub kind: Option<String>,
    /// Whose it is, said by staff who hand it in for somebody; without it, only staff read it. A person's own is their side's.
    pub side: Option<PartySide>,
    /// Who of the parties may read it; its own side when not given.
    pub visibility: Option<Visibility>,
}

/// Hand in a file 材料 of a matter: the body is the file. The same file under the same name is taken once. The other side reads it
/// only when `visibility` says so; staff who may read the matter always may.
#[utoipa::path(
    tag = "attachments",
    params(
        ("id" = MatterId, Path, description = "The matter"),
        AttachmentQuery,
        ("Content-Disposition" = String, Header, description = "Its name: `attachment; filename*=UTF-8''%E5%80%9F%E6%9D%A1.pdf`"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, under its own media type"),
    responses(
        (status = 201, description = "Taken", body = AttachmentView),
        (status = 200, description = "It was there already", body = AttachmentView),
        ProblemResponses
    ),
    security(("bearer" = ["attachment.manage"]))
)]
#[post("/matters/{id}/attachments")]
pub async fn add_attachment(
    state: Data<Intake>,
    permit: Permit<AttachmentManage>,
    id: Path<MatterId>,
    query: Query<AttachmentQuery>,
    request: HttpRequest,
    content: Payload,
) -> Result<Reply, Problem> {
    let call = Call::of_upload(permit, &request)?;
    let (matter_id, scope) = (id.into_inner(), call.scope());
    let policy = &state.policy.intake().attachments;
    let (media_type, name) = (header(&request), file_name(&request).unwrap_or_default());
    let kind = check(policy, media_type, &name)?;
    if let Some(code) = &query.kind {
        let known = state.policy.intake().file.document(code);
        known.ok_or(Refusal::UnknownDocument)?;
    }
    if scope.applicant.is_some() && query.side.is_some() {
        return Err(Problem::new(&common::INVALID_QUERY)
            .at("/side")
            .detail("只能由工作人员填写", "Only staff may fill this in"));
    }
    if declared(&request).is_some_and(|bytes| bytes > policy.bytes_max) {
        return Err(too_large(policy.bytes_max));
    }
    {
        // Before anything is received.
        let mut conn = state.db.read().await?;
        matters::load(&mut conn, matter_id, &scope).await?;
    }
    let objects = state.objects()?;
    let attachment_id = state.db.time().id();
    let received = objects
        .receive(attachment_id, kind, policy.bytes_max, content)
        .await?;
    let told = format!("{media_type}\n{name}\n{}", received.sha256);
    let call = call.with_content(told.as_bytes());
    let work = state.db.command(&call, "add_attachment", async |tx| {
        let matter = matters::load(tx.conn(), matter_id, &scope).await?;
        attachments::lock(tx.conn(), matter_id).await?;
        let like = (name.as_str(), received.sha256.as_str());
        let same = attachments::same(tx.conn(), matter_id, like, &scope).await?;
        if let Some(same) = same {
            return Ok(Reply::ok(AttachmentView::of(same)));
        }
        if attachments::count(tx.conn(), matter_id).await? >= policy.count_max {
            let max = policy.count_max;
            return Err(Problem::new(&intake::TOO_MANY_ATTACHMENTS)
                .detail(format!("至多 {max} 份"), format!("At most {max}")));
        }
        let side = match &scope.applicant {
            Some(subject) => parties::side_of(tx.conn(), matter_id, subject).await?,
            None => query.side,
        };
        let attachment = Attachment {
            id: attachment_id,
            matter_id,
            case_id: matter.case_id,
            name: name.clone(),
            media_type: kind.media_type.clone(),
            bytes: i64::try_from(received.bytes).unwrap_or(i64::MAX),
            sha256: received.sha256.clone(),
            added_by: call.principal.subject.clone(),
            added_at: tx.now(),
            removed_by: None,
            removed_at: None,
            removed_reason: None,
            kind: query.kind.clone(),
            side,
            visibility: query.visibility.unwrap_or(Visibility::OwnSide),
        };
        attachments::insert(tx, &attachment).await?;
        let added = AttachmentAdded {
            attachment_id,
            matter_id,
            case_id: matter.case_id,
            region: matter.region,
            added_at: tx.now(),
        };
        tx.publish(matter.case_id, &added)?;
        let place = format!("/intake/v1/attachments/{attachment_id}/content");
        Ok(Reply::created(place, AttachmentView::of(attachment)))
    });
    match work.await {
        Ok(reply) => {
            let own = attachment_id.to_string();
            // It was there already, or this is the answer to an earlier attempt: what came now is one too many.
            if reply.body.get("id").is_none_or(|named| *named != own) {
                objects.remove(attachment_id).await;
            }
            Ok(reply)
        }
        Err(problem) => {
            // After a fault of the server nobody knows whether the row is there: the sweep looks.
            if problem.code().status < common::INTERNAL.status {
                objects.remove(attachment_id).await;
            }
            Err(problem)
        }
    }
}

fn header(request: &HttpRequest) -> &str {
    let value = request.headers().get(CONTENT_TYPE);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn declared(request: &HttpRequest) -> Option<u64> {
    let value = request.headers().get(CONTENT_LENGTH)?;
    value.to_str().ok()?.parse().ok()
}

/// The name a file is sent under; in UTF-8 where it is not plain ASCII (RFC 6266).
fn file_name(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(CONTENT_DISPOSITION)?;
    let sent = ContentDisposition::from_raw(value).ok()?;
    match sent.get_filename_ext() {
        Some(extended) => String::from_utf8(extended.value.clone()).ok(),
        None => sent.get_filename().map(str::to_owned),
    }
}
