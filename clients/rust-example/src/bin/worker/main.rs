//! Handles the jobs of the queue `mail` until Ctrl-C or SIGTERM.

use std::error::Error;
use std::io;
use std::pin::pin;

use dueline::{DueJob, Service};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::{interval, sleep_until};

use job::Failure;
use worker::{LEASE, Worker};

mod job;
mod stream;
mod worker;

/// Does one job. It is cancelled at an await, and must not block (`spawn_blocking`).
async fn handle(job: DueJob) -> Result<(), Failure> {
    println!("{} {}", job.job_id, String::from_utf8_lossy(&job.payload));
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (news, mut incoming) = unbounded_channel();
    let mut worker = Worker::new(Service::of_process()?, news);
    let mut told_to_stop = pin!(told_to_stop());
    let mut thirds = interval(LEASE / 3);
    while !worker.is_over() {
        tokio::select! {
            Some(news) = incoming.recv() => worker.hear(news),
            _ = sleep_until(worker.opens_at), if worker.room() > 0 => worker.open(),
            _ = thirds.tick() => worker.extend(),
            told = &mut told_to_stop, if !worker.is_stopping => { told?; worker.stop() }
            _ = sleep_until(worker.ends_at), if worker.is_stopping => break,
        }
    }
    worker.give_back_all().await;
    worker.refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
}

async fn told_to_stop() -> io::Result<()> {
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}
