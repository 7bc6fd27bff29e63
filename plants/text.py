"""A text in both of the product's languages."""

from typing import NamedTuple

from django.utils.translation import get_language

CHINESE = "zh-hans"
ENGLISH = "en"


class Text(NamedTuple):
    """The same statement in simplified Chinese and in English.

    ``str(text)`` gives the active language's wording, so that a template can show it as it is.
    Chinese stands in where there is no English yet.
    """

    zh: str
    en: str

    def in_language(self, language: str | None) -> str:
        chinese = (language or CHINESE).lower().startswith("zh")
        return self.zh if chinese else self.en or self.zh

    def __str__(self) -> str:
        return self.in_language(get_language())
