from django.urls import path

from . import views

urlpatterns = [
    path("", views.tiny),
    path("list", views.listing),
    path("detail/<int:pk>", views.detail),
    path("form/<int:pk>", views.form),
    path("section/<int:pk>", views.section),
    path("sheet/<int:pk>", views.sheet),
    path("save/<int:pk>", views.save),
    path("api", views.api),
    path("csv", views.export),
]
