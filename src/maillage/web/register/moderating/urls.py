"""Addresses of moderators."""

from django.urls import path

from maillage.web.register.moderating import views

urlpatterns = [
    path("initiatives/moderation/", views.queue, name="queue"),
    path("initiatives/propositions/<slug:public_id>/", views.amendment_page, name="amendment"),
    path("initiatives/propositions/<slug:public_id>/decider/", views.decide, name="decide"),
    path("initiatives/<slug:public_id>/moderer/", views.review, name="review"),
]
