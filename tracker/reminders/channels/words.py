"""A post as a group reads it: Markdown where its robot knows it, else plain text."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tracker.obligations.models import State
from tracker.reminders.channels.told import Item, Told
from tracker.reminders.models import PostKind

# Each vendor escapes in another way, or in none; the wide forms look alike and mark nothing.
_WIDE = str.maketrans("\\`*_[]<>~|", "＼｀＊＿［］＜＞～｜")


def title_of(told: Told) -> str:
    """In the active language."""
    words = {"scope": told.scope_name, "day": told.occasion, "n": told.total}
    if told.kind == PostKind.ESCALATION:
        return _("[ULE] %(scope)s: %(n)d overdue for long") % words
    if told.kind == PostKind.RETURNED:
        return _("[ULE] %(scope)s: returned") % words
    if told.kind == PostKind.TEST:
        return _("[ULE] %(scope)s: test message") % words
    return _("[ULE] %(scope)s, %(day)s") % words


def markdown_of(told: Told, *, room: int) -> str:
    """In the active language; at most ``room`` bytes, for which rows are left out."""
    return _fit(told, _markdown_row, f"[{_('Open the site')}]({told.url})", room)


def text_of(told: Told, *, room: int) -> str:
    """The same without marks; addresses stand behind what they lead to."""
    return _fit(told, _text_row, told.url, room)


def _fit(told: Told, row: Callable[[Item, str], str], link: str, room: int) -> str:
    """As many rows as there is room for; the last lines say how many more there are, and where."""
    for shown in range(len(told.items), -1, -1):
        text = "\n".join(_lines(told, row, link, shown))
        if len(text.encode()) <= room:
            return text
    return text.encode()[:room].decode(errors="ignore")


def _lines(told: Told, row: Callable[[Item, str], str], link: str, shown: int) -> Iterator[str]:
    if told.kind == PostKind.TEST:
        yield _("This is a test: messages for this group arrive here.")
    elif told.kind != PostKind.RETURNED:
        yield _counts(told)
    yield from (row(item, _days(told, item)) for item in told.items[:shown])
    if more := told.total - shown:
        yield ngettext("and %d more", "and %d more", more) % more
    yield link


def _counts(told: Told) -> str:
    found = []
    if told.overdue:
        found.append(ngettext("%d overdue", "%d overdue", told.overdue) % told.overdue)
    if told.coming:
        found.append(ngettext("%d due soon", "%d due soon", told.coming) % told.coming)
    if told.waiting:
        words = ngettext("%d waits for review", "%d wait for review", told.waiting)
        found.append(words % told.waiting)
    return pgettext("between counts", ", ").join(found)


def _days(told: Told, item: Item) -> str:
    if told.kind == PostKind.RETURNED:
        return _("returned")
    if item.state == State.SUBMITTED:
        return _("waits for review")
    if item.days < 0:
        return ngettext("%d day overdue", "%d days overdue", -item.days) % -item.days
    if item.days == 0:
        return _("due today")
    return ngettext("%d day left", "%d days left", item.days) % item.days


def _markdown_row(item: Item, days: str) -> str:
    title = _plain(f"{item.plant_name} · {item.title}")
    return f"- [{title}]({item.url}) {item.due_on:%Y-%m-%d} **{days}**"


def _text_row(item: Item, days: str) -> str:
    title = " ".join(f"{item.plant_name} · {item.title}".split())
    return f"· {title} {item.due_on:%Y-%m-%d} {days} {item.url}"


def _plain(text: str) -> str:
    """Without what Markdown would take for its own."""
    return " ".join(text.split()).translate(_WIDE)
