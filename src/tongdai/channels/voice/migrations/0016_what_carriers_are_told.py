from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voice", "0015_recordings_are_encrypted")]

    operations = [
        migrations.AddField(
            model_name="trunk",
            name="shows",
            field=models.CharField(
                choices=[
                    ("ours", "Ours"),
                    ("asserted", "Asserted"),
                    ("from", "From"),
                ],
                default="ours",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="trunk",
            name="diversion",
            field=models.CharField(
                choices=[
                    ("none", "None"),
                    ("diversion", "Diversion"),
                    ("history-info", "History"),
                    ("both", "Both"),
                ],
                default="none",
                max_length=12,
            ),
        ),
    ]
