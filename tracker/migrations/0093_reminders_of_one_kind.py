from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0092_older_reminders_know_their_kind")]

    operations = [
        migrations.AlterField(
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
                max_length=10,
            ),
        ),
        migrations.AlterField(
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
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_once_for_a_rung",
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["person"],
                name="reminder_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["person", "-planned_at"], name="reminder_inbox"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("rung__isnull", False)),
                fields=("obligation", "person", "kind", "rung", "due_on"),
                name="reminder_once_for_a_rung",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["due", "escalation", "waiting"]), ("rung__isnull", False)
                    ),
                    models.Q(("kind", "review"), ("review__isnull", False)),
                    models.Q(("event__isnull", False), ("kind", "change")),
                    models.Q(("correction__isnull", False), ("kind", "rule")),
                    _connector="OR",
                ),
                name="reminder_kind_is_its_occasions",
            ),
        ),
    ]
