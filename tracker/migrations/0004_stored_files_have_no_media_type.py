"""The store knows bytes only."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0003_fill_the_media_type'),
    ]

    operations = [
        # The way back needs a value for the rows that are there.
        migrations.AlterField(
            model_name='storedfile',
            name='media_type',
            field=models.CharField(default='', max_length=100),
        ),
        migrations.RemoveField(
            model_name='storedfile',
            name='media_type',
        ),
    ]
