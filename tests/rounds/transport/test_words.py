"""What a fault offers to write is read, in both languages."""

import pytest
from django.db import models
from django.utils import translation

from tracker.rounds.transport.words import CLASSES, DIRECTIONS, GOODS, MODES, read_word

WORDS = [DIRECTIONS, GOODS, MODES, CLASSES]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("words", WORDS)
def test_labels_are_read_as_what_they_name(
    words: dict[str, models.TextChoices], language: str
) -> None:
    with translation.override(language):
        choices = list(type(next(iter(words.values()))))
        read = [read_word(str(choice.label), words) for choice in choices]

    assert read == choices
