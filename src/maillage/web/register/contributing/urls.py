"""Addresses of the contribution."""

from django.urls import path

from maillage.web.register.contributing import beginning, views

urlpatterns = [
    path("initiatives/proposer/", beginning.start, name="start"),
    path(
        "initiatives/proposer/<str:secret>/<slug:step>/", views.write_by_link, name="write_by_link"
    ),
    path("initiatives/reprendre/<str:secret>/", views.resume, name="resume"),
    path("initiatives/les-miennes/", views.mine, name="mine"),
    path("initiatives/<slug:public_id>/modifier/<slug:step>/", views.write, name="write"),
]
