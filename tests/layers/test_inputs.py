from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing

from layers.inputs import input_files


def test_every_part_of_a_shapefile_is_an_input_and_nothing_else(tmp_path):
    for name in ("a.shp", "a.SHX", "a.dbf", "a.prj", "a.cpg", "a.qgz", "ab.dbf", "b.shp"):
        (tmp_path / name).write_bytes(name.encode())
    found = input_files([tmp_path / "a.shp"], tmp_path)
    assert [file.name for file in found] == ["a.SHX", "a.cpg", "a.dbf", "a.prj", "a.shp"]


def test_a_file_used_by_several_layers_is_named_once_with_its_size_and_sum(tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "county.gpkg"
    path.write_bytes(b"county")
    (file,) = input_files([path, path, tmp_path / "absent.csv"], tmp_path)
    assert file.name == "data/county.gpkg"
    assert file.size == 6
    assert file.sha256 == hashlib.sha256(b"county").hexdigest()


def test_a_file_outside_the_folder_is_named_from_it(tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "dem.tif").write_bytes(b"")
    (file,) = input_files([tmp_path / "dem.tif"], tmp_path / "study")
    assert file.name == "../dem.tif"


def test_what_is_saved_while_a_geopackage_is_open_elsewhere_is_an_input(tmp_path):
    """As long as QGIS has the file open, an edit lies beside it."""
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as open_elsewhere:
        open_elsewhere.execute("PRAGMA journal_mode = wal")
        open_elsewhere.execute("CREATE TABLE units (people)")
        open_elsewhere.commit()
        open_elsewhere.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (only,) = input_files([path], tmp_path)  # nothing but open
        open_elsewhere.execute("INSERT INTO units VALUES (1)")
        open_elsewhere.commit()
        file, saved = input_files([path], tmp_path)
        assert file == only
        assert saved.name == "a.gpkg-wal"


def test_a_mask_and_overviews_beside_a_raster_are_inputs(tmp_path):
    for name in ("a.tif", "a.tif.msk", "a.TIF.ovr", "a.tif.txt"):
        (tmp_path / name).write_bytes(name.encode())
    found = {file.name for file in input_files([tmp_path / "a.tif"], tmp_path)}
    assert found == {"a.tif", "a.tif.msk", "a.TIF.ovr"}
