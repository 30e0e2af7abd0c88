"""What the files of the simulated county's bureaus are called by and how their columns are."""

from __future__ import annotations

from layers.demo.bureau_ledgers import Ledger
from layers.reading import table_of

UNIT_LEDGER = "unit"
DRAWN = ("grid",)  # registers that are areas
CENTRE, POLICE, PHARMACY = "svc-comprehensive", "police-room", "pharmacy"  # in files of their own
# The .dbf of a shapefile holds ten bytes of a column's name: five characters in GBK.
UNIT_COLUMNS = {
    "unit_id": "区划代码",
    "name": "名称",
    "kind": "类型",
    "township_id": "乡镇代码",
    "township": "乡镇",
    "urban_class": "城乡分类",
}
STREET_COLUMNS = {
    "street_id": "编号",
    "name": "路名",
    "class": "等级",
    "oneway": "单行",
    "speed_kmh": "限速",
    "bridge": "桥梁",
    "tunnel": "隧道",
}
POINT_COLUMNS = {
    "facility_id": "编号",
    "name": "名称",
    "category": "类别",
    "unit_id": "所在村代码",
    "status": "状态",
    "year": "建成年份",
    "capacity": "容量",
    "area_m2": "建筑面积",
    "open_hours_per_day": "每日开放小时",
    "x": "经度",
    "y": "纬度",
}
POLICE_COLUMNS = {
    "facility_id": "编号",
    "name": "名称",
    "x": "经度",
    "y": "纬度",
    "unit_id": "所在村",
    "serves": "服务村",
    "status": "状态",
    "year": "建成年份",
    "area_m2": "面积",
}
PHARMACY_COLUMNS = {
    "facility_id": "编号",
    "name": "药店名称",
    "unit_id": "所在村",
    "year": "开业年份",
    "area_m2": "面积",
}
PEOPLE = Ledger(
    "户数和人口台账（模拟）",
    {
        "unit": "村（社区）名称",
        "households": "户数（户）",
        "people": "人口（人）/常住人口",
        "age_0_14": "人口（人）/0至14岁",
        "age_60_plus": "人口（人）/60岁及以上",
        "age_65_plus": "人口（人）/65岁及以上",
    },
    ("households", "people", "age_0_14", "age_60_plus", "age_65_plus"),
)
BUREAUS = Ledger("各部门台账（模拟）", {"unit": "村（社区）名称"})
CENTRES = Ledger(
    "社区综合服务设施台账（模拟）",
    {
        "facility_id": "设施编号",
        "name": "设施名称",
        "unit": "所在村（社区）名称",
        "status": "状态",
        "year": "建成年份",
        "area_m2": "面积（平方米）/建筑面积",
        "activity_area_m2": "面积（平方米）/居民活动区域",
        "open_hours_per_day": "每日开放小时数",
        "x": "地图坐标/经度",
        "y": "地图坐标/纬度",
    },
    ("area_m2", "activity_area_m2"),
)
SHEET = table_of("ledger")["sheet_column"]
STATUSES = {"existing": "已建", "building": "在建", "planned": "规划"}
