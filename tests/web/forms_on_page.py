"""What a browser would send: the fields of a form on a page, hidden ones included."""

from html.parser import HTMLParser
from typing import Any


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.inside = False
        self.select = ""
        self.area = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action", "") == self.action
        if not self.inside or "disabled" in given or (tag == "option" and not self.select):
            return
        if tag == "select":
            self.select = given["name"]
        elif tag == "option" and ("selected" in given or self.select not in self.fields):
            self.fields[self.select] = given["value"]
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self.area = given["name"]
            self.fields[self.area] = ""

    def _input(self, given: dict[str, str]) -> None:
        if given.get("type") == "submit":
            return
        if given.get("type") != "checkbox":
            self.fields[given["name"]] = given.get("value", "")
        elif "checked" in given:
            self.fields[given["name"]] = given.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self.area:
            # A browser leaves out the line break that the tag is followed by.
            self.fields[self.area] += data.removeprefix("\r\n").removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            self.select = ""
        if tag == "form":
            self.inside = False


def fields_of(page: Any, action: str) -> dict[str, str]:
    """The form that goes to ``action`` (empty: to the page itself), filled in as it stands."""
    reader = _Reader(action)
    reader.feed(page.content.decode())
    reader.fields.pop("csrfmiddlewaretoken", None)
    assert reader.fields, f"no form goes to {action}"
    return reader.fields
