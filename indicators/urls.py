"""Addresses of indicators."""

from django.urls import URLPattern, path

from indicators.views import entry, my_work, review

urlpatterns: list[URLPattern] = [
    path("", my_work.my_work, name="my_work"),
    path("rounds/<int:pk>/entry/", entry.entry, name="entry"),
    path("rounds/<int:pk>/preview/", entry.entry_preview, name="entry_preview"),
    path("rounds/<int:pk>/withdraw/", entry.withdraw, name="withdraw"),
    path("review/", review.review_list, name="review_list"),
    path("review/<int:pk>/", review.review_detail, name="review_detail"),
    path("review/<int:pk>/approve/", review.review_approve, name="review_approve"),
    path("review/<int:pk>/return/", review.review_return, name="review_return"),
    path("review/<int:pk>/reopen/", review.review_reopen, name="review_reopen"),
]
