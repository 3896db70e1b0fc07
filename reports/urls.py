"""Addresses of reports."""

from django.urls import URLPattern, path

from reports import form_views, views
from reports.closing import views as closing

urlpatterns: list[URLPattern] = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("indicators/<int:pk>/", views.indicator, name="indicator"),
    path("indicators/<int:pk>/why/", views.indicator_why, name="indicator_why"),
    path("rounds/<int:pk>/form/", form_views.round_page, name="result_form"),
    path("rounds/<int:pk>/form.pdf", form_views.round_file, {"kind": "pdf"}, name="result_form_pdf"),
    path("rounds/<int:pk>/form.xlsx", form_views.round_file, {"kind": "xlsx"}, name="result_form_xlsx"),
    path("indicators/<int:pk>/form/<int:year>/<int:number>/", form_views.indicator_page, name="indicator_form"),
    path(
        "indicators/<int:pk>/form/<int:year>/<int:number>.pdf",
        form_views.indicator_file,
        {"kind": "pdf"},
        name="indicator_form_pdf",
    ),
    path(
        "indicators/<int:pk>/form/<int:year>/<int:number>.xlsx",
        form_views.indicator_file,
        {"kind": "xlsx"},
        name="indicator_form_xlsx",
    ),
    path("closures/<int:pk>/", closing.closure, name="closure"),
    path("closures/<int:pk>/report.pdf", closing.closure_file, {"kind": "pdf"}, name="closure_pdf"),
    path("closures/<int:pk>/report.xlsx", closing.closure_file, {"kind": "xlsx"}, name="closure_xlsx"),
]
