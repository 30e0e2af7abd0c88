from __future__ import annotations

import socket

import geopandas as gpd
import osmnx
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner

import layers
import livingcircle
from layers.errors import LayerError
from layers.fetch_online_place import read_bbox
from layers.vocabulary import text
from tests.osm_server import BOX, NUMBER, Osm, no_fault, serving, use_server

pytestmark = pytest.mark.real


@pytest.fixture(scope="session")
def extract(real_data):
    return real_data / "andorra" / "andorra.osm.pbf"


@pytest.fixture(scope="module")
def server(extract):
    """Give a server of Andorra and its address."""
    osm = Osm(extract)
    with serving(osm) as address:
        yield osm, address


@pytest.fixture
def osm(server, monkeypatch):
    """Give the server to osmnx, which makes no pause between its requests."""
    osm, address = server
    osm.asked.clear()
    osm.fault = no_fault
    use_server(address, monkeypatch)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return osm


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Give the folder where answers about the box are kept from test to test."""
    return tmp_path_factory.mktemp("kept")


def codes(where, out, **options):
    with pytest.raises(LayerError) as caught:
        layers.fetch_place(where, out=out, **options)
    return [problem.code for problem in caught.value.problems]


def layer(project, name):
    return pyogrio.read_dataframe(project.parent / "area.gpkg", layer=name)


# --- the same study as out of an extract --------------------------------------------------------


@pytest.fixture(scope="module")
def both(server, extract, kept, tmp_path_factory):
    """Give the box fetched from the server, and the same box out of the extract."""
    folder = tmp_path_factory.mktemp("both")
    gpd.GeoDataFrame(geometry=[shapely.box(*BOX)], crs=4326).to_file(folder / "box.geojson")
    with pytest.MonkeyPatch.context() as patch:
        use_server(server[1], patch)
        online = layers.fetch_place(BOX, out=folder / "online", cache=kept)
        boundary = folder / "box.geojson"
        return online, layers.fetch_extract(extract, boundary=boundary, out=folder / "extract")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("units", ["unit_id", "name", "kind", "people"]),
        ("facilities", ["facility_id", "name", "category", "unit_id"]),
        ("boundary", ["boundary_id"]),
    ],
)
def test_a_box_from_the_server_has_the_layers_of_its_extract(both, name, columns):
    online, extract = (layer(project, name) for project in both)
    assert len(online)
    assert online[columns].equals(extract[columns])
    assert online.geom_equals(extract).all()


def test_streets_of_the_server_are_those_of_the_extract_tags_and_vertices(both):
    online, extract = (layer(project, "streets").set_index("street_id") for project in both)
    shared = online.index.intersection(extract.index)
    assert len(shared) > 500
    # Parts of a square that touch are one in osmnx, several in GDAL.
    assert {name[0] for name in online.index.symmetric_difference(extract.index)} <= {"r"}
    mine, other = online.loc[shared].drop(columns="geometry"), extract.loc[shared]
    assert mine.equals(other.drop(columns="geometry"))
    ways = shared[shared.str.isdigit()]
    assert (online.geometry[ways].to_wkb() == extract.geometry[ways].to_wkb()).all()


def test_residences_of_the_server_are_those_of_the_extract(both):
    online, extract = (layer(project, "residences").set_index("residence_id") for project in both)
    # A building in several parts is put together in another way: 1 of 700 may differ.
    assert len(online.index.symmetric_difference(extract.index)) <= len(extract) / 100
    shared = online.index.intersection(extract.index)
    assert (online.weight[shared] - extract.weight[shared]).abs().max() <= 0.1


def test_the_project_tells_the_day_of_the_servers_data(both):
    online, extract = map(layers.read_project, both)
    assert online.data_date == extract.data_date == "2025-01-19"
    assert online.attribution == extract.attribution
    assert online.name == "1.515,42.503,1.525,42.51"


# --- what is kept -------------------------------------------------------------------------------


def test_a_place_broken_off_is_taken_up_where_it_was(osm, tmp_path):
    out = tmp_path / "study"
    osm.fault = lambda number: (200, None) if number == 3 else ()
    assert codes("Andorra la Vella", out) == ["osm_unreachable"]
    assert not (out / "project.toml").exists()
    assert len(osm.asked) == 4  # the name, settlements, facilities; buildings broke off
    osm.fault = no_fault
    answer = min((out / ".cache").rglob("*.json"), key=lambda file: file.stat().st_size)
    answer.write_bytes(answer.read_bytes()[:-9])  # as if the power had failed
    told = []
    project = layers.fetch_place("Andorra la Vella", out=out, progress=lambda *at: told.append(at))
    assert sorted(osm.asked[4:]) == ["/api/interpreter"] * 2 + ["/search"]
    assert layers.read_project(project).name == "Andorra la Vella"
    assert told == [("fetch", done, 6) for done in range(6)]


def test_answers_about_other_places_are_kept_apart(osm, tmp_path):
    assert codes("Escaldes", tmp_path / "a", cache=tmp_path / "kept") == ["place_ambiguous"]
    assert codes("Pas de la Casa", tmp_path / "a", cache=tmp_path / "kept") == ["place_no_area"]
    assert len(osm.asked) == 2


@pytest.mark.usefixtures("osm")
def test_osmnx_is_left_as_it_was(tmp_path):
    def hear(response, **_):
        heard.append(response.status_code)

    heard, resolve = [], socket.getaddrinfo
    osmnx.settings.requests_kwargs = {"hooks": {"response": hear}}
    try:
        before = {name: getattr(osmnx.settings, name) for name in vars(osmnx.settings)}
        codes("Nowhere", tmp_path)
        assert {name: getattr(osmnx.settings, name) for name in before} == before
        assert socket.getaddrinfo is resolve
        assert heard == [200]
    finally:
        osmnx.settings.requests_kwargs = {}


# --- what can go wrong --------------------------------------------------------------------------


def test_without_a_network_one_message_tells_what_to_do(tmp_path, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        use_server(f"http://127.0.0.1:{free.getsockname()[1]}", monkeypatch)
    waited = []
    monkeypatch.setattr("time.sleep", waited.append)
    monkeypatch.setattr("osmnx.settings.overpass_rate_limit", True)
    with pytest.raises(LayerError) as caught:
        layers.fetch_place(BOX, out=tmp_path / "study")
    (problem,) = caught.value.problems
    assert problem.code == "osm_unreachable"
    assert problem.layer.startswith("127.0.0.1")
    assert sum(waited) <= 1  # second
    assert not (tmp_path / "study" / "project.toml").exists()


@pytest.mark.parametrize(
    ("answer", "code", "reason"),
    [
        ((200, "<html>log in</html>"), "osm_nonsense", "HTTP 200 application/json"),
        ((200, '{"message": "hello"}'), "osm_nonsense", "HTTP 200 application/json"),
        ((200, '["hello"]'), "osm_nonsense", "HTTP 200 application/json"),
        ((500, '{"elements": []}'), "osm_nonsense", "HTTP 500 application/json"),
        ((400, "what?"), "osm_nonsense", "HTTP 400 application/json"),
        ((200, '{"elements": [], "remark": "timed out"}'), "osm_cut_short", "timed out"),
    ],
)
def test_an_answer_that_is_no_whole_map_is_refused_and_not_kept(
    answer, code, reason, osm, tmp_path
):
    osm.fault = lambda _number: answer
    with pytest.raises(LayerError) as caught:
        layers.fetch_place(BOX, out=tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.values)["reason"]) == (code, reason)
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize("status", [429, 504])
def test_a_busy_server_is_asked_three_times_then_told(status, osm, tmp_path):
    osm.fault = lambda _number: (status, "busy")
    assert codes(BOX, tmp_path) == ["osm_busy"]
    assert len(osm.asked) == 3
    osm.fault = lambda number: (status, "busy") if number < 5 else (200, "[]")
    assert codes("Nowhere", tmp_path) == ["place_unknown"]
    assert len(osm.asked) == 6


def test_after_the_first_answer_a_free_slot_is_waited_for(osm, tmp_path, monkeypatch):
    monkeypatch.setattr("osmnx.settings.overpass_rate_limit", True)
    osm.fault = lambda _number: (200, '{"elements": []}')
    assert codes(BOX, tmp_path) == ["extract_no_settlements"]
    ask, status = "/api/interpreter", "/api/status"
    assert osm.asked == [ask, status, ask, status, ask, status, ask]
    assert osmnx.settings.overpass_rate_limit


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Nowhere", "place_unknown"),
        ("R1", "place_unknown"),
        ("Pas de la Casa", "place_no_area"),
        ("Andorra", "area_too_large"),
    ],
)
def test_a_place_that_cannot_be_used_is_told(name, code, osm, tmp_path):
    assert codes(name, tmp_path) == [code]
    assert len(osm.asked) == 1


@pytest.mark.usefixtures("osm")
def test_a_name_of_several_places_is_told_with_their_numbers(tmp_path):
    with pytest.raises(LayerError) as caught:
        layers.fetch_place("Escaldes", out=tmp_path)
    told = caught.value.problems[0].message("en")
    assert "R1 Escaldes, Andorra；R2 Escaldes, Elsewhere" in told
    assert "park" not in told


def test_a_box_without_settlements_is_told(osm, tmp_path):
    osm.fault = lambda _number: (200, '{"elements": []}')
    assert codes(BOX, tmp_path) == ["extract_no_settlements"]


def test_a_project_that_is_there_is_not_written_over(osm, tmp_path):
    (tmp_path / "project.toml").write_text("# mine", encoding="utf-8")
    assert codes(BOX, tmp_path) == ["project_exists"]
    assert not osm.asked


# --- boxes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["117.1,26.3,117.3,26.5", " 117.1， 26.3 117.3\t26.5 "])
def test_a_box_is_west_south_east_north(words):
    assert read_bbox(words) == (117.1, 26.3, 117.3, 26.5)


def test_a_box_west_of_greenwich_keeps_its_signs():
    assert read_bbox("-8.7,-41.2,-8.5,-41.1") == (-8.7, -41.2, -8.5, -41.1)


@pytest.mark.parametrize(
    ("words", "likely"),
    [
        ("26.3,117.1,26.5,117.3", "117.1,26.3,117.3,26.5"),  # latitude first
        ("117.3,26.3,117.1,26.5", "117.1,26.3,117.3,26.5"),
        ("117.1,26.5,117.3,26.3", "117.1,26.3,117.3,26.5"),
    ],
)
def test_a_box_in_another_order_is_told_with_the_right_one(words, likely):
    with pytest.raises(LayerError) as caught:
        read_bbox(words)
    (problem,) = caught.value.problems
    assert problem.code == "bbox_swapped"
    assert dict(problem.values)["likely"] == likely


@pytest.mark.parametrize("words", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,1,2", "nan,1,2,3"])
def test_what_is_no_box_is_told(words):
    with pytest.raises(LayerError) as caught:
        read_bbox(words)
    assert caught.value.problems[0].code == "bbox_unreadable"


# --- the command --------------------------------------------------------------------------------


def command(*words):
    return CliRunner().invoke(livingcircle.app, ["fetch", *map(str, words)])


def test_the_command_fetches_a_box(osm, kept, both, tmp_path):
    box = ",".join(map(str, BOX))
    result = command("--bbox", box, "--out", tmp_path / "study", "--cache", kept, "--quiet")
    assert result.exit_code == 0, result.output
    online, _ = both
    for file in ("area.gpkg", "project.toml"):
        assert (tmp_path / "study" / file).read_bytes() == (online.parent / file).read_bytes()
    assert not osm.asked  # the answers were kept


@pytest.mark.usefixtures("osm")
def test_the_command_tells_a_place_it_does_not_find(tmp_path):
    result = command("--place", "Nowhere", "--out", tmp_path / "study")
    assert result.exit_code == 2
    assert "Nowhere" in result.output
    assert not (tmp_path / "study" / "project.toml").exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--place", "a", "--bbox", "1,2,3,4"),
        ("--pbf", "a.osm.pbf", "--place", "a"),
        ("--place", "a", "--boundary", "b.shp"),
    ],
)
def test_the_command_wants_one_source(words, tmp_path):
    result = command(*words, "--out", tmp_path / "study")
    assert result.exit_code == 2
    assert text("cli.one_source") in result.output


def test_a_place_can_be_given_by_its_number(osm, tmp_path):
    osm.fault = lambda number: () if number == 0 else (200, '{"elements": []}')
    assert codes(NUMBER, tmp_path) == ["extract_no_settlements"]
    assert osm.asked[0] == "/lookup"
