"""What a mail about an account says, with the link that only its reader gets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from plants.models import Invitation, Person
from tracker.accounts.invite import renew_secret
from tracker.accounts.models import AccountMail, MailKind
from tracker.accounts.seats import offer_of
from tracker.reminders.letters import Letter, language_of, render_letter
from tracker.reminders.wording import Words
from tracker.rounds.models import Seat


@dataclass(frozen=True)
class Written:
    """A letter, and the person whose outbox keeps it where mails are kept."""

    letter: Letter
    keeper: Person


@dataclass(frozen=True)
class Content:
    """``page`` is the name of an address with its ``words``; ``press`` is what its button says."""

    subject: str
    lead: str
    why: str
    page: str
    press: str
    words: tuple[str, ...] = ()


def write_letter(mail: AccountMail, *, now: datetime) -> Written | None:
    """In the reader's language; None where it has become pointless."""
    if mail.invitation is not None:
        return _write_invitation(mail.invitation, now)
    person = mail.person
    if person is None or not person.is_active:
        return None
    with override(language_of(person)):
        content = CONTENTS[MailKind(mail.kind)](mail, person)
        return Written(_render(content, person), person) if content else None


def _write_invitation(invitation: Invitation, now: datetime) -> Written | None:
    """To somebody who may have no account yet; the link before this one ends."""
    token = renew_secret(invitation, at=now)
    if token is None:
        return None
    reader = Person(email=invitation.email, name=invitation.name, language=invitation.language)
    with override(reader.language):
        words = {"inviter": invitation.invited_by.name, **promise_of(invitation)}
        content = Content(
            subject=_("[ULE] Invitation: %(role)s (%(scope)s)") % words,
            lead=_("%(inviter)s invites you to the ULE tracker as %(role)s: %(scope)s.") % words,
            why=_(
                "Why did I get this? %(inviter)s entered your address. The link works once, "
                "within seven days. If you expect nothing of the kind, do nothing."
            )
            % words,
            page="invitation",
            press=_("Take up the role"),
            words=(token,),
        )
        return Written(_render(content, reader), invitation.invited_by)


def promise_of(invitation: Invitation) -> dict[str, str]:
    """As what she is invited, and for what: a role's scope, or the one round that a seat is in."""
    offer = offer_of(invitation)
    if offer is None:
        return {"role": invitation.get_role_display(), "scope": str(invitation.scope)}
    return {"role": offer.get_body_display(), "scope": f"{offer.round.plant} · {offer.round}"}


def _render(content: Content, person: Person) -> Letter:
    return render_letter(
        "account",
        person=person,
        subject=content.subject,
        context={"content": content},
        words=Words(),
    )


def _reset(mail: AccountMail, person: Person) -> Content:
    return Content(
        subject=_("[ULE] Set a new password"),
        lead=_("Choose a new password with the link below. It works once, within two hours."),
        why=_(
            "Why did I get this? Somebody asked for a new password for this address. "
            "If it wasn't you, do nothing: your password stays as it is."
        ),
        page="account_reset_password_from_key",
        press=_("Choose a new password"),
        words=(user_pk_to_url_str(person), default_token_generator.make_token(person)),
    )


def _confirm(mail: AccountMail, person: Person) -> Content | None:
    waiting = EmailAddress.objects.filter(user=person, email=mail.to_address, verified=False)
    address = waiting.first()
    if address is None:
        return None
    return Content(
        subject=_("[ULE] Confirm your new e-mail address"),
        lead=_("Confirm that this address is yours. From then on you sign in with it."),
        why=_(
            "Why did I get this? Somebody entered this address for an account here. "
            "If it wasn't you, do nothing: nothing changes."
        ),
        page="address-confirm",
        press=_("Confirm the address"),
        words=(EmailConfirmationHMAC(address).key,),
    )


def _new_password(mail: AccountMail, person: Person) -> Content:
    return Content(
        subject=_("[ULE] Your password was changed"),
        lead=_("Your password was changed. You need do nothing if it was you."),
        why=_("Why did I get this? So that nobody changes it behind your back."),
        page="password-reset",
        press=_("It wasn't me: set a new password"),
    )


def _new_address(mail: AccountMail, person: Person) -> Content:
    return Content(
        subject=_("[ULE] Your e-mail address was changed"),
        lead=_("Your account now belongs to %(email)s; this address can't sign in any more.")
        % {"email": person.email},
        why=_("Why did I get this? If it wasn't you, tell your administrator at once."),
        page="sign-in",
        press=_("To the sign-in page"),
    )


