"""The back office: plants, people and places, for administrators; every change is in the trail."""

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plants.models import (
    Authority,
    Company,
    Line,
    Membership,
    Outlet,
    Permit,
    Person,
    Place,
    Plant,
    Project,
    StopWindow,
)
from tracker import audit
from tracker.accounts.addresses import settle_address
from tracker.assessments.claims import release_out_of_reach
from tracker.obligations.amend import Fact, add_fact, amend
from tracker.obligations.preview import preview_deed
from tracker.web.access import PersonRequest, actor_of
from tracker.web.forms.days import DayField
from tracker.web.impact import moves_by_obligation

admin.site.site_header = admin.site.site_title = _("ULE tracker")
admin.site.index_title = _("Back office")
# Passwords are tried on one page only, which counts the tries.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# A person's address is changed with the person.
admin.site.unregister([EmailAddress, UserSession])
admin.site.unregister(Group)  # what a person may do follows from her roles for authority or plant

HIDDEN_FIELDS = frozenset({"password", "last_login"})
PREVIEW = "_preview"


class AuditedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Changes are recorded with before and after; nothing is deleted here."""

    formfield_overrides = {models.DateField: {"form_class": DayField}}

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = _row(type(obj)._default_manager.filter(pk=obj.pk).first()) if change else {}
        super().save_model(request, obj, form, change)
        after = _row(obj)
        changed = [name for name in after if before.get(name) != after[name]]
        audit.record(
            by=actor_of(cast(PersonRequest, request)),
            at=timezone.now(),
            verb=audit.Verb.CHANGED if change else audit.Verb.CREATED,
            thing=obj,
            plant=obj if isinstance(obj, Plant) else getattr(obj, "plant", None),
            before={name: before[name] for name in changed} if change else None,
            after={name: after[name] for name in changed},
        )


def _row(thing: models.Model | None) -> dict[str, object]:
    """The columns of a row that may be shown, as plain values."""
    if thing is None:
        return {}
    return {
        field.attname: field.value_to_string(thing)
        for field in thing._meta.concrete_fields
        if field.name not in HIDDEN_FIELDS
    }


@admin.register(Person)
class PersonAdmin(AuditedAdmin):
    list_display = ("name", "email", "is_active", "is_staff")
    search_fields = ("name", "email")
    ordering = ("email",)
    fields = ("email", "name", "language", "is_active", "is_staff")

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Nobody knows another's password: she sets it by the link that the sign-in page sends."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            settle_address(obj)


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    list_display = ("person", "role", "authority", "plant", "company")
    # By itself Django reads what may be empty row by row.
    list_select_related = ("person", "authority", "plant", "company")
    list_filter = ("role",)
    autocomplete_fields = ("person", "authority", "plant", "company")

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """A role ends when somebody leaves; what she did stays under her name."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        audit.record(
            by=actor_of(cast(PersonRequest, request)),
            at=timezone.now(),
            verb=audit.Verb.REMOVED,
            thing=obj,
            plant=obj.plant,
            before=_row(obj),
        )
        super().delete_model(request, obj)
        release_out_of_reach(Person.objects.get(pk=obj.person_id))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            self.delete_model(request, membership)


class FactForm(forms.ModelForm):  # type: ignore[type-arg]
    def is_valid(self) -> bool:
        """One that is only previewed is never taken, so that nothing is saved."""
        return super().is_valid() and PREVIEW not in self.data


class FactAdmin(AuditedAdmin):
    """Facts that rules ask for: what the plant owes follows a change at once.

    A change can be previewed; that writes nothing.
    """

    form = FactForm
    change_form_template = "admin/fact_form.html"

    def save_model(self, request: HttpRequest, obj: Fact, form: Any, change: bool) -> None:
        _thing, deed = self._deed(request, obj, form, change=change)
        deed()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        shown: dict[str, Any] = {"has_preview": True}
        if PREVIEW in request.POST and not form.errors:
            changed = bool(form.instance.pk)
            thing, deed = self._deed(request, copy(form.instance), form, change=changed)
            impact = preview_deed(deed, thing=thing, today=timezone.localdate())
            shown |= moves_by_obligation(cast(PersonRequest, request).user, impact)
        return super().render_change_form(request, {**context, **shown}, *args, **options)

    def _deed(
        self, request: HttpRequest, obj: Fact, form: Any, *, change: bool
    ) -> tuple[Fact, Callable[[], object]]:
        """What saving does, and to which row."""
        deed: dict[str, Any] = {
            "by": actor_of(cast(PersonRequest, request)),
            "at": timezone.now(),
            "today": timezone.localdate(),
        }
        if not change:
            return obj, partial(add_fact, thing=obj, **deed)
        there: Fact = type(obj)._default_manager.get(pk=obj.pk)
        values = {name: getattr(obj, name) for name in form.changed_data}
        return there, partial(amend, thing=there, values=values, **deed)


@admin.register(Plant)
class PlantAdmin(FactAdmin):
    list_display = ("name_zh", "code", "kind", "authority", "place", "status")
    list_filter = ("kind", "status", "authority__tree")
    search_fields = ("name_zh", "name_en", "code", "credit_code")
    autocomplete_fields = ("company", "authority", "place")


@admin.register(Line, Outlet, Permit, Project)
class OfPlantAdmin(FactAdmin):
    list_display = ("__str__", "plant")
    search_fields = ("plant__name_zh", "plant__name_en")
    autocomplete_fields = ("plant",)


@admin.register(Authority)
class AuthorityAdmin(AuditedAdmin):
    """Who sees what hangs on the trees, and they come from the seeds: only a limit is set here."""

    list_display = ("name_zh", "name_en", "code", "path")
    search_fields = ("name_zh", "name_en", "code")
    ordering = ("path",)
    fields = ("name_zh", "name_en", "code", "path", "grants_alone_days")
    readonly_fields = ("name_zh", "name_en", "code", "path")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Company, Place)
class NamedAdmin(AuditedAdmin):
    list_display = ("name_zh", "name_en", "code")
    search_fields = ("name_zh", "name_en", "code")


@admin.register(StopWindow)
class StopWindowAdmin(AuditedAdmin):
    list_display = ("place", "season", "starts_on", "ends_on", "verification")
    list_filter = ("season",)
