"""Everybody who is there signs in with the address that she has, without confirming it anew."""

from django.db import migrations


def settle(apps, schema_editor):
    Person, EmailAddress = apps.get_model('plants', 'Person'), apps.get_model('account', 'EmailAddress')
    there = EmailAddress.objects.values('user')
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(user=person, email=person.email, verified=True, primary=True)
            for person in Person.objects.exclude(pk__in=there)
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('plants', '0006_outlets_have_cems_since_a_day'),
        ('tracker', '0040_account_mails'),
    ]

    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop),
    ]
