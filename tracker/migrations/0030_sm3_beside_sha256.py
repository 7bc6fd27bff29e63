from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0022_queue_by_waiting_time")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="sm3",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
