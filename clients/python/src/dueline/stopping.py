"""Ending a stream without losing a job."""

from __future__ import annotations

import asyncio

from .connection import Connection
from .errors import DuelineError
from .requests import duration
from .stream import Stream
from .v1 import scheduler_pb2 as pb

_TRIES = 3
_LONGEST_S = 12 * 3600
_LAST_READ_S = 1.0


async def stop_watch(connection: Connection, stream: Stream, timeout: float) -> None:
    """Sees to it that no more jobs come: by StopWatch, after which the stream ends by itself once
    all jobs are settled; where no replica can do that, by leaving the stream."""
    if not stream.watch_token:
        stream.close()
        return
    request = pb.StopWatchRequest(watch_token=stream.watch_token)
    request.timeout.CopyFrom(duration(min(max(timeout, 1.0), _LONGEST_S)))
    for _ in range(_TRIES):
        try:
            response = await connection.call("StopWatch", request, repeatable=True)
        except DuelineError:
            break
        if response.outcome == pb.STOP_WATCH_OUTCOME_STOPPING:
            return
        if response.outcome == pb.STOP_WATCH_OUTCOME_OVER:
            await asyncio.sleep(_LAST_READ_S)
            break
    stream.close()
