"""Which edition migrated the database last, and the backups that were made of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0003_how_often_a_network_came")]
    operations = [
        migrations.AddField("installation", "edition", models.CharField(default="", max_length=40)),
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("file", models.TextField()),
                ("size", models.BigIntegerField(default=0)),
                ("encrypted", models.BooleanField(default=False)),
                ("verified_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(default="")),
            ],
            options={"indexes": [models.Index(fields=["-begun_at"], name="platform_backup_latest")]},
        ),
    ]
