from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0071_retention")]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='scan_due_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='scan_engine',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='scan_fault',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='scan_found',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='scan_state',
            field=models.CharField(choices=[('not_scanned', 'not scanned'), ('waiting', 'waits for its scan'), ('clean', 'no virus found'), ('quarantined', 'quarantined')], default='not_scanned', max_length=11),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='scanned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='storedfile',
            index=models.Index(condition=models.Q(('scan_state__in', ['not_scanned', 'waiting'])), fields=['scan_due_at'], name='stored_file_to_scan'),
        ),
    ]
