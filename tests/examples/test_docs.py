"""Everything that the documentation shows is done here, and what it prints is what the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.examples.doc_pages import DOCS, KINDS, Page, blocks, pages, renewed, shown

PAGES = pages()
EVERY_PAGE = sorted(DOCS.rglob("*.md"))
_LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def label(path: Path) -> str:
    """Return the name of a page within docs/."""
    return path.relative_to(DOCS).as_posix()


def headings(path: Path) -> set[str]:
    """Return the anchors that a code host makes of a page's headings."""
    lines = _FENCED.sub("", path.read_text(encoding="utf-8")).splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=label)
def test_examples_of_a_page_do_what_it_says(path: Path, tmp_path: Path) -> None:
    """In order, in an empty folder. To renew what they print: python -m tests.examples.doc_pages."""
    for block, printed in Page(path.read_text(encoding="utf-8"), tmp_path).said():
        assert block.body == shown(block, printed), f"{label(path)}, line {block.line}: what is printed has changed"


@pytest.mark.parametrize("path", PAGES, ids=label)
def test_every_block_is_of_a_kind_that_is_tried_out(path: Path) -> None:
    """A block of another kind would be an example that nobody runs."""
    text = path.read_text(encoding="utf-8")
    assert [(block.line, block.kind) for block in blocks(text) if block.kind not in KINDS] == []
    assert text.count("\n```") == 2 * len(list(blocks(text)))


@pytest.mark.parametrize("path", EVERY_PAGE, ids=label)
def test_links_of_a_page_lead_somewhere(path: Path) -> None:
    """To a file of the repository, and to a heading if one is named."""
    for link in _LINK.finditer(_FENCED.sub("", path.read_text(encoding="utf-8"))):
        target = (path.parent / link["file"]).resolve() if link["file"] else path
        assert target.exists(), link[0]
        assert not link["heading"] or link["heading"] in headings(target), link[0]


def test_index_names_every_page() -> None:
    """A page that the index does not name is found by nobody."""
    index = DOCS / "README.md"
    named = {(DOCS / link["file"]).resolve() for link in _LINK.finditer(index.read_text(encoding="utf-8"))}
    assert [label(path) for path in EVERY_PAGE if path != index and path not in named] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```sh\ncallsim validate nowhere.yaml\n```\n", "line 1: callsim validate nowhere.yaml"),
        ("```sh\nrm x\n```\n", "line 1: only commands of callsim"),
        ("```yaml\nname: x\n```\n", "line 1: the first line names the file"),
        ("```yml\nname: x\n```\n", "line 1: the first line names the file"),
        ("```yaml\n# a.yaml\nname: x\n```\n", "line 1: a.yaml"),
        ("```python\nassert 1 == 2, 'unequal'\n```\n", "line 1: unequal"),
        ("\n```bash\nfalse\n```\n", "line 2: "),
    ],
)
def test_a_wrong_example_is_found(text: str, complaint: str, tmp_path: Path) -> None:
    """Of each kind, with the line at which it begins."""
    with pytest.raises(AssertionError, match=f"^{re.escape(complaint)}"):
        list(Page(text, tmp_path).said())


def test_printed_text_is_renewed_and_its_cut_kept(tmp_path: Path) -> None:
    """Renewing writes what is printed now, and as many lines of it as the page had shown."""
    script = "```python\nfor n in (1, 2, 3):\n    print(n)\n```\n"
    assert renewed(f"{script}```text\nold\n```\n", tmp_path) == f"{script}```text\n1\n2\n3\n```\n"
    assert renewed(f"{script}```text\nold\n...\n```\nmore\n", tmp_path) == f"{script}```text\n1\n...\n```\nmore\n"
