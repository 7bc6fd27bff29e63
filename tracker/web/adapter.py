"""What allauth may do here: sign in who has an account, in our words, with our mails and trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.internal.httpkit import clean_client_ip
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plants.models import Person
from tracker.accounts.addresses import ensure_address, is_taken
from tracker.accounts.mails import plan_mail
from tracker.accounts.models import MailKind
from tracker.audit import Actor, Event, Verb, record
from tracker.tasks import nudge_account_mails
from tracker.web.access import address_of, safe_next
from tracker.web.devices import is_known, remember_browser
from tracker.web.spoken import remember_language

# allauth names a mail by its template; those that are missing here are never sent.
MAILS = {
    "account/email/password_reset_key": MailKind.RESET,
    "account/email/email_confirmation": MailKind.CONFIRM,
    "account/email/password_changed": MailKind.NEW_PASSWORD,
    "account/email/password_reset": MailKind.NEW_PASSWORD,
    "account/email/email_changed": MailKind.NEW_ADDRESS,
    "mfa/email/totp_activated": MailKind.FACTOR_ON,
    "mfa/email/totp_deactivated": MailKind.FACTOR_OFF,
    "mfa/email/webauthn_added": MailKind.FACTOR_ON,
    "mfa/email/webauthn_removed": MailKind.FACTOR_OFF,
    "mfa/email/recovery_codes_generated": MailKind.NEW_CODES,
}
# And a message likewise. What the next page shows by itself is not said as well.
MESSAGES: dict[str, str | Promise] = {
    "account/messages/email_confirmation_sent.txt": gettext_lazy(
        "A mail with a link is on its way to the new address. Until you open it nothing changes."
    ),
    "account/messages/email_confirmed.txt": gettext_lazy(
        "The address is confirmed: you sign in with it from now on."
    ),
    "account/messages/password_changed.txt": gettext_lazy(
        "The new password holds. You were signed out everywhere else."
    ),
    "mfa/messages/totp_activated.txt": gettext_lazy(
        "The app is set up: from now on signing in asks for its code."
    ),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The app's code isn't asked for any more."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey lets nobody in any more."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "This e-mail address and password don't go together. "
            "Mind capital letters in the password."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts. Wait five minutes, or set a new password by e-mail."
        ),
        "enter_current_password": gettext_lazy("This isn't your present password."),
        "incorrect_password": gettext_lazy("This isn't your present password."),
        "duplicate_email": gettext_lazy("This is your address already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs himself up: people are invited."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every answer is a page."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """One that a database takes; whoever has none shares one."""
        return clean_client_ip(address_of(request)) or "::"

    def is_safe_url(self, url: str) -> bool:
        return bool(safe_next(self.request, url, ""))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or MESSAGES.get(message_template or "")
        if sentence:
            messages.add_message(request, level, str(sentence), extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only promised here, so that an unknown address is answered no faster than a known one."""
        kind, person = MAILS.get(template_prefix), context.get("user")
        if kind is not None and isinstance(person, Person):
            plan_mail(kind=kind, person=person, to_address=email, at=timezone.now())
            nudge_account_mails()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Links are made when the mail is sent, not out of what a request says of its host."""
        return ""

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The same."""
        return ""

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        self.send_mail(template_prefix, email or user.email, {"user": user})

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        clear_login(request)
        messages.error(request, _("This account is closed. Ask your administrator."))
        return redirect("sign-in")

    def post_login(self, request: HttpRequest, user: Person, **options: Any) -> HttpResponse:
        """She is in, by whichever steps: it is told, and the site speaks her language."""
        response: HttpResponse = super().post_login(request, user, **options)
        ensure_address(user)
        self._mind_the_browser(request, response, user)
        record(by=self._by(user), at=timezone.now(), verb=Verb.SIGNED_IN, thing=user)
        user.note_spoken_language(translation.get_language())
        if user.language:
            remember_language(response, user.language)
        return response

    def _mind_the_browser(self, request: HttpRequest, response: HttpResponse, user: Person) -> None:
        """Tell her of a browser that is new, unless it is her first."""
        before = Event.objects.filter(person=user, verb=Verb.SIGNED_IN)
        if not is_known(request, user) and before.exists():
            at = timezone.now()
            plan_mail(kind=MailKind.NEW_BROWSER, person=user, to_address=user.email, at=at)
            nudge_account_mails()
        remember_browser(request, response, user)

    def set_password(self, user: Person, password: str) -> None:
        with transaction.atomic():
            super().set_password(user, password)
            record(by=self._by(user), at=timezone.now(), verb=Verb.NEW_PASSWORD, thing=user)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The new address takes the old one's place, unless it is another's by now."""
        if is_taken(email_address):
            messages.error(request, _("This address belongs to another account; nothing changed."))
            return False
        person = email_address.user
        before = person.email
        with transaction.atomic():
            confirmed = bool(super().confirm_email(request, email_address))
            if confirmed:
                record(
                    by=self._by(person),
                    at=timezone.now(),
                    verb=Verb.CHANGED,
                    thing=person,
                    before={"email": before},
                    after={"email": email_address.email},
                )
        return confirmed

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        its_own = self.request.user.pk == email_address.user_id
        return reverse("account" if its_own else "sign-in")

    def _by(self, person: Person) -> Actor:
        return Actor(person, address_of(self.request))
