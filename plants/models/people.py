"""Who works with the product: authorities, companies, people and what each may do for whom."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plants.models.named import Named
from plants.models.places import Place

if TYPE_CHECKING:
    from plants.models.site import Plant


class Tree(models.TextChoices):
    """The two parallel authorities."""

    REGION = "region", _("autonomous region")
    CORPS = "corps", _("Corps")


class AuthorityLevel(models.TextChoices):
    REGION = "region", _("region")
    PREFECTURE = "prefecture", _("prefecture bureau")
    COUNTY = "county", _("county bureau")
    CORPS = "corps", _("Corps bureau")
    DIVISION = "division", _("division bureau")


def paths_from(path: str) -> list[str]:
    """An authority's path and those of all above it, the nearest first."""
    found = []
    while path:
        found.append(path)
        path = path[: path.rstrip("/").rfind("/") + 1]
    return found


class AuthorityQuerySet(models.QuerySet["Authority"]):
    def under(self, authorities: "list[Authority]") -> "AuthorityQuerySet":
        """These authorities and all below them."""
        return self.filter(_any_path("path", authorities))

    def visible_to(self, person: "Person") -> "AuthorityQuerySet":
        """What an officer, auditor or administrator works under."""
        return self.under([m.authority for m in person.posts() if m.authority is not None])

    def run_by(self, person: "Person") -> "AuthorityQuerySet":
        """What she is an administrator of, and all below it."""
        offices = [m.authority for m in person.posts() if m.role == Role.ADMINISTRATOR]
        return self.under([authority for authority in offices if authority is not None])


