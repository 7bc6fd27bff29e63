"""Pages are compressed for who can read that; files are not touched."""

import gzip

import pytest
from django.urls import reverse

from tests.factories import Cast
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, make_things

pytestmark = pytest.mark.django_db


def test_page_is_compressed_for_who_asks(world: Cast, browser_of: BrowserOf) -> None:
    browser, address = browser_of(world.manager), reverse("plant", args=[world.plant.pk])

    plain = browser.get(address)
    packed = browser.get(address, headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 3


def test_file_keeps_its_length(world: Cast, browser_of: BrowserOf) -> None:
    [submission] = make_things(world).waiting.submissions.all()
    [evidence] = submission.evidence.all()

    answer = browser_of(world.manager).get(
        reverse("evidence-file", args=[evidence.pk]), headers={"Accept-Encoding": "gzip"}
    )

    assert "Content-Encoding" not in answer.headers
    assert len(content_of(answer)) == int(answer.headers["Content-Length"])
