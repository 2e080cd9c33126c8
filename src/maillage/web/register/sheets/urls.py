"""Addresses of one initiative; the last of the register, for they take any name."""

from django.urls import path

from maillage.web.register.sheets import history, relay_views, suggesting, views

_ONE = "initiatives/<slug:public_id>/"
urlpatterns = [
    path(
        "initiatives/propositions/confirmer/<str:secret>/",
        suggesting.confirm_suggested,
        name="confirm_suggestion",
    ),
    path(
        "initiatives/messages/confirmer/<str:secret>/",
        relay_views.confirm_message,
        name="confirm_message",
    ),
    path(
        "initiatives/messages/repondre/<str:secret>/",
        relay_views.answer_message,
        name="answer_message",
    ),
    path(
        "initiatives/contacts/confirmer/<str:token>/",
        relay_views.confirm_contact,
        name="confirm_contact",
    ),
    path("initiatives/rappels/<str:token>/", views.check_by_link, name="check_by_link"),
    path(f"{_ONE}proposer/<slug:step>/", suggesting.suggest_change, name="suggest"),
    path(f"{_ONE}ecrire/", relay_views.write_to_holder, name="write_to_holder"),
    path(f"{_ONE}historique/", history.history, name="history"),
    path(f"{_ONE}historique/<int:number>/revenir/", history.revert_to, name="revert"),
    path(f"{_ONE}verifiee/", views.check_fresh, name="check_fresh"),
    path(f"{_ONE}fichiers/<str:file_id>/", views.attachment, name="attachment"),
    path("initiatives/<slug:address>/", views.initiative_page, name="initiative"),
]
