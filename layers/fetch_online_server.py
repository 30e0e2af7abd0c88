"""Asking the servers of OpenStreetMap through osmnx: settings held, answers judged and kept."""

from __future__ import annotations

import json
import logging
import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from osmnx import settings

from layers.errors import LayerError, Problem
from layers.fetch_source import fetch_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LOG = logging.getLogger(__name__)

_BUSY = (429, 504)
_DATE = re.compile(rb'"timestamp_osm_base":\s*"(\d{4}-\d{2}-\d{2})')
_HEAD = 1000  # bytes of an answer that hold its date


class Answers:
    """The folder where osmnx keeps what servers answered, so that nothing is asked for twice.

    It belongs to one study: its places are those found by one name, its date that of one area.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the folder, which need not be there yet."""
        self.folder = folder

    def mend(self) -> None:
        """Throw away what was cut short while it was written, to be asked for again."""
        for file in self._files():
            try:
                json.loads(file.read_bytes())
            except ValueError:
                file.unlink()

    def places(self) -> list[dict[str, Any]]:
        """Give what was found by name or id, the most important first."""
        small = (json.loads(file.read_bytes()) for file in self._files() if not _date(file))
        found = [place for answer in small if isinstance(answer, list) for place in answer]
        return sorted(found, key=lambda place: place["importance"], reverse=True)

    def date(self) -> str:
        """Give the day of the oldest data, such as 2025-01-20; empty where none is told."""
        return min(filter(None, map(_date, self._files())), default="")

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))


def _date(file: Path) -> str:
    with file.open("rb") as answer:
        told = _DATE.search(answer.read(_HEAD))
    return told[1].decode() if told else ""


@contextmanager
def osm_server(folder: Path) -> Iterator[Answers]:
    """Let osmnx ask its servers, those that its settings name, and keep the answers in a folder.

    Its settings are as they were afterwards. Raises LayerError (osm_unreachable, osm_busy,
    osm_nonsense, osm_cut_short); what was answered until then is kept.
    """
    rules = fetch_rules()["online"]
    answers = Answers(folder)
    answers.mend()
    options = {
        "use_cache": True,
        "cache_folder": folder,
        "cache_only_mode": False,
        # The judge restores it: without a network, osmnx would wait a minute for a free slot.
        "overpass_rate_limit": False,
        "doh_url_template": None,  # names are asked of the planner's own network only
        "http_user_agent": rules["user_agent"],
        "http_accept_language": rules["accept_language"],
        "requests_kwargs": _with_hook(settings.requests_kwargs, _Judge(rules["patience"])),
    }
    try:
        with _osmnx_settings(options):
            yield answers
    except requests.RequestException as error:
        host = _host(str(error.request.url)) if error.request is not None else "OpenStreetMap"
        reason = (("reason", type(error).__name__),)
        raise LayerError(Problem(host, "osm_unreachable", values=reason)) from error


@contextmanager
def _osmnx_settings(options: Mapping[str, object]) -> Iterator[None]:
    before = {name: getattr(settings, name) for name in options}
    resolve = socket.getaddrinfo
    try:
        for name, value in options.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
        socket.getaddrinfo = resolve  # osmnx puts its own there, to stay with one address


class _Judge:
    """Hears every answer before osmnx does, which waits for ever and takes half an answer."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.rate_limit = settings.overpass_rate_limit

    def __call__(self, response: requests.Response, *_: object, **__: object) -> None:
        path = urlsplit(response.url).path
        if response.is_redirect or path.endswith("/status"):
            return
        host, answer = _host(response.url), _content(response)
        if response.status_code in _BUSY:
            if not self.patience:
                raise LayerError(Problem(host, "osm_busy", value=str(response.status_code)))
            self.patience -= 1
            LOG.warning("%s is busy (%d), waiting", host, response.status_code)
            return
        if not response.ok or not _makes_sense(answer):
            kind = response.headers.get("Content-Type", "")
            reason = (("reason", f"HTTP {response.status_code} {kind}".strip()),)
            raise LayerError(Problem(host, "osm_nonsense", values=reason))
        if isinstance(answer, dict) and "remark" in answer:
            reason = (("reason", str(answer["remark"])),)
            raise LayerError(Problem(host, "osm_cut_short", values=reason))
        settings.overpass_rate_limit = self.rate_limit


def _with_hook(given: Mapping[str, Any], judge: _Judge) -> dict[str, Any]:
    """Give the options of requests with one hook more."""
    hooks = dict(given.get("hooks", {}))
    others = hooks.get("response", [])
    hooks["response"] = [*(others if isinstance(others, list) else [others]), judge]
    return {**given, "hooks": hooks}


def _content(response: requests.Response) -> object:
    try:
        answer: object = response.json()
    except requests.JSONDecodeError:
        return None
    return answer


def _makes_sense(answer: object) -> bool:
    """Say whether an answer is a list of places or the elements of a map."""
    if isinstance(answer, dict):
        return isinstance(answer.get("elements"), list)
    return isinstance(answer, list) and all(
        isinstance(place, dict) and {"importance", "display_name"} <= place.keys()
        for place in answer
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc
