"""Pictures of the console for the docs: `python -m scripts.pictures LINK`, the link of `leadferry demo`."""

import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
WIDTHS = (1280, 390)
HIGHEST = 740
"""Pixels of a page that are kept, so that a list does not fill a book."""
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = {
    "dashboard": "",
    "contacts": "contacts/",
    "contact-edit": "contacts/5/edit/",
    "contact-salesforce": "contacts/key/eli/",
    "contacts-import": "contacts/import/",
    "scores": "scores/",
    "score": "scores/1/",
    "score-rule": "scores/1/rules/1/",
    "score-contacts": "scores/1/contacts/",
    "settings": "settings/",
    "mapping": "mapping/",
    "organization": "organization/",
    "organization-credentials": "organization/sign-in/client_credentials/",
    "runs": "runs/",
    "run": "runs/1/",
    "quarantine": "quarantine/",
    "quarantine-cause": "quarantine/cause/REQUIRED_FIELD_MISSING/",
    "events": "events/",
    "event": "events/13/",
    "tasks": "tasks/",
    "task": "tasks/1/",
    "people": "people/",
    "person-add": "people/add/",
    "audit": "audit/",
}


def taken(browser: Browser, link: str) -> None:
    """Every page of the demo's site acme at every width, and the dashboard in the dark."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    for width in WIDTHS:
        for name, address in PAGES.items():
            page.goto(urljoin(link, f"/site/acme/{address}"))
            page.set_viewport_size({"width": width, "height": 900})
            high = min(HIGHEST, page.evaluate("document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": high})
            page.screenshot(path=FOLDER / f"{name}-{width}.png")
        page.emulate_media(color_scheme="dark")
        page.goto(urljoin(link, "/site/acme/"))
        page.screenshot(path=FOLDER / f"dashboard-{width}-dark.png", full_page=True)
        page.emulate_media(color_scheme="light")


def main() -> int:
    """Take all pictures; the console at the link must be running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        taken(browser, sys.argv[1])
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
