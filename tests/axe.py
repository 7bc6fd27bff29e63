"""axe-core in a page of Chromium: what breaks WCAG 2.2 at level A or AA, in lines to be read."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
# What is folded is opened, since axe passes over what can't be seen. Frames are pages of their own:
# axe would wait for an answer of the PDF viewer. The size of targets is off unless it is asked for.
RUN = """async (tags) => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const found = await axe.run(document, {
    iframes: false,
    resultTypes: ["violations"],
    rules: {"target-size": {enabled: true}},
    runOnly: {type: "tag", values: tags},
  });
  return found.violations.flatMap(({id, nodes}) =>
    nodes.map(({html, failureSummary}) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}"""
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")


def find_violations(page: Page) -> list[str]:
    """Run axe on the page as it stands; what it needs a person for is left out."""
    if not page.evaluate("typeof axe === 'object'"):
        # The site's policy forbids scripts of others in its pages; evaluation is not under it.
        page.evaluate(_script())
    found: list[str] = page.evaluate(RUN, list(TAGS))
    return found


@cache
def _script() -> str:
    return SCRIPT.read_text()
