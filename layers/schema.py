"""The columns of every frame that files are read into: what each means and must hold."""

from __future__ import annotations

from layers.frame_schema import Column, FrameSchema


def _people(name: str, zh: str, en: str) -> Column:
    return Column(name, "number", zh, en, minimum=0)


_COHORTS = (
    _people("people", "常住人口（人）", "resident people"),
    _people("age_0_14", "0—14岁人口（人）", "people aged 0 to 14"),
    _people("age_60_plus", "60岁及以上人口（人）", "people aged 60 and over"),
    _people("age_65_plus", "65岁及以上人口（人）", "people aged 65 and over"),
    _people("disabled", "残疾人（人）", "disabled people"),
)
_POINT = ("Point",)
_AREA = ("Polygon", "MultiPolygon")

UNITS = FrameSchema(
    "units",
    "unit_id",
    (
        Column(
            "unit_id", "text", "12位统计用区划代码，文本", "12-digit code, as text", required=True
        ),
        Column("name", "text", "社区或村名称", "name of the community or village", required=True),
        Column(
            "kind",
            "text",
            "类型：community 社区，village 行政村",
            "community or village",
            choices=("community", "village"),
            default="village",
        ),
        Column("township_id", "text", "乡镇代码", "code of the township"),
        Column("township", "text", "乡镇名称", "name of the township"),
        Column("urban_class", "text", "城乡分类代码", "urban-rural class code"),
        Column(
            "urban",
            "flag",
            "是否城镇单元；缺省按城乡分类代码111/112/121的居委会判定",
            "urban unit; by default a community of class 111, 112 or 121",
        ),
        _people("households", "户数（户）", "households"),
        *_COHORTS,
    ),
    (*_AREA, *_POINT),
    plain_table=True,
)

RESIDENCES = FrameSchema(
    "residences",
    "residence_id",
    (
        Column("residence_id", "text", "居住点编号", "id of the residence", required=True),
        Column(
            "unit_id",
            "text",
            "所属单元代码；缺省按位置落入的单元",
            "unit; by default the one it lies in",
        ),
        Column(
            "weight",
            "number",
            "权重（如建筑面积），用于把单元人口分摊到居住点",
            "weight (such as floor area) by which the people of a unit are spread",
            minimum=0,
            default=1.0,
        ),
        *_COHORTS,
    ),
    _POINT,
)

FACILITIES = FrameSchema(
    "facilities",
    "facility_id",
    (
        Column("facility_id", "text", "设施编号", "id of the facility", required=True),
        Column("name", "text", "设施名称", "name of the facility"),
        Column("category", "text", "设施类别代码", "category code of the catalogue", required=True),
        Column(
            "unit_id",
            "text",
            "所在单元代码；缺省按位置落入的单元",
            "unit; by default the one it lies in",
        ),
        Column(
            "serves",
            "text",
            "服务的单元代码，用分号隔开",
            "codes of the units it serves, joined by semicolons",
        ),
        Column(
            "status",
            "text",
            "状态：existing 已建，building 在建，planned 规划",
            "existing, building or planned",
            choices=("existing", "building", "planned"),
            default="existing",
        ),
        Column("year", "whole", "建成年份", "year of completion", minimum=1900),
        Column("capacity", "number", "容量（床位、托位等）", "places or beds", minimum=0),
        Column("area_m2", "number", "建筑面积（平方米）", "floor area in m2", minimum=0),
    ),
    _POINT,
    geometry_required=False,
)

