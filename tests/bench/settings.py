"""The product's settings, with the floor's address and a count of queries in each answer."""

from pathlib import Path

from tracker.settings import *  # noqa: F403
from tracker.settings import MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.counting.count_queries", *MIDDLEWARE]
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
