"""Addresses of the scheduled tasks."""

from leadferry.console.web.pages import page_path
from leadferry.console.web.scheduled import views

PAGES = [
    page_path("tasks/", views.index, "tasks"),
    page_path("tasks/<int:task_id>/", views.edit, "tasks-edit"),
    page_path("tasks/<int:task_id>/<slug:action>/", views.act, "tasks-act"),
]
