"""Key 9 of a queue that led to a message offers to keep one's place, too.

A city whose own recording says "press 9 to leave a message" says nothing wrong: the choice comes next.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def offer(apps, _schema):
    Step = apps.get_model("voice", "Step")
    if not Step.objects.filter(code="message", kind="message").exists() or Step.objects.filter(code="instead").exists():
        return
    Step.objects.create(
        code="instead", kind="keep", name="Giữ chỗ hay để lại lời nhắn", prompt="instead", keys={"2": "message"},
        then="message",
    )  # fmt: skip
    for step in Step.objects.filter(kind="queue", keys__9="message"):
        step.keys["9"] = "instead"
        step.save(update_fields=["keys"])


def offer_no_more(apps, _schema):
    Step = apps.get_model("voice", "Step")
    for step in Step.objects.filter(kind="queue", keys__9="instead"):
        step.keys["9"] = "message"
        step.save(update_fields=["keys"])
    Step.objects.filter(code="instead").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_readings_on_record"),
        ("voice", "0012_the_agents_page"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="call",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "đã trả lời ngay"),
                    ("registered", "đã lập phiếu"),
                    ("added", "thêm vào phiếu đã có"),
                    ("transferred", "đã chuyển máy"),
                    ("wrong_number", "nhầm số"),
                    ("silent", "im lặng"),
                    ("abusive", "quấy rối"),
                    ("looked_up", "máy đã đọc kết quả"),
                    ("message", "để lại lời nhắn"),
                    ("abandoned", "gác máy trước khi gặp ai"),
                    ("cut", "bị ngắt giữa chừng"),
                    ("flood", "gọi dồn dập, không nhận"),
                    ("no_answer", "không ai nghe máy"),
                    ("kept", "giữ chỗ, chờ gọi lại"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("menu", "nghe rồi bấm phím"),
                    ("say", "nghe"),
                    ("queue", "chờ gặp người"),
                    ("lookup", "tra mã phiếu"),
                    ("answers", "nghe câu trả lời có sẵn"),
                    ("message", "để lại lời nhắn"),
                    ("keep", "giữ chỗ, được gọi lại"),
                    ("hours", "theo giờ làm việc"),
                    ("outside", "chuyển số ngoài"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="Overflow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("after", "chờ quá số giây"),
                            ("length", "đứng sau quá số người"),
                            ("nobody", "không ai trong ca nhận hàng này"),
                        ],
                        max_length=8,
                    ),
                ),
                ("limit", models.PositiveSmallIntegerField(default=0, help_text="seconds, or people")),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("queue", "hàng chờ khác"),
                            ("number", "số ngoài"),
                            ("keep", "mời giữ chỗ và được gọi lại"),
                            ("message", "để lại lời nhắn"),
                        ],
                        max_length=8,
                    ),
                ),
                ("number", models.CharField(blank=True, default="", max_length=20)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="overflows", to="voice.queue"
                    ),
                ),
                (
                    "to_queue",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="voice.queue"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="KeptPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.SmallIntegerField(help_text="as of one on the line: the lower is served first")),
                (
                    "since",
                    models.DateTimeField(help_text="waits since; among equals the longest waiting is served first"),
                ),
                ("language", models.CharField(default="vi", max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "chờ đến lượt"),
                            ("ringing", "đang gọi"),
                            ("met", "đã gặp"),
                            ("taken", "tự gọi lại, giữ chỗ trên máy"),
                            ("cancelled", "không cần nữa"),
                            ("given_up", "không gặp được, chờ người gọi lại"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ring_at", models.DateTimeField(help_text="not before")),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        help_text="in which it was asked for",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="voice.call",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept_places", to="people.contact"
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_places",
                        to="voice.queue",
                    ),
                ),
                (
                    "ringing",
                    models.ForeignKey(
                        help_text="the last that rang for it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_places",
                        to="voice.call",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("contact"),
                        condition=models.Q(("state__in", ["waiting", "ringing"])),
                        name="voice_one_kept_place_a_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LanguageSkill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=5)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="language_skills",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "language"), name="voice_one_language")],
            },
        ),
        migrations.CreateModel(
            name="QueueSkill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "trước tiên"), (2, "như thường"), (3, "sau cùng")], default=2
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="skills", to="voice.queue"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queue_skills",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "queue"), name="voice_one_skill")],
            },
        ),
        migrations.CreateModel(
            name="SignedOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "queue",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="voice.queue"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signed_off",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "queue"), name="voice_signed_off_once")],
            },
        ),
        migrations.RunPython(offer, offer_no_more),
    ]
