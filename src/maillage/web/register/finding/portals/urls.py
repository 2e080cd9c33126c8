"""Addresses of portals."""

from typing import Final

from django.urls import path

from maillage.web.register.finding.portals import editing, showing

_ONE: Final = "initiatives/portails/<slug:slug>/"
_OF: Final = "organisations/<str:public_id>/portails/"

portal_patterns = [
    path(_ONE, showing.portal_page, name="portal"),
    path(f"{_ONE}couleurs.css", showing.portal_style, name="portal_style"),
    path(f"{_ONE}logo/", showing.portal_logo, name="portal_logo"),
    path(f"{_ONE}modifier/", editing.edit_portal, name="edit_portal"),
    path(f"{_ONE}selection/", editing.select, name="portal_selection"),
    path(f"{_ONE}etat/", editing.change_state, name="portal_state"),
    path(_OF, editing.portals, name="portals"),
    path(f"{_OF}nouveau/", editing.new_portal, name="new_portal"),
]
