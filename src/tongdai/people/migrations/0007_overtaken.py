"""A receipt that was not sent, as a later text said more. No row is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_refused")]
    operations = [
        migrations.AlterField(
            model_name="interaction",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "đã nhận"),
                    ("queued", "chờ gửi"),
                    ("sending", "đang gửi"),
                    ("sent", "đã gửi"),
                    ("delivered", "đã đến máy"),
                    ("failed", "không gửi được"),
                    ("unknown", "không rõ đã đến chưa"),
                    ("held", "giữ lại vì quá giới hạn trong giờ"),
                    ("barred", "không gửi, loại số thành phố không nhắn"),
                    ("overtaken", "không gửi, tin sau đã nói đủ"),
                ],
                max_length=10,
            ),
        ),
    ]
