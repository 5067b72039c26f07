"""The page of the ontology in a real browser."""

from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "ontology.html"


@pytest.mark.parametrize("width", [1280, 390])
def test_page_opens_without_asking_for_anything(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(PAGE.as_uri())
    assert "ontology of strategic-stability dialogues" in page.title()
    page.click("svg >> text=Meeting")
    assert page.url.endswith("#Meeting")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
