from django.urls import path

from . import procedures, tables, views, words

urlpatterns = [
    path("kho/", views.room, name="knowledge"),
    path("kho/hoi-dap/moi/", views.new_article, name="knowledge_new"),
    path("kho/tim-khong-ra/", views.settle, name="knowledge_settle"),
    path("kho/tu-ngu/", words.words, name="knowledge_words"),
    path("kho/tu-ngu/luu/", words.save, name="knowledge_words_save"),
    path("kho/xuat/<slug:what>/", views.export, name="knowledge_export"),
    path("kho/nap-thu-tuc/", procedures.send, name="knowledge_procedures"),
    path("kho/nap-thu-tuc/<int:number>/", procedures.tried, name="knowledge_procedures_tried"),
    path("kho/nap-thu-tuc/<int:number>/viec/", procedures.action, name="knowledge_procedures_action"),
    path("kho/bang/moi/", tables.new, name="knowledge_table_new"),
    path("kho/bang/<slug:slug>/", tables.edit, name="knowledge_table"),
    path("kho/bang/<slug:slug>/lay/", tables.pull, name="knowledge_table_pull"),
    path("kho/<slug:kind>/<int:number>/", views.edit, name="knowledge_edit"),
    path("kho/<slug:kind>/<int:number>/viec/", views.action, name="knowledge_action"),
]
