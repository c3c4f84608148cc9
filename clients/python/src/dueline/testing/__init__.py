"""Dueline in tests: a service of their own, whose clock they move. In pytest: ``dueline_dev``."""

from .service import DevService

__all__ = ["DevService"]
