"""The same bytes again: where the same plant already answers with them."""

from django.db.models import F, Q

from tracker.evidence.models import Attachment
from tracker.obligations.models import Obligation

MOST_NAMED = 3


def answered_before(attachment: Attachment) -> list[Obligation]:
    """Obligations of the same plant that were answered with the same bytes, newest first.

    What other plants brought is not even looked for.
    """
    plant, stored = attachment.evidence.plant_id, attachment.evidence.stored_id
    others = (
        Attachment.objects.filter(evidence__plant=plant, evidence__stored=stored)
        .filter(Q(removed_at=None) | Q(evidence__submissions__obligation=F("obligation")))
        .exclude(pk=attachment.pk)
    )
    found = Obligation.objects.filter(pk__in=others.values("obligation")).with_subject()
    return list(found.order_by("-pk")[:MOST_NAMED])
