"""Files are put in place whole, all or none, and places are checked first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from callsim.errors import OutputError
from callsim.report.output import check_folder, check_place, write_all


def test_all_files_are_written(tmp_path: Path) -> None:
    """Bytes, or a function that writes them."""
    write_all({tmp_path / "a": b"one", tmp_path / "b": lambda draft: draft.write_bytes(b"two") and None})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"one", "b": b"two"}


def test_none_is_written_if_one_fails(tmp_path: Path) -> None:
    """Neither the good file nor a draft of it is left over."""

    def fail(draft: Path) -> None:
        draft.write_bytes(b"half")
        raise OutputError("no")

    with pytest.raises(OutputError, match=r"^no$"):
        write_all({tmp_path / "a": b"one", tmp_path / "b": fail})
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_if_the_new_one_fails(tmp_path: Path) -> None:
    """Yesterday's result is not lost to today's fault."""
    (tmp_path / "a").write_bytes(b"old")

    def fail(draft: Path) -> None:
        raise OutputError("no")

    with pytest.raises(OutputError):
        write_all({tmp_path / "a": fail})
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_folder_that_does_not_exist_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """A typing error must not make a tree of folders."""
    place = tmp_path / "no such folder" / "rows.json"
    with pytest.raises(OutputError) as caught:
        check_place(place)
    folder = place.parent
    assert str(caught.value) == f"{folder}: this folder does not exist; create it first (mkdir -p '{folder}')"


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """And the other way round."""
    with pytest.raises(OutputError) as caught:
        check_place(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: is a folder; an output needs the name of a file, such as {tmp_path / 'rows.json'}"
    )
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        check_folder(tmp_path / "file")
    assert str(caught.value) == f"{tmp_path / 'file'}: is a file, not a folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind the super-user")
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    """Said before the work, not after it."""
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError) as caught:
        check_folder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: this folder cannot be written to; choose another or change its permissions"
    )
