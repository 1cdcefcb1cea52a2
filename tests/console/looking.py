"""What tests look for in any page: room, accessibility, and a picture for the docs."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
GRAVE = ("serious", "critical")


def serious_findings(page: Page) -> list[str]:
    """What axe-core objects to gravely, with the elements."""
    page.add_style_tag(
        content="*, *::before, *::after { transition: none !important; animation: none !important; }"
    )
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def snapshot(page: Page, name: str) -> None:
    """Keep a picture of the page for the docs, when LEADFERRY_SCREENSHOTS is set."""
    if os.environ.get("LEADFERRY_SCREENSHOTS"):
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
