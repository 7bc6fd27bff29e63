"""Wordings: what a text may hold, whose holds, how it is filled, and what happens if it can't."""

import logging
from typing import Any

import pytest
from django.core import mail
from django.utils.translation import override

from plants.models import Authority, Membership, Person, Plant, Role
from tests.factories import (
    NOW,
    TODAY,
    AuthorityFactory,
    PlantFactory,
    administrator_of,
    officer_of,
)
from tests.reminders.conftest import due_in, plan, review_of, send
from tracker.audit import Actor, Event, Verb
from tracker.reminders.digest import Due, build_digest, build_escalation
from tracker.reminders.examples import build_example
from tracker.reminders.letters import Letter, to_mail, to_message
from tracker.reminders.models import Message, Worded, Wording
from tracker.reminders.notices import build_notice
from tracker.reminders.placeholders import NAMES, Fault, check, fill
from tracker.reminders.set_wording import (
    StaleWording,
    WordingRefused,
    mark_of,
    reset_wording,
    set_wording,
)
from tracker.reminders.wording import common_path

VALUES = {"name": "李<b>四</b>", "plant": "{{ name }}", "count": "3"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("", ""),
        ("Hello", "Hello"),
        ("{{ name }}，您好！", "李<b>四</b>，您好！"),
        ("{{name}}{{  count }}", "李<b>四</b>3"),
        ("{{ plant }}", "{{ name }}"),
        (
            "{ name } { } 100 % 5% # $name %s %(name)s {0}",
            "{ name } { } 100 % 5% # $name %s %(name)s {0}",
        ),
        ("a\nb\tc", "a\nb\tc"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("｛ name ｝", "｛ name ｝"),
    ],
)
def test_text_is_filled(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{% load static %}", "brace:{%"),
        ("{{ name }} %}", "brace:%}"),
        ("{# x #}", "brace:{#"),
        ("{{ name|safe }}", "unknown:name|safe"),
        ("{{ name.email }}", "unknown:name.email"),
        ("{{ person.password }}", "unknown:person.password"),
        ("{{ NAME }}", "unknown:NAME"),
        ("{{ }}", "unknown"),
        ("{{ na\nme }}", "unknown:na\nme"),
        ("{{ name", "brace:{{"),
        ("name }}", "brace:}}"),
        ("{{{ name }}}", "brace:{{"),
        ("{{ {{ name }} }}", "brace:{{"),
        ("｛｛ name ｝｝", "brace:｛｛"),
        ("{{ " + "x" * 900 + " }}", "unknown:" + "x" * 40),
        ("x" * 10_000, "too_long"),
        ("{{" * 5_000, "too_long"),
        ("a\rb", "control"),
        ("a\x00b", "control"),
        ("a\u2028b", "control"),
        ("a\x1b[31mb", "control"),
    ],
)
def test_hostile_text_is_refused(text: str, key: str) -> None:
    with pytest.raises(Fault) as refused:
        fill(text, VALUES)

    assert refused.value.key == key


@pytest.mark.parametrize(
    "text",
    ["a\nBcc: x@example.com", "a\r\nBcc: x@example.com", "a\rb", "a\x0bb", "a\x85b", "a\u2029b"],
)
def test_subject_has_one_line(text: str) -> None:
    with pytest.raises(Fault) as refused:
        check(text, (), lines=False)

    assert refused.value.kind == "line_break"


@pytest.mark.parametrize(
    ("paths", "common"),
    [
        (set(), ""),
        ({"region/changji/"}, "region/changji/"),
        ({"region/changji/", "region/tacheng/"}, "region/"),
        ({"region/changji/", "region/changji/fukang/"}, "region/changji/"),
        ({"region/chang/", "region/changji/"}, "region/"),
        ({"region/changji/", "corps/08/"}, ""),
    ],
)
def test_common_authority(paths: set[str], common: str) -> None:
    assert common_path(paths) == common


def word(authority: Authority, letter: str = "digest", **pieces: Any) -> Wording:
    given = {"language": "zh-hans"} | pieces
    return Wording.objects.create(authority=authority, letter=letter, **given)


def above(authority: Authority) -> Authority:
    assert authority.parent is not None
    return authority.parent


def digest(person: Person, *plants: Plant) -> Letter:
    dues = [due_in(3, plant=plant) for plant in plants]
    rows = [Due(each.due_on, each.pk, each.plant_id) for each in dues]
    return build_digest(person=person, dues=rows, today=TODAY)


