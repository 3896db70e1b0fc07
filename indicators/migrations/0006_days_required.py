from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_days_of_rounds")]

    operations = [
        migrations.AlterField(
            model_name="round",
            name="locks",
            field=models.DateField(help_text="วันสุดท้ายที่หน่วยงานบันทึกหรือส่งได้โดยไม่ต้องขอขยายเวลา", verbose_name="ปิดรับผลงาน"),
        ),
        migrations.AlterField(model_name="round", name="opens", field=models.DateField(verbose_name="เปิดให้บันทึก")),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("locks__gte", models.F("due")), ("opens__lte", models.F("due"))),
                name="round_open_until_due",
            ),
        ),
    ]
