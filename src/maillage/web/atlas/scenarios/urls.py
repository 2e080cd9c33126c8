"""Addresses of the what-if."""

from django.urls import path, re_path

from maillage.web.atlas.scenarios import saved_views, siting_views, views

urlpatterns = [
    path("simuler/", views.workshop, name="simulate"),
    path("simuler/communes/", views.commune_suggestions, name="simulate_suggestions"),
    path("simuler/gains.bin", views.gains, name="simulate_gains"),
    re_path(
        r"^simuler/scenario\.(?P<file_format>csv|xlsx|json|pdf)$",
        saved_views.export,
        name="simulate_file",
    ),
    path("simuler/enregistrer/", saved_views.save, name="save_scenario"),
    path("simuler/enregistres/", saved_views.mine, name="scenarios"),
    path("simuler/enregistres/<slug:public_id>/", saved_views.scenario_page, name="scenario"),
    path(
        "simuler/enregistres/<slug:public_id>/supprimer/",
        saved_views.delete,
        name="delete_scenario",
    ),
    path(
        "simuler/enregistres/<slug:public_id>/dupliquer/",
        saved_views.duplicate,
        name="duplicate_scenario",
    ),
    path("simuler/meilleurs-lieux/", siting_views.ask, name="best_places"),
    path(
        "simuler/meilleurs-lieux/territoires/",
        siting_views.territory_suggestions,
        name="best_places_suggestions",
    ),
    path(
        "simuler/meilleurs-lieux/<slug:public_id>/",
        siting_views.answer,
        name="best_places_answer",
    ),
]
