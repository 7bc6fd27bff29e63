"""One site's processes: which there are, in what order, and when they are ready."""

import http.client
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from plants.models import Person, Plant
from tracker.demo import accounts
from tracker.regulations.models import Requirement
from tracker.reminders.life import keep_start
from tracker.serving import broker, commands, preflight, statics
from tracker.serving.environment import FILE_BROKER, broker_socket
from tracker.serving.preflight import Fault
from tracker.serving.processes import Child, Supervisor

READY_SECONDS = 60


class Site:
    """What `serve` starts, on the address and the parts that the settings name."""

    def __init__(self, say: Callable[[str], None], warn: Callable[[str], None]) -> None:
        self.say = say
        self.warn = warn
        self.data_dir = Path(settings.DATA_DIR)
        self.environment = dict(os.environ)
        self.binary: Path | None = None
        self.address = settings.HOST

    def check(self) -> None:
        """Refuse, before anything is started, whatever would keep it from working."""
        self.lock = preflight.lock_data_dir(self.data_dir)
        self.address = preflight.resolve_address(settings.HOST, settings.PORT)
        preflight.check_database()
        url = settings.CELERY_BROKER_URL
        if not os.environ.get("CELERY_BROKER_URL") and url.startswith(broker.SOCKET_SCHEME):
            self.binary = broker.server_binary()
            url = url if self.binary else FILE_BROKER
        else:
            preflight.check_broker(url)
        self.environment["CELERY_BROKER_URL"] = url

    def prepare(self, supervisor: Supervisor) -> None:
        """Bring database and static files up to date; a new database gets its first rows."""
        if not statics.are_collected():
            self.say("Collecting the static files …")
            self._step(supervisor, "collectstatic", "--noinput", "--clear", "--verbosity=0")
            statics.mark_collected()
        if _has_unapplied_migrations():
            self.say("Bringing the database up to date …")
            call_command("migrate", interactive=False, verbosity=0)
        self._refuse_known_passwords()
        if not Requirement.objects.exists():
            self.say("Loading the regulations …")
            self._step(supervisor, "load_regulations")
        if settings.DEMO_SITE and not Plant.objects.exists():
            self.say("Making the demo's plants and their history …")
            self._step(supervisor, "seed_demo")
        keep_start(now=timezone.now())
        connection.close()

    def start(self, supervisor: Supervisor) -> None:
        """Start every process and wait until the first page can be had."""
        for child in self._children():
            supervisor.start(child)
            if child.stops_last:
                self._wait_for_socket(supervisor)
        for _ in range(READY_SECONDS * 10):
            if supervisor.stopping or self._answers():
                return
            fallen = [child.name for child in supervisor.children if not child.is_running()]
            if fallen:
                raise Fault(f"{' and '.join(fallen)} ended at once; its reason stands above")
            supervisor.wait(0.1)
        raise Fault(f"the web server did not answer within {READY_SECONDS} s")

    def _children(self) -> list[Child]:
        children = []
        if self.binary:
            socket = broker_socket(self.data_dir)
            socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = self.data_dir / "broker"
            folder.mkdir(mode=0o700, exist_ok=True)
            command = broker.command(self.binary, socket, folder)
            children.append(Child("broker", command, self.environment, stops_last=True))
        for folder_name in ("queue", "queue-control") if self._is_on_files() else ():
            (self.data_dir / folder_name).mkdir(mode=0o700, exist_ok=True)
        rest = {
            "web": commands.web(self.address, settings.PORT),
            "worker": commands.worker(),
            "beat": commands.beat(),
        }
        return children + [Child(name, command, self.environment) for name, command in rest.items()]

    def _is_on_files(self) -> bool:
        return self.environment["CELERY_BROKER_URL"].startswith("filesystem://")

    def _wait_for_socket(self, supervisor: Supervisor) -> None:
        socket = broker_socket(self.data_dir)
        for _ in range(100):
            if socket.is_socket() or supervisor.stopping:
                return
            supervisor.wait(0.02)
        raise Fault("the embedded broker did not start; its reason stands above")

    def _step(self, supervisor: Supervisor, *arguments: str) -> None:
        """Run one command in a process of its own: its memory goes when it ends."""
        if supervisor.stopping:
            return
        command = commands.python(str(Path(settings.BASE_DIR) / "manage.py"), *arguments)
        environment = self.environment | {"STATIC_HASHED": "1"}
        status = supervisor.run_once(arguments[0], command, environment)
        if status and not supervisor.stopping:
            raise Fault(f"{arguments[0]} failed; its reason stands above")

    def _refuse_known_passwords(self) -> None:
        demo = Person.objects.filter(email__endswith=f"@{accounts.DOMAIN}", is_active=True)
        if not settings.DEMO_SITE and demo.exists():
            raise Fault(
                "this database holds the demo's accounts, whose password everybody knows: "
                "start with DEMO_SITE=true, or on a database of its own"
            )

    def _answers(self) -> bool:
        """Whether a page's way is open from the web server to the database."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.address, self.address)  # noqa: S104
        web = http.client.HTTPConnection(host, settings.PORT, timeout=5)
        name = next((one for one in settings.ALLOWED_HOSTS if one != "*"), host).lstrip(".")
        try:
            web.request("GET", "/healthz", headers={"Host": name})
            return bool(json.load(web.getresponse()).get("database") == "ok")
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            web.close()


def _has_unapplied_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def serve(
    say: Callable[[str], None], warn: Callable[[str], None], ready: Callable[[], None]
) -> None:
    """Check, prepare, start, and watch until a stop signal comes; raise Fault if it can't be."""
    site = Site(say, warn)
    site.check()
    sys.stdout.flush()
    with Supervisor(warn) as supervisor:
        site.prepare(supervisor)
        if not supervisor.stopping:
            site.start(supervisor)
        if not supervisor.stopping:
            ready()
        supervisor.watch()
