"""Rows of an older schema, with what the factories of today would give them."""

from typing import Any

from django.db.models import Model

from plants.models import Plant
from tests.factories import DocumentFactory, ObligationFactory, RequirementFactory


def save_older(models: Any, thing: Model, **columns: Any) -> Any:
    """Keep a row that was built but not saved, as far as the older model knows its columns."""
    older = models.get_model("tracker", type(thing).__name__)
    given = {
        field.attname: getattr(thing, field.attname)
        for field in older._meta.concrete_fields
        if field.attname not in ("id", *columns) and hasattr(thing, field.attname)
    }
    return older.objects.create(**given | columns)


def make_older_requirement(models: Any) -> Any:
    document = save_older(models, DocumentFactory.build())
    rule = RequirementFactory.build(document=None)
    return save_older(models, rule, document_id=document.pk)


def make_older_obligation(models: Any, plant: Plant) -> Any:
    rule = make_older_requirement(models)
    duty = ObligationFactory.build(requirement=None, plant=None)
    return save_older(models, duty, requirement_id=rule.pk, plant_id=plant.pk)
