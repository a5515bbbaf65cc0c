//! The parent hands down policy layers and working days.

use chassis::{db::Tx, http::Problem, upper_policy};
use contracts::{
    border::{PolicyIssued, PolicyReceived},
    events::{Envelope, federation::PolicyAdopted},
    ids::CaseId,
    problems::federation as codes,
};
use policy::HandedDown;

use crate::{Federation, store::policy as store};

/// Works with it from now on when this node's pack is in order with it; otherwise goes on with what it had. The parent learns
/// either with the next checkpoint.
///
/// # Errors
/// `message-refused` when it is not the parent's, or its version is not that of the files.
pub async fn apply(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    issued: PolicyIssued,
) -> Result<(), Problem> {
    let refuse = |why: &str| Err(Problem::new(&codes::MESSAGE_REFUSED).internal(why));
    if state.desk.parent().map(|parent| parent.node) != Some(envelope.source) {
        return refuse("only the parent hands down policy");
    }
    let handed_down = HandedDown::new(issued.files);
    if handed_down.version != issued.version {
        return refuse("the version is not that of the files");
    }
    let pack = state.policy_files.pack(tx.node(), Some(&handed_down.files));
    let refused = match pack {
        Ok(_) => {
            let adopted = PolicyAdopted {
                by: envelope.source,
                version: handed_down.version,
                files: handed_down.files,
            };
            upper_policy::keep(tx, &adopted)?;
            let about: CaseId = tx.new_id();
            tx.publish(about, &adopted)?;
            None
        }
        Err(errors) => {
            tracing::error!(version = issued.version, %errors, "the policy handed down is refused");
            Some(errors.to_string())
        }
    };
    store::received(
        tx,
        &PolicyReceived {
            version: issued.version,
            refused,
        },
    );
    Ok(())
}
