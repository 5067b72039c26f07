"""A real Chromium, and a page that tolerates no error and no request."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium_on_this_machine() -> str | None:
    """Where a Chromium stands that was not downloaded by Playwright, if there is one."""
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("STABGRAPH_CHROMIUM") or next(filter(None, found), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(
                executable_path=chromium_on_this_machine(), args=list(ARGUMENTS)
            )
        except Error as error:
            pytest.fail(
                "The browser tests need Chromium: install it (apt install chromium), run "
                "`playwright install chromium`, or name one in STABGRAPH_CHROMIUM "
                f"({str(error).splitlines()[0]}).",
                pytrace=False,
            )
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a small laptop's size; the test fails if it errs or asks for anything but files."""
    faults: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith(("file://", "data:")):
            faults.append(f"request: {request.url}")

    def on_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text}")

    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", offline=True
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("request", on_request)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("console", on_message)
    yield page
    context.close()
    assert not faults, faults
