"""Addresses of what finds initiatives."""

from django.urls import path

from maillage.web.register.finding import (
    alerts_views,
    comparing,
    feeds,
    files,
    panorama,
    views,
    widget,
)
from maillage.web.register.finding.api.describing import documentation
from maillage.web.register.finding.api.frame import patterns
from maillage.web.register.finding.mapping import urls as mapping_urls
from maillage.web.register.finding.portals.urls import portal_patterns

urlpatterns = [
    path("initiatives/", views.list_page, name="list"),
    path("initiatives/fichiers/initiatives.csv", files.csv_view, name="list_csv"),
    path("initiatives/fichiers/initiatives.xlsx", files.xlsx_view, name="list_xlsx"),
    path("initiatives/fichiers/initiatives.geojson", files.geojson_view, name="list_geojson"),
    path("initiatives/fichiers/initiatives.jsonld", files.jsonld_view, name="list_jsonld"),
    path("initiatives/flux/atom.xml", feeds.Atom(), name="atom"),
    path("initiatives/flux/rss.xml", feeds.Rss(), name="rss"),
    path("initiatives/panorama/", panorama.panorama_page, name="panorama"),
    path("initiatives/panorama/<slug:name>.csv", panorama.chart_csv, name="panorama_csv"),
    path("initiatives/comparer/", comparing.compare_page, name="compare"),
    *mapping_urls.urlpatterns,
    path("initiatives/frise/", comparing.timeline_page, name="timeline"),
    path("initiatives/suivre/", alerts_views.follow_page, name="follow"),
    path("initiatives/suivre/confirmer/<str:token>/", alerts_views.confirm_page, name="alert"),
    path("initiatives/suivre/arreter/<str:token>/", alerts_views.stop_page, name="alert_stop"),
    path("initiatives/integrer/", widget.how_to_embed, name="embed"),
    *portal_patterns,
    path("widget/initiatives/", widget.widget_page, name="widget"),
    path("widget/initiatives.js", widget.component_script, name="widget_component"),
    path("widget/hauteur.js", widget.height_script, name="widget_height"),
    path("api/", documentation, name="api"),
    *patterns(),
]
