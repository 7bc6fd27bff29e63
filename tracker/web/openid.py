"""OpenID Connect as allauth speaks it, and stricter.

The token's signature is checked also where it came from the provider itself, it must answer to
this very sign-in (nonce), and whatever is not as the standard says is one error, never a fault.
"""

import hashlib
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from requests import RequestException

from tracker.serving.environment import is_private
from tracker.web.access import safe_next

NO_ANSWER = (OAuth2Error, RequestException)
"""The provider is down, slow, or answers nonsense."""
# Never a shared secret: whoever knows the public key could sign with it.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
CLOCKS_APART = 60
LONGEST_SUBJECT = 191


class Client(OAuth2Client):  # type: ignore[misc]
    def get_redirect_url(self, authorization_url: str, scope: object, extra_params: object) -> str:
        """The provider's address may have a query of its own."""
        query = super().get_redirect_url("", scope, extra_params).removeprefix("?")
        return f"{authorization_url}{'&' if '?' in authorization_url else '?'}{query}"


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """What is asked of the provider: no more than who it is, and to come back to this browser."""

    def get_oauth2_adapter(self, request: HttpRequest) -> "Conversation":
        return Conversation(request)

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """To sign in, and nothing else that a request might ask for."""
        next_url = safe_next(request, request.POST.get("next"), "")
        return {"process": AuthProcess.LOGIN, "next_url": next_url}

    def get_pkce_params(self) -> dict[str, Any]:
        """PKCE, and a nonce that hangs on its secret, which only this session knows."""
        params = generate_code_challenge()
        return {**params, "nonce": nonce_of(params["code_verifier"])}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Only what an administrator needs who sees two identities."""
        return {"email": data["id_token"]["email"]}


class Conversation(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in's questions to the provider."""

    client_class = Client

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, settings.OIDC_ISSUER)
        # Behind a proxy that isn't declared a request looks open; the site's address is believed.
        secure = settings.SITE_URL.startswith("https://")
        self.redirect_uri_protocol = "https" if secure else None
        self._found: dict[str, Any] | None = None
        self._nonce = ""

    def get_provider(self) -> Provider:
        return get_adapter(self.request).get_provider(self.request, self.provider_id)  # type: ignore[no-any-return]

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself, asked once for each sign-in."""
        if self._found is None:
            self._found = self._discover()
        return self._found

    @property
    def basic_auth(self) -> bool:
        """As the standard says where the provider says nothing."""
        return "client_secret_post" not in self._methods()

    def get_callback_url(self, request: HttpRequest, app: object) -> str:
        address = request.build_absolute_uri(reverse("provider-back"))
        secure = self.redirect_uri_protocol == "https"
        return f"https://{address.partition('://')[2]}" if secure else address

    def get_access_token_data(
        self, request: HttpRequest, app: object, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        self._nonce = nonce_of(pkce_code_verifier or "")
        try:
            data = super().get_access_token_data(request, app, client, pkce_code_verifier)
        except (KeyError, TypeError, ValueError) as nonsense:
            raise OAuth2Error("The answer with the token can't be read") from nonsense
        if not isinstance(data, dict) or not isinstance(data.get("id_token"), str):
            raise OAuth2Error("There is no ID token in the answer")
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """It is forgotten after this sign-in, so when it runs out is of no interest."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(
        self, request: HttpRequest, app: object, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self._read_token(kwargs["response"]["id_token"])
        told = claims
        if not {"email", "email_verified"} <= claims.keys():
            # Both from one answer: it is the address beside it that is verified.
            told = self._ask_who(token.token, claims["sub"])
        email = told.get("email")
        said = {
            "sub": claims["sub"],
            "email": email if isinstance(email, str) else "",
            "email_verified": told.get("email_verified"),
        }
        return self.get_provider().sociallogin_from_response(request, {"id_token": said})

    def _methods(self) -> list[str]:
        methods = self.openid_config.get("token_endpoint_auth_methods_supported")
        return methods if isinstance(methods, list) else ["client_secret_basic"]

    def _discover(self) -> dict[str, Any]:
        found = _get(self.get_provider().server_url)
        if str(found.get("issuer")).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("It calls itself by another name than OIDC_ISSUER")
        named = [*NEEDED, *(["userinfo_endpoint"] if "userinfo_endpoint" in found else [])]
        if not all(is_private(str(found.get(name))) for name in named):
            raise OAuth2Error(f"It must name {', '.join(named)} by https")
        return found

    def _ask_who(self, access_token: str, subject: str) -> dict[str, Any]:
        address = self.openid_config.get("userinfo_endpoint")
        if address is None:
            return {}
        told = _get(address, Authorization=f"Bearer {access_token}")
        if told.get("sub") != subject:
            raise OAuth2Error("It tells of somebody else than its token")
        return told

    def _read_token(self, token: str) -> dict[str, Any]:
        """What the token says, if the provider signed it, for this site, now, and for this try."""
        client = self.get_provider().app.client_id
        keys = _get(self.openid_config["jwks_uri"])
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key=_key_of(token, keys),
                algorithms=ALGORITHMS,
                audience=client,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_APART,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError, AttributeError) as fault:
            raise OAuth2Error(f"Its token is refused: {fault}") from fault
        if not self._nonce or claims.get("nonce") != self._nonce:
            raise OAuth2Error("Its token is refused: it answers another sign-in")
        if claims.get("azp", client) != client:
            raise OAuth2Error("Its token is refused: it was made for another site")
        if not _is_subject(claims["sub"]):
            raise OAuth2Error("Its token is refused: it has no usable subject")
        return claims


def nonce_of(code_verifier: str) -> str:
    return hashlib.sha256(f"nonce of {code_verifier}".encode()).hexdigest()


def _is_subject(subject: str) -> bool:
    plain = subject.isascii() and subject.isprintable()
    return plain and 0 < len(subject) <= LONGEST_SUBJECT


def _key_of(token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """By the name that the token gives; a provider with one key need not name it."""
    name = jwt.get_unverified_header(token).get("kid")
    found = jwt.PyJWKSet.from_dict(keys).keys
    fitting = [key for key in found if name is None or key.key_id == name]
    if len(fitting) != 1:
        raise jwt.InvalidKeyError("no key of the provider fits")
    return fitting[0]


def _get(address: str, **headers: str) -> dict[str, Any]:
    """An object of JSON; whatever else comes is an error."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, headers=headers)
        answer.raise_for_status()
        found = answer.json()
    if not isinstance(found, dict):
        raise OAuth2Error(f"{address} answers no object")
    return found
