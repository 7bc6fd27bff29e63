from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """What they are about shows in their columns. What was told by mail isn't new in the inbox."""
    reminders = apps.get_model("tracker", "Reminder").objects
    reminders.filter(review__isnull=False).update(kind="review")
    reminders.filter(event__isnull=False).update(kind="change")
    reminders.filter(correction__isnull=False).update(kind="rule")
    reminders.filter(review__decision="return").update(letter="returned")
    at_once = ("refused", "sent_back", "quarantined")
    reminders.filter(event__verb__in=at_once).update(letter="at_once")
    reminders.update(read_at=F("planned_at"))


class Migration(migrations.Migration):
    dependencies = [("tracker", "0091_reminders_have_a_kind")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
