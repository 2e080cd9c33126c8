"""Addresses of the national map, of its list, of its figures and of its exports."""

from django.urls import path

from maillage.web.atlas.map import data_views, views

urlpatterns = [
    path("carte/", views.map_page, name="map"),
    path("carte/liste/", views.list_page, name="map_list"),
    path("carte/legende/<slug:indicator_id>/", views.legend, name="map_legend"),
    path("carte/recherche", views.suggestions, name="map_search"),
    path("carte/image/<slug:indicator_id>.svg", views.picture, name="map_picture"),
    path("carte/export.csv", data_views.export_csv, name="map_csv"),
    path("carte/export.xlsx", data_views.export_xlsx, name="map_xlsx"),
    path("carte/export.geojson", data_views.export_geojson, name="map_geojson"),
    path("carte/donnees/<slug:version>/apercu.bin", data_views.overview, name="map_overview"),
    path("carte/donnees/<slug:version>/contours.pmtiles", data_views.tiles, name="map_tiles"),
    path("carte/donnees/<slug:version>/noms.json", data_views.names, name="map_names"),
    path(
        "carte/donnees/<slug:version>/<slug:indicator_id>.classes.bin",
        data_views.classes,
        name="map_classes",
    ),
    path(
        "carte/donnees/<slug:version>/<slug:indicator_id>.exact.bin",
        data_views.exact,
        name="map_exact",
    ),
]
