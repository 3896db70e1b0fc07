"""Addresses of indicators."""

from django.urls import URLPattern, path

from indicators.closing.urls import urlpatterns as closing
from indicators.evidence.urls import urlpatterns as evidence
from indicators.handover.urls import urlpatterns as handover
from indicators.monthly.urls import urlpatterns as monthly
from indicators.notices.urls import urlpatterns as notices
from indicators.recovery.urls import urlpatterns as recovery
from indicators.reviews.urls import urlpatterns as reviews
from indicators.schedule.urls import urlpatterns as schedule
from indicators.views import autosave, entry, grid, lint, my_work, review, review_list
from indicators.workbooks.urls import urlpatterns as workbooks

urlpatterns: list[URLPattern] = [
    path("", my_work.my_work, name="my_work"),
    path("rounds/<int:pk>/entry/", entry.entry, name="entry"),
    path("rounds/<int:pk>/preview/", entry.entry_preview, name="entry_preview"),
    path("rounds/<int:pk>/autosave/", autosave.autosave, name="autosave"),
    path("rounds/<int:pk>/withdraw/", entry.withdraw, name="withdraw"),
    path("indicators/<int:pk>/grid/<int:year>/<int:number>/", grid.grid, name="grid"),
    path("indicators/<int:pk>/grid/<int:year>/<int:number>/row/", grid.grid_row, name="grid_row"),
    path("indicators/<int:pk>/grid/<int:year>/<int:number>/file/", grid.grid_template, name="grid_template"),
    path("indicators/<int:pk>/grid/<int:year>/<int:number>/import/", grid.grid_import, name="grid_import"),
    path("review/", review_list.review_list, name="review_list"),
    path("review/<int:pk>/", review.review_detail, name="review_detail"),
    path("review/<int:pk>/approve/", review.review_approve, name="review_approve"),
    path("review/<int:pk>/return/", review.review_return, name="review_return"),
    path("review/<int:pk>/reopen/", review.review_reopen, name="review_reopen"),
    path("review/<int:pk>/assess/", review.review_assess, name="review_assess"),
    path("lint/", lint.lint, name="lint"),
    path("lint/effects/", lint.lint_effects, name="lint_effects"),
    path("lint/<str:fingerprint>/", lint.lint_detail, name="lint_detail"),
    path("lint/<str:fingerprint>/decide/", lint.lint_decide, name="lint_decide"),
    *handover,
    *monthly,
    *workbooks,
    *evidence,
    *recovery,
    *reviews,
    *schedule,
    *closing,
    *notices,
]
