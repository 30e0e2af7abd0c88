from __future__ import annotations

from dataclasses import replace

import pytest

from layers.catalogue.policy import load_indicators
from layers.errors import ProjectError
from layers.project_file import project_toml, read_project
from layers.vocabulary import LANGUAGES, text

SMALLEST = """
name = "明溪县"
crs = "EPSG:4548"
[layers.units]
source = "county.gpkg"
"""


@pytest.fixture
def write(tmp_path):
    def write(content, encoding="utf-8"):
        path = tmp_path / "project.toml"
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return write


def problems_of(path):
    with pytest.raises(ProjectError) as caught:
        read_project(path)
    return {(problem.code, problem.column) for problem in caught.value.problems}


def values_of(path):
    with pytest.raises(ProjectError) as caught:
        read_project(path)
    (problem,) = caught.value.problems
    return dict(problem.values)


def test_the_smallest_project_has_every_default(write):
    project = read_project(write(SMALLEST))
    assert project.name == "明溪县"
    assert project.crs == "EPSG:4548"
    assert project.circle.id == "basic-15"
    assert project.indicators == ()
    assert len(project.categories) == 19
    (units,) = project.layers
    assert (units.role, units.path) == ("units", project.folder / "county.gpkg")


def test_a_folder_stands_for_the_project_file_in_it(write):
    path = write(SMALLEST)
    assert read_project(path.parent) == read_project(path)


def test_a_byte_order_mark_does_no_harm(write):
    assert read_project(write(SMALLEST, "utf-8-sig")).name == "明溪县"


def test_gbk_and_utf16_files_are_told_to_be_no_utf8(write):
    assert problems_of(write(SMALLEST, "gbk")) == {("project_not_utf8", None)}
    assert problems_of(write(SMALLEST, "utf-16")) == {("project_not_utf8", None)}


def test_a_missing_file_is_told(tmp_path):
    assert problems_of(tmp_path / "project.toml") == {("project_absent", None)}


def test_a_fault_of_writing_is_told_with_its_line(write):
    with pytest.raises(ProjectError) as caught:
        read_project(write('name = "a"\ncrs = "EPSG:4548\n'))
    (problem,) = caught.value.problems
    assert (problem.code, problem.row) == ("project_not_toml", 2)


def test_everything_wrong_is_told_at_once(write):
    path = write("""
nam = "明溪县"
simulated = "yes"
circle = "basic-51"
policy = "mingxi-2023-61"
[layers.police]
rol = "facilities"
datum = "wgs48"
encoding = "gkb"
columns = { naem = "名称" }
values = { category = "police-rooms" }
[rules]
unit_share = 50
detour = 1.2
statuses = ["built"]
[modes.wlak]
flat_kmh = 3
[modes.drive]
flat_kmh = 30
[limits.police-room.rural]
minutes = 0
mode = "car"
[limits.policeroom]
""")
    assert problems_of(path) == {
        ("unknown_key", "nam"),
        ("missing_key", "name"),
        ("missing_key", "crs"),
        ("wrong_type", "simulated"),
        ("unknown_word", "circle"),
        ("unknown_word", "policy"),
        ("unknown_key", "layers.police.rol"),
        ("missing_key", "layers.police.role"),
        ("missing_key", "layers.police.source"),
        ("unknown_word", "layers.police.datum"),
        ("unknown_encoding", "layers.police.encoding"),
        ("unknown_key", "layers.police.columns.naem"),
        ("unknown_word", "layers.police.values.category"),
        ("unknown_key", "layers.police.values.category"),
        ("missing_key", "layers.units"),
        ("out_of_range", "rules.unit_share"),
        ("unknown_key", "rules.detour"),
        ("unknown_word", "rules.statuses"),
        ("unknown_key", "modes.wlak"),
        ("unknown_key", "modes.drive.flat_kmh"),
        ("out_of_range", "limits.police-room.rural.minutes"),
        ("unknown_word", "limits.police-room.rural.mode"),
        ("unknown_key", "limits.policeroom"),
    }


