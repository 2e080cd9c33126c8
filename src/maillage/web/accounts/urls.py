"""Addresses of one's account and of organisations."""

from django.urls import path

from maillage.web.accounts.notices import views as notices
from maillage.web.accounts.organisations import journal_views, territory_views
from maillage.web.accounts.organisations import views as organisations
from maillage.web.accounts.profile import views as profile

_ONE = "organisations/<str:public_id>/"

app_name = "accounts"
urlpatterns = [
    path("compte/", profile.profile, name="profile"),
    path("compte/supprimer/", profile.delete, name="delete"),
    path("compte/activite/", profile.activity, name="activity"),
    path("compte/sessions/<int:pk>/fermer/", profile.end_session, name="end_session"),
    path("compte/cles/", profile.keys, name="keys"),
    path("compte/cles/nouvelle/", profile.new_key, name="new_key"),
    path("compte/cles/<str:public_id>/revoquer/", profile.end_key, name="end_key"),
    path("compte/messages/arreter/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("roles/", territory_views.overview, name="territory_roles"),
    path("roles/<int:pk>/", territory_views.over, name="roles_over"),
    path("roles/<int:pk>/retirer/", territory_views.withdraw, name="withdraw_role"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/nouvelle/", organisations.new_organisation, name="new_organisation"),
    path("organisations/invitation/", organisations.accept_invitation, name="accept_invitation"),
    path(
        "organisations/invitation/<str:secret>/",
        organisations.open_invitation,
        name="invitation",
    ),
    path(_ONE, organisations.organisation, name="organisation"),
    path(f"{_ONE}journal/", journal_views.journal, name="organisation_journal"),
    path(f"{_ONE}journal.csv", journal_views.journal_csv, name="organisation_journal_csv"),
    path(f"{_ONE}modifier/", organisations.edit_organisation, name="edit_organisation"),
    path(f"{_ONE}territoires/", organisations.territories, name="territories"),
    path(f"{_ONE}inviter/", organisations.invite, name="invite"),
    path(
        f"{_ONE}invitations/<str:invitation_id>/annuler/",
        organisations.revoke,
        name="revoke_invitation",
    ),
    path(f"{_ONE}membres/<str:user_id>/role/", organisations.change_member, name="change_member"),
    path(
        f"{_ONE}membres/<str:user_id>/retirer/", organisations.remove_member, name="remove_member"
    ),
]
