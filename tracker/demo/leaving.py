"""Managers who left: one handed over to a colleague, one left her plant with nobody."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from plants.models import Membership, Person, Plant, Role
from tracker import audit
from tracker.accounts.end import end_role
from tracker.accounts.handover import Heir
from tracker.accounts.invite import invite
from tracker.demo.accounts import DOMAIN
from tracker.demo.people import LEAVER
from tracker.demo.scenes import Scene

MOVED = "调集团安全环保部工作，在办事项已当面交接。"
RESIGNED = "已离职，企业暂未明确接任人员，先由属地审核人员跟进。"


def leaving_scenes(plant: Plant, *, colleague: Person, today: date) -> Iterator[Scene]:
    """The plant's second manager leaves; her colleague takes over."""
    leave = partial(_leave, plant, LEAVER, MOVED, Heir(person=colleague))
    yield Scene(today - timedelta(days=8), 500, leave)


def resigning_scenes(plant: Plant, *, leaver: Person, today: date) -> Iterator[Scene]:
    """Nobody answers for the plant; a successor is invited, and has not come yet."""
    leave = partial(_leave, plant, leaver.email, RESIGNED, Heir(nobody=True))
    yield Scene(today - timedelta(days=3), 500, leave)
    yield Scene(today - timedelta(days=3), 520, partial(_invite_successor, plant))


def _leave(plant: Plant, email: str, reason: str, heir: Heir, at: datetime) -> None:
    post = Membership.objects.select_related("person", "plant__authority").get(
        person__email=email, plant=plant
    )
    end_role(post, reason=reason, by=_administrator(), at=at, heir=heir)


def _invite_successor(plant: Plant, at: datetime) -> None:
    invite(
        email=f"new-manager@{DOMAIN}",
        name="宋临风",
        language="zh-hans",
        role=Role.MANAGER,
        scope=plant,
        by=_administrator(),
        at=at,
    )


def _administrator() -> audit.Actor:
    return audit.Actor(Person.objects.get(email=f"admin@{DOMAIN}"), "203.0.113.20")
