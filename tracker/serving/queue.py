"""How many tasks wait in the broker; asked with little patience, for a page."""

import logging
from pathlib import Path

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

QUEUE = "celery"
PATIENCE_SECONDS = 1


def count_waiting_tasks() -> int | None:
    """None where the broker doesn't answer within a second, or is of another kind."""
    url, options = settings.CELERY_BROKER_URL, settings.CELERY_BROKER_TRANSPORT_OPTIONS
    try:
        if url.startswith("filesystem://"):
            return _count_files(Path(options["data_folder_in"]))
        return _count_in_redis(_redis_url(url), options.get("global_keyprefix", "") + QUEUE)
    except (redis.RedisError, OSError, ValueError) as fault:
        logger.warning("The broker does not answer: %s", fault)
        return None


def _count_files(folder: Path) -> int:
    return sum(1 for path in folder.iterdir() if path.name.endswith(f".{QUEUE}.msg"))


def _count_in_redis(url: str, key: str) -> int:
    patience = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **patience) as broker:
        return int(broker.llen(key))


def _redis_url(url: str) -> str:
    """As the library wants what Celery calls `redis+socket://…?virtual_host=0`."""
    return url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
