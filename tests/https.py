"""A real server behind TLS on 127.0.0.1, with a certificate of our own, that does as it is told."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"ok\nand more"


@dataclass(frozen=True)
class Posted:
    """One request that came."""

    host: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpsServer:
    """What it answers by host; ``held`` hosts get none until ``go_on``, ``dripping`` ones a byte
    now and then."""

    port: int = 0
    received: list[Posted] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    dripping: set[str] = field(default_factory=set)
    go_on: threading.Event = field(default_factory=threading.Event)

    def resolve(self, host: str, port: int) -> list[tuple[str, int]]:
        """Every name leads here."""
        return [("127.0.0.1", self.port)]

    def hosts(self) -> list[str]:
        return [posted.host for posted in self.received]


class _Handler(BaseHTTPRequestHandler):
    server_of: HttpsServer

    def do_POST(self) -> None:
        told, host = self.server_of, self.headers["Host"]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told.received.append(Posted(host, self.path, dict(self.headers), body))
        if host in told.held:
            told.go_on.wait()
        if host in told.dripping:
            self._drip()
            return
        answer = told.bodies.get(host, OK)
        self.send_response(told.statuses.get(host, 200))
        for name, value in told.headers.get(host, {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.server_of.go_on.wait(0.05):
            self.wfile.write(b"x")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked has waited long enough, or did not like the certificate."""


@contextmanager
def running_server(folder: Path, *names: str) -> Iterator[tuple[HttpsServer, Path]]:
    """The server for these names, and its certificate's file."""
    certificate = make_certificate(folder, *names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    told = HttpsServer()
    handler = type("Handler", (_Handler,), {"server_of": told})
    with _QuietServer(("127.0.0.1", 0), handler) as server:
        told.port = server.server_port
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield told, certificate
        finally:
            told.go_on.set()
            server.shutdown()
            thread.join()


def make_certificate(folder: Path, *names: str) -> Path:
    """A certificate that is its own authority, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
