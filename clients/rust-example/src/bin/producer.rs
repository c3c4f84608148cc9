//! Schedules a job that is due in three seconds.

use std::error::Error;
use std::time::Duration;

use dueline::schedule_request::When;
use dueline::{ScheduleRequest, Service, proto};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::of_process()?;
    let request = ScheduleRequest {
        queue: "mail".into(),
        job_id: "ann".into(),
        payload: b"Dear Ann".to_vec(),
        when: Some(When::Delay(proto(Duration::from_secs(3)))),
        // The same for all tries, so that the job is stored once.
        request_id: format!("{:032x}", rand::random::<u128>()),
        ..Default::default()
    };
    let schedule = |mut client: dueline::Client| {
        let request = request.clone();
        async move { client.schedule(request).await }
    };
    let answer = service
        .call(service.connect(), Duration::from_secs(10), schedule)
        .await?;
    println!("{} {:?}", answer.job_id, answer.outcome());
    Ok(())
}
