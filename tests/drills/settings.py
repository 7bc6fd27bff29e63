"""The product's settings; only a drill says how long a mail server may be silent."""

import os

from tracker.settings import *  # noqa: F403

EMAIL_TIMEOUT = int(os.environ["DRILL_EMAIL_TIMEOUT"])
