"""What the trail's events say was done."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """What was done; the page makes a sentence of it."""

    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    WITHDREW = "withdrew", _("withdrew")
    RESTORED = "restored", _("restored")
    LOADED = "loaded", _("loaded")
    SCHEDULED = "scheduled", _("scheduled")
    MOVED = "moved", _("changed the state")
    RE_DATED = "re_dated", _("changed the due date")
    UPLOADED = "uploaded", _("uploaded")
    REMOVED = "removed", _("removed")
    REUSED = "reused", _("used again")
    REOPENED = "reopened", _("reopened")
    SUBMITTED = "submitted", _("submitted")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")
    COMMENTED = "commented", _("commented on")
    PROPOSED = "proposed", _("proposed to accept")
    SENT_BACK = "sent_back", _("sent back to the first level")
    REVISED = "revised", _("corrected the decision on")
    TOOK_OVER = "took_over", _("took over the review of")
    ASKED = "asked", _("asked for relief from")
    TOOK_BACK = "took_back", _("took back a request about")
    AGREED = "agreed", _("agreed to a request about")
    EXTENDED = "extended", _("extended")
    WAIVED = "waived", _("waived")
    REFUSED = "refused", _("refused a request about")
    CORRECTED = "corrected", _("corrected")
    ENTERED = "entered", _("entered samples for")
    INVITED = "invited", _("invited")
    RENEWED = "renewed", _("sent again")
    JOINED = "joined", _("took up a role")
    HANDED_OVER = "handed_over", _("handed over")
    LEFT_ALONE = "left_alone", _("left without anybody")
    SIGNED_IN = "signed_in", _("signed in")
    SIGNED_OUT = "signed_out", _("signed out")
    NEW_PASSWORD = "new_password", _("set a new password for")
    ADDED_FACTOR = "added_factor", _("set up a second factor")
    ENDED_FACTOR = "ended_factor", _("ended a second factor")
    RESET_FACTOR = "reset_factor", _("took away the second factor")
    NEW_CODES = "new_codes", _("made new recovery codes")
    LINKED = "linked", _("linked a provider's identity")
    UNLINKED = "unlinked", _("took away a provider's identity")
    ENDED_SESSION = "ended_session", _("signed out elsewhere")
    FAILED_SIGN_IN = "failed_sign_in", _("failed to sign in")
    DENIED = "denied", _("was denied access")
    DOWNLOADED = "downloaded", _("opened a file")
    QUARANTINED = "quarantined", _("found a virus in a file of")
    SEALED = "sealed", _("took a sealed package of")
    HELD = "held", _("set a legal hold on")
    LIFTED = "lifted", _("lifted the legal hold on")
    MARKED = "marked", _("marked the address of")
    UNMARKED = "unmarked", _("let mails go again to the address of")
    DISPOSED = "disposed", _("disposed of")
    CHOSE_MAILS = "chose_mails", _("chose how to be reminded")
    RETRIED = "retried", _("sent a reminder anew")
    CALLED_OFF = "called_off", _("called off a reminder")
    ADDED_CHANNEL = "added_channel", _("set up a channel")
    TESTED_CHANNEL = "tested_channel", _("tested a channel")
    ENDED_CHANNEL = "ended_channel", _("ended a channel")
    FELL_BACK = "fell_back", _("could not use the wording")
    OPENED = "opened", _("opened")
    ANSWERED = "answered", _("answered a condition of")
    OVERRODE = "overrode", _("overrode a condition of")
    GAVE_UP = "gave_up", _("gave up")
    GAVE_SEAT = "gave_seat", _("gave a seat in")
    ENDED_SEAT = "ended_seat", _("ended a seat in")
    TOLD = "told", _("told something for the report of")
    WANTED_REPORT = "wanted_report", _("asked for a report of")
    MADE_REPORT = "made_report", _("made a report of")
    SIGNED_OFF = "signed_off", _("signed the report of")


QUIET = frozenset({Verb.DOWNLOADED, Verb.RETRIED, Verb.TESTED_CHANNEL})
"""What changes nothing: for auditors; a plant's own history leaves it out."""


def verb_choices() -> list[tuple[str, str]]:
    """By its name in migrations, so that a new verb needs none."""
    return [(verb.value, str(verb.label)) for verb in Verb]
