from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_denunciation"), ("directory", "0003_calendar_version")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="calendar_version",
            field=models.PositiveIntegerField(
                db_default=1,
                default=1,
                help_text="the working calendar by which both deadlines were counted",
            ),
        ),
    ]
