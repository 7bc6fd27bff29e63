"""Every Celery task and the beat table: fetch by id, one room call."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from tracker import audit
from tracker.accounts.address_mails import plan_fault_mails
from tracker.accounts.mails import send_mails
from tracker.celery import app
from tracker.evidence.expiry import reopen_run_out
from tracker.evidence.partial import sweep_uploads as sweep
from tracker.evidence.reading import read_waiting
from tracker.evidence.scanner import Clamd
from tracker.evidence.scanning import scan_waiting
from tracker.obligations.everywhere import schedule_site
from tracker.reminders import claims, drafts, send
from tracker.reminders.address_marks import keep_report, plan_unmarked
from tracker.reminders.bounce_mailbox import MailboxFault, read_mailbox
from tracker.reminders.changes import plan_changes
from tracker.reminders.channels.claims import reclaim_stale as reclaim_posts
from tracker.reminders.channels.plan import plan_day, plan_posts
from tracker.reminders.channels.send import send_posts
from tracker.reminders.models import Heartbeat
from tracker.reminders.nightly import finish_night, take_night
from tracker.reminders.notices import plan_notices
from tracker.reminders.plan import plan_reminders
from tracker.reminders.replan import plan_changed
from tracker.reminders.rule_news import plan_rule_news
from tracker.rounds.listing import settle_site
from tracker.rounds.notice import end_notices
from tracker.rounds.report.make import make_waiting

logger = logging.getLogger(__name__)

# Task and seconds by name. The night's run is a sweep, too: beat's own six o'clock would be lost
# for a site that is switched off at that moment. A tick that nobody took is worth nothing later.
BEAT: dict[str, dict[str, Any]] = {
    "nightly-if-due": {
        "task": "tracker.nightly_if_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "send-due": {"task": "tracker.send_due", "schedule": 60.0, "options": {"expires": 60}},
    "write-ahead": {"task": "tracker.write_ahead", "schedule": 60.0, "options": {"expires": 60}},
    "send-account-mails": {
        "task": "tracker.send_account_mails",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "read-bounces": {
        "task": "tracker.read_bounces",
        "schedule": 180.0,
        "options": {"expires": 180},
    },
    "send-channel-posts": {
        "task": "tracker.send_channel_posts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-uploads": {
        "task": "tracker.sweep_uploads",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "scan-files": {"task": "tracker.scan_files", "schedule": 60.0, "options": {"expires": 60}},
    "read-files": {"task": "tracker.read_files", "schedule": 60.0, "options": {"expires": 60}},
    "make-reports": {"task": "tracker.make_reports", "schedule": 60.0, "options": {"expires": 60}},
}
app.conf.beat_schedule = BEAT


@app.task(name="tracker.pulse")
def pulse() -> None:
    """Show that a worker takes tasks and reaches the database; running it twice changes nothing."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@app.task(name="tracker.nightly")
