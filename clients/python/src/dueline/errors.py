"""What calls fail with, and what of it the server says."""

from __future__ import annotations

from dataclasses import dataclass, field

import grpc
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"
_ENDING = {
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.NOT_FOUND,
}


@dataclass
class DuelineError(Exception):
    """A call that failed: the last attempt's answer, or the deadline of all."""

    code: grpc.StatusCode
    message: str
    #: The reason of the ErrorInfo, such as ``JOB_EXISTS``; empty where the server gave none.
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    #: Field and description of each limit that the request breaks.
    violations: list[tuple[str, str]] = field(default_factory=list)
    #: Seconds that the server wants the caller to wait; 0 where it says nothing.
    retry_after: float = 0.0

    def __str__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.code.name}{reason}: {self.message}"

    @property
    def is_final(self) -> bool:
        """Whether a watch that failed so would fail again, until somebody changes something."""
        return self.code in _ENDING


def error_of(failure: grpc.aio.AioRpcError) -> DuelineError:
    """The error that a failed call stands for."""
    error = DuelineError(failure.code(), failure.details() or "")
    for key, value in failure.trailing_metadata() or ():
        if key == _DETAILS:
            _read_details(error, value)
    return error


def error_of_item(item: object) -> DuelineError:
    """The error of one item of a batch, an ``ItemError``."""
    code = next(c for c in grpc.StatusCode if c.value[0] == item.code)  # type: ignore[attr-defined]
    return DuelineError(code, item.message, item.reason, dict(item.metadata))  # type: ignore[attr-defined]


def _read_details(error: DuelineError, details: bytes) -> None:
    info = error_details_pb2.ErrorInfo()
    bad_request = error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    for detail in status_pb2.Status.FromString(details).details:
        if detail.Unpack(info):
            error.reason, error.metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(bad_request):
            error.violations = [(v.field, v.description) for v in bad_request.field_violations]
        elif detail.Unpack(retry):
            error.retry_after = retry.retry_delay.ToTimedelta().total_seconds()
