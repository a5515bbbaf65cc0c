//! The content of a file.

use actix_web::{
    HttpResponse, get,
    http::header::{
        CONTENT_TYPE, Charset, ContentDisposition, DispositionParam, DispositionType, ETAG,
        ExtendedValue,
    },
};
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses};
use contracts::{ids::AttachmentId, roles::permission::MatterRead};
use futures_util::StreamExt as _;

use crate::{Intake, store::attachments};

/// The content of a file, to be saved. A person reads those of their side and those that are for all parties; staff who may read
/// the matter read them all.
#[utoipa::path(
    tag = "attachments",
    params(("id" = AttachmentId, Path, description = "The file")),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        ProblemResponses
    ),
    security(("bearer" = ["matter.read"]))
)]
#[get("/attachments/{id}/content")]
pub async fn get_attachment_content(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    id: Path<AttachmentId>,
) -> Result<HttpResponse, Problem> {
    let attachment = {
        let mut conn = state.db.read().await?;
        attachments::load(&mut conn, *id, &permit.scope()).await?
    };
    let content = state.objects()?.content(attachment.id).await?;
    // Never shown in place: what people hand in does not run here.
    let name = DispositionParam::FilenameExt(ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: attachment.name.into_bytes(),
    });
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![name],
    };
    let bytes = u64::try_from(attachment.bytes).unwrap_or_default();
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, attachment.media_type))
        .insert_header((ETAG, format!("\"{}\"", attachment.sha256)))
        .insert_header(disposition)
        .no_chunking(bytes)
        .streaming(content.map(|part| part.map_err(Problem::unexpected))))
}
