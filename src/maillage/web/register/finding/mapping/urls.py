"""Addresses of the map of initiatives."""

from django.urls import path

from maillage.web.register.finding.mapping import views

urlpatterns = [
    path("initiatives/carte/", views.map_page, name="map"),
    path("initiatives/carte/points.json", views.points, name="map_points"),
    path("initiatives/carte/couverture/<slug:version>.bin", views.cover, name="map_cover"),
    path("initiatives/carte/lieu/<slug:kind>/<slug:code>/", views.place, name="map_place"),
]
