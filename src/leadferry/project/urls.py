"""Addresses of the console."""

from leadferry.console.web.urls import urlpatterns

__all__ = ["urlpatterns"]
