"""What is kept on the shelf comes back as it was, or not at all, and never in anybody's way."""

from __future__ import annotations

import errno
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from layers import shelf
from layers.shelf import PLACE, Shelf, users_shelf

ARRAYS = {
    "whole": np.arange(400, dtype=np.int64),
    "parts": np.linspace(0, 1, 7),
    "flags": np.array([True, False, True]),
    "nothing": np.empty(0),
}


@pytest.fixture
def kept(tmp_path) -> Shelf:
    """Give a shelf with one thing on it."""
    found = Shelf(tmp_path / "架 子", room=1 << 16)
    found.keep("key", ARRAYS)
    return found


def only(found: Shelf) -> Path:
    (path,) = found.folder.iterdir()
    return path


def is_whole(found: dict[str, np.ndarray] | None) -> bool:
    """Say whether it is what was kept; whatever else than that or nothing is refused."""
    if found is None:
        return False
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()
    return True


def test_what_is_kept_comes_back_byte_for_byte_and_nothing_under_another_key(kept):
    assert is_whole(kept.find("key"))
    assert kept.find("other") is None
    assert Shelf(kept.folder / "elsewhere").find("key") is None


def test_only_its_user_may_read_it(kept):
    assert kept.folder.stat().st_mode & 0o077 == 0
    assert only(kept).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_short_is_as_good_as_none_and_is_replaced(kept, share):
    path = only(kept)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    assert kept.find("key") is None
    kept.keep("key", ARRAYS)
    assert is_whole(kept.find("key"))
    assert only(kept) == path


def test_a_file_with_a_byte_changed_gives_what_was_kept_or_nothing(kept):
    path = only(kept)
    whole = path.read_bytes()
    lost = 0
    for at in np.random.default_rng(1).permutation(len(whole))[:500]:
        changed = bytearray(whole)
        changed[at] ^= 1 << (at % 8)
        path.write_bytes(changed)
        lost += not is_whole(kept.find("key"))
    assert lost > 400  # what is left are dates that nobody asks for


def test_a_file_of_another_key_is_not_taken_for_it(kept):
    path = only(kept)
    kept.keep("other", ARRAYS | {"whole": np.arange(3)})
    (other,) = {*kept.folder.iterdir()} - {path}
    shutil.copy(other, path)
    assert kept.find("key") is None


class Harm:
    """Does harm to whoever unpacks it."""

    def __reduce__(self):
        return os.mkdir, ("harm",)


@pytest.mark.parametrize("content", ["objects", "array", "text", "folder"])
def test_a_file_of_somebody_else_is_ignored_and_runs_nothing(kept, content, monkeypatch):
    path = only(kept)
    monkeypatch.chdir(kept.folder)
    path.unlink()
    if content == "folder":
        path.mkdir()
    elif content == "text":
        path.write_text("nothing of ours", encoding="utf-8")
    else:
        objects = np.array([Harm()], dtype=object)
        with path.open("wb") as file:
            if content == "array":
                np.save(file, np.arange(3))
            else:
                np.savez(file, **(dict.fromkeys(ARRAYS, objects) | {shelf._KEY: objects}))
    assert kept.find("key") is None
    assert not (kept.folder / "harm").exists()
    kept.keep("key", ARRAYS)
    assert is_whole(kept.find("key")) is (content != "folder")


def test_what_another_version_kept_is_not_found(kept, monkeypatch):
    monkeypatch.setattr(shelf, "made_by", lambda: "another program, or other libraries")
    assert kept.find("key") is None
    kept.keep("key", ARRAYS)
    monkeypatch.undo()
    assert is_whole(kept.find("key"))
    assert len(list(kept.folder.iterdir())) == 2


def test_files_take_up_no_more_than_their_room_and_those_used_longest_ago_go_first(tmp_path):
    found = Shelf(tmp_path, room=45_000)
    (tmp_path / "someone's.npz").write_bytes(bytes(50_000))
    for day, key in enumerate("abcd"):
        found.keep(key, {"array": np.arange(1200)})
        os.utime(tmp_path / shelf._name(key), (day, day))
    assert found.find("a") is not None  # and so b has waited longest
    found.keep("e", {"array": np.arange(1200)})
    assert [key for key in "abcde" if found.find(key)] == ["a", "c", "d", "e"]
    ours = [path.stat().st_size for path in tmp_path.glob("kept-*")]
    assert 30_000 < sum(ours) <= found.room
    assert (tmp_path / "someone's.npz").stat().st_size == 50_000


def test_what_has_no_room_is_not_kept(tmp_path):
    found = Shelf(tmp_path, room=10_000)
    found.keep("small", {"array": np.arange(500)})
    found.keep("large", {"array": np.arange(5000)})
    assert found.find("large") is None
    assert found.find("small") is not None


