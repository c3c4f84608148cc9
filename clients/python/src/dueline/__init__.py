"""Client of Dueline: schedule jobs, take them back, and run handlers when they fall due."""

from .batching import BatchingProducer
from .client import Client, connect
from .errors import DuelineError
from .job import Dead, Job, RetryIn
from .listener import Listener
from .requests import Retry, Scheduled, schedule_request
from .threads import in_thread
from .worker import Worker

__all__ = [
    "BatchingProducer",
    "Client",
    "Dead",
    "DuelineError",
    "Job",
    "Listener",
    "Retry",
    "RetryIn",
    "Scheduled",
    "Worker",
    "connect",
    "in_thread",
    "schedule_request",
]
