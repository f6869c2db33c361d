from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voice", "0007_three_parties_and_repairs")]

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
                ],
                default="",
                max_length=12,
            ),
        ),
    ]
