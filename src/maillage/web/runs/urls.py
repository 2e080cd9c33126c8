"""Addresses of runs."""

from django.urls import path

from maillage.web.runs import views

app_name = "runs"
urlpatterns = [
    path("calculs/", views.mine, name="mine"),
    path("calculs/entretien/", views.chores, name="chores"),
    path("calculs/lancer/<slug:study>/", views.start, name="start"),
    path("calculs/<slug:public_id>/", views.run_page, name="run"),
    path("calculs/<slug:public_id>/etat/", views.status, name="status"),
    path("calculs/<slug:public_id>/calcul.json", views.as_json, name="json"),
    path("calculs/<slug:public_id>/annuler/", views.cancel, name="cancel"),
    path("calculs/<slug:public_id>/refaire/", views.repeat, name="repeat"),
]
