"""Fugitive emissions on site by requests: sources, looks, photographs, remedies."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plants.models import Person
from tests.factories import NOW, Cast, PersonFactory, store_file
from tests.factories.walks import quarantine
from tests.web.access_to_round_fugitive import make_fault, make_items, make_source
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.audit import Actor, Event
from tracker.demo.evidence_files import make_picture
from tracker.evidence.models import Evidence, StoredFile
from tracker.rounds.fugitive.photos import keep_photo
from tracker.rounds.models import Body, FugitiveCheck, FugitiveItem, FugitiveSource, Round, Stage
from tracker.rounds.seating import give_seat

pytestmark = pytest.mark.django_db
Items = tuple[FugitiveItem, FugitiveItem, FugitiveItem]


@pytest.fixture
def items(db: None) -> Items:
    return make_items()


@pytest.fixture
def shed(world: Cast) -> FugitiveSource:
    return make_source(make_round(world))


@pytest.fixture
def guest(world: Cast, shed: FugitiveSource) -> Person:
    """Somebody of a technical body, with a seat in the round and no role anywhere."""
    person: Person = PersonFactory.create()
    give_seat(
        shed.round,
        person=person,
        body=Body.TECHNICAL,
        organisation="示例技术中心",
        by=Actor(world.manager, "tests"),
        at=NOW,
    )
    return person


def page_of(shed: FugitiveSource, name: str = "round-source", *more: int) -> str:
    return reverse(name, args=[shed.round_id, *(more or (shed.pk,))])


def look(item: FugitiveItem, result: str = "ok", **more: object) -> dict[str, Any]:
    return {"token": str(uuid4()), "item": item.pk, "result": result, **more}


def picture(number: int = 1, name: str = "料棚.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_picture(number), "image/png")


def test_a_source_is_added_and_stands_in_its_group(
    world: Cast, shed: FugitiveSource, items: Items, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.manager)
    typed = {"group": "conveying", "name": "3号皮带", "place_in_plant": "2线"}

    address = reverse("round-source-add", args=[shed.round_id])
    first, again = (browser.post(address, typed) for _time in range(2))

    belt = FugitiveSource.objects.get(name="3号皮带")
    assert first["Location"] == again["Location"] == page_of(belt)
    shown = text_of(browser.get(reverse("round-fugitive", args=[shed.round_id])))
    assert "0 of 4 checks are settled" in shown
    order = ("石灰石料棚", "conveying of materials", "3号皮带")
    assert [word for word in order if word in shown] == sorted(order, key=shown.index)
    belts = text_of(browser.get(page_of(belt)))
    assert "Item 2" in belts
    assert "Item 1" not in belts
    assert "附件2 to be verified" in belts


def test_a_look_is_kept_once_with_its_photo_by_who_has_a_seat(
    shed: FugitiveSource, items: Items, guest: Person, browser_of: BrowserOf
) -> None:
    browser = browser_of(guest)
    typed = look(items[0], "fault", note="门未关", remedy="修门", remedy_due_on="2026-09-10")

    for _time in range(2):
        answer = browser.post(page_of(shed, "round-look-add"), {**typed, "photos": [picture()]})
        assert answer["Location"] == f"{page_of(shed)}#item-{items[0].pk}"

    check = FugitiveCheck.objects.get()
    photo = check.photos.get()
    assert (check.checked_by, check.note, check.remedy) == (guest, "门未关", "修门")
    shown = browser.get(page_of(shed))
    assert "门未关 Remedy: 修门 · due 2026-09-10" in text_of(shown)
    address = page_of(shed, "round-photo", photo.pk)
    assert f'src="{address}?show"' in shown.content.decode()
    assert content_of(browser.get(f"{address}?show")) == make_picture(1)
    assert Event.objects.filter(verb="downloaded", person=guest).count() == 1


def test_what_was_refused_stands_there_with_the_sentence(
    world: Cast, shed: FugitiveSource, items: Items, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.manager)
    address = page_of(shed, "round-look-add")
    paper = SimpleUploadedFile("说明.txt", "说明".encode())

    silent = browser.post(address, look(items[0], "fault", remedy="修门"))
    strange = browser.post(address, look(items[0], "ok", note="很好", photos=[picture(), paper]))

    assert (silent.status_code, strange.status_code) == (422, 422)
    assert "Say what is wrong." in text_of(silent)
    assert "修门" in text_of(silent)
    assert "Only photographs" in text_of(strange)
    assert "很好" in text_of(strange)
    assert not FugitiveCheck.objects.exists()
    assert not Evidence.objects.exists()


def test_a_fault_is_planned_remedied_and_looked_at_again(
    world: Cast, shed: FugitiveSource, items: Items, browser_of: BrowserOf
) -> None:
    fault = make_fault(shed, items[0])
    browser = browser_of(world.manager)
    plan, done = (page_of(shed, f"round-remedy-{deed}", fault.pk) for deed in ("plan", "done"))

    early = browser.post(plan, {"remedy": "修门", "due_on": "2026-08-01"})
    browser.post(plan, {"remedy": "修门", "due_on": "2026-09-10"})
    ahead = browser.post(done, {"remedy": "", "remedied_on": "2026-09-02"})
    browser.post(done, {"remedy": "已换新门", "remedied_on": "2026-09-01"})

    assert "due before the fault was seen" in text_of(early)
    assert "The day lies ahead." in text_of(ahead)
    fault.refresh_from_db()
    assert (fault.remedy, str(fault.remedied_on)) == ("已换新门", "2026-09-01")
    assert "look at it again" in text_of(browser.get(page_of(shed)))
    browser.post(page_of(shed, "round-look-add"), look(items[0]))
    shown = text_of(browser.get(page_of(shed)))
    assert "look at it again" not in shown
    assert "1 earlier look" in shown


def test_a_photo_with_a_virus_or_not_scanned_yet_is_not_opened(
    world: Cast, shed: FugitiveSource, items: Items, browser_of: BrowserOf, settings: Any
) -> None:
    photo = make_fault(shed, items[0]).photos.get()
    browser, address = browser_of(world.manager), page_of(shed, "round-photo", photo.pk)
    settings.CLAMD_URL = "tcp://127.0.0.1:3310"
    StoredFile.objects.update(scan_state="waiting")

    waiting = browser.get(address)
    assert waiting.status_code == 409
    assert "not scanned for viruses yet" in text_of(waiting)
    quarantine(photo.stored)
    assert browser.get(address).status_code == 403
    assert address not in browser.get(page_of(shed)).content.decode()


def test_only_photos_of_the_rounds_looks_are_there(
    world: Cast, shed: FugitiveSource, guest: Person, browser_of: BrowserOf
) -> None:
    kept = keep_photo(
        found=shed.round,
        file=store_file(make_picture(2), name="另一张.png"),
        by=Actor(world.manager, "tests"),
        at=NOW,
    )

    for person in (world.manager, guest):
        assert browser_of(person).get(page_of(shed, "round-photo", kept.pk)).status_code == 404


def test_after_the_report_is_filed_it_is_read_only(
    world: Cast, shed: FugitiveSource, items: Items, browser_of: BrowserOf
) -> None:
    make_fault(shed, items[0])
    Round.objects.update(stage=Stage.FILED)
    browser = browser_of(world.manager)

    answer = browser.post(page_of(shed, "round-look-add"), look(items[1]))

    assert answer.status_code == 409
    assert "report is filed" in text_of(answer)
    for name in ("round-source", "round-fugitive"):
        args = [shed.round_id, shed.pk][: 2 if name == "round-source" else 1]
        assert 'class="in thumb"' not in browser.get(reverse(name, args=args)).content.decode()
    assert "What do you see now?" not in text_of(browser.get(page_of(shed)))


def test_costs_few_queries(
    world: Cast,
    shed: FugitiveSource,
    items: Items,
    browser_of: BrowserOf,
    django_assert_max_num_queries: Any,
) -> None:
    for _time in range(3):
        make_fault(shed, items[0])
    browser = browser_of(world.manager)
    browser.get(page_of(shed))

    with django_assert_max_num_queries(14):
        browser.get(page_of(shed))
    with django_assert_max_num_queries(12):
        browser.get(reverse("round-fugitive", args=[shed.round_id]))


def test_an_overdue_remedy_is_said(
    world: Cast, shed: FugitiveSource, items: Items, browser_of: BrowserOf
) -> None:
    fault = make_fault(shed, items[0])
    FugitiveCheck.objects.filter(pk=fault.pk).update(
        remedy="修门", remedy_due_on=NOW.date() - timedelta(days=1)
    )

    assert "overdue" in text_of(browser_of(world.auditor).get(page_of(shed)))


def send(browser: Any, shed: FugitiveSource, person: Person, *looks: object) -> Any:
    told = {"person": person.pk, "looks": looks}
    return browser.post(page_of(shed, "round-looks-send"), told, content_type="application/json")


def test_what_a_phone_kept_is_taken_once_and_each_refusal_is_told(
    shed: FugitiveSource, items: Items, guest: Person, browser_of: BrowserOf
) -> None:
    browser = browser_of(guest)
    at = (NOW + timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    door = reverse("round-photo-add", args=[shed.round_id])
    photos = [browser.post(door, {"person": guest.pk, "photo": picture()}) for _time in range(2)]
    photo = photos[0].json()["photo"]
    good = look(items[0], checked_at=at, photos=[photo])
    silent = look(items[1], "fault", checked_at=at, photos=[])
    strange = look(items[1], checked_at=at, photos=[photo + 1])

    answers = [send(browser, shed, guest, good, silent, strange).json() for _time in range(2)]

    assert photos[1].json()["photo"] == photo
    assert answers[0] == answers[1]
    assert answers[0]["looks"] == {
        good["token"]: {"state": "sent"},
        silent["token"]: {"state": "refused", "reason": "Say what is wrong."},
        strange["token"]: {
            "state": "refused",
            "reason": "A photo is not there: choose it again.",
        },
    }
    check = FugitiveCheck.objects.get()
    assert (str(check.client_token), check.photos.get().pk) == (good["token"], photo)
    assert NOW <= check.checked_at < NOW + timedelta(minutes=1)


def test_what_somebody_else_entered_waits_for_her(
    world: Cast, shed: FugitiveSource, items: Items, guest: Person, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.manager)
    door = reverse("round-photo-add", args=[shed.round_id])

    answers = [
        send(browser, shed, guest, look(items[0], checked_at=NOW.isoformat())),
        browser.post(door, {"person": guest.pk, "photo": picture()}),
    ]

    assert [(each.status_code, each.json()["waits"]) for each in answers] == [(409, True)] * 2
    assert not FugitiveCheck.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"person": 1, "looks": []}',
        b'{"person": 1, "looks": [3]}',
        b'{"person": 1, "looks": [{"note": "\\ud800"}]}',
    ],
)
def test_what_is_no_list_of_looks_is_not_understood(
    world: Cast, shed: FugitiveSource, browser_of: BrowserOf, body: bytes
) -> None:
    browser = browser_of(world.manager)

    answer = browser.post(page_of(shed, "round-looks-send"), body, content_type="application/json")

    assert answer.status_code == 400
    assert "couldn't be understood" in answer.json()["reason"]


def test_a_phone_keeps_the_page_for_who_may_enter_something(
    world: Cast, shed: FugitiveSource, browser_of: BrowserOf
) -> None:
    pages = (page_of(shed), reverse("round-fugitive", args=[shed.round_id]))

    def kept_for(person: Person) -> set[str | None]:
        return {browser_of(person).get(page).headers.get("X-Kept-For") for page in pages}

    assert kept_for(world.manager) == {str(world.manager.pk)}
    assert kept_for(world.auditor) == {None}
    Round.objects.update(stage=Stage.FILED)
    assert kept_for(world.manager) == {None}
