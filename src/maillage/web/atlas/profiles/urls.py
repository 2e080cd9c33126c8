"""Addresses of profiles, showcases, comparisons and their files."""

from django.urls import path

from maillage.web.atlas.profiles import views

urlpatterns = [
    path("comparer/", views.compare, name="compare"),
    path("territoires/<kind:kind>/", views.kind_index, name="kind_index"),
    path("territoires/<kind:kind>/<slug:address>/", views.profile_page, name="profile"),
    path("territoires/<kind:kind>/<slug:address>/communes/", views.communes, name="communes"),
    path(
        "territoires/<kind:kind>/<slug:address>/communes.<slug:file_format>",
        views.communes_file,
        name="communes_file",
    ),
    path("territoires/<kind:kind>/<slug:address>/profil.json", views.profile_json, name="json"),
    path("territoires/<kind:kind>/<slug:address>/profil.pdf", views.profile_pdf, name="pdf"),
    path("territoires/<kind:kind>/<slug:address>/vitrine/", views.showcase, name="showcase"),
    path("territoires/<kind:kind>/<slug:address>/<slug:part_name>/", views.part_page, name="part"),
    path("territoires/<kind:kind>/<slug:address>/carte.svg", views.access_map_svg, name="map_svg"),
    path(
        "territoires/<kind:kind>/<slug:address>/situation.svg",
        views.locator_map_svg,
        name="locator_svg",
    ),
]
