from django.urls import path

from . import skills, supervise, views

urlpatterns = [
    path("phong/", views.wallboard, name="wallboard"),
    path("phong/so/", views.figures, name="wallboard_figures"),
    path("phong/xuat/", views.export, name="room_export"),
    path("phong/hang-cho/", skills.skills_page, name="skills"),
    path("phong/giam-sat/", supervise.page, name="supervise"),
    path("phong/giam-sat/bang/", supervise.board, name="supervise_board"),
    path("phong/giam-sat/lenh/", supervise.order, name="supervise_order"),
    path("phong/giam-sat/trang-thai/", supervise.state, name="supervise_state"),
    path("phong/lich-su/", views.history, name="room_history"),
]
