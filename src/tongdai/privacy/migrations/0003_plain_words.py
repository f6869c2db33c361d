"""Plain words for what a citizen answered and asked. Columns are renamed in the catalogue alone; the index follows them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_days_within_reach")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveIndex("consent", "privacy_consents")],
        ),
        migrations.RenameField("consent", "said", "answer"),
        migrations.RenameField("consent", "said_at", "answered_at"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    "consent",
                    models.Index(fields=["case", "purpose", "-answered_at"], name="privacy_consents"),
                ),
            ],
        ),
        migrations.AlterField(
            "consent",
            "channel",
            models.CharField(help_text="how it was answered: web, voice, sms, paper", max_length=10),
        ),
        migrations.RenameField("datarequest", "said", "words"),
        migrations.RenameField("breach", "people_told_at", "people_notified_at"),
    ]
