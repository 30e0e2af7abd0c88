"""Every way to break a study that its readers must tell: a broken input, and the code it gives."""

from __future__ import annotations

from pathlib import Path

from shapely import LineString, MultiPoint, Point, Polygon, box

from tests.broken.breaks import (
    beside_counted_facilities,
    both,
    cell,
    counted_facilities,
    delete,
    empty,
    garbage,
    grid,
    in_datum,
    moved,
    named,
    no_units,
    renamed,
    said_crs,
    second_facilities,
    second_grid,
    shape,
    source,
    streets_in_gcj02,
    swapped,
    without,
)
from tests.broken.case import Case
from tests.broken.cases_coordinates import COORDINATE_CASES
from tests.broken.cases_encodings import ENCODING_CASES
from tests.broken.cases_formats import FORMAT_CASES
from tests.broken.cases_ledgers import LEDGER_CASES
from tests.broken.cases_names import NAME_CASES
from tests.broken.cases_people import PEOPLE_CASES
from tests.broken.cases_sources import SOURCE_CASES
from tests.broken.good_study import EAST, NORTH, SIDE, UNITS

BOW_TIE = Polygon(
    [
        (EAST, NORTH),
        (EAST + SIDE, NORTH + SIDE),
        (EAST + SIDE, NORTH),
        (EAST, NORTH + SIDE),
    ]
)
FAR = box(EAST + 9e5, NORTH, EAST + 9e5 + 10, NORTH + 10)
MIDDLE = Point(EAST + 1000, NORTH + 1000)

