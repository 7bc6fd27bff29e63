"""Letters that were written before their hour, so that the hour itself only has to send them."""

from django.db import models

from plants.models import Person
from tracker.reminders.models.ledger import LetterKind


class Draft(models.Model):
    """A person's letter for the day ``on``; it proves nothing, and is deleted once it went.

    ``basis`` is a hash of what it rests on (``tracker.reminders.drafts``): a letter whose basis has
    moved since is written anew in the moment of sending. ``mime`` is the whole mail with CRLF, but
    for its Message-ID and date.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    letter = models.CharField(max_length=10, choices=LetterKind.choices)
    on = models.DateField()
    basis = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    mime = models.BinaryField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_once_for_a_letter", fields=["person", "letter"])
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.on} · {self.subject}"
