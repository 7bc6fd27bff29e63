"""The back office: plants, people and places, for administrators; every change is in the trail."""

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
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
from tracker.accounts.handover import Left, read_left, read_left_by
from tracker.accounts.identities import unlink
from tracker.assessments.claims import release_out_of_reach
from tracker.obligations.amend import Fact, StaleFact, add_fact, amend
from tracker.obligations.preview import preview_deed
from tracker.web.access import PersonRequest, actor_of
from tracker.web.forms.days import DayField
from tracker.web.impact import moves_by_obligation
from tracker.web.views.account import sign_out


def _to_our_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    return redirect("password-change")


def _sign_out(request: HttpRequest, extra_context: object = None) -> HttpResponseBase:
    answer: HttpResponseBase = sign_out(request)
    return answer


admin.site.site_header = admin.site.site_title = _("ULE tracker")
admin.site.index_title = _("Back office")
# Passwords are tried on one page only, which counts the tries.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Likewise changed, where a mail tells of it and it is asked for before.
admin.site.password_change = _to_our_password  # type: ignore[method-assign,assignment]
admin.site.password_change_done = _to_our_password  # type: ignore[method-assign,assignment]
admin.site.logout = _sign_out  # type: ignore[method-assign,assignment]
# A person's address is changed with the person, and her second factor by herself.
admin.site.unregister([Authenticator, EmailAddress, UserSession])
# The provider is a setting, and its tokens aren't kept; a link to its identities can be ended.
admin.site.unregister([SocialApp, SocialToken, SocialAccount])
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


def _no_heir(left: list[Left], person: Person) -> forms.ValidationError:
    """The refusal, with the way to the page that asks who takes over."""
    sentence = _(
        "Something is open that only the people page hands over: %(plants)s. "
        "End the role there; it asks who takes over."
    ) % {"plants": ", ".join(str(each.plant) for each in left)}
    address = f"{reverse('people')}?{urlencode({'q': person.email})}"
    return forms.ValidationError(
        format_html('{} <a href="{}">{}</a>', sentence, address, _("People"))
    )


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Closes no account on which something open hangs."""

    def clean_is_active(self) -> bool:
        stays: bool = self.cleaned_data["is_active"]
        if self.instance.pk and not stays and (left := read_left_by(self.instance)):
            raise _no_heir(left, self.instance)
        return stays


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """Moves no role, to another person or place, on which something open hangs."""

    def clean(self) -> dict[str, Any] | None:
        if self.instance.pk and self.has_changed() and (left := read_left(self.instance)):
            raise _no_heir(left, self.instance.person)
        return super().clean()


@admin.register(Person)
class PersonAdmin(AuditedAdmin):
    form = PersonForm
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
    form = MembershipForm
    list_display = ("person", "role", "authority", "plant", "company")
    # By itself Django reads what may be empty row by row.
    list_select_related = ("person", "authority", "plant", "company")
    list_filter = ("role",)
    autocomplete_fields = ("person", "authority", "plant", "company")

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """A role ends when somebody leaves; what she did stays under her name.

        Where something open hangs on it the people page ends it, which asks who takes over.
        """
        if isinstance(obj, Membership) and read_left(obj):
            return False
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


@admin.register(SocialAccount)
class IdentityAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Links to a provider's identities come with a sign-in; here they end."""

    list_display = ("user", "email", "uid", "provider", "last_login")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "uid")

    @admin.display(description=_("e-mail"))
    def email(self, link: SocialAccount) -> str:
        return cast(str, link.user.email)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: SocialAccount) -> None:
        unlink(obj, by=actor_of(cast(PersonRequest, request)), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SocialAccount]) -> None:
        for link in queryset:
            self.delete_model(request, link)


class FactForm(forms.ModelForm):  # type: ignore[type-arg]
    """Sends along what each field read when the page was opened, so that nobody's change is lost.

    Without that a field that somebody else changed meanwhile would look like the reader's own.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            for field in self.fields.values():
                field.show_hidden_initial = True

    def is_valid(self) -> bool:
        """One that is only previewed is never taken, so that nothing is saved."""
        return super().is_valid() and PREVIEW not in self.data

    def refuse_stale(self, there: Fact) -> None:
        """``StaleFact`` where a field that was typed in reads otherwise now than on the page."""
        for name in self.changed_data:
            key = self.add_initial_prefix(name)
            field = self.fields[name]
            seen = field.hidden_widget().value_from_datadict(self.data, self.files, key)
            if key in self.data and field.to_python(seen) != getattr(there, name):
                raise StaleFact


class FactAdmin(AuditedAdmin):
    """Facts that rules ask for: what the plant owes follows a change at once.

    A change can be previewed; that writes nothing.
    """

    form = FactForm
    change_form_template = "admin/fact_form.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Who was slower reads it, with what she typed still there beside what it would change."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleFact:
            messages.error(request, _("Somebody changed this meanwhile. Yours is not saved yet."))
            request.POST = self._typed_anew(request, object_id)  # type: ignore[assignment]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _typed_anew(self, request: HttpRequest, object_id: str | None) -> QueryDict:
        """What was typed, as if into the page as it reads now, to be previewed only."""
        there = self.get_object(request, str(object_id))
        form = self.get_form(request, there, change=True)(instance=there)
        typed = request.POST.copy()
        for name, field in form.fields.items():
            read = field.hidden_widget().format_value(form[name].value())
            typed[form.add_initial_prefix(name)] = read or ""
        typed[PREVIEW] = PREVIEW
        return typed

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
        form.refuse_stale(there)
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

    def get_readonly_fields(
        self, request: HttpRequest, obj: object | None = None
    ) -> tuple[str, ...]:
        """It stays with its plant: what was owed and answered for it is that plant's."""
        return ("plant",) if obj is not None else ()


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
