from __future__ import annotations

import hashlib

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
