from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0096_address_faults'),
    ]

    operations = [
        migrations.AddField(
            model_name='accountmail',
            name='message_id',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='reminder',
            name='called_off_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='accountmail',
            name='kind',
            field=models.CharField(choices=[('reset', 'Reset'), ('confirm', 'Confirm'), ('new_password', 'New Password'), ('new_address', 'New Address'), ('new_browser', 'New Browser'), ('invitation', 'Invitation'), ('factor_on', 'Factor On'), ('factor_off', 'Factor Off'), ('factor_reset', 'Factor Reset'), ('new_codes', 'New Codes'), ('test', 'Test'), ('address_marked', 'Address Marked')], max_length=16),
        ),
    ]
