"""Which authority's words a letter goes out with, filled in; ours where they can't be."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plants.models import Authority, Person, Plant, Role
from plants.models.people import paths_from
from tracker import audit
from tracker.reminders.models import Wording
from tracker.reminders.models.wordings import FOOTER_LENGTH, GREETING_LENGTH, SUBJECT_LENGTH
from tracker.reminders.placeholders import NAMES, Fault, check, fill

logger = logging.getLogger(__name__)

LONGEST_SUBJECT = 300
LENGTHS = {"subject": SUBJECT_LENGTH, "greeting": GREETING_LENGTH, "footer": FOOTER_LENGTH}
FELL_BACK_BY = audit.Actor(None, "mails")


@dataclass(frozen=True)
class Broken:
    """A wording that was not used, and why."""

    wording: Wording
    fault: Fault


@dataclass(frozen=True)
class Words:
    """What replaces ours in a letter; what is empty doesn't."""

    subject: str = ""
    greeting: str = ""
    footer: str = ""
    broken: Broken | None = None


@dataclass(frozen=True)
class About:
    """What the letter's placeholders are filled from; ``count`` of things are told."""

    letter: str
    person: Person
    language: str
    plants: Collection[int] = ()
    count: int = 0
    today: date | None = None


def words_for(about: About, *, subject: str) -> Words:
    """The words of the nearest authority that has some; ``subject`` is ours, for a placeholder."""
    wording = _holding(about)
    if wording is None:
        return Words()
    return words_of(wording, values_of(about, wording.authority, subject=subject))


def words_of(wording: Wording, values: Mapping[str, str]) -> Words:
    """A wording filled in; where a piece of it can't be, none of it is used."""
    try:
        check_wording(wording, values)
        subject = " ".join(fill(wording.subject, values).split())
        if len(subject) > LONGEST_SUBJECT:
            raise Fault("long_subject")
        return Words(subject, fill(wording.greeting, values), fill(wording.footer, values))
    except Fault as fault:
        return Words(broken=Broken(wording, fault))


def check_wording(wording: Wording, allowed: Iterable[str] | None = None) -> None:
    """Raise the first ``Fault`` of its pieces."""
    names = NAMES.get(wording.letter, ()) if allowed is None else allowed
    for piece, longest in LENGTHS.items():
        check(getattr(wording, piece), set(names), longest=longest, lines=piece != "subject")


def find_wording(path: str, letter: str, language: str) -> Wording | None:
    """The nearest one at the authority with this path or above it."""
    found = Wording.objects.filter(
        authority__path__in=paths_from(path), letter=letter, language=language
    )
    # Paths of one branch: the longest is the nearest.
    named = found.select_related("authority")
    return max(named, key=lambda each: len(each.authority.path), default=None)


def values_of(about: About, authority: Authority, *, subject: str) -> dict[str, str]:
    """What stands for each placeholder of the letter, in the language that is active."""
    values = {
        "name": about.person.name,
        "authority": str(authority),
        "site": settings.SITE_URL,
        "subject": subject,
        "count": str(about.count),
    }
    if about.plants:
        names = Plant.objects.filter(pk__in=list(about.plants)).order_by("pk")
        values["plant"] = plants_in_words(str(names[0]), len(about.plants))
    if about.today is not None:
        values["date"] = about.today.isoformat()
    return {name: values[name] for name in NAMES.get(about.letter, ()) if name in values}


def plants_in_words(first: str, count: int) -> str:
    """The one by its name; of several the first, and how many more there are."""
    if count == 1:
        return first
    words = ngettext("%(name)s and %(n)d more", "%(name)s and %(n)d more", count - 1)
    return words % {"name": first, "n": count - 1}


def _holding(about: About) -> Wording | None:
    """None without another query, where no authority has worded this letter."""
    worded = Wording.objects.filter(letter=about.letter, language=about.language)
    if not worded.exists():
        return None
    return find_wording(_place(about), about.letter, about.language)


def _place(about: About) -> str:
    """The path of the nearest authority common to the plants; an officer's office over it.

    Where the letter names no plant, the office or plant of whoever reads it.
    """
    plants = Plant.objects.filter(pk__in=list(about.plants))
    place = common_path(set(plants.values_list("authority__path", flat=True)))
    posts = about.person.posts()
    offices = [
        post.authority.path for post in posts if post.authority and post.role == Role.OFFICER
    ]
    if not about.plants:
        own = [post.plant.authority.path for post in posts if post.plant]
        return common_path(set(offices or own))
    over = [path for path in offices if place.startswith(path)]
    return max(over, key=len, default=place)


def common_path(paths: Collection[str]) -> str:
    """What all the paths begin with, up to a slash; empty where they have nothing in common."""
    if not paths:
        return ""
    first, last = min(paths).split("/"), max(paths).split("/")
    common = []
    for one, other in zip(first[:-1], last[:-1], strict=False):
        if one != other:
            break
        common.append(one)
    return "".join(f"{each}/" for each in common)


def tell_broken(broken: Broken | None, *, at: datetime) -> None:
    """Keep that a wording was not used, once for each fault; the mail goes whatever happens."""
    if broken is None:
        return
    key = broken.fault.key
    try:
        with transaction.atomic():
            found = Wording.objects.select_for_update(of=("self",)).select_related("authority")
            wording = found.filter(pk=broken.wording.pk).first()
            if wording is None or key in wording.faults:
                return
            wording.faults = [*wording.faults, key]
            wording.save(update_fields=["faults"])
            after = {"fault": key}
            verb = audit.Verb.FELL_BACK
            audit.record(by=FELL_BACK_BY, at=at, verb=verb, thing=wording, after=after)
        logger.warning("Wording %s can't be used, ours is: %s", broken.wording.pk, key)
    except DatabaseError:
        logger.exception("That wording %s can't be used is not kept", broken.wording.pk)


def describe_fault(key: str) -> str:
    """A fault as a sentence in the language that is active."""
    kind, _colon, about = key.partition(":")
    sentences = {
        "too_long": _("It is too long."),
        "long_subject": _("Filled in, the subject is too long."),
        "line_break": _("The subject must have one line only."),
        "control": _("There is a character in it that can't be seen."),
        "brace": _("“%(piece)s” doesn't belong here: write placeholders like {{ name }}."),
        "unknown": _("This letter has no placeholder “%(piece)s”."),
    }
    return sentences.get(kind, sentences["control"]) % {"piece": about}
