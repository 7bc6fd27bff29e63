"""What each role may see and do, in plain words; the rights themselves are in the rooms."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plants.models import Role


class Duties(NamedTuple):
    """``covers`` is what the role is for and how far it reaches."""

    role: Role
    covers: str | Promise
    may: tuple[str | Promise, ...]


DUTIES = (
    Duties(
        Role.OFFICER,
        _("An authority with everything below it, and the plants there."),
        (
            _("Review what plants hand in: accept it, or return it with a reason."),
            _("Decide on extensions and waivers; long ones need the authority above, too."),
            _("Put a decision right on the word of another officer, and write comments."),
            _("Set and lift legal holds."),
            _("Enter permits, projects, swaps and agreements of the plants."),
            _("Invite managers of the plants."),
            _("At the top of a tree: confirm and correct rules, and load the annexes of plans."),
        ),
    ),
    Duties(
        Role.MANAGER,
        _("One plant."),
        (
            _("Upload evidence and hand it in; answer what was returned."),
            _("Ask for extensions and waivers, and write comments."),
            _("Enter the plant's permits and projects."),
            _("Gets the reminders of what is due."),
        ),
    ),
    Duties(
        Role.GROUP_MANAGER,
        _("Every plant of a group, in both trees."),
        (_("The same as a plant's manager, for each of the group's plants."),),
    ),
    Duties(
        Role.ASSESSOR,
        _("One plant."),
        (_("Read all that is known of the plant, its evidence included; change nothing."),),
    ),
    Duties(
        Role.AUDITOR,
        _("An authority with everything below it, and the plants there."),
        (
            _("Read all that is known of the plants; change nothing."),
            _("Read and export the audit trail."),
        ),
    ),
    Duties(
        Role.ADMINISTRATOR,
        _("An authority with everything below it, and the plants there."),
        (
            _("Invite people to roles, withdraw invitations, end roles."),
            _("Read all that is known of the plants, and the audit trail."),
            _("Set and lift legal holds."),
            _("At the top of a tree: load the annexes of plans."),
            _("Neither review nor decide: that takes an officer."),
        ),
    ),
)
