//! Clocks that stand still, go on, are lengthened and stopped.

use anyhow::Result;
use chassis::{
    clocks::Holder,
    db::{Cause, Tx},
    http::Problem,
};
use chrono::{DateTime, Duration, Utc};
use contracts::{
    events::clock::{ClockExtended, ClockPaused, ClockResumed},
    ids::{OrganisationId, ProceedingId},
};
use policy::{PackFiles, PolicyPack, clock::Approver};
use testkit::service::{NODE, TestService, eventually};
use uuid::Uuid;

use super::{Service, case};

const KIND: &str = "mediation.statutory";

fn object() -> ProceedingId {
    Uuid::from_u128(7).into()
}

pub(super) fn pack() -> PolicyPack {
    let region = NODE.parse().unwrap();
    PackFiles::read(None).pack(&region, None).unwrap()
}

pub(super) async fn tx<R>(
    service: &Service,
    work: impl AsyncFnMut(&mut Tx) -> Result<R, Problem>,
) -> Result<Result<R, &'static str>> {
    let db = service.db()?;
    let done = db.tx("test", &Cause::new(db.time()), work).await;
    Ok(done.map_err(|problem| problem.code().code))
}

async fn start(service: &Service, pack: &PolicyPack) -> Result<DateTime<Utc>> {
    let holder = || {
        Holder::new(case(1), "620602".parse().unwrap())
            .organisation(OrganisationId::from(Uuid::from_u128(3)))
    };
    let due = tx(service, async |tx| {
        let now = tx.now();
        tx.start_policy_clock(pack, KIND, None, object(), holder(), now)
    });
    Ok(due.await?.unwrap().at)
}

async fn state(service: &Service) -> Result<String> {
    let sql = "SELECT state || CASE WHEN wake_at IS NULL THEN '' ELSE ', wakes' END FROM evaluation.clocks";
    Ok(service.sql().await?.query_one(sql, &[]).await?.get(0))
}

pub(super) fn china(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_stands_still_and_goes_on() -> Result<()> {
    let (service, pack): (Service, _) = (TestService::start().await?, pack());
    let pause = async |reason: &'static str| {
        tx(&service, async |tx| {
            tx.pause_clock(&pack, KIND, object(), reason).await
        })
        .await
    };
    let resume = async || {
        tx(&service, async |tx| {
            tx.resume_clock(&pack, KIND, object()).await
        })
        .await
    };
    assert_eq!(pause("appraisal").await?, Err("clock-not-running"));
    assert_eq!(resume().await?, Err("clock-not-running"));
    // From 1 September; 1 October is a holiday.
    assert_eq!(start(&service, &pack).await?, china("2026-10-09T00:00"));
    assert_eq!(resume().await?, Err("clock-not-paused"));
    assert_eq!(pause("lunch").await?, Err("clock-not-pausable"));
    assert_eq!(pause("appraisal").await?, Ok(()));
    assert_eq!(pause("appraisal").await?, Err("clock-not-running"));
    assert_eq!(state(&service).await?, "paused");
    // Long after its end it has neither warned nor run out.
    service.time.advance(Duration::days(60));
    let due = resume().await?.unwrap();
    assert_eq!(due.at, china("2026-12-01T00:00"));
    assert_eq!(state(&service).await?, "running, wakes");
    assert_eq!(resume().await?, Err("clock-not-paused"));
    let sql = "SELECT warned, warn_at[1] FROM evaluation.clocks";
    let row = service.sql().await?.query_one(sql, &[]).await?;
    assert_eq!(row.get::<_, i32>(0), 0, "every warning is still to come");
    assert!(row.get::<_, DateTime<Utc>>(1) > service.time.now());
    // A clock that is stopped while it stands still does not go on; one that starts anew does.
    assert_eq!(pause("appraisal").await?, Ok(()));
    tx(&service, async |tx| {
        tx.stop_clock(KIND, object());
        Ok(())
    })
    .await?
    .unwrap();
    assert_eq!(state(&service).await?, "stopped");
    assert_eq!(resume().await?, Err("clock-not-paused"));
    assert_eq!(pause("appraisal").await?, Err("clock-not-running"));
    start(&service, &pack).await?;
    assert_eq!(state(&service).await?, "running, wakes");
    eventually("it is published", async || {
        Ok(service.published::<ClockPaused>().await?.len() == 2
            && service.published::<ClockResumed>().await?.len() == 1)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_is_lengthened_as_often_as_its_rule_allows() -> Result<()> {
    let (service, pack): (Service, _) = (TestService::start().await?, pack());
    let extend = async |approver| {
        tx(&service, async |tx| {
            tx.extend_clock(&pack, KIND, object(), approver).await
        })
        .await
    };
    assert_eq!(
        extend(Approver::AllParties).await?,
        Err("clock-not-running")
    );
    start(&service, &pack).await?;
    assert_eq!(
        extend(Approver::Leader).await?,
        Err("extension-not-approved")
    );
    let due = extend(Approver::AllParties).await?.unwrap();
    // From 1 October, the day before it was rolled; 31 October is a Saturday.
    assert_eq!(due.at, china("2026-11-03T00:00"));
    assert_eq!(extend(Approver::AllParties).await?, Err("extension-capped"));
    // One that ran out is not lengthened, whether or not that was noted already.
    start(&service, &pack).await?;
    service.time.advance(Duration::days(60));
    assert_eq!(
        extend(Approver::AllParties).await?,
        Err("clock-not-running")
    );
    eventually("it is published", async || {
        let extended = service.published::<ClockExtended>().await?;
        Ok(extended.iter().map(|event| event.times).eq([1]))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_fails_holds_up_no_other() -> Result<()> {
    let (service, pack): (Service, _) = (TestService::start().await?, pack());
    // The hook takes the name of the kind once: of two of a kind, one fails.
    let clocks = [
        (1, "dispatch.sign"),
        (2, "dispatch.sign"),
        (3, "case.close"),
    ];
    for (n, kind) in clocks {
        let object: ProceedingId = Uuid::from_u128(n).into();
        tx(&service, async |tx| {
            let (now, holder) = (tx.now(), Holder::new(case(1), *tx.node()));
            tx.start_policy_clock(&pack, kind, None, object, holder, now)
        })
        .await?
        .unwrap();
    }
    let open = "clocks WHERE breached_at IS NULL";
    service.time.advance(Duration::days(400));
    eventually("all but one ran out", async || {
        Ok(service.count(open).await? == 1)
    })
    .await?;
    let told = async || {
        let metrics = chassis::telemetry::metrics().text()?;
        let line = "fengqiao_clocks_failed_total{kind=\"dispatch.sign\",service=\"evaluation\"} ";
        let count = metrics.lines().find_map(|found| found.strip_prefix(line));
        Ok::<_, anyhow::Error>(count.unwrap_or("0").to_owned())
    };
    eventually("it is put off", async || Ok(told().await? == "1")).await?;
    let put_off = "clocks WHERE breached_at IS NULL AND wake_at = timestamptz '2026-09-01T02:00:00Z' + interval '400 days 1 hour'";
    assert_eq!(service.count(put_off).await?, 1);
    // Its cause is gone.
    service
        .sql()
        .await?
        .batch_execute("DELETE FROM evaluation.notes")
        .await?;
    service.time.advance(Duration::hours(1));
    eventually("it ran out as well", async || {
        Ok(service.count(open).await? == 0)
    })
    .await?;
    assert_eq!(told().await?, "1");
    Ok(())
}
