"""The words that options of the command line take."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """What spatial results can be written as beside the GeoPackage."""

    SHP = "shp"
    GEOJSON = "geojson"


class Seen(StrEnum):
    """For whom results are: those who keep the data, or everybody."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Spoken(StrEnum):
    """The languages of the output."""

    ZH = "zh"
    EN = "en"


class Paper(StrEnum):
    """The sizes of a printed sheet."""

    A4 = "A4"
    A3 = "A3"
