import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_tombstone'),
        ('ledger', '0003_event_indexes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['site', 'started_at'], name='run_started'),
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('site', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='contacts.site')),
                ('statuses', models.JSONField(default=dict)),
                ('causes', models.JSONField(default=list)),
                ('counted_at', models.DateTimeField(null=True)),
                ('took', models.FloatField(default=0)),
                ('wanted', models.BooleanField(default=False)),
            ],
        ),
    ]
