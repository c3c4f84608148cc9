//! What streams and jobs there are, and what follows from what they do.

use std::collections::HashMap;
use std::time::Duration;

use dueline::watch_due_response::Event;
use dueline::{
    Client, DueJob, ExtendLeaseRequest, LeaseOutcome, Service, WatchDueRequest, jitter, proto,
};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tonic::Status;

use crate::job::{give_back, settle};
use crate::stream::{HEARTBEAT, is_refusal, stop_watch, watch};

/// Handlers that run at once.
const CONCURRENCY: usize = 10;
/// How long a job stays here when this process dies.
pub const LEASE: Duration = Duration::from_secs(30);
/// For handlers to end when the worker is stopped.
const STOP_TIMEOUT: Duration = Duration::from_secs(20);
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What tasks tell the worker.
pub enum News {
    /// Of a stream.
    Event(u64, Event),
    /// A stream is over.
    Ended(u64, Result<(), Status>),
    /// A stream cannot be stopped as it should.
    Unstoppable(u64),
    /// A lease is over.
    Lost(String),
    /// A handler has ended; whether the service could be told, where that was needed.
    Settled(String, bool),
}

struct Stream {
    client: Client,
    /// Jobs that it may have out at once; 0 once it gets no more.
    credit: usize,
    watch_token: String,
    task: AbortHandle,
}

struct Work {
    stream: u64,
    handler: AbortHandle,
}

/// Belongs to one task, which hears the news from those of streams and handlers.
pub struct Worker {
    service: Service,
    news: UnboundedSender<News>,
    /// Those that are not over, by number.
    streams: HashMap<u64, Stream>,
    opened: u64,
    /// By lease token, until they are settled.
    jobs: HashMap<String, Work>,
    /// When the next stream may be opened, and how long after an end that is at most.
    pub opens_at: Instant,
    longest_pause: Duration,
    pub is_stopping: bool,
    pub ends_at: Instant,
    pub refusal: Option<Status>,
}

impl Worker {
    pub fn new(service: Service, news: UnboundedSender<News>) -> Self {
        Self {
            service,
            news,
            streams: HashMap::new(),
            opened: 0,
            jobs: HashMap::new(),
            opens_at: Instant::now(),
            longest_pause: SHORTEST_PAUSE,
            is_stopping: false,
            ends_at: Instant::now(),
            refusal: None,
        }
    }

    pub fn is_over(&self) -> bool {
        self.is_stopping && self.streams.is_empty() && self.jobs.is_empty()
    }

    /// How many jobs another stream may ask for: as many fewer as still run of streams that get no
    /// more. Beside a stream that does, one is opened only once none of those is left.
    pub fn room(&self) -> usize {
        let promised: usize = self.streams.values().map(|stream| stream.credit).sum();
        let gets_more = |work: &&Work| {
            self.streams
                .get(&work.stream)
                .is_some_and(|stream| stream.credit > 0)
        };
        let left = self.jobs.values().filter(|work| !gets_more(work)).count();
        if self.is_stopping || promised > 0 && left > 0 {
            return 0;
        }
        CONCURRENCY.saturating_sub(promised + left)
    }

    pub fn open(&mut self) {
        let (number, credit, client) = (self.opened, self.room(), self.service.connect());
        let request = WatchDueRequest {
            queues: vec!["mail".into()],
            max_outstanding_jobs: credit as i32,
            lease_duration: Some(proto(LEASE)),
            auto_extend: true,
            heartbeat_interval: Some(proto(HEARTBEAT)),
            ..Default::default()
        };
        let task = tokio::spawn(watch(client.clone(), request, number, self.news.clone()));
        let task = task.abort_handle();
        self.streams.insert(
            number,
            Stream {
                client,
                credit,
                watch_token: String::new(),
                task,
            },
        );
        self.opened += 1;
    }

    pub fn hear(&mut self, news: News) {
        match news {
            News::Event(stream, event) => self.take(stream, event),
            News::Ended(stream, end) => self.ended(stream, end),
            News::Unstoppable(stream) => self.leave(stream),
            News::Lost(token) => self.cancel(&token),
            News::Settled(token, is_told) => {
                let work = self.jobs.remove(&token);
                if let Some(work) = work.filter(|_| !is_told) {
                    // Or the service would extend the lease for as long as the stream lives.
                    self.leave(work.stream);
                }
            }
        }
    }

