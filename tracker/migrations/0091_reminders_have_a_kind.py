from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0090_ladders_and_preferences")]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("due", "due date"),
                    ("escalation", "overdue, told above"),
                    ("waiting", "waits for review"),
                    ("review", "decision"),
                    ("change", "change"),
                    ("rule", "rule put right"),
                ],
                default="due",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="letter",
            field=models.CharField(
                choices=[
                    ("digest", "daily digest"),
                    ("returned", "returned"),
                    ("at_once", "news that can't wait"),
                    ("escalation", "escalation"),
                    ("none", "inbox only"),
                ],
                default="digest",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