@pytest.mark.django_db
def test_letter_has_the_authoritys_words_in_both_parts(plant: Plant, manager: Person) -> None:
    word(
        plant.authority,
        subject="【{{ authority }}】{{ subject }} {{ date }}",
        greeting="{{ name }}同志：\n<b>请看</b> {{ plant }}，共{{ count }}项",
        footer="电话 0991-0000000\n{{ site }}",
    )

    letter = digest(manager, plant)

    assert letter.subject.startswith(f"【{plant.authority.name_zh}】【超低排放】")
    assert letter.subject.endswith(TODAY.isoformat())
    assert letter.text.startswith(f"{manager.name}同志：\n<b>请看</b> {plant.name_zh}，共1项\n")
    assert "--\n电话 0991-0000000\nhttp" in letter.text
    assert "为什么收到此邮件" in letter.text
    assert f"{manager.name}同志：<br>&lt;b&gt;请看&lt;/b&gt;" in letter.html
    assert "您好" not in letter.html + letter.text


@pytest.mark.django_db
@pytest.mark.parametrize("piece", ["subject", "greeting", "footer"])
def test_empty_piece_is_ours(plant: Plant, manager: Person, piece: str) -> None:
    ours = digest(manager, plant)
    word(plant.authority, **{piece: "我们的话"})

    letter = digest(manager, plant)

    assert ("我们的话" in letter.subject) == (piece == "subject")
    assert ("我们的话" in letter.text.splitlines()[0]) == (piece == "greeting")
    assert ("我们的话" in letter.text) == (piece != "subject")
    assert ours.text.splitlines()[2] in letter.text


@pytest.mark.django_db
def test_nearest_authority_and_language_hold(plant: Plant, manager: Person) -> None:
    word(above(plant.authority), subject="上级")
    assert digest(manager, plant).subject == "上级"
    word(plant.authority, subject="本级")
    assert digest(manager, plant).subject == "本级"
    manager.language = "en"
    assert digest(manager, plant).subject.startswith("[ULE]")
    word(above(plant.authority), subject="From above", language="en")
    assert digest(manager, plant).subject == "From above"


@pytest.mark.django_db
def test_plants_of_several_authorities_have_what_is_common(plant: Plant, manager: Person) -> None:
    sibling = PlantFactory.create(authority=AuthorityFactory.create(code="region-tacheng"))
    corps = PlantFactory.create(authority=AuthorityFactory.create(code="corps-08"))
    for other in (sibling, corps):
        Membership.objects.create(person=manager, role=Role.MANAGER, plant=other)
    word(plant.authority, subject="本级 {{ plant }}")
    top = plant.authority.parent or plant.authority
    word(top, letter="digest", subject="上级 {{ plant }}")

    subjects = [
        digest(manager, *plants).subject for plants in ((plant,), (plant, sibling), (plant, corps))
    ]

    assert subjects[0] == f"本级 {plant.name_zh}"
    assert subjects[1] == f"上级 {plant.name_zh}及另外1家企业"
    assert subjects[2].startswith("【超低排放】")


@pytest.mark.django_db
def test_officers_read_the_words_of_their_own_office(plant: Plant) -> None:
    word(plant.authority, "escalation", subject="本级")
    top, own = officer_of(above(plant.authority)), officer_of(plant.authority)
    due = due_in(-40, plant=plant)
    rows = [Due(due.due_on, due.pk, due.plant_id, "escalation")]

    subjects = [build_escalation(person=who, dues=rows, today=TODAY).subject for who in (own, top)]

    assert subjects[0] == "本级"
    assert subjects[1].startswith("【超低排放】")