    fn take(&mut self, number: u64, event: Event) {
        let Some(stream) = self.streams.get_mut(&number) else {
            if let Event::DueJobs(due) = event {
                let tokens = due.jobs.into_iter().map(|job| job.lease_token).collect();
                tokio::spawn(give_back(self.service.clone(), tokens));
            }
            return;
        };
        match event {
            Event::Started(started) => stream.watch_token = started.watch_token,
            Event::DueJobs(due) => {
                self.longest_pause = SHORTEST_PAUSE;
                due.jobs.into_iter().for_each(|job| self.begin(number, job));
            }
            Event::Heartbeat(_) => self.longest_pause = SHORTEST_PAUSE,
            Event::LostLeases(lost) => {
                lost.leases
                    .iter()
                    .for_each(|lease| self.cancel(&lease.lease_token));
            }
            // The next one is opened now; this one is read to its end, for its leases hang on it.
            Event::Draining(_) => {
                stream.credit = 0;
                self.back_off();
            }
            Event::Stopped(_) => {}
        }
    }

    fn ended(&mut self, number: u64, end: Result<(), Status>) {
        if self.streams.remove(&number).is_none() {
            return;
        }
        self.extend();
        self.back_off();
        if let Err(status) = end {
            eprintln!("{status}");
            if is_refusal(&status) && !self.is_stopping {
                self.refusal = Some(status);
                self.stop();
            }
        }
    }

    fn back_off(&mut self) {
        self.opens_at = Instant::now() + jitter(self.longest_pause);
        self.longest_pause = (2 * self.longest_pause).min(LONGEST_PAUSE);
    }

    fn leave(&mut self, number: u64) {
        if let Some(stream) = self.streams.get(&number) {
            stream.task.abort();
            self.ended(number, Ok(()));
        }
    }

    fn begin(&mut self, stream: u64, job: DueJob) {
        let token = job.lease_token.clone();
        let handler = tokio::spawn(crate::handle(job));
        self.jobs.insert(
            token.clone(),
            Work {
                stream,
                handler: handler.abort_handle(),
            },
        );
        let (service, news) = (self.service.clone(), self.news.clone());
        let client = self.streams[&stream].client.clone();
        tokio::spawn(async move {
            let is_told = settle(service, client, token.clone(), handler).await;
            let _ = news.send(News::Settled(token, is_told));
        });
    }

    fn cancel(&self, token: &str) {
        if let Some(work) = self.jobs.get(token) {
            work.handler.abort();
        }
    }

    /// Extends the leases that no stream does.
    pub fn extend(&self) {
        let is_alone = |work: &Work| !self.streams.contains_key(&work.stream);
        let alone = self.jobs.iter().filter(|(_, work)| is_alone(work));
        let lease_tokens: Vec<_> = alone.map(|(token, _)| token.clone()).collect();
        if lease_tokens.is_empty() {
            return;
        }
        let (service, news) = (self.service.clone(), self.news.clone());
        tokio::spawn(async move {
            let request = ExtendLeaseRequest {
                lease_tokens,
                lease_duration: Some(proto(LEASE)),
            };
            let extend = |mut client: Client| {
                let request = request.clone();
                async move { client.extend_lease(request).await }
            };
            if let Ok(answer) = service.call(service.connect(), LEASE / 3, extend).await {
                for (token, outcome) in request.lease_tokens.into_iter().zip(answer.outcomes) {
                    if outcome != LeaseOutcome::Ok as i32 {
                        let _ = news.send(News::Lost(token));
                    }
                }
            }
        });
    }

    /// Takes no more jobs, and ends when those that it has are settled.
    pub fn stop(&mut self) {
        self.is_stopping = true;
        self.ends_at = Instant::now() + STOP_TIMEOUT;
        for (&number, stream) in &self.streams {
            let (service, news) = (self.service.clone(), self.news.clone());
            let (client, watch_token) = (stream.client.clone(), stream.watch_token.clone());
            tokio::spawn(async move {
                if !stop_watch(service, client, watch_token, STOP_TIMEOUT).await {
                    let _ = news.send(News::Unstoppable(number));
                }
            });
        }
    }

    pub async fn give_back_all(&self) {
        self.jobs.values().for_each(|work| work.handler.abort());
        let tokens: Vec<_> = self.jobs.keys().cloned().collect();
        if !tokens.is_empty() {
            give_back(self.service.clone(), tokens).await;
        }
    }
}