def _new_browser(mail: AccountMail, person: Person) -> Content:
    at = timezone.localtime(mail.planned_at).strftime("%Y-%m-%d %H:%M")
    return Content(
        subject=_("[ULE] Sign-in with another browser"),
        lead=_("On %(at)s your account was opened with a browser that you hadn't used before.")
        % {"at": at},
        why=_(
            "Why did I get this? If it was you, do nothing. If not, sign out there and change "
            "your password."
        ),
        page="sessions",
        press=_("See where you are signed in"),
    )


def _test(mail: AccountMail, person: Person) -> Content:
    at = timezone.localtime(mail.planned_at).strftime("%Y-%m-%d %H:%M")
    return Content(
        subject=_("[ULE] Test mail"),
        lead=_("This is the test mail of %(at)s. It went the way that every reminder goes.")
        % {"at": at},
        why=_("Why did I get this? You asked for it on the page about the running of the site."),
        page="machinery",
        press=_("See how the site runs"),
    )


def _address_marked(mail: AccountMail, person: Person) -> Content | None:
    """To an administrator over somebody; pointless once another has cleared the mark."""
    mark = mail.address_fault
    if mark is None or mark.message is None or mark.cleared_at is not None:
        return None
    words = {
        "name": mark.message.person.name,
        "address": mark.address,
        "said": mark.said or mark.code,
    }
    return Content(
        subject=_("[ULE] A mail to %(name)s came back") % words,
        lead=_(
            "A reminder to %(name)s <%(address)s> can't be delivered: %(said)s. No reminder goes "
            "to this address until somebody clears the mark, or she has another address. Ask her "
            "whether it is right."
        )
        % words,
        why=_("Why did I get this? You are the nearest administrator over this person."),
        page="people",
        press=_("See who it is"),
    )


def _seat(mail: AccountMail, person: Person) -> Content | None:
    """She was let in to a round; pointless once the seat has ended."""
    seats = Seat.objects.standing().filter(person=person, given_at=mail.planned_at)
    seat = seats.select_related("round__plant", "given_by").order_by("pk").last()
    if seat is None:
        return None
    words = {
        "inviter": seat.given_by.name,
        "body": seat.get_body_display(),
        "round": f"{seat.round.plant} · {seat.round}",
    }
    return Content(
        subject=_("[ULE] You have a seat: %(round)s") % words,
        lead=_("%(inviter)s let you in to %(round)s as %(body)s. You see this round only.") % words,
        why=_("Why did I get this? %(inviter)s entered your address for this round.") % words,
        page="round",
        press=_("Go to the round"),
        words=(str(seat.round_id),),
    )


def _factor(subject: Promise, lead: Promise) -> Callable[[AccountMail, Person], Content]:
    """Something about her second factor is other than it was."""

    def content(mail: AccountMail, person: Person) -> Content:
        return Content(
            subject=str(subject),
            lead=str(lead),
            why=_("Why did I get this? If it wasn't you, tell your administrator at once."),
            page="mfa_index",
            press=_("See your second factor"),
        )

    return content


CONTENTS: dict[MailKind, Callable[[AccountMail, Person], Content | None]] = {
    MailKind.RESET: _reset,
    MailKind.CONFIRM: _confirm,
    MailKind.NEW_PASSWORD: _new_password,
    MailKind.NEW_ADDRESS: _new_address,
    MailKind.NEW_BROWSER: _new_browser,
    MailKind.ADDRESS_MARKED: _address_marked,
    MailKind.FACTOR_ON: _factor(
        gettext_lazy("[ULE] A second factor was set up"),
        gettext_lazy("From now on signing in to your account takes a second factor, too."),
    ),
    MailKind.FACTOR_OFF: _factor(
        gettext_lazy("[ULE] A second factor was ended"),
        gettext_lazy("A second factor of your account was ended."),
    ),
    MailKind.FACTOR_RESET: _factor(
        gettext_lazy("[ULE] Your second factor was taken away"),
        gettext_lazy(
            "An administrator took your second factor and recovery codes away. Sign in with your "
            "password, and set up a new one."
        ),
    ),
    MailKind.SEAT: _seat,
    MailKind.TEST: _test,
    MailKind.NEW_CODES: _factor(
        gettext_lazy("[ULE] New recovery codes"),
        gettext_lazy("New recovery codes were made for your account; the old ones have ended."),
    ),
}
