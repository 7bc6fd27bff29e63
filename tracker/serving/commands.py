"""The command of each process, as `serve` starts it."""

import sys

WEB_WORKERS = 2
# A thread waits while a phone on a bad network sends its file: so many uploads may crawl at once
# before pages wait. What they cost is their stacks; the work is done by one at a time.
WEB_THREADS = 24
CELERY = ("-m", "celery", "--quiet", "--app", "tracker.celery:app")


def python(*arguments: str) -> list[str]:
    """Return the command for this environment's Python."""
    return [sys.executable, *arguments]


def web(address: str, port: int) -> list[str]:
    """Return the web server's command; the bench measures this one too."""
    return python(
        *("-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", address, "--port", str(port)),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)),
        *("--respawn-failed-workers", "--log-level", "error", "tracker.wsgi:application"),
    )


def worker() -> list[str]:
    """Return the command of the worker, which does the tasks."""
    return python(
        # Who runs the site as root, in a container, has decided so.
        *("-W", "ignore:You're running the worker with superuser privileges"),
        *(*CELERY, "worker", "--loglevel", "WARNING", "--pool", "threads", "--concurrency", "4"),
        *("--without-gossip", "--without-mingle"),
    )


def beat() -> list[str]:
    """Return the command of beat, which says when it is time for a task."""
    return python(*CELERY, "beat", "--loglevel", "WARNING", "--pidfile=")
