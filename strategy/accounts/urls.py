"""Addresses of accounts."""

from django.contrib.auth import views as auth
from django.urls import URLPattern, path

from strategy.accounts import factor_views, views

urlpatterns: list[URLPattern] = [
    path("accounts/", views.account, name="account"),
    path("accounts/login/", views.LoginView.as_view(), name="login"),
    path("accounts/logout/", auth.LogoutView.as_view(), name="logout"),
    path("accounts/resume/", views.resume, name="resume"),
    path("accounts/password/", views.PasswordChangeView.as_view(), name="password_change"),
    path("accounts/password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("accounts/reset/", views.PasswordResetView.as_view(), name="password_reset"),
    path("accounts/reset/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("accounts/reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path(
        "accounts/reset/<str:uidb64>/<str:token>/",
        views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("accounts/second-factor/", factor_views.verify, name="second_factor"),
    path("accounts/second-factor/set-up/", factor_views.set_up, name="second_factor_set_up"),
    path("accounts/second-factor/codes/", factor_views.recovery_codes, name="recovery_codes"),
    path("accounts/second-factor/off/", factor_views.switch_off, name="second_factor_off"),
]
