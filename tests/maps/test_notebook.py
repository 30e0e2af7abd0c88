"""The page as an object: the same html on disk and in a notebook."""

from __future__ import annotations

import html
import re

from maps import study_page, write_page


def test_the_page_is_the_file_that_is_written(town, tmp_path):
    page = study_page(town, lang="en")
    saved = page.save(tmp_path / "saved.html")
    written = write_page(town, tmp_path / "written.html", lang="en")
    assert saved.read_bytes() == written.read_bytes() == page.html.encode()


def test_a_notebook_gets_the_whole_page_in_a_frame_of_its_own(town):
    page = study_page(town)
    frame = re.fullmatch(r'<iframe ([^<>]*) srcdoc="([^"<>]*)"></iframe>', page._repr_html_())
    assert html.unescape(frame[2]) == page.html
    assert "allow-same-origin" not in frame[1]  # nothing of the notebook is seen from inside


def test_the_page_is_not_printed_as_text(town):
    assert repr(study_page(town)) == "Page()"
