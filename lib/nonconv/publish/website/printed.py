"""Each lecture as a PDF: its page, printed by Chromium."""

import shutil
from pathlib import Path

# where a formula or a picture is still to come, a print would miss it
READY = """async () => {
  await MathJax.startup.promise;
  for (const image of document.images) image.loading = 'eager';
  await Promise.all([...document.images].map(image => image.decode().catch(() => 0)));
  for (const one of document.querySelectorAll('details:not(.hide)')) one.open = true;
}"""
FOOT = (
    '<div style="font-size:8px;width:100%;text-align:center"><span class="pageNumber"></span>'
    ' / <span class="totalPages"></span></div>'
)


def chromium() -> str | None:
    """The program that prints, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def print_lectures(site: Path) -> list[Path]:
    """site/pdf/NAME.pdf for each site/lectures/NAME.html; those that are newer than their page stay."""
    program = chromium()
    todo = [
        (page, target)
        for page in sorted((site / "lectures").glob("*.html"))
        if not (target := site / "pdf" / f"{page.stem}.pdf").exists()
        or target.stat().st_mtime < page.stat().st_mtime
    ]
    if program is None or not todo:
        return []
    from playwright.sync_api import sync_playwright

    (site / "pdf").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(color_scheme="light")
        for page, target in todo:
            tab.goto(page.resolve().as_uri())
            tab.evaluate(READY)
            tab.pdf(
                path=target,
                format="A4",
                margin={"top": "16mm", "bottom": "16mm", "left": "16mm", "right": "16mm"},
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=FOOT,
                outline=True,
                tagged=True,
            )
        browser.close()
    return [target for _, target in todo]
