"""Addresses of the import."""

from django.urls import path, re_path

from maillage.web.register.importing import views

urlpatterns = [
    path("initiatives/import/", views.imports, name="imports"),
    re_path(
        r"^initiatives/import/modele\.(?P<file_format>csv|xlsx)$",
        views.template_file,
        name="import_template",
    ),
    path("initiatives/import/<slug:public_id>/", views.batch_page, name="import_batch"),
    path("initiatives/import/<slug:public_id>/importer/", views.run, name="run_import"),
    path("initiatives/import/<slug:public_id>/arreter/", views.stop, name="stop_import"),
    path("initiatives/import/<slug:public_id>/annuler/", views.undo, name="undo_import"),
]
