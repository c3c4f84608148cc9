"""The fixtures, which pytest finds by itself where the package is installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .service import DevService


@pytest.fixture(scope="session")
def dueline_service() -> Iterator[DevService]:
    """The service of all tests of this process."""
    service = DevService()
    yield service
    service.stop()


@pytest.fixture
def dueline_dev(dueline_service: DevService) -> DevService:
    """The service, empty."""
    dueline_service.reset()
    return dueline_service
