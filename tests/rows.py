"""Everything that we keep, so that a test can say that nothing was written."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from tracker.audit import ChainHead, Event, Verb

UNCHANGING = {Verb.DENIED, Verb.SIGNED_OUT}


def everything() -> dict[str, list[Any]]:
    """Every row of ours, and every file in the store; but not what tells of a refusal or a look."""
    kept: dict[str, list[Any]] = {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for label in ("plants", "tracker")
        for model in apps.get_app_config(label).get_models()
    }
    events, heads = Event._meta.label, ChainHead._meta.label
    kept[events] = [row for row in kept[events] if row["verb"] not in UNCHANGING]
    kept[heads] = [row for row in kept[heads] if not row["chain"].startswith("person:")]
    return kept | {"files": sorted(Path(settings.FILES_DIR).rglob("*"))}