@pytest.mark.django_db
def test_returned_has_words_of_its_own(plant: Plant, manager: Person) -> None:
    word(plant.authority, "returned", greeting="{{ name }}，{{ plant }}的{{ count }}项被退回：")
    review = review_of(due_in(3, plant=plant), manager, reason="缺页")

    letter = build_notice(person=manager, decision="return", reviews=[review])

    assert letter.text.startswith(f"{manager.name}，{plant.name_zh}的1项被退回：")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pieces", "key"),
    [
        ({"greeting": "{{ fax }}"}, "unknown:fax"),
        ({"greeting": "{% now 'Y' %}"}, "brace:{%"),
        ({"subject": "a\r\nBcc: x@example.com"}, "line_break"),
        ({"subject": "{{ name }}" * 15}, "long_subject"),
        ({"footer": "x\x07"}, "control"),
    ],
)
def test_what_cant_be_filled_goes_out_as_ours_and_is_told_once(
    plant: Plant,
    manager: Person,
    pieces: dict[str, str],
    key: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It came by SQL, or with a version that knows another placeholder."""
    manager.name = "名" * 30
    manager.save()
    wording = word(plant.authority, **pieces)
    with caplog.at_level(logging.WARNING, "tracker"):
        for days in (0, 7):
            due_in(30 + days, plant=plant)
            plan(days)
            send(days * 24 * 60 + 60)

    subjects = [str(each.subject) for each in mail.outbox]
    assert len(subjects) == 2
    assert all(subject.startswith("【超低排放】") for subject in subjects)
    assert "您好" in str(mail.outbox[0].body)
    wording.refresh_from_db()
    assert wording.faults == [key]
    told = Event.objects.get(verb=Verb.FELL_BACK)
    assert (told.thing_id, told.after) == (wording.pk, {"fault": key})
    assert sum("can't be used" in line for line in caplog.messages) == 1


@pytest.mark.django_db
def test_values_bring_no_line_into_a_subject(plant: Plant, manager: Person) -> None:
    manager.name = "名\r\nBcc: x@example.com"
    word(plant.authority, "returned", subject="致{{ name }}")
    review = review_of(due_in(3, plant=plant), manager, reason="缺页")

    letter = build_notice(person=manager, decision="return", reviews=[review])
    made = to_mail(to_message(letter, person=manager, message_id="<1@x>", at=NOW), letter)

    assert letter.subject == "致名 Bcc: x@example.com"
    assert made.message()["Bcc"] is None
    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("letter", Worded.values)
def test_each_letter_fills_its_placeholders(
    plant: Plant, letter: str, language: str, django_assert_num_queries: Any
) -> None:
    names = " ".join(f"{{{{ {name} }}}}" for name in NAMES[letter])
    draft = Wording(
        authority=plant.authority,
        letter=letter,
        language=language,
        subject=names,
        greeting=names,
        footer="<i>{{ authority }}</i>",
    )

    with django_assert_num_queries(0):
        example = build_example(letter, language=language, wording=draft, at=NOW)
        ours = build_example(letter, language=language, wording=None, at=NOW)

    assert example.broken is None
    assert "{{" not in example.subject + example.text + example.html
    with override(language):
        assert f"&lt;i&gt;{plant.authority}&lt;/i&gt;" in example.html
    assert len(ours.text) < len(example.text)


@pytest.mark.django_db
def test_set_changed_and_reset_with_a_trail(plant: Plant) -> None:
    by = Actor(administrator_of(plant.authority), "tests")

    def draft(**pieces: str) -> Wording:
        return Wording(authority=plant.authority, letter="digest", language="zh-hans", **pieces)

    first = set_wording(draft=draft(greeting="甲"), seen="", by=by, at=NOW)
    seen = mark_of(first)
    Wording.objects.update(faults=["unknown:fax"])
    second = set_wording(draft=draft(greeting="乙"), seen=seen, by=by, at=NOW)
    for stale in ("", seen):
        with pytest.raises(StaleWording):
            set_wording(draft=draft(greeting="丙"), seen=stale, by=by, at=NOW)
        with pytest.raises(StaleWording):
            reset_wording(wording=second, seen=stale, by=by, at=NOW)
    for pieces in ({}, {"greeting": "{{ x }}"}, {"subject": "a\nb"}, {"footer": "x" * 1001}):
        with pytest.raises(WordingRefused):
            set_wording(draft=draft(**pieces), seen=mark_of(second), by=by, at=NOW)
    other = Actor(officer_of(plant.authority), "tests")
    with pytest.raises(WordingRefused):
        reset_wording(wording=second, seen=mark_of(second), by=other, at=NOW)
    assert Wording.objects.get().faults == []
    reset_wording(wording=second, seen=mark_of(second), by=by, at=NOW)

    events = Event.objects.order_by("pk")
    assert [event.verb for event in events] == ["created", "changed", "removed"]
    assert [(event.before or {}).get("greeting") for event in events] == [None, "甲", "乙"]
    assert not Wording.objects.exists()
