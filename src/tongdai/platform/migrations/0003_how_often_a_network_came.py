from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0002_no_notify_in_a_transaction")]

    operations = [
        migrations.CreateModel(
            name="NetworkUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=20)),
                ("network", models.CharField(max_length=64)),
                ("since", models.DateTimeField(help_text="when the window began")),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["since"], name="platform_uses_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("purpose", "network", "since"), name="platform_one_count_a_window")
                ],
            },
        ),
    ]
