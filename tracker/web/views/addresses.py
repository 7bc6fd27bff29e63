"""Another e-mail address: entered by who is signed in, and confirmed by a link that goes there."""

from typing import Any

from allauth.account.views import ConfirmEmailView, EmailView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tracker.web.access import signed_in
from tracker.web.forms.account import AddressChangeForm
from tracker.web.htmx import tell


@method_decorator(signed_in, name="dispatch")
class AddressChange(EmailView):  # type: ignore[misc]
    """Only the form: allauth's other buttons, for several addresses, are not here."""

    template_name = "account/address_change.html"
    form_class = AddressChangeForm
    success_url = reverse_lazy("account")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        answer: HttpResponse = self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        return answer


@method_decorator(never_cache, name="dispatch")
class AddressConfirm(ConfirmEmailView):  # type: ignore[misc]
    """Opening the link changes nothing, since mail programmes open links by themselves."""

    template_name = "account/address_confirm.html"

    def logout_other_user(self, confirmation: object) -> None:
        """Whoever is signed in stays so: the link speaks for the account that it was made for."""

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if not context.get("can_confirm"):
            sentence = _("This link has been used, or is too old. Enter the new address again.")
            return tell(self.request, sentence, status=404)
        response: HttpResponse = super().render_to_response(context, **options)
        return response

    def respond(self, success: bool) -> HttpResponse:
        return redirect(self.get_redirect_url())


address_change = AddressChange.as_view()
address_confirm = AddressConfirm.as_view()
