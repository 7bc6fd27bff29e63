import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plants", "0008_co_processing_since_a_day"),
        ("tracker", "0080_signatures_are_remembered"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ladder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "receiver",
                    models.CharField(
                        choices=[
                            ("manager", "plant manager"),
                            ("group_manager", "group manager"),
                            ("officer", "officer of the plant's authority"),
                            ("upper_officer", "officer of the authority above"),
                            ("reviewer", "officer, of what waits for review"),
                        ],
                        max_length=16,
                        verbose_name="who",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("organised", "organised emissions"),
                            ("fugitive", "fugitive emissions"),
                            ("clean_transport", "clean transport"),
                            ("monitoring", "monitoring"),
                            ("assessment", "assessment"),
                            ("reporting", "reporting"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="part",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("once", "once"),
                            ("year", "every year"),
                            ("half_year", "every half-year"),
                            ("quarter", "every quarter"),
                            ("month", "every month"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="how often",
                    ),
                ),
                ("before", models.JSONField(blank=True, default=list)),
                ("first_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("every", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("last_after", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "ladder",
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="preference",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[
                            django.core.validators.MinValueValidator(6),
                            django.core.validators.MaxValueValidator(20),
                        ],
                    ),
                ),
                ("news_by_mail", models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name="ladder",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ladders",
                to="plants.authority",
                verbose_name="authority",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("hour__gte", 6), ("hour__lte", 20)),
                name="preference_hour_is_of_the_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.UniqueConstraint(
                fields=("authority", "receiver", "part", "rhythm"), name="ladder_once_for_a_kind"
            ),
        ),
    ]
