"""The product's settings on a scratch data folder and the database that TEST_DATABASE names."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests import postgresql

_DATA_DIR = Path(tempfile.mkdtemp(prefix="ule-test-"))
atexit.register(shutil.rmtree, _DATA_DIR, ignore_errors=True)

if os.environ.get("CELERY_BROKER_URL"):
    os.environ["TEST_BROKER_URL"] = os.environ["CELERY_BROKER_URL"]
for _name in (
    *("CELERY_BROKER_URL", "EMAIL_URL", "CLAMD_URL", "BOUNCE_MAILBOX", "BOUNCE_WEBHOOK_SECRET"),
    *("DEMO_SITE", "HOST", "PORT"),
    *("ALLOWED_HOSTS", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME"),
):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = str(_DATA_DIR)
(_DATA_DIR / "static").mkdir()
os.environ["SITE_URL"] = "http://testserver"
os.environ["DATABASE_URL"] = (
    postgresql.url() if os.environ.get("TEST_DATABASE") == "postgresql" else ""
)

from tracker.settings import *  # noqa: E402, F403
from tracker.settings import DATABASES  # noqa: E402

# Argon2 is slow on purpose; the tests sign in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A real file, not memory: threads and live servers get connections of their own, as in life.
    DATABASES["default"]["TEST"] = {"NAME": str(_DATA_DIR / "test.sqlite3")}
