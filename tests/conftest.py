"""Fixtures and settings that every test shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "same every time",  # a failure that CI shows is the failure that a developer sees
    derandomize=True,
    deadline=None,  # two busy cores: time limits would fail at random
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("same every time")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def package() -> Path:
    """The folder of the package's source."""
    return ROOT / "callsim"
