"""PostGIS as a source, against a real server."""

from __future__ import annotations

import json
import sys

import pandas as pd
import psycopg
import pytest

import layers
from layers.errors import LayerError, ProjectError
from tests.broken.good_study import GoodStudy
from tests.postgis_server import running

COLUMNS = ["unit_id", "name", "kind", "urban_class", "people", "age_60_plus", "age_65_plus"]


@pytest.fixture(scope="module")
def server():
    with running() as database:
        with psycopg.connect(database) as connection:
            connection.execute("CREATE EXTENSION postgis")
            connection.execute("CREATE SCHEMA plan")
            connection.execute(
                'CREATE TABLE plan."单元" (unit_id text, name text, kind text, urban_class text,'
                " people numeric, age_60_plus int, age_65_plus int, geom geometry(Polygon, 4548))"
            )
            for row in GoodStudy().units[::-1].itertuples(index=False):  # a table has no order
                cells = (getattr(row, name) for name in COLUMNS)
                values = [None if pd.isna(cell) else cell for cell in cells]
                connection.execute(
                    'INSERT INTO plan."单元" VALUES'
                    " (%s, %s, %s, %s, %s, %s, %s, ST_GeomFromWKB(%s, 4548))",
                    (*values, row.geometry.wkb),
                )
        yield database


def study(folder, source, **settings):
    """Write a study whose units come from the database, and read it."""
    settings = {"layer": "plan.单元"} | settings
    lines = [f"{name} = {json.dumps(said, ensure_ascii=False)}" for name, said in settings.items()]
    content = f'name = "县"\ncrs = "EPSG:4548"\n[layers.units]\nsource = "{source}"\n'
    (folder / "project.toml").write_text(content + "\n".join(lines), encoding="utf-8")
    return layers.read_study_area(layers.read_project(folder))


def refused(folder, source, **settings):
    with pytest.raises(LayerError) as error:
        study(folder, source, **settings)
    return [problem.code for problem in error.value.problems]


def test_a_table_is_read_as_the_same_rows_of_a_file_are(server, tmp_path):
    (tmp_path / "file").mkdir()
    good = GoodStudy()
    good.sources = {"units": good.sources["units"]}
    file = layers.read_study_area(good.write(tmp_path / "file")).units
    table = study(tmp_path, f"postgis:{server}").units
    assert list(table) == list(file)
    assert table.geometry.geom_equals_exact(file.geometry, 0).all()
    plain = [each.drop(columns="geometry").astype(object).fillna("") for each in (table, file)]
    assert plain[0].to_numpy().tolist() == plain[1].to_numpy().tolist()


def test_a_query_is_read_too_in_the_crs_it_gives(server, tmp_path):
    query = (
        'SELECT unit_id, name, ST_Transform(geom, 4490) AS place FROM plan."单元" WHERE people > 50'
    )
    units = study(tmp_path, f"postgis:{server}", query=query).units
    assert units["name"].tolist() == ["城东社区", "城西社区"]
    whole = GoodStudy().units.geometry[:2]
    assert units.geometry.symmetric_difference(whole, align=False).area.max() < 100


def test_a_table_without_geometry_is_a_ledger(server, tmp_path):
    query = 'SELECT unit_id, name FROM plan."单元"'
    area = study(tmp_path, f"postgis:{server}", query=query)
    assert [problem.code for problem in area.problems] == ["no_places"]


def test_what_was_read_is_in_the_record(server, tmp_path):
    first, again = (study(tmp_path, f"postgis:{server}").inputs for _ in range(2))
    assert [file.name for file in first] == ["project.toml", "postgis/units"]
    assert first == again


def test_how_to_reach_it_may_be_said_by_the_environment_alone(server, tmp_path, monkeypatch):
    said = dict(part.split("=") for part in server.split())
    for name in ("host", "port", "user"):
        monkeypatch.setenv(f"PG{name.upper()}", said[name])
    monkeypatch.setenv("PGDATABASE", said["dbname"])
    assert len(study(tmp_path, "postgis:").units) == 4


def test_nothing_can_be_changed_through_it(server, tmp_path):
    query = 'DELETE FROM plan."单元" RETURNING *'
    assert refused(tmp_path, f"postgis:{server}", query=query) == ["database_refused"]
    assert len(study(tmp_path, f"postgis:{server}").units) == 4


def test_an_unknown_table_is_told(server, tmp_path):
    assert refused(tmp_path, f"postgis:{server}", layer="plan.村") == ["database_refused"]


def test_a_database_that_is_not_there_is_told(tmp_path):
    nobody = "postgis:host=127.0.0.1 port=1 user=planner"
    assert refused(tmp_path, nobody) == ["database_unreachable"]


def test_a_password_in_project_toml_is_refused(tmp_path):
    with pytest.raises(ProjectError) as error:
        study(tmp_path, "postgis:host=10.0.0.1 password=secret")
    (problem,) = error.value.problems
    assert problem.code == "password_in_project"
    assert "secret" not in str(error.value)


def test_without_the_extra_it_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert refused(tmp_path, "postgis:service=plan") == ["postgis_absent"]


def test_decimals_days_and_lists_come_as_files_have_them(server, tmp_path):
    query = (
        "SELECT unit_id, name, geom, 1.5::numeric AS share, DATE '2024-05-01' AS day,"
        ' ARRAY[1, 2] AS several FROM plan."单元"'
    )
    units = study(tmp_path, f"postgis:{server}", query=query).units
    assert units[["share", "day", "several"]].iloc[0].tolist() == [1.5, "2024-05-01", "1;2"]
    assert pd.api.types.is_float_dtype(units["share"])