def nightly() -> None:
    """Schedule, plan and send for today; running it twice changes nothing.

    It fails where a plant could not be scheduled, after all else is done, and so is tried again.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    by = audit.Actor(None, "nightly")
    try:
        reopen_run_out(today=today, by=by, at=now)
        report = schedule_site(today=today, by=by, at=now)
        end_notices(today=today, by=by, at=now)
        settle_site(by=by, at=now)
    finally:
        # A rule that can't be worked out must not keep the mails from being sent.
        plan_reminders(today=today, at=now)
    plan_day(at=now)
    send_due()
    report.raise_faults()


@app.task(name="tracker.nightly_if_due")
def nightly_if_due() -> None:
    """Do the night's run once a day from six o'clock on, or as soon as the site is back."""
    now = timezone.now()
    if take_night(now=now):
        nightly()
        finish_night(now=now)


@app.task(name="tracker.send_due")
def send_due() -> None:
    """Send all that waits, with the news of reviews and rules; twice it sends nothing twice."""
    now = timezone.now()
    claims.reclaim_stale(now=now)
    plan_changed(at=now)
    plan_notices(at=now)
    plan_changes(at=now)
    plan_rule_news(at=now)
    if send.are_many(now=now):
        _ask_for(send_from_the_end)
    send.send_due(now=now)


@app.task(name="tracker.send_from_the_end")
def send_from_the_end() -> None:
    """Help with many letters over a second line; twice it sends nothing twice."""
    send.send_due(now=timezone.now(), backwards=True)


@app.task(name="tracker.write_ahead")
def write_ahead() -> None:
    """Write the letters whose hour comes later today; running it twice writes nothing twice."""
    drafts.write_ahead(now=timezone.now())


@app.task(name="tracker.send_account_mails")
def send_account_mails() -> None:
    """Send what people wait for to get in; running it twice sends nothing twice."""
    now = timezone.now()
    plan_fault_mails(at=now)
    send_mails(now=now)


@app.task(name="tracker.read_bounces")
def read_bounces() -> None:
    """Keep new delivery reports; twice, or killed half-way, it loses and repeats nothing."""
    now = timezone.now()
    keep = partial(keep_report, by=audit.Actor(None, "mailbox"), at=now)
    try:
        if settings.BOUNCE_MAILBOX:
            read_mailbox(settings.BOUNCE_MAILBOX, keep)
    except MailboxFault as fault:
        logger.warning("The mailbox of delivery reports can't be read: %s", fault)
    plan_unmarked(at=now)


@app.task(name="tracker.send_channel_posts")
def send_channel_posts() -> None:
    """Post what groups and webhooks are to be told; running it twice posts nothing twice."""
    now = timezone.now()
    reclaim_posts(now=now)
    plan_posts(at=now)
    send_posts(now=now)


@app.task(name="tracker.sweep_uploads")
def sweep_uploads() -> None:
    """Forget uploads that nobody took up again; running it twice changes nothing."""
    sweep(now=timezone.now())


@app.task(name="tracker.scan_files")
def scan_files() -> None:
    """Scan what waits for viruses; twice, or killed half-way, it loses and repeats nothing."""
    if settings.CLAMD_URL and scan_waiting(Clamd(settings.CLAMD_URL), clock=timezone.now):
        Heartbeat.objects.update_or_create(name="scanner", defaults={"at": timezone.now()})


@app.task(name="tracker.read_files")
def read_files() -> None:
    """Read the texts of files that came in; running it twice reads nothing twice."""
    read_waiting(now=timezone.now())


@app.task(name="tracker.make_reports")
def make_reports() -> None:
    """Make the reports that wait; twice, or killed half-way, it loses and repeats nothing."""
    make_waiting(by=audit.Actor(None, "report"), clock=timezone.now)


def nudge_after_files() -> None:
    """Ask workers to scan and to read as soon as this transaction stands.

    Every door that keeps a file calls it once, after all that came with the form is kept.
    """
    if settings.CLAMD_URL:
        transaction.on_commit(partial(_ask_for, scan_files), robust=True)
    transaction.on_commit(partial(_ask_for, read_files), robust=True)


def nudge_sender() -> None:
    """Ask a worker to send as soon as this transaction stands; call it after a review.

    Only haste hangs on it: without a broker the next minute's sweep sends.
    """
    transaction.on_commit(partial(_ask_for, send_due), robust=True)


def nudge_channels() -> None:
    """The same, after a post to a channel was promised."""
    transaction.on_commit(partial(_ask_for, send_channel_posts), robust=True)


def nudge_reports() -> None:
    """The same, after a report was asked for."""
    transaction.on_commit(partial(_ask_for, make_reports), robust=True)


def nudge_account_mails() -> None:
    """The same, after a mail about an account was planned."""
    transaction.on_commit(partial(_ask_for, send_account_mails), robust=True)


def _ask_for(task: Any) -> None:
    # By itself a broker that is away is tried for six seconds, in which a person would wait.
    patience: dict[str, Any] = {"connect_timeout": 1, "transport_options": {"max_retries": 0}}
    try:
        with app.connection_for_write(**patience) as connection:
            task.apply_async(expires=60, retry=False, connection=connection)
    except (OperationalError, OSError) as fault:
        logger.warning("%s could not be nudged: %s", task.name, fault)
