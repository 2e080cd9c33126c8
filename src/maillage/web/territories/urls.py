"""Addresses of the territories, of the search and of the data's own page."""

from django.urls import path, register_converter

from maillage.web.territories import sitemap, views
from maillage.web.territories.kinds import KindConverter

register_converter(KindConverter, "kind")

app_name = "territories"
urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", views.search_page, name="search"),
    path("recherche/suggestions", views.suggestions, name="suggestions"),
    path("territoires/", views.territory_list, name="list"),
    path("territoires/sur-mesure/nouveau/", views.new_custom_territory, name="new_custom"),
    path("territoires/<kind:kind>/<slug:code>/composition/", views.composition, name="composition"),
    path("sources/", views.sources, name="sources"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap"),
    path("sitemap-<slug:slug>.xml.gz", sitemap.sitemap, name="sitemap_of_kind"),
]
