from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voice", "0016_what_carriers_are_told")]

    operations = [
        migrations.AddField(
            model_name="trunk",
            name="transport",
            field=models.CharField(choices=[("udp", "Udp"), ("tls", "Tls")], default="udp", max_length=4),
        ),
        migrations.AddField(
            model_name="trunk",
            name="srtp",
            field=models.CharField(
                choices=[("none", "None"), ("optional", "Optional"), ("required", "Required")],
                default="none",
                max_length=8,
            ),
        ),
    ]