class Authority(Named):
    """A node (主管部门) of one of two trees; ``path`` ends with a slash and holds the ancestors."""

    code = models.SlugField(verbose_name=_("code"), max_length=40, unique=True)
    tree = models.CharField(verbose_name=_("tree"), max_length=8, choices=Tree.choices)
    level = models.CharField(verbose_name=_("level"), max_length=12, choices=AuthorityLevel.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("stands in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    path = models.CharField(verbose_name=_("path"), max_length=200, unique=True)
    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.PROTECT, null=True, blank=True
    )
    grants_alone_days = models.PositiveSmallIntegerField(
        verbose_name=_("grants alone (days)"),
        null=True,
        blank=True,
        help_text=_(
            "A longer extension, and any waiver, needs the authority above, too. Empty: no limit."
        ),
    )

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        constraints = [
            models.CheckConstraint(
                name="authority_path_ends_with_a_slash", condition=Q(path__endswith="/")
            )
        ]


class Company(Named):
    """A group (集团) that runs plants."""

    code = models.SlugField(verbose_name=_("code"), max_length=40, unique=True)
    state_owned = models.BooleanField(verbose_name=_("state-owned"), default=False)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(
        self, email: str, password: str | None = None, **fields: object
    ) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        """E-mail addresses are kept in lower case; a person may type hers as she likes."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail. An empty ``language`` follows the browser.

    A mail has no browser to follow: ``spoken_language`` is what the site spoke with her last.
    """

    email = models.EmailField(verbose_name=_("e-mail"), unique=True)
    name = models.CharField(verbose_name=_("name"), max_length=100)
    language = models.CharField(verbose_name=_("language"), max_length=10, blank=True, default="")
    spoken_language = models.CharField(max_length=10, blank=True, default="", editable=False)
    is_active = models.BooleanField(verbose_name=_("may sign in"), default=True)
    is_staff = models.BooleanField(verbose_name=_("may open the back office"), default=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="person_email_is_in_lower_case", condition=Q(email=Lower("email"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """An address is the same however it is typed; it is kept in lower case."""
        super().clean()
        self.email = self.email.strip().lower()

    def note_spoken_language(self, language: str) -> None:
        """Keep what the site speaks with her now."""
        if language != self.spoken_language:
            self.spoken_language = language
            self.save(update_fields=["spoken_language"])

    def posts(self) -> "list[Membership]":
        """The memberships with what they are for, read once for each instance of the person."""
        if not hasattr(self, "_posts"):
            self._posts = list(
                self.memberships.select_related("authority", "plant", "company").order_by("pk")
            )
        return self._posts

    def has_role(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.posts())

    def answers_for(self, plant: "Plant") -> bool:
        """Whether she is the plant's manager, or its company's."""
        return any(
            (post.role == Role.MANAGER and post.plant_id == plant.pk)
            or (
                post.role == Role.GROUP_MANAGER
                and post.company_id is not None
                and post.company_id == plant.company_id
            )
            for post in self.posts()
        )

    def oversees(self, plant: "Plant") -> bool:
        """Whether she is an officer over the plant's authority."""
        return bool(self.offices_over(plant))

    def offices_over(self, plant: "Plant") -> "list[Authority]":
        """The authorities over the plant that she is an officer of, the nearest first."""
        path = plant.authority.path
        offices = [
            post.authority
            for post in self.posts()
            if post.role == Role.OFFICER
            and post.authority is not None
            and path.startswith(post.authority.path)
        ]
        return sorted(offices, key=lambda office: len(office.path), reverse=True)


class Role(models.TextChoices):
    OFFICER = "officer", _("officer")
    MANAGER = "manager", _("plant manager")
    GROUP_MANAGER = "group_manager", _("group manager")
    ASSESSOR = "assessor", _("assessment body")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


AUTHORITY_ROLES = frozenset({Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR})
PLANT_ROLES = frozenset({Role.MANAGER, Role.ASSESSOR})
ANY_ROLE = frozenset(Role.values)


def role_fits_scope() -> Q:
    """One scope, of the kind that the role is for."""
    kinds: dict[str, dict[str, object]] = {
        "authority": {"role__in": sorted(AUTHORITY_ROLES)},
        "plant": {"role__in": sorted(PLANT_ROLES)},
        "company": {"role": Role.GROUP_MANAGER},
    }
    fits = Q()
    for kind, roles in kinds.items():
        fits |= Q(**roles, **{f"{each}__isnull": each != kind for each in kinds})
    return fits


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, person: Person) -> "MembershipQuerySet":
        """The seats of the authorities that she works under, of their plants and their groups."""
        return self.filter(seats_under(Authority.objects.visible_to(person)))


class Membership(models.Model):
    """A person's role for one authority (its whole subtree), one plant or one company.

    A region's officer does not see the Corps' plants unless she has a membership for each.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(verbose_name=_("role"), max_length=16, choices=Role.choices)
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    plant = models.ForeignKey(
        "plants.Plant",
        verbose_name=_("plant"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    company = models.ForeignKey(
        Company,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        constraints = [
            models.CheckConstraint(
                name="membership_role_fits_its_scope",
                condition=role_fits_scope(),
            ),
            models.UniqueConstraint(
                name="membership_once_for_an_authority",
                fields=["person", "role", "authority"],
                condition=Q(authority__isnull=False),
            ),
            models.UniqueConstraint(
                name="membership_once_for_a_plant",
                fields=["person", "role", "plant"],
                condition=Q(plant__isnull=False),
            ),
            models.UniqueConstraint(
                name="membership_once_for_a_company",
                fields=["person", "role", "company"],
                condition=Q(company__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        words = {"person": self.person, "role": self.get_role_display(), "scope": self.scope}
        return gettext("%(person)s: %(role)s (%(scope)s)") % words

    @property
    def scope(self) -> "Authority | Plant | Company | None":
        """What the role is for."""
        return self.authority or self.plant or self.company


def seats_under(authorities: AuthorityQuerySet) -> Q:
    """Whose authority is one of these, or whose plant is theirs, or whose group runs one."""
    return (
        Q(authority__in=authorities)
        | Q(plant__authority__in=authorities)
        | Q(company__in=Company.objects.filter(plants__authority__in=authorities))
    )


def _any_path(field: str, authorities: list[Authority]) -> Q:
    """Rows whose authority path is one of these or below; nothing for an empty list."""
    condition = Q(pk__in=[])
    for authority in authorities:
        condition |= Q(**{f"{field}__startswith": authority.path})
    return condition


def plants_of(person: Person, prefix: str = "", *, roles: frozenset[str] = ANY_ROLE) -> Q:
    """The plants that a person may see, as a condition on a model that reaches a plant by prefix.

    ``prefix`` is the look-up path to the plant with its trailing underscores, as in ``plant__``;
    ``roles`` narrows to the plants that she has one of these roles for.
    """
    if not person.is_active:
        return Q(pk__in=[])
    posts = [post for post in person.posts() if post.role in roles]
    condition = _any_path(
        f"{prefix}authority__path", [p.authority for p in posts if p.authority is not None]
    )
    plants = [p.plant_id for p in posts if p.plant_id is not None]
    companies = [p.company_id for p in posts if p.company_id is not None]
    if plants:
        condition |= Q(**{f"{prefix}id__in": plants})
    if companies:
        condition |= Q(**{f"{prefix}company_id__in": companies})
    return condition
