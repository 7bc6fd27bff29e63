"""The type of a file hangs on its name, too, so it belongs to the row that has the name."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0001_the_law'),
    ]

    operations = [
        migrations.AddField(
            model_name='evidence',
            name='media_type',
            field=models.CharField(default='', max_length=100),
            preserve_default=False,
        ),
    ]
