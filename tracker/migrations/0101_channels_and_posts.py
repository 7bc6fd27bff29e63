
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plants', '0008_co_processing_since_a_day'),
        ('tracker', '0098_reminders_called_off'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('dingtalk', 'DingTalk robot'), ('wecom', 'WeCom robot'), ('feishu', 'Feishu robot'), ('webhook', 'webhook')], max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('language', models.CharField(choices=[('zh-hans', '简体中文'), ('en', 'English')], max_length=10)),
                ('locked_address', models.TextField()),
                ('locked_secret', models.TextField(blank=True, default='')),
                ('host', models.CharField(max_length=255)),
                ('ending', models.CharField(max_length=4)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('authority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='plants.authority')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='plants.plant')),
            ],
            options={
                'verbose_name': 'channel',
            },
        ),
        migrations.CreateModel(
            name='ChannelPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('daily', 'daily digest'), ('escalation', 'escalation'), ('returned', 'returned'), ('test', 'test')], max_length=10)),
                ('occasion', models.CharField(max_length=20)),
                ('delivery', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('claimed', 'claimed'), ('sent', 'sent'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='planned', max_length=10)),
                ('planned_at', models.DateTimeField()),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField()),
                ('fault', models.TextField(blank=True, default='')),
                ('answer_status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=300)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='tracker.channel')),
            ],
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority__isnull', False), ('plant__isnull', True)), models.Q(('authority__isnull', True), ('plant__isnull', False)), _connector='OR'), name='channel_has_one_scope'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='channel_end_is_somebodys'),
        ),
        migrations.AddIndex(
            model_name='channelpost',
            index=models.Index(fields=['state', 'next_attempt_at'], name='channel_post_to_send'),
        ),
        migrations.AddConstraint(
            model_name='channelpost',
            constraint=models.UniqueConstraint(fields=('channel', 'kind', 'occasion'), name='channel_post_once_for_an_occasion'),
        ),
        migrations.AddConstraint(
            model_name='channelpost',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='channel_post_sent_has_its_time'),
        ),
    ]