CASES = (
    # files
    Case("文件不在文件夹里", "units", "missing_file", damage=delete("units.gpkg")),
    Case("高程文件不在文件夹里", "dem", "missing_file", damage=delete("dem.tif")),
    Case("GeoPackage 已损坏", "units", "unreadable_file", damage=garbage("units.gpkg")),
    Case("高程文件已损坏", "dem", "unreadable_file", damage=garbage("dem.tif")),
    Case(
        "Excel 工作簿已损坏",
        "facilities",
        "unreadable_file",
        source("facilities", path=Path("facilities.xlsx")),
        named("facilities.csv", "facilities.xlsx"),
    ),
    Case("图层名写错（unit）", "units", "unknown_layer", source("units", layer="unit")),
    Case(
        "给了不支持的格式（.dwg）",
        "units",
        "unknown_format",
        source("units", path=Path("units.dwg")),
        named("units.gpkg", "units.dwg"),
    ),
    Case("设施台账只有表头", "facilities", "ledger_empty", empty("facilities"), fatal=False),
    Case("居住点表格只有表头", "residences", "no_rows", empty("residences")),
    Case("图层没有要素", "streets", "no_rows", empty("streets")),
    Case("没有单元图层", "project.toml", "no_units", no_units),
    Case("两个高程图层", "dem2", "one_layer_only", second_grid),
    *SOURCE_CASES,
    *FORMAT_CASES,
    # encodings
    Case(
        "GBK 表格声明成 utf-8",
        "facilities",
        "undecodable",
        both(source("facilities", encoding="utf-8"), lambda s: setattr(s, "encoding", "gbk")),
    ),
    Case(
        "UTF-8 表格声明成 cp1252",
        "facilities",
        "mojibake",
        both(
            source("facilities", encoding="cp1252", columns={"x": "lon", "y": "lat"}),
            renamed("facilities", "经度", "lon"),
            renamed("facilities", "纬度", "lat"),
            cell("facilities", 1, "name", "明溪"),
            cell("facilities", 2, "status", "existing"),
            cell("facilities", 3, "status", "existing"),
            cell("facilities", 2, "serves", None),
            lambda s: setattr(s, "facilities", s.facilities.assign(name="明溪")),
        ),
    ),
    *ENCODING_CASES,
    # columns and cells
    Case("列名不同，没有对照", "units", "missing_column", renamed("units", "unit_id", "区划代码")),
    Case(
        "对照的列名写错",
        "units",
        "missing_column",
        both(renamed("units", "people", "常住人口"), source("units", columns={"people": "人口"})),
    ),
    Case("单元没有名称", "units", "missing_value", cell("units", 2, "name", None)),
    Case("设施没有编号", "facilities", "missing_value", cell("facilities", 3, "facility_id", None)),
    Case("单元编号重复", "units", "duplicate_id", cell("units", 2, "unit_id", UNITS[0])),
    Case("两个设施图层用了同样的编号", "clinics", "shared_id", second_facilities),
    Case(
        "设施图层的编号只是行号，与另一图层的重复",
        "clinics",
        "layer_row_numbers",
        beside_counted_facilities,
        counted_facilities,
        fatal=False,
    ),
    Case(
        "编号被 Excel 改成科学计数法",
        "residences",
        "scientific_id",
        cell("residences", 4, "unit_id", "3.50421E+11"),
    ),
    *LEDGER_CASES,
    *NAME_CASES,
    Case("人口写成文字", "units", "not_a_number", cell("units", 3, "people", "约四十")),
    Case("年份不是整数", "facilities", "not_whole", cell("facilities", 1, "year", "2019.5")),
    Case("人口是负数", "units", "below_minimum", cell("units", 3, "people", -40.0)),
    Case("建成年份太早", "facilities", "below_minimum", cell("facilities", 1, "year", "19")),
    Case("没有这种状态", "facilities", "unknown_choice", cell("facilities", 1, "status", "exist")),
    Case("没有这种单元类型", "units", "unknown_choice", cell("units", 1, "kind", "寨")),
    Case("桥梁标志写错", "streets", "unknown_choice", cell("streets", 1, "bridge", "可能")),
    Case(
        "没有这个类别",
        "facilities",
        "unknown_category",
        cell("facilities", 1, "category", "polce-room"),
    ),
    Case(
        "设施的单元不存在",
        "facilities",
        "unknown_unit",
        cell("facilities", 1, "unit_id", "350421100009"),
    ),
    Case(
        "服务的单元不存在",
        "facilities",
        "unknown_unit",
        cell("facilities", 2, "serves", "350421100009"),
    ),
    Case("居住点的单元不存在", "residences", "unknown_unit", cell("residences", 1, "unit_id", "1")),
    Case(
        "乡镇代码不存在",
        "units",
        "unknown_township",
        cell("units", 1, "township_id", "350421999"),
        fatal=False,
    ),
    Case(
        "老年人多于总人口",
        "units",
        "cohort_too_large",
        cell("units", 1, "age_60_plus", 101.0),
        fatal=False,
    ),
    Case(
        "道路等级不是 OSM 取值",
        "streets",
        "unknown_class",
        cell("streets", 1, "class", "县道"),
        fatal=False,
    ),
    Case(
        "所有道路等级都不认识",
        "streets",
        "unknown_class",
        lambda s: setattr(s, "streets", s.streets.assign(**{"class": "县道"})),
    ),
    # coordinates
    Case(
        "居住点表格没有坐标列",
        "residences",
        "no_coordinates",
        both(without("residences", "经度"), source("residences", columns={})),
    ),
    Case("坐标只填了一半", "facilities", "half_a_point", cell("facilities", 1, "经度", None)),
    Case(
        "坐标写成文字", "facilities", "not_a_coordinate", cell("facilities", 1, "经度", "东经117度")
    ),
    Case("坐标是无穷大", "residences", "bad_coordinates", cell("residences", 1, "经度", "inf")),
    Case("表格没有说明基准", "facilities", "missing_datum", source("facilities", datum=None)),
    Case(
        "米坐标的表格没有坐标系",
        "residences",
        "missing_crs",
        lambda s: setattr(
            s, "residences", s.residences.assign(经度=EAST + 1000, 纬度=NORTH + 1000)
        ),
    ),
    Case("GeoPackage 没有坐标系", "units", "missing_crs", said_crs("units", None)),
    Case("高程没有坐标系", "dem", "missing_crs", damage=grid(crs=None)),
    Case("西安80坐标系", "units", "old_datum", said_crs("units", "EPSG:2384")),
    Case("北京54经纬度", "streets", "old_datum", said_crs("streets", "EPSG:4214")),
    Case(
        "研究坐标系是北京54", "project.toml", "old_datum", lambda s: setattr(s, "crs", "EPSG:2437")
    ),
    Case(
        "研究坐标系是经纬度",
        "project.toml",
        "crs_not_metres",
        lambda s: setattr(s, "crs", "EPSG:4490"),
    ),
    Case(
        "研究坐标系不存在", "project.toml", "unknown_crs", lambda s: setattr(s, "crs", "EPSG:45480")
    ),
    Case("图层声明的坐标系不存在", "facilities", "unknown_crs", source("facilities", crs="EPSG:0")),
    Case(
        "经纬度坐标声明成米",
        "facilities",
        "degrees_as_metres",
        source("facilities", crs="EPSG:4548"),
    ),
    Case("米坐标声明成经纬度", "units", "metres_as_degrees", said_crs("units", "EPSG:4490")),
    Case("横坐标没有带号，坐标系有", "units", "zone_prefix", said_crs("units", "EPSG:4527")),
    Case("横坐标有带号，坐标系没有", "units", "zone_prefix", moved("units", 39_000_000.0)),
    Case("经纬度写反", "residences", "swapped_coordinates", swapped("residences")),
    Case(
        "设施坐标为 0, 0",
        "facilities",
        "outside_area",
        both(cell("facilities", 1, "经度", 0.0), cell("facilities", 1, "纬度", 0.0)),
    ),
    Case("一个单元画在别处", "units", "outside_area", shape("units", 3, FAR)),
    Case("路网不在研究区", "streets", "streets_elsewhere", moved("streets", 900_000.0)),
    Case(
        "居住点是 GCJ-02，声明成 CGCS2000",
        "residences",
        "datum_suspect",
        in_datum("residences", "gcj02"),
        fatal=False,
    ),
    Case(
        "居住点是 BD-09，声明成 CGCS2000",
        "residences",
        "datum_suspect",
        in_datum("residences", "bd09"),
        fatal=False,
    ),
    Case("路网是 GCJ-02，没有声明", "streets", "datum_of_streets", streets_in_gcj02, fatal=False),
    *COORDINATE_CASES,
    # geometries
    Case("单元没有图形", "units", "empty_geometry", shape("units", 1, None)),
    Case("单元是空图形", "units", "empty_geometry", shape("units", 1, Polygon())),
    Case(
        "单元是线",
        "units",
        "wrong_geometry",
        shape("units", 1, LineString([(EAST, NORTH), (EAST, NORTH + 1)])),
    ),
    Case("道路是点", "streets", "wrong_geometry", shape("streets", 1, MIDDLE)),
    Case(
        "单元是多点",
        "units",
        "wrong_geometry",
        shape("units", 1, MultiPoint([MIDDLE, Point(EAST, NORTH)])),
    ),
    Case("单元自相交", "units", "repaired_geometry", shape("units", 1, BOW_TIE), fatal=False),
    Case(
        "道路长度为零",
        "streets",
        "no_length",
        shape("streets", 1, LineString([MIDDLE, MIDDLE])),
        fatal=False,
    ),
    Case(
        "全部道路长度为零",
        "streets",
        "no_usable_street",
        lambda s: setattr(
            s,
            "streets",
            s.streets.set_geometry([LineString([MIDDLE, MIDDLE])] * 4, crs=s.streets.crs),
        ),
    ),
    Case(
        "道路相交处没有公共顶点",
        "streets",
        "streets_unjoined",
        shape("streets", 1, LineString([(EAST, NORTH + 1000), (EAST + 2 * SIDE, NORTH + 1000)])),
        fatal=False,
    ),
    Case(
        "道路端点差1米没有接上，要求接上",
        "streets",
        "streets_joined",
        both(
            shape("streets", 1, LineString([(EAST, NORTH + 1000), (EAST + 999, NORTH + 1000)])),
            source("streets", join_metres=2.0),
        ),
        fatal=False,
    ),
    Case(
        "同一地点登记了两次",
        "facilities",
        "double_facility",
        lambda s: setattr(
            s,
            "facilities",
            s.facilities.assign(经度=s.facilities["经度"][0], 纬度=s.facilities["纬度"][0]),
        ),
        fatal=False,
    ),
    Case(
        "居住点不在任何单元内",
        "residences",
        "residence_in_no_unit",
        both(without("residences", "unit_id"), cell("residences", 1, "经度", 117.05)),
        fatal=False,
    ),
    Case(
        "单元是点，居住点又没有单元",
        "residences",
        "residence_in_no_unit",
        both(
            without("residences", "unit_id"),
            lambda s: setattr(s, "units", s.units.set_geometry(s.units.centroid)),
        ),
    ),
    # elevation
    Case("高程在别处", "dem", "elevation_elsewhere", damage=grid(east=EAST + 9e5)),
    Case("高程全是无数据", "dem", "elevation_elsewhere", damage=grid(hole=True)),
    Case("高程只盖住一部分道路", "dem", "no_height", damage=grid(east=EAST + 2500), fatal=False),
    *PEOPLE_CASES,
    Case(
        "同一问题有上百行",
        "residences",
        "and_more",
        lambda s: setattr(s, "residences", s.residences.assign(weight=-1.0)),
    ),
)
