"""As whom a site is let in, and sign-ins begun in a browser."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_initial"),
        ("ledger", "0004_tally"),
    ]

    operations = [
        migrations.CreateModel(
            name="Access",
            fields=[
                ("site", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to="contacts.site")),
                ("user_id", models.CharField(default="", max_length=18)),
                ("username", models.CharField(default="", max_length=255)),
                ("instance_url", models.CharField(default="", max_length=255)),
                ("since", models.DateTimeField(null=True)),
                ("by", models.CharField(default="", max_length=150)),
                ("login_url", models.CharField(default="", max_length=255)),
                ("client_id", models.CharField(default="", max_length=255)),
                ("rotates", models.BooleanField(null=True)),
                ("doubt", models.BooleanField(default=False)),
                ("owner", models.CharField(default="", max_length=64)),
                ("expires", models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("session", models.CharField(max_length=64)),
                ("login_url", models.CharField(max_length=255)),
                ("client_id", models.CharField(max_length=255)),
                ("verifier", models.BinaryField()),
                ("started_at", models.DateTimeField()),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="contacts.site")),
            ],
        ),
    ]
