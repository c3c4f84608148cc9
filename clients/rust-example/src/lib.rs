//! Stubs of Dueline's contract, connections to its replicas, and calls that are repeated.

use std::error::Error;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::{InterceptedService, Interceptor};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};

tonic::include_proto!("dueline.v1");

pub type Client =
    scheduler_service_client::SchedulerServiceClient<InterceptedService<Channel, Token>>;

/// For one try of a call, after which a replica that stands still is left.
const TRY: Duration = Duration::from_secs(3);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Messages have up to 4 MiB, and what holds them.
const MAX_MESSAGE_BYTES: usize = 5 << 20;

/// Goes with each call, where there is one.
#[derive(Clone)]
pub struct Token(Option<MetadataValue<Ascii>>);

impl Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request
                .metadata_mut()
                .insert("authorization", token.clone());
        }
        Ok(request)
    }
}

/// The replicas of a service.
#[derive(Clone)]
pub struct Service {
    replicas: Vec<Endpoint>,
    token: Token,
}

impl Service {
    /// Replicas at `http://host:port` each, by default at localhost, and a token or none.
    pub fn new(urls: Vec<String>, token: Option<&str>) -> Result<Self, Box<dyn Error>> {
        let mut replicas = vec![Endpoint::from_static("http://127.0.0.1:9000")];
        if !urls.is_empty() {
            replicas = urls
                .into_iter()
                .map(Endpoint::from_shared)
                .collect::<Result<_, _>>()?;
        }
        let replicas = replicas.into_iter().map(|replica| {
            replica
                .connect_timeout(TRY)
                .http2_keep_alive_interval(Duration::from_secs(30))
                .keep_alive_timeout(Duration::from_secs(10))
        });
        let token = token
            .map(|token| format!("Bearer {token}").parse())
            .transpose()?;
        Ok(Self {
            replicas: replicas.collect(),
            token: Token(token),
        })
    }

    /// By the arguments of this program, and `DUELINE_TOKEN`.
    pub fn of_process() -> Result<Self, Box<dyn Error>> {
        let token = std::env::var("DUELINE_TOKEN").ok();
        Self::new(std::env::args().skip(1).collect(), token.as_deref())
    }

    /// A new connection to any of the replicas, which is made with the first call.
    pub fn connect(&self) -> Client {
        let replica = &self.replicas[rand::random_range(0..self.replicas.len())];
        let channel = InterceptedService::new(replica.connect_lazy(), self.token.clone());
        Client::new(channel).max_decoding_message_size(MAX_MESSAGE_BYTES)
    }

    /// Calls until there is an answer, or the time is up. After the first try each has a connection
    /// of its own: that of the first may be half open, or lead to a replica that stands still.
    pub async fn call<T, F>(
        &self,
        mut client: Client,
        within: Duration,
        attempt: impl Fn(Client) -> F,
    ) -> Result<T, Status>
    where
        F: Future<Output = Result<Response<T>, Status>>,
    {
        let end = Instant::now() + within;
        let mut longest = SHORTEST_PAUSE;
        loop {
            let answer = timeout(TRY, attempt(client)).await;
            match answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer"))) {
                Err(status) if is_passing(&status) && Instant::now() < end => {}
                answer => return answer.map(Response::into_inner),
            }
            sleep(jitter(longest)).await;
            longest = (2 * longest).min(LONGEST_PAUSE);
            client = self.connect();
        }
    }
}

/// Any time up to the longest.
pub fn jitter(longest: Duration) -> Duration {
    longest.mul_f64(rand::random())
}

/// Whether another try may do better. A connection that breaks is reported in several ways.
fn is_passing(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::DeadlineExceeded
            | Code::Cancelled
            | Code::Internal
            | Code::Unknown
    )
}

/// A duration as the contract has it.
pub fn proto(duration: Duration) -> prost_types::Duration {
    prost_types::Duration {
        seconds: duration.as_secs() as i64,
        nanos: duration.subsec_nanos() as i32,
    }
}
