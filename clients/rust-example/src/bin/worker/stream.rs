//! One stream of due jobs.

use std::time::Duration;

use dueline::{Client, Service, StopWatchOutcome, StopWatchRequest, WatchDueRequest, proto};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::worker::News;

/// Three of them in silence break a stream, which is before leases are over.
pub const HEARTBEAT: Duration = Duration::from_secs(5);

/// Tells the worker what a stream brings, until it ends or is silent for too long.
pub async fn watch(
    mut client: Client,
    request: WatchDueRequest,
    number: u64,
    news: UnboundedSender<News>,
) {
    let follow = async {
        let mut messages = heard(client.watch_due(request)).await?.into_inner();
        while let Some(message) = heard(messages.message()).await? {
            // Events that this program does not know are none.
            if let Some(event) = message.event {
                let _ = news.send(News::Event(number, event));
            }
        }
        Ok(())
    };
    let end = follow.await;
    let _ = news.send(News::Ended(number, end));
}

async fn heard<T>(message: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    let heard = timeout(3 * HEARTBEAT, message).await;
    heard.unwrap_or_else(|_| Err(Status::unavailable("silent for three heartbeats")))
}

/// Whether no other stream would do better.
pub fn is_refusal(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unauthenticated
            | Code::PermissionDenied
            | Code::InvalidArgument
            | Code::FailedPrecondition
            | Code::Unimplemented
            | Code::NotFound
    )
}

/// Has a stream end once its jobs are settled; false where the service cannot be told.
pub async fn stop_watch(
    service: Service,
    client: Client,
    watch_token: String,
    timeout: Duration,
) -> bool {
    let request = StopWatchRequest {
        watch_token,
        timeout: Some(proto(timeout)),
    };
    let stop = |mut client: Client| {
        let request = request.clone();
        async move {
            let answer = client.stop_watch(request).await?;
            match answer.get_ref().outcome() {
                StopWatchOutcome::Unanswered => Err(Status::unavailable("not answered")),
                _ => Ok(answer),
            }
        }
    };
    let answer = service.call(client, Duration::from_secs(5), stop).await;
    answer.is_ok_and(|answer| answer.outcome() == StopWatchOutcome::Stopping)
}
