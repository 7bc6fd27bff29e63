from django.db import migrations

from tracker.evidence.word_index import drop_index, make_index


def make(apps, schema_editor):
    make_index(schema_editor.connection)


def drop(apps, schema_editor):
    drop_index(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0060_texts_of_files'),
    ]

    operations = [
        migrations.RunPython(make, drop),
    ]
