"""The back office records what it changes and deletes nothing."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from plants.models import Authority, Membership, Permit, Person, Plant, Role
from tests.factories import (
    NOW,
    PASSWORD,
    TODAY,
    AuthorityFactory,
    Cast,
    CompanyFactory,
    ObligationFactory,
    PlantFactory,
    RequirementFactory,
    cast,
    group_manager_of,
    manager_of,
    officer_of,
)
from tests.rows import everything
from tests.web.forms_on_page import fields_of
from tests.web.pages import text_of
from tests.web.personas import PERSONAS, knock_as, people_of
from tracker import audit
from tracker.audit import Event, Verb
from tracker.obligations.amend import amend
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def desk(world: Cast, client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(world.administrator)
    return client


def test_changed_plant_is_in_its_history_with_before_and_after(world: Cast, desk: Client) -> None:
    plant = world.plant
    form = {
        "name_zh": plant.name_zh,
        "name_en": plant.name_en,
        "code": plant.code,
        "kind": plant.kind,
        "company": plant.company_id,
        "authority": plant.authority_id,
        "place": plant.place_id,
        "credit_code": plant.credit_code,
        "status": "long_stopped",
        "tracked_from_on": plant.tracked_from_on.isoformat(),
    }

    answer = desk.post(reverse("admin:plants_plant_change", args=[plant.pk]), form)

    assert answer.status_code == 302
    assert Plant.objects.get(pk=plant.pk).status == "long_stopped"
    event = Event.objects.for_plant(plant).get()
    assert (event.verb, event.person, event.before, event.after) == (
        Verb.CHANGED,
        world.administrator,
        {"status": "running"},
        {"status": "long_stopped"},
    )


def test_new_person_has_no_password_that_anybody_knows(desk: Client) -> None:
    form = {"email": "new@demo.example", "name": "新人", "language": "", "is_active": "on"}

    desk.post(reverse("admin:plants_person_add"), form)

    person = Person.objects.get(email="new@demo.example")
    assert not person.has_usable_password()
    assert Event.objects.get(thing_kind="person", verb=Verb.CREATED).thing_id == person.pk


def test_nothing_is_deleted(world: Cast, desk: Client) -> None:
    answer = desk.post(reverse("admin:plants_plant_delete", args=[world.plant.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert Plant.objects.filter(pk=world.plant.pk).exists()


def test_role_ends_when_somebody_leaves(world: Cast, desk: Client) -> None:
    post = world.manager.memberships.get()

    desk.post(reverse("admin:plants_membership_delete", args=[post.pk]), {"post": "yes"})

    person = Person.objects.get(pk=world.manager.pk)
    assert not Plant.objects.visible_to(person).exists()
    event = Event.objects.for_plant(world.plant).get()
    assert (event.verb, event.thing_kind) == (Verb.REMOVED, "membership")


def test_password_and_way_out_are_the_sites_own(world: Cast, desk: Client) -> None:
    typed = {"old_password": PASSWORD, "new_password1": "x-9-new-x", "new_password2": "x-9-new-x"}

    changed = desk.post(reverse("admin:password_change"), typed)
    out = desk.post(reverse("admin:logout"))

    assert changed.headers["Location"] == reverse("password-change")
    world.administrator.refresh_from_db()
    assert world.administrator.check_password(PASSWORD)
    assert out.headers["Location"] == reverse("sign-in")
    assert Event.objects.filter(verb=Verb.SIGNED_OUT, person=world.administrator).count() == 1


def test_role_with_open_duties_ends_on_the_people_page_only(world: Cast, desk: Client) -> None:
    ObligationFactory.create(plant=world.plant)
    post = world.manager.memberships.get()
    several = {"action": "delete_selected", "_selected_action": [post.pk], "post": "yes"}

    one = desk.post(reverse("admin:plants_membership_delete", args=[post.pk]), {"post": "yes"})
    desk.post(reverse("admin:plants_membership_changelist"), several)

    assert one.status_code == 403
    assert world.manager.memberships.exists()


def test_address_typed_in_capitals_signs_in(desk: Client) -> None:
    form = {"email": "Wang.Li@Demo.Example", "name": "王丽", "language": "", "is_active": "on"}

    desk.post(reverse("admin:plants_person_add"), form)

    assert Person.objects.get_by_natural_key("WANG.LI@demo.example").name == "王丽"


def test_trees_are_only_looked_up_but_for_their_limit(world: Cast, desk: Client) -> None:
    authority = world.plant.authority
    address = reverse("admin:plants_authority_change", args=[authority.pk])

    desk.post(address, {"path": "corps/", "grants_alone_days": "90"})

    now = Authority.objects.get(pk=authority.pk)
    assert (now.path, now.grants_alone_days) == (authority.path, 90)


def test_changed_fact_re_dates_at_once(world: Cast, desk: Client) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    permit = Permit.objects.get(plant=world.plant)
    form = {
        "plant": world.plant.pk,
        "number": permit.number,
        "valid_from_on": permit.valid_from_on.isoformat(),
        "valid_until_on": "2029-01-31",
    }

    desk.post(reverse("admin:plants_permit_change", args=[permit.pk]), form)

    assert Obligation.objects.get(plant=world.plant).due_on == date(2028, 12, 2)


def permit_form(permit: Permit, **typed: object) -> dict[str, object]:
    return {
        "plant": permit.plant_id,
        "number": permit.number,
        "valid_from_on": permit.valid_from_on.isoformat(),
        "valid_until_on": permit.valid_until_on.isoformat(),
        **typed,
    }


def test_changed_fact_is_previewed_and_nothing_written(world: Cast, desk: Client) -> None:
    rule = RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    permit = Permit.objects.get(plant=world.plant)
    schedule_obligations(today=TODAY, by=audit.Actor(None, "tests"), at=NOW)
    form = permit_form(permit, valid_until_on="2029-01-31", _preview="")
    before = everything()

    page = desk.post(reverse("admin:plants_permit_change", args=[permit.pk]), form)

    said = text_of(page)
    assert page.status_code == 200
    assert "1 due date moves at 1 plant; 0 become overdue" in said
    assert f"{rule.title_en} 2027-11-01 → 2028-12-02" in said
    assert 'value="2029-01-31"' in page.content.decode()
    assert everything() == before
    assert not LogEntry.objects.exists()


def test_who_was_slower_reads_it_and_overwrites_nothing(world: Cast, desk: Client) -> None:
    permit = Permit.objects.get(plant=world.plant)
    address = reverse("admin:plants_permit_change", args=[permit.pk])
    form = fields_of(desk.get(address), "")
    amend(
        thing=Permit.objects.get(pk=permit.pk),
        values={"valid_until_on": date(2028, 6, 30)},
        by=audit.Actor(world.manager, "tests"),
        at=NOW,
        today=TODAY,
    )

    other = desk.post(address, form | {"number": "NEWER"})
    both = desk.post(address, form | {"valid_until_on": "2029-01-31", "number": "NEW"})

    assert "Somebody changed this meanwhile" in text_of(both)
    assert 'value="2029-01-31"' in both.content.decode()
    assert other.status_code == 302
    permit.refresh_from_db()
    assert (permit.number, permit.valid_until_on) == ("NEWER", date(2028, 6, 30))

    again = desk.post(address, fields_of(both, "") | {"number": "MINE"})

    assert again.status_code == 302
    permit.refresh_from_db()
    assert (permit.number, permit.valid_until_on) == ("MINE", date(2029, 1, 31))


def test_line_stays_with_its_plant(world: Cast, desk: Client) -> None:
    line = world.plant.lines.get()
    address = reverse("admin:plants_line_change", args=[line.pk])

    form = fields_of(desk.get(address), "")
    desk.post(address, form | {"plant": str(world.other_plant.pk), "name_en": "Moved"})

    line.refresh_from_db()
    assert (line.plant, line.name_en) == (world.plant, "Moved")
    with pytest.raises(ValidationError):
        amend(
            thing=line,
            values={"plant": world.other_plant},
            by=audit.Actor(world.administrator, "tests"),
            at=NOW,
            today=TODAY,
        )


def test_new_fact_is_previewed_and_nothing_written(world: Cast, desk: Client) -> None:
    RequirementFactory.create(subject_kind="line")
    form = {"plant": world.plant.pk, "number": "9", "name_zh": "9号线", "name_en": "Line 9"}
    form |= {"capacity_tpd": "2500", "denitration": "sncr", "status": "running"}
    schedule_obligations(today=TODAY, by=audit.Actor(None, "tests"), at=NOW)
    before = everything()

    page = desk.post(reverse("admin:plants_line_add"), form | {"_preview": ""})

    assert "1 obligations are added, 0 withdrawn, 0 restored" in text_of(page)
    assert everything() == before
    assert desk.post(reverse("admin:plants_line_add"), form).status_code == 302


def test_preview_of_a_wrong_form_says_what_is_wrong(world: Cast, desk: Client) -> None:
    permit = Permit.objects.get(plant=world.plant)
    form = permit_form(permit, valid_until_on="2020-01-31", _preview="")

    page = desk.post(reverse("admin:plants_permit_change", args=[permit.pk]), form)

    assert "The permit ends before it begins." in text_of(page)
    assert "What it would change" not in text_of(page)


def test_only_facts_have_a_preview(world: Cast, desk: Client) -> None:
    button = b"See what it would change"

    of_plant = desk.get(reverse("admin:plants_plant_change", args=[world.plant.pk]))
    of_person = desk.get(reverse("admin:plants_person_change", args=[world.manager.pk]))

    assert (button in of_plant.content, button in of_person.content) == (True, False)


def test_day_that_no_paper_bears_is_refused(world: Cast, desk: Client) -> None:
    permit = Permit.objects.get(plant=world.plant)
    form = {
        "plant": world.plant.pk,
        "number": permit.number,
        "valid_from_on": "9990-01-01",
        "valid_until_on": "9999-12-31",
    }

    page = desk.post(reverse("admin:plants_permit_change", args=[permit.pk]), form)

    assert page.status_code == 200
    assert set(page.context["adminform"].form.errors) == {"valid_from_on", "valid_until_on"}


def send(desk: Client, name: str, pk: int, **typed: object) -> Any:
    """The form of one thing as it reads, with this typed; None: a box without its tick."""
    address = reverse(name, args=[pk])
    form = desk.get(address).context["adminform"].form
    fields = {key: form[key].value() for key in form.fields} | typed
    return desk.post(address, {k: v for k, v in fields.items() if v not in (None, False)})


@pytest.mark.parametrize("posts", [1, 2])
def test_account_is_not_closed_on_what_is_open(desk: Client, world: Cast, posts: int) -> None:
    """Two roles that cover each other leave as much behind as one."""
    ObligationFactory.create(plant=world.plant)
    if posts == 2:
        Membership.objects.create(
            person=world.manager, role=Role.GROUP_MANAGER, company=world.plant.company
        )

    refused = send(desk, "admin:plants_person_change", world.manager.pk, is_active=None)
    world.manager.refresh_from_db()
    was_active = world.manager.is_active
    Obligation.objects.all().delete()
    done = send(desk, "admin:plants_person_change", world.manager.pk, is_active=None)

    assert (refused.status_code, was_active) == (200, True)
    assert "it asks who takes over" in text_of(refused)
    assert f"/people/?q={quote(world.manager.email, safe='')}" in refused.content.decode()
    world.manager.refresh_from_db()
    assert (done.status_code, world.manager.is_active) == (302, False)


@pytest.mark.parametrize("field", ["plant", "person", "role"])
def test_role_is_not_moved_on_what_is_open(desk: Client, world: Cast, field: str) -> None:
    ObligationFactory.create(plant=world.plant)
    post = world.manager.memberships.get()
    company = CompanyFactory.create()
    typed: dict[str, dict[str, object]] = {
        "plant": {"plant": world.corps_plant.pk},
        "person": {"person": world.other_manager.pk},
        "role": {"role": Role.GROUP_MANAGER, "plant": None, "company": company.pk},
    }

    refused = send(desk, "admin:plants_membership_change", post.pk, **typed[field])

    assert "it asks who takes over" in text_of(refused)
    assert Membership.objects.filter(pk=post.pk, plant=world.plant, person=world.manager).exists()


def test_role_on_which_nothing_hangs_is_moved(desk: Client, world: Cast) -> None:
    post = world.manager.memberships.get()

    send(desk, "admin:plants_membership_change", post.pk, plant=world.corps_plant.pk)

    post.refresh_from_db()
    assert post.plant == world.corps_plant


def pages() -> dict[str, int]:
    """Every list and every page to add something, with what the administrator gets there."""
    statuses = {reverse("admin:index"): 200}
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        statuses[reverse(f"{name}_changelist")] = 200
        statuses[reverse(f"{name}_add")] = 403 if model in (Authority, SocialAccount) else 200
    return statuses


@pytest.mark.parametrize("persona", PERSONAS)
def test_back_office_is_the_administrators_only(persona: str, world: Cast, client: Client) -> None:
    """Every other person is sent to sign in with another account; links come with sign-ins."""
    knock_as(client, people_of(world).get(persona))

    found = {address: client.get(address).status_code for address in pages()}

    assert found == (pages() if persona == "administrator" else dict.fromkeys(pages(), 302))


def test_clerk_without_rights_gets_to_no_list(world: Cast, client: Client) -> None:
    """Who may open the back office isn't thereby an administrator."""
    Person.objects.filter(pk=world.auditor.pk).update(is_staff=True)
    client.force_login(world.auditor)

    found = {address: client.get(address).status_code for address in pages()}

    assert found == dict.fromkeys(pages(), 403) | {reverse("admin:index"): 200}


@pytest.mark.parametrize("count", [1, 3])
def test_roles_ask_few_queries_however_many(
    desk: Client, django_assert_num_queries: object, count: int
) -> None:
    Membership.objects.exclude(person__is_superuser=True).delete()
    for _ in range(count):
        manager_of(PlantFactory.create())
        group_manager_of(CompanyFactory.create())
        officer_of(AuthorityFactory.create())

    with django_assert_num_queries(5):  # type: ignore[operator]
        page = desk.get(reverse("admin:plants_membership_changelist"))

    assert page.context["cl"].result_count == 2 + 3 * count
