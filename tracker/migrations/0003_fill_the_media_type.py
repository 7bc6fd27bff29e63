"""Carries each file's type over to the rows that name it, and back."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

# The same bytes may come under two of these endings, and only the first one's type was kept.
# Content and ending had to agree before a file was taken, so the ending tells the type.
BY_ENDING = {
    '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    '.zip': 'application/zip',
    '.csv': 'text/csv',
    '.txt': 'text/plain',
}


def fill(apps, schema_editor):
    Evidence, StoredFile = apps.get_model('tracker', 'Evidence'), apps.get_model('tracker', 'StoredFile')
    its_file = StoredFile.objects.filter(pk=OuterRef('stored_id'))
    Evidence.objects.update(media_type=Subquery(its_file.values('media_type')))
    for ending, media_type in BY_ENDING.items():
        wrong = Evidence.objects.filter(original_name__iendswith=ending).exclude(media_type=media_type)
        wrong.update(media_type=media_type)


def take_back(apps, schema_editor):
    Evidence, StoredFile = apps.get_model('tracker', 'Evidence'), apps.get_model('tracker', 'StoredFile')
    first = Evidence.objects.filter(stored_id=OuterRef('pk')).order_by('pk')[:1]
    named = StoredFile.objects.filter(evidence__isnull=False).values('pk')
    StoredFile.objects.filter(pk__in=named).update(media_type=Subquery(first.values('media_type')))


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0002_evidence_has_a_media_type'),
    ]

    operations = [
        migrations.RunPython(fill, take_back),
    ]
