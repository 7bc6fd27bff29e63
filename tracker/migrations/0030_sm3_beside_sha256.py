from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0026_reminders_tell_of_rules")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="sm3",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
