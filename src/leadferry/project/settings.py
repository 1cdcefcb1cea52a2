"""Settings of the ready project: what the commands need and no more, so that they start at once."""

import os
from pathlib import Path

from leadferry.project.database import database

HOME = Path(os.environ.get("LEADFERRY_HOME", ".leadferry"))
DATABASES = {"default": database(os.environ.get("LEADFERRY_DATABASE_URL", ""), home=HOME)}
INSTALLED_APPS = ["leadferry.contacts", "leadferry.scoring", "leadferry.ledger"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LOGGING_CONFIG = None
