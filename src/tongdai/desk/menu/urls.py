from django.urls import path

from . import batch, queues, texts, views

urlpatterns = [
    path("loi-may/", views.menu, name="menu"),
    path("loi-may/buoc/<slug:code>/", views.switch, name="menu_switch"),
    path("loi-may/hang-cho/", queues.queues, name="queues"),
    path("loi-may/hang-cho/<int:queue_id>/them/", queues.add, name="queue_rule_add"),
    path("loi-may/hang-cho/bo/<int:rule_id>/", queues.remove, name="queue_rule_remove"),
    path("loi-may/to-thu/", batch.sheet, name="menu_sheet"),
    path("loi-may/nhieu-tep/", batch.many, name="menu_many"),
    path("loi-may/dung-het/", batch.use_all, name="menu_use_all"),
    path("loi-may/loi/<slug:code>/<slug:language>/", texts.text, name="menu_text"),
    path("loi-may/loi/<slug:code>/<slug:language>/thu/", texts.take, name="menu_take"),
    path("loi-may/loi/<slug:code>/<slug:language>/dung/", texts.use, name="menu_use"),
    path("loi-may/loi/<slug:code>/<slug:language>/may/", texts.machine, name="menu_machine"),
    path("loi-may/ban-thu/<int:take_id>/", texts.sound, name="menu_sound"),
]
