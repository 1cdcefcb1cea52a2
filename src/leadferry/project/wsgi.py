"""The console for a WSGI server; `leadferry web` serves it by waitress."""

from leadferry.project.boot import prepare

prepare(web=True)

from django.core.wsgi import get_wsgi_application  # noqa: E402 - models need a prepared installation

application = get_wsgi_application()
