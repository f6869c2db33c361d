from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever couldn't be rung may not have been texted either: the state says the first alone."""

    dependencies = [("duty", "0001_alarms")]

    operations = [
        migrations.AlterField(
            model_name="ring",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "sắp đổ chuông"),
                    ("ringing", "đang đổ chuông"),
                    ("talking", "đang nghe máy"),
                    ("taken", "đã nhận việc"),
                    ("passed_on", "chuyển người khác"),
                    ("no_key", "nghe máy, không bấm phím"),
                    ("no_answer", "không nghe máy"),
                    ("not_rung", "không gọi được"),
                    ("stopped", "thôi gọi"),
                    ("nobody", "không có ai để gọi"),
                ],
                default="waiting",
                max_length=10,
            ),
        )
    ]
