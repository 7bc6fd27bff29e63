"""A letter for one person: subject, text and HTML in her language, from a pair of templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import Message as MimeMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from plants.models import Person
from plants.text import CHINESE
from tracker.reminders.models import Message
from tracker.reminders.prefer import token_of
from tracker.reminders.wording import About, Broken, Words, words_for

SUBJECT_LENGTH = 300
# What a mail that was put together ahead gets only as it goes.
OWN_HEADERS = ("Message-ID", "Date")


@dataclass(frozen=True)
class Letter:
    """What a person will read; ``language`` is the one it was written in.

    ``calendar`` are its deadlines as an ICS file, where it has any; ``unsubscribe`` is the address
    that ends what is optional in it. ``broken`` is an authority's wording that could not be used.
    ``mime`` is the whole mail but for its Message-ID and date, where that was made ahead.
    """

    language: str
    subject: str
    text: str
    html: str
    calendar: bytes = b""
    unsubscribe: str = ""
    broken: Broken | None = None
    mime: bytes = b""


def language_of(person: Person) -> str:
    """What the person chose, else what the site spoke with her last, else Chinese."""
    return person.language or person.spoken_language or CHINESE


def render_letter(
    name: str,
    *,
    person: Person,
    subject: str,
    context: Mapping[str, object],
    optional: bool = False,
    about: Mapping[str, Any] | None = None,
    words: Words | None = None,
) -> Letter:
    """Render ``templates/email/<name>`` as text and HTML in the language that is active.

    ``optional`` where some of it may be switched off: then it says how. ``about`` is what an
    authority's wording is chosen by and filled from, as in ``About``; or ``words`` are given.
    """
    stop = {"site_url": settings.SITE_URL, "token": token_of(person)}
    unsubscribe = render_to_string("email/_stop_page.txt", stop).strip() if optional else ""
    one_line = " ".join(subject.split())
    if len(one_line) > SUBJECT_LENGTH:
        one_line = f"{one_line[: SUBJECT_LENGTH - 1]}…"
    language = language_of(person)
    if words is None:
        told: dict[str, Any] = {"letter": name, "person": person, "language": language}
        words = words_for(About(**(told | dict(about or {}))), subject=one_line)
    one_line = words.subject or one_line
    surroundings = {
        **context,
        "person": person,
        "subject": one_line,
        "words": words,
        "language": language,
        "site_url": settings.SITE_URL,
        "unsubscribe": unsubscribe,
        "demo_site": settings.DEMO_SITE,
    }
    # Tags that say nothing leave their lines behind.
    text = re.sub(r"\n{3,}", "\n\n", render_to_string(f"email/{name}.txt", surroundings)).strip()
    html = render_to_string(f"email/{name}.html", surroundings)
    return Letter(
        language=language,
        subject=one_line,
        text=f"{text}\n",
        html=html,
        unsubscribe=unsubscribe,
        broken=words.broken,
    )


def message_id_of(claim: str) -> str:
    """The Message-ID of the mail that a claim of this name sends."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{claim}@{domain}>"


def to_message(letter: Letter, *, person: Person, message_id: str, at: datetime) -> Message:
    """The outbox row of a letter, not yet saved."""
    return Message(
        person=person,
        to_address=person.email,
        language=letter.language,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=message_id,
        made_at=at,
    )


class _Mail(EmailMultiAlternatives):
    """Folds a long Chinese subject behind its first word; Django folds before it.

    Then the line behind "Subject:" is empty, and some readers show a space for it.
    """

    mime = b""

    def message(self, **options: Any) -> Any:
        if self.mime:
            return _Made(self.extra_headers, self.mime)
        mail = super().message(**options)
        if str(self.subject).isascii():
            return mail
        del mail["Subject"]
        subject = Header(str(self.subject), "utf-8", header_name="Subject")
        # Past Django's own setter, which would make a plain text of it; that one has refused what
        # has more than one line already.
        MimeMessage.__setitem__(mail, "Subject", subject)
        return mail


@dataclass(frozen=True)
class _Made:
    """A mail that was put together ahead; it is all that Django's backends ask of one."""

    headers: Mapping[str, str]
    rest: bytes

    def as_bytes(self, **_: Any) -> bytes:
        """The mail, its own headers first."""
        own = "".join(f"{name}: {self.headers[name]}\r\n" for name in OWN_HEADERS)
        return own.encode("ascii") + self.rest

    def get_charset(self) -> None:
        """Each part has its own."""


def to_mail(message: Message, letter: Letter) -> EmailMultiAlternatives:
    """The mail of an outbox row, marked as made by a machine so that nobody's machine answers."""
    mail = _Mail(
        subject=message.subject,
        body=message.text,
        to=[message.to_address],
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(message.made_at),
            "Auto-Submitted": "auto-generated",
            "Content-Language": "zh-Hans" if message.language == CHINESE else message.language,
            **_unsubscribe_headers(letter),
        },
    )
    if letter.mime:
        mail.mime = letter.mime
        return mail
    mail.attach_alternative(message.html, "text/html")
    if letter.calendar:
        mail.attach("deadlines.ics", letter.calendar.decode(), "text/calendar")
    return mail


def to_mime(letter: Letter, *, person: Person, at: datetime) -> bytes:
    """The letter's mail to her as bytes with CRLF, without the headers that it gets as it goes."""
    message = to_message(letter, person=person, message_id="<later>", at=at)
    mail: Any = to_mail(message, letter).message()
    for name in OWN_HEADERS:
        del mail[name]
    made: bytes = mail.as_bytes(linesep="\r\n")
    return made


def _unsubscribe_headers(letter: Letter) -> dict[str, str]:
    """RFC 2369 and 8058: a mail programme shows a button of its own, which asks once."""
    if not letter.unsubscribe:
        return {}
    return {
        "List-Unsubscribe": f"<{letter.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
