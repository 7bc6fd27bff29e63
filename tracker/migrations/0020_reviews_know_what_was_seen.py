"""Each review keeps what it rests on: a digest of the files that its officer saw."""

import hashlib
from collections import defaultdict

from django.db import migrations, models

AT_ONCE = 500


def fill(apps, schema_editor):
    """A submission's files never changed, so the older reviews saw what lies there now."""
    Review, Submission = apps.get_model('tracker', 'Review'), apps.get_model('tracker', 'Submission')
    reviews = list(Review.objects.order_by('pk').only('pk', 'submission_id'))
    for start in range(0, len(reviews), AT_ONCE):
        some = reviews[start : start + AT_ONCE]
        files = defaultdict(list)
        rows = Submission.evidence.through.objects.filter(
            submission_id__in=[review.submission_id for review in some]
        )
        for submission, evidence, sha256 in rows.values_list(
            'submission_id', 'evidence_id', 'evidence__stored__sha256'
        ):
            files[submission].append((evidence, sha256))
        for review in some:
            lines = [f'submission {review.submission_id}']
            lines += [f'{pk} {sha256}' for pk, sha256 in sorted(files[review.submission_id])]
            review.seen_digest = hashlib.sha256('\n'.join(lines).encode()).hexdigest()
        Review.objects.bulk_update(some, ['seen_digest'])


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0019_evidence_tells_of_itself'),
    ]

    operations = [
        migrations.AddField(
            model_name='review',
            name='seen_digest',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
