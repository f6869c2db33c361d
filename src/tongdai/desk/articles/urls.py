from django.urls import path

from . import procedures, tables, views, words

urlpatterns = [
    path("kho/", views.room, name="kho"),
    path("kho/hoi-dap/moi/", views.new_article, name="kho_new"),
    path("kho/tim-khong-ra/", views.settle, name="kho_settle"),
    path("kho/tu-ngu/", words.words, name="kho_words"),
    path("kho/tu-ngu/luu/", words.keep, name="kho_words_keep"),
    path("kho/xuat/<slug:what>/", views.export, name="kho_export"),
    path("kho/nap-thu-tuc/", procedures.send, name="kho_procedures"),
    path("kho/nap-thu-tuc/<int:number>/", procedures.tried, name="kho_procedures_tried"),
    path("kho/nap-thu-tuc/<int:number>/viec/", procedures.action, name="kho_procedures_action"),
    path("kho/bang/moi/", tables.new, name="kho_table_new"),
    path("kho/bang/<slug:slug>/", tables.edit, name="kho_table"),
    path("kho/bang/<slug:slug>/lay/", tables.pull, name="kho_table_pull"),
    path("kho/<slug:kind>/<int:number>/", views.edit, name="kho_edit"),
    path("kho/<slug:kind>/<int:number>/viec/", views.action, name="kho_action"),
]
