"""A browser without a face: signs in, asks for pages over one kept connection, takes the time."""

import http.client
import re
import statistics
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench.counting import HEADER
from tracker.demo.accounts import PASSWORD

WARM_UP = 20
SECONDS_TOGETHER = 5.0


@dataclass(frozen=True)
class Times:
    """What one page took, in milliseconds, and its queries and bytes."""

    p50_ms: float
    p95_ms: float
    queries: int
    size: int


class Visitor:
    """One person with one connection."""

    def __init__(self, port: int) -> None:
        self.web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {"django_language": "zh-hans"}

    def get(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        """Return a page; anything but 200 is a fault of the bench."""
        answer, body = self.ask("GET", path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer, body

    def ask(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.web.request(method, path, body, headers)
        answer = self.web.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, content

    def sign_in(self, email: str) -> None:
        """Sign in as one of the demo's accounts."""
        _, page = self.get("/sign-in/")
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None, "the sign-in page has no token"
        form = {"csrfmiddlewaretoken": found[1].decode(), "login": email, "password": PASSWORD}
        answer, _ = self.ask("POST", "/sign-in/", urlencode(form))
        assert answer.status == 302, f"{email} could not sign in: {answer.status}"

    def measure(self, path: str, times: int) -> Times:
        """Ask for a page again and again."""
        for _ in range(WARM_UP):
            self.get(path)
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            answer, body = self.get(path)
            taken.append((time.perf_counter() - start) * 1000)
        cuts = statistics.quantiles(taken, n=20)
        queries = int(answer.headers[HEADER])
        return Times(statistics.median(taken), cuts[-1], queries, len(body))


def measure_together(visitors: list[Visitor], path: str) -> float:
    """Return how many pages a second the visitors get when all ask at once."""
    end = time.perf_counter() + SECONDS_TOGETHER
    counts = [0] * len(visitors)

    def ask(number: int) -> None:
        while time.perf_counter() < end:
            visitors[number].get(path)
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(visitors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS_TOGETHER
