//! What becomes of a job.

use std::time::Duration;

use dueline::{AckRequest, Client, NackRequest, Service, proto};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::worker::LEASE;

/// After which a handler is cancelled, and its attempt has failed.
const MAX_RUN_TIME: Duration = Duration::from_secs(300);

/// Why a job is not done.
#[allow(dead_code)]
pub enum Failure {
    /// Try again, by the job's retry policy.
    Again(String),
    /// Do not: put it among the dead jobs.
    Dead(String),
}

/// Waits for a handler, and tells the service how it ended; false where that cannot be done.
pub async fn settle(
    service: Service,
    client: Client,
    token: String,
    mut handler: JoinHandle<Result<(), Failure>>,
) -> bool {
    let in_time = timeout(MAX_RUN_TIME, &mut handler).await;
    let is_late = in_time.is_err();
    let end = match in_time {
        Ok(end) => end,
        Err(_) => {
            handler.abort();
            handler.await
        }
    };
    let failure = match end {
        Ok(Ok(())) => return ack(service, client, token).await,
        Ok(Err(failure)) => failure,
        Err(e) if e.is_cancelled() && is_late => Failure::Again("ran too long".into()),
        // The lease is lost: nothing is sent.
        Err(e) if e.is_cancelled() => return true,
        Err(panic) => Failure::Again(panic.to_string()),
    };
    let (reason, dead) = match failure {
        Failure::Again(reason) => (reason, false),
        Failure::Dead(reason) => (reason, true),
    };
    // A reason has up to 1 KiB, and a character up to four bytes.
    let reason = reason.chars().take(256).collect();
    let request = NackRequest {
        lease_tokens: vec![token],
        dead,
        reason,
        ..Default::default()
    };
    nack(service, client, request).await
}

async fn ack(service: Service, client: Client, token: String) -> bool {
    let request = AckRequest {
        lease_tokens: vec![token],
    };
    let ack = |mut client: Client| {
        let request = request.clone();
        async move { client.ack(request).await }
    };
    service.call(client, LEASE, ack).await.is_ok()
}

async fn nack(service: Service, client: Client, request: NackRequest) -> bool {
    let nack = |mut client: Client| {
        let request = request.clone();
        async move { client.nack(request).await }
    };
    service.call(client, LEASE, nack).await.is_ok()
}

/// Has jobs fall due at once for others; their attempts do not count.
pub async fn give_back(service: Service, lease_tokens: Vec<String>) {
    let delay = Some(proto(Duration::ZERO));
    let request = NackRequest {
        lease_tokens,
        delay,
        uncounted: true,
        ..Default::default()
    };
    let client = service.connect();
    nack(service, client, request).await;
}