def test_halves_that_a_killed_program_left_make_room_in_their_turn(tmp_path):
    found = Shelf(tmp_path, room=12_000)
    half = tmp_path / "kept-half"
    half.write_bytes(bytes(8000))
    os.utime(half, (1, 1))
    found.keep("key", ARRAYS | {"more": np.arange(600)})
    assert not half.exists()
    assert found.find("key") is not None


@pytest.mark.parametrize("place", ["a file", "in a file", "nobody's"])
def test_where_nobody_may_write_nothing_is_kept_and_nothing_said(tmp_path, place):
    file = tmp_path / "file"
    file.write_text("in the way", encoding="utf-8")
    folder = {"a file": file, "in a file": file / "x", "nobody's": Path("/proc/nobody")}[place]
    found = Shelf(folder)
    found.keep("key", ARRAYS)
    assert found.find("key") is None
    assert file.read_text(encoding="utf-8") == "in the way"


@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "full"), ValueError("before 1980"), KeyboardInterrupt()]
)
def test_what_cannot_be_written_whole_leaves_nothing(tmp_path, monkeypatch, fault):
    def fails(file, **_):
        file.write(b"a part")
        raise fault

    monkeypatch.setattr(np, "savez", fails)
    try:
        Shelf(tmp_path).keep("key", ARRAYS)
    except KeyboardInterrupt:
        assert isinstance(fault, KeyboardInterrupt)
    assert list(tmp_path.iterdir()) == []


def test_the_last_of_a_disk_is_left_to_results(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "disk_usage", lambda _: SimpleNamespace(free=9_999))
    Shelf(tmp_path, room=10_000).keep("key", ARRAYS)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_being_read_where_that_forbids_to_move_it_is_left(kept, monkeypatch):
    """Windows neither replaces nor removes what somebody has open."""

    def refused(*_, **__):
        raise PermissionError(errno.EACCES, "in use")

    for way in ("unlink", "replace"):
        monkeypatch.setattr(Path, way, refused)
    kept.keep("key", ARRAYS)
    Shelf(kept.folder, room=len(only_one(kept)) + 4000).keep("more", {"array": np.arange(450)})
    monkeypatch.undo()
    assert is_whole(kept.find("key"))


def only_one(found: Shelf) -> bytes:
    return (found.folder / shelf._name("key")).read_bytes()


def _keep_and_find(folder: Path, number: int) -> int:
    """Keep and find the same few things over and over; say how often they were there."""
    there = 0
    found, rng = Shelf(folder, room=1 << 20), np.random.default_rng(number)
    for _ in range(60):
        key = int(rng.integers(4))
        array = np.full(40_000, key)
        found.keep(str(key), {"array": array})
        got = found.find(str(rng.integers(4)))
        if got is not None:
            assert len(np.unique(got["array"])) == 1
            assert got["array"].shape == array.shape
            there += 1
    return there


def test_runs_at_the_same_time_find_whole_files_or_none_and_keep_within_the_room(tmp_path):
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as crew:
        found = [*crew.map(_keep_and_find, [tmp_path] * 3, range(3))]
    assert min(found) > 0
    files = [*tmp_path.iterdir()]
    assert sum(path.stat().st_size for path in files) <= 1 << 20
    assert all(path.suffix == ".npz" for path in files)


def test_the_user_says_where_the_shelf_stands_or_that_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv(PLACE, str(tmp_path / "there"))
    assert users_shelf() == Shelf(tmp_path / "there" / "networks")
    monkeypatch.setenv(PLACE, "OFF")
    assert users_shelf() is None


def test_otherwise_it_stands_where_the_system_keeps_what_may_be_lost(tmp_path, monkeypatch):
    for name in (PLACE, "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert users_shelf() == Shelf(tmp_path / ".cache" / "livingcircle" / "networks")
    monkeypatch.setenv("XDG_CACHE_HOME", "not/from/the/root")  # which nobody may heed
    assert users_shelf() == Shelf(tmp_path / ".cache" / "livingcircle" / "networks")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert users_shelf() == Shelf(tmp_path / "xdg" / "livingcircle" / "networks")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert users_shelf() == Shelf(tmp_path / "local" / "livingcircle" / "networks")


def test_whoever_has_no_home_has_no_shelf(monkeypatch):
    for name in (PLACE, "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def nobody(*_: object) -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", nobody)
    assert users_shelf() is None


def test_the_default_room_is_no_more_than_a_disk_can_spare():
    assert Shelf(Path()).room == 1 << 30
