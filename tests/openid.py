"""A real provider of OpenID Connect on 127.0.0.1, which misbehaves when it is told to."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "ule-tracker", "a secret"
KEY_NAME = "key-1"
CONFIGURATION = "/.well-known/openid-configuration"


def make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KEY = make_key()


@dataclass
class OpenIdServer:
    """What it answers; each field may be changed while it runs."""

    issuer: str = ""
    subject: str = "subject-1"
    email: str = ""
    email_verified: Any = True
    claims: dict[str, Any] = field(default_factory=dict)  # in place of the right ones; None: not
    signing_key: Any = KEY
    algorithm: str = "RS256"
    answers: dict[str, bytes] = field(default_factory=dict)  # by path, in place of the right ones
    error: str = ""  # what it sends the person back with
    only_userinfo_has_email: bool = False
    described: dict[str, Any] = field(default_factory=dict)  # likewise, of its configuration
    held: threading.Event | None = None  # until this is set it answers nothing
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            **self.described,
        }
        return {name: value for name, value in said.items() if value is not None}

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**public, "kid": KEY_NAME, "use": "sig"}]}

    def about_email(self) -> dict[str, Any]:
        return {"email": self.email, "email_verified": self.email_verified}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the person is sent, who is signed in here and agrees at once."""
        assert query["client_id"] == CLIENT_ID
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        assert set(query["scope"].split()) == {"openid", "email"}
        back = {"state": query["state"]}
        if self.error:
            back["error"] = self.error
        else:
            back["code"] = secrets.token_urlsafe()
            self.codes[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Only for the code's own secret, once, and to the site that it was made for."""
        begun = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if begun is None or challenge != begun["code_challenge"]:
            return None
        if authorization != f"Basic {basic}" or form["redirect_uri"] != begun["redirect_uri"]:
            return None
        return {"access_token": "open", "token_type": "Bearer", "id_token": self._id_token(begun)}

    def _id_token(self, begun: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            **({} if self.only_userinfo_has_email else self.about_email()),
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": KEY_NAME}
        return jwt.encode(said, self.signing_key, algorithm=self.algorithm, headers=headers)


class _Handler(BaseHTTPRequestHandler):
    provider: OpenIdServer

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if self._is_told_otherwise(asked.path):
            return
        if asked.path == "/authorize":
            self.send_response(302)
            there = self.provider.authorize(dict(parse_qsl(asked.query)))
            self.send_header("Location", there)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif asked.path == "/userinfo":
            right = self.headers["Authorization"] == "Bearer open"
            told = {"sub": self.provider.subject, **self.provider.about_email()}
            self._answer(200 if right else 401, json.dumps(told).encode())
        else:
            told = {CONFIGURATION: self.provider.configuration, "/keys": self.provider.keys}[
                asked.path
            ]()
            self._answer(200, json.dumps(told).encode())

    def do_POST(self) -> None:
        if self._is_told_otherwise(self.path):
            return
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(form).items()}
        token = self.provider.token(fields, self.headers.get("Authorization", ""))
        self._answer(200 if token else 400, json.dumps(token or {"error": "no"}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _is_told_otherwise(self, path: str) -> bool:
        self.provider.asked.append(path)
        if self.provider.held is not None:
            self.provider.held.wait()
        if path in self.provider.answers:
            self._answer(200, self.provider.answers[path])
        return path in self.provider.answers

    def _answer(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            """Who asked has waited long enough."""


@contextmanager
def running_provider() -> Iterator[OpenIdServer]:
    provider = OpenIdServer()
    handler = type("Handler", (_Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield provider
        finally:
            if provider.held is not None:
                provider.held.set()
            server.shutdown()
            thread.join()
