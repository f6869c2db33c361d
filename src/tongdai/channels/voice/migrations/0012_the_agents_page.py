"""What the agent's page keeps: which browser has the telephone, since when it is away, whether the microphone is off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("voice", "0011_agent_times"),
    ]

    operations = [
        migrations.AddField("line", "holder", models.CharField(blank=True, default="", help_text="the browser whose page answers", max_length=36)),
        migrations.AddField("agent", "away_since", models.DateTimeField(help_text="when the telephone went; empty: it is there, or never was", null=True)),
        migrations.AddField("agent", "muted", models.BooleanField(default=False, help_text="the microphone is off in the call in hand")),
        migrations.AddField("agent", "writes_until", models.DateTimeField(help_text="after a call, where more than the usual time is taken", null=True)),
        migrations.AlterField(
            "order",
            "kind",
            models.CharField(
                choices=[
                    ("hang_up", "gác máy"),
                    ("hold", "giữ máy"),
                    ("resume", "nói tiếp"),
                    ("pause", "dừng ghi âm"),
                    ("record", "ghi âm tiếp"),
                    ("transfer", "chuyển máy"),
                    ("consult", "hỏi trước khi chuyển"),
                    ("hand_over", "nối người gọi với người kia"),
                    ("come_back", "quay lại với người gọi"),
                    ("conference", "nói ba bên"),
                    ("call_out", "gọi đi"),
                    ("read_code", "máy đọc mã"),
                    ("listen", "nghe cùng"),
                    ("decline", "từ chối"),
                ],
                max_length=10,
            ),
        ),
    ]  # fmt: skip
