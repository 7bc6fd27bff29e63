"""Who was asked to join, in which role, and what became of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plants.models.people import Authority, Company, Person, Role, role_fits_scope, seats_under

if TYPE_CHECKING:
    from plants.models.site import Plant

_PENDING = Q(accepted_at__isnull=True, revoked_at__isnull=True)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, person: Person) -> Self:
        """To the seats that she works over."""
        return self.filter(seats_under(Authority.objects.visible_to(person)))

    def pending(self) -> Self:
        """Neither accepted nor withdrawn; its link may have run out."""
        return self.filter(_PENDING)

    def standing(self, *, at: datetime) -> Self:
        """Pending, with a link that works."""
        return self.pending().filter(expires_at__gt=at).exclude(token_hash="")


class Invitation(models.Model):
    """A role that waits for somebody, by e-mail.

    ``token_hash`` is SHA-256 in hex of the link's secret, of 256 random bits; it is made when the
    mail is sent, and anew when it is sent again. Rows are kept: they are the proof who let in whom.
    """

    email = models.EmailField(verbose_name=_("e-mail"))
    name = models.CharField(verbose_name=_("name"), max_length=100)
    language = models.CharField(verbose_name=_("language"), max_length=10)
    role = models.CharField(verbose_name=_("role"), max_length=16, choices=Role.choices)
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    plant = models.ForeignKey(
        "plants.Plant", on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="invitation_role_fits_its_scope", condition=role_fits_scope()
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="invitation_secret_once",
                fields=["token_hash"],
                condition=~Q(token_hash=""),
            ),
            *(
                models.UniqueConstraint(
                    name=f"invitation_once_for_{article}_{scope}",
                    fields=["email", "role", scope],
                    condition=_PENDING & Q(**{f"{scope}__isnull": False}),
                )
                for article, scope in (("an", "authority"), ("a", "plant"), ("a", "company"))
            ),
        ]

    def __str__(self) -> str:
        words = {"name": self.name, "role": self.get_role_display(), "scope": self.scope}
        return gettext("invitation of %(name)s as %(role)s (%(scope)s)") % words

    @property
    def scope(self) -> "Authority | Plant | Company | None":
        """What the role is for."""
        return self.authority or self.plant or self.company