def test_an_unknown_key_is_told_with_the_nearest_known_one(write):
    assert values_of(write(SMALLEST + 'sourse = "b"\n'))["nearest"] == "source"
    assert values_of(write(SMALLEST + 'columns = { pepole = "人口" }\n'))["nearest"] == "people"
    assert values_of(write("attribtion = []\n" + SMALLEST))["nearest"] == "attribution"


def test_a_category_is_told_with_the_nearest_known_one(write):
    path = write(
        SMALLEST + '[layers.facilities]\nsource = "a.csv"\nvalues = { category = "pharmcy" }\n'
    )
    assert values_of(path)["nearest"] == "pharmacy"


@pytest.mark.parametrize("source", ["../county.gpkg", "/etc/county.gpkg", "data/../../county.gpkg"])
def test_paths_stay_inside_the_folder_unless_allowed(write, source):
    content = SMALLEST.replace("county.gpkg", source)
    assert problems_of(write(content)) == {("path_outside", "layers.units.source")}
    assert read_project(write("allow_outside = true\n" + content)).layers


def test_a_link_that_leads_out_of_the_folder_is_followed_and_refused(write, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "county.gpkg"
    elsewhere.touch()
    path = write(SMALLEST)
    (path.parent / "county.gpkg").symlink_to(elsewhere)
    assert problems_of(path) == {("path_outside", "layers.units.source")}


def test_a_path_may_be_written_the_windows_way(write):
    project = read_project(write(SMALLEST.replace('"county.gpkg"', r"'data\county.gpkg'")))
    assert project.layers[0].path == project.folder / "data" / "county.gpkg"


def test_a_layer_keeps_what_is_said_of_its_file(write):
    project = read_project(
        write(
            SMALLEST
            + """
[layers.police]
role = "facilities"
source = "警务室.csv"
encoding = "gbk"
datum = "gcj02"
crs = "EPSG:4490"
columns = { name = "名称", x = "经度", y = "纬度" }
values = { category = "police-room", year = 2024 }
"""
        )
    )
    police = project.layers_of("facilities")[0]
    assert (police.name, police.encoding, police.datum, police.crs) == (
        *("police", "gbk", "gcj02"),
        "EPSG:4490",
    )
    assert police.columns == {"name": "名称", "x": "经度", "y": "纬度"}
    assert police.values == {"category": "police-room", "year": "2024"}


def test_a_ledger_column_of_the_catalogue_may_be_named_in_its_own_layer_only(write):
    columns = 'source = "a.csv"\ncolumns = { activity_area_m2 = "活动面积" }\n'
    project = read_project(write(f"{SMALLEST}[layers.facilities]\n{columns}"))
    assert "activity_area_m2" in project.layers_of("facilities")[0].columns
    assert problems_of(write(f"{SMALLEST}[layers.residences]\n{columns}")) == {
        ("unknown_key", "layers.residences.columns.activity_area_m2")
    }


def test_supply_is_shared_out_by_the_catalogues_method_unless_the_project_names_another(write):
    default = read_project(write(SMALLEST)).supply
    assert (default.id, default.decay.id, default.choices) == ("gaussian", "gaussian", 2)
    said = '[supply]\nmethod = "3sfca"\ndecay = "linear"\nchoices = 3\n'
    chosen = read_project(write(SMALLEST + said)).supply
    assert (chosen.id, chosen.selection) == ("3sfca", "share")
    assert (chosen.decay.id, chosen.choices) == ("linear", 3)


def test_what_is_wrong_with_the_supply_table_is_told_at_once(write):
    said = '[supply]\nmethod = "2sfc"\ndecay = "gauss"\nchoices = 0\nminutes = 5\n'
    assert problems_of(write(SMALLEST + said)) == {
        ("unknown_word", "supply.method"),
        ("unknown_word", "supply.decay"),
        ("out_of_range", "supply.choices"),
        ("unknown_key", "supply.minutes"),
    }


def test_rules_modes_and_limits_replace_those_of_the_catalogue(write):
    project = read_project(
        write(
            SMALLEST
            + """
[rules]
unit_share = 0.8
direct_metres = 0
statuses = ["existing", "building"]
[modes.walk]
flat_kmh = 3.0
[limits.police-room.rural]
minutes = 20
"""
        )
    )
    assert project.rules.unit_share == 0.8
    assert project.rules.direct_metres == 0.0
    assert project.rules.statuses == ("existing", "building")
    assert project.modes["walk"].classes["path"].kmh == 3.0
    rural = project.categories["police-room"].rural
    assert (rural.minutes, rural.mode, rural.source) == (20.0, "drive", "project.toml")
    assert project.categories["police-room"].urban.source != "project.toml"


def test_how_far_one_walks_in_15_minutes_is_a_choice_with_a_reason(write):
    def walk(words):
        return read_project(write(SMALLEST + words)).modes["walk"]

    usual, slower = walk(""), walk('[choices]\nwalk = "800米"\n')
    assert (usual.choice, usual.classes["path"].kmh) == ("1000米", 4.0)
    assert (slower.choice, slower.classes["path"].kmh) == ("800米", 3.2)
    assert [each.name_zh for each in slower.readings] == ["1000米", "800米"]
    own = walk('[choices]\nwalk = "800米"\n[modes.walk]\nflat_kmh = 3.0\n')
    assert (own.choice, own.classes["path"].kmh) == ("", 3.0)
    told = problems_of(write(SMALLEST + '[choices]\nwalk = "900米"\nstroll = "800米"\n'))
    assert told == {("unknown_word", "choices.walk"), ("unknown_key", "choices.stroll")}


def test_walking_and_driving_are_measured_and_other_modes_where_asked_for(write):
    assert list(read_project(write(SMALLEST)).modes) == ["walk", "drive"]
    asked = {
        "[modes.bike]\n": ["walk", "bike", "drive"],
        "[modes.ebike]\nflat_kmh = 15\n": ["walk", "ebike", "drive"],
        '[limits.sport.urban]\nmode = "bike"\n': ["walk", "bike", "drive"],
        '[limits.shop.rural]\nmode = "ebike"\n': ["walk", "ebike", "drive"],
    }
    for words, modes in asked.items():
        assert list(read_project(write(SMALLEST + words)).modes) == modes


def test_a_limit_by_bicycle_is_the_study_s_own(write):
    words = '[limits.sport.urban]\nmode = "bike"\n[modes.bike]\nflat_kmh = 12\n'
    project = read_project(write(SMALLEST + words))
    assert project.categories["sport"].urban.mode == "bike"
    assert project.categories["sport"].urban.minutes == 15.0
    assert project.categories["sport"].rural.mode == "walk"
    assert project.modes["bike"].classes["primary"].kmh == 12.0


def test_an_indicator_s_mode_is_measured(write, monkeypatch):
    (first, *others) = load_indicators("mingxi-2023-16")
    changed = [replace(first, mode="bike"), *others]
    monkeypatch.setattr("layers.project_file.load_indicators", lambda _policy, _choices: changed)
    project = read_project(write('policy = "mingxi-2023-16"\n' + SMALLEST))
    assert "bike" in project.modes


def test_a_policy_brings_its_indicators(write):
    assert read_project(write('policy = "mingxi-2023-16"\n' + SMALLEST)).indicators


def test_a_date_may_be_written_without_quotes(write):
    assert read_project(write("data_date = 2024-12-31\n" + SMALLEST)).data_date == "2024-12-31"


def test_not_a_number_is_out_of_range(write):
    path = write(SMALLEST + "[rules]\nunit_share = nan\n")
    assert problems_of(path) == {("out_of_range", "rules.unit_share")}


def test_a_table_that_is_no_table_is_told(write):
    assert ("wrong_type", "layers") in problems_of(write('name = "a"\ncrs = "b"\nlayers = 3\n'))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_error_speaks_the_language_asked_for(write, lang):
    with pytest.raises(ProjectError, match=text("problems.missing_key.what", lang)):
        read_project(write('name = "a"\n'), lang=lang)


def test_what_the_writer_writes_is_a_project(write):
    layers = {"units": {"source": "a.gpkg", "columns": {"people": "常住人口"}}}
    settings = {"name": "甲", "crs": "EPSG:4548", "data_date": None, "layers": layers}
    project = read_project(write(project_toml(settings, comment="说明\nnote")))
    assert project.layers[0].columns == {"people": "常住人口"}