STREETS = FrameSchema(
    "streets",
    "street_id",
    (
        Column(
            "street_id", "text", "道路编号；缺省按顺序编号", "id of the street; by default numbered"
        ),
        Column("name", "text", "道路名称", "name of the street"),
        Column(
            "class",
            "text",
            "道路等级（OSM highway 取值）",
            "street class (OSM highway values)",
            required=True,
        ),
        Column(
            "oneway",
            "direction",
            "单行：yes 顺向，-1 逆向，no 双向",
            "yes along the line, -1 against it, no both ways",
            default=0.0,
        ),
        Column("speed_kmh", "number", "限速（公里/小时）", "posted speed in km/h", minimum=0),
        Column("bridge", "flag", "是否桥梁", "on a bridge", default=False),
        Column("tunnel", "flag", "是否隧道", "in a tunnel", default=False),
        Column(
            "layer",
            "text",
            "立体层次（OSM layer 取值：0 地面，1 在上，-1 在下）；不是数字的按 0",
            "OSM layer: 0 on the ground, 1 above, -1 below; what is no number is 0",
        ),
        Column("access", "text", "通行限制（OSM access）", "OSM access"),
        Column("foot", "text", "步行限制（OSM foot）", "OSM foot"),
        Column("bicycle", "text", "自行车限制（OSM bicycle）", "OSM bicycle"),
        Column(
            "oneway_bicycle",
            "text",
            "自行车单行（OSM oneway:bicycle）：no 可逆单行骑行",
            "OSM oneway:bicycle: no lets bicycles go against a one-way sign",
        ),
        Column("motor_vehicle", "text", "机动车限制（OSM motor_vehicle）", "OSM motor_vehicle"),
    ),
    ("LineString", "MultiLineString"),
)

TOWNSHIPS = FrameSchema(
    "townships",
    "township_id",
    (
        Column("township_id", "text", "乡镇代码", "code of the township", required=True),
        Column("name", "text", "乡镇名称", "name of the township", required=True),
        *_COHORTS,
    ),
    _AREA,
)

BOUNDARY = FrameSchema(
    "boundary",
    "boundary_id",
    (Column("boundary_id", "text", "边界编号；缺省按顺序编号", "id; by default numbered"),),
    _AREA,
)

REGISTERS = FrameSchema(
    "registers",
    "register_id",
    (
        Column(
            "register_id",
            "text",
            "编号；单元、乡镇台账缺省取其代码，其余缺省按顺序编号",
            "id; by default the code of the unit or township, else numbered",
        ),
        Column("kind", "text", "登记的是什么（见下表）", "what is registered", required=True),
        Column("name", "text", "名称", "name"),
        Column(
            "unit_id",
            "text",
            "所属单元代码；缺省按位置落入的单元",
            "unit; by default the one it lies in",
        ),
        Column(
            "township_id",
            "text",
            "所属乡镇代码；缺省取单元的乡镇",
            "township; by default that of its unit",
        ),
        Column(
            "serves",
            "text",
            "服务的单元代码，用分号隔开",
            "codes of the units it serves, joined by semicolons",
        ),
    ),
    (*_AREA, *_POINT),
    geometry_required=False,
    order=("kind", "register_id"),
)

CANDIDATES = FrameSchema(
    "candidates",
    "candidate_id",
    (
        Column("candidate_id", "text", "备选点编号", "id of the candidate", required=True),
        Column("name", "text", "备选点名称", "name of the candidate"),
        Column(
            "cost", "number", "造价（与预算同一单位）", "cost, in the budget's money", minimum=0
        ),
        Column(
            "capacity", "number", "建成后的床位、托位等", "places or beds once built", minimum=0
        ),
        Column("area_m2", "number", "可用面积（平方米）", "floor area there is, in m2", minimum=0),
        Column("allowed", "flag", "是否可选", "may be chosen", default=True),
    ),
    _POINT,
)

EXCLUDED = FrameSchema(
    "excluded",
    "excluded_id",
    (
        Column("excluded_id", "text", "编号；缺省按顺序编号", "id; by default numbered"),
        Column("name", "text", "名称", "name"),
    ),
    _AREA,
)

WATER = FrameSchema(
    "water",
    "water_id",
    (
        Column("water_id", "text", "编号；缺省按顺序编号", "id; by default numbered"),
        Column("name", "text", "名称", "name"),
    ),
    ("LineString", "MultiLineString", *_AREA),
)

_SITES = (CANDIDATES, EXCLUDED)

SCHEMAS = {
    schema.name: schema
    for schema in (
        UNITS,
        TOWNSHIPS,
        RESIDENCES,
        FACILITIES,
        REGISTERS,
        STREETS,
        BOUNDARY,
        *_SITES,
        WATER,
    )
}
