"""The cast, in English."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.factories import Cast, cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> Cast:
    return cast()
