"""The outbox: each e-mail as it was made."""

from typing import Self

from django.db import models

from plants.models import Person

# In ``server`` where no server was asked. It has no port, so it is no host's name.
OUTBOX = "outbox"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, person: Person) -> Self:
        """One's own; on a demo site the outbox page shows an administrator all of them."""
        return self.filter(person=person)


class Message(models.Model):
    """One e-mail as it was made for one person, and what became of it.

    ``server`` (host and port) accepted it with ``answer``, in the server's own words.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    to_address = models.EmailField()
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    server = models.CharField(max_length=255, blank=True, default="")
    answer = models.TextField(blank=True, default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="message_newest", fields=["-made_at"])]

    def __str__(self) -> str:
        return self.subject
