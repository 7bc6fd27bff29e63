"""The papers of a round's steps: files that somebody brought while it stood there."""

from typing import Self

from django.db import models

from plants.models import Person
from tracker.evidence.models import Evidence
from tracker.rounds.models.rounds import Round, RoundStep


class RoundPaperQuerySet(models.QuerySet["RoundPaper"]):
    def visible_to(self, person: Person) -> Self:
        """With a seat, too: the file itself is then seen here only, not among the plant's."""
        return self.filter(step__round__in=Round.objects.visible_to(person).values("pk"))


class RoundPaper(models.Model):
    """A file laid to a step. Never taken away; who brought it when, the file says."""

    step = models.ForeignKey(RoundStep, on_delete=models.PROTECT, related_name="papers")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="round_papers")

    objects = RoundPaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="round_paper_once", fields=["step", "evidence"])
        ]

    def __str__(self) -> str:
        return str(self.evidence)
