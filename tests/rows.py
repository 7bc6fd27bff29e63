"""Everything that we keep, so that a test can say that nothing was written."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings


def everything() -> dict[str, list[Any]]:
    """Every row of ours, and every file in the store."""
    kept: dict[str, list[Any]] = {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for label in ("plants", "tracker")
        for model in apps.get_app_config(label).get_models()
    }
    return kept | {"files": sorted(Path(settings.FILES_DIR).rglob("*"))}
