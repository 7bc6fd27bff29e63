"""Keep which server accepted a mail, and its answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0093_reminders_of_one_kind"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="server",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.AddField(
            model_name="message",
            name="answer",
            field=models.TextField(blank=True, default=""),
        ),
    ]
