"""Checks what a seed file says against its shape, and puts pydantic's errors into plain words."""

import re
import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Generic, TypeVar, Union, cast, get_args, get_origin

from django.db import models
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from plants.seedfile import Fault, Path, SeedFile

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def refuse(message: str) -> PydanticCustomError:
    """A fault in our own words, for validators."""
    return PydanticCustomError("plain", "{message}", {"message": message})


def _text(value: str) -> str:
    if not value.strip():
        raise refuse("is empty: write the text")
    if CONTROL.search(value):
        raise refuse("holds a character that is no text, such as a tab")
    return value.strip()


def _code(value: str) -> str:
    if not CODE.fullmatch(value):
        raise refuse(f"must be lower-case letters, digits and single hyphens; got {show(value)}")
    return value


def _chinese(value: str) -> str:
    if not CHINESE.search(value):
        raise refuse(f"must be Chinese; got {show(value)}")
    return value


def _english(value: str) -> str:
    if not LATIN.search(value) or len(CHINESE.findall(value)) > len(LATIN.findall(value)):
        raise refuse(f"must be English; got {show(value)}")
    return value


def _number(value: object) -> Decimal:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = Decimal(str(value))
        if number.is_finite():
            return number
    raise refuse(f"must be a number; got {show(value)}")


Words = Annotated[str, AfterValidator(_text)]
Code = Annotated[str, AfterValidator(_code)]
Number = Annotated[Decimal, BeforeValidator(_number)]


class Shape(BaseModel):
    """What a mapping of a seed file must look like: known keys only, and nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Entry(Generic[S]):
    """One entry of a seed file and where it stands, for faults that later checks find."""

    shape: S
    seed: SeedFile
    path: Path

    def fault(self, key: str, message: str) -> Fault:
        return self.seed.fault((*self.path, *key.split(".")) if key else self.path, message)


def entries(seed: SeedFile, key: str, shapes: Sequence[S]) -> list[Entry[S]]:
    """The entries of the list at `key`."""
    return [Entry(shape, seed, (key, i)) for i, shape in enumerate(shapes)]


class Coded(Shape):
    """An entry that a code names."""

    code: Code


C = TypeVar("C", bound=Coded)


def twice(coded: Sequence[Entry[C]], what: str) -> list[Fault]:
    """A fault for every code that an earlier entry has already."""
    first: dict[str, Entry[C]] = {}
    faults = []
    for entry in coded:
        code = entry.shape.code
        if code in first:
            there = first[code].fault("code", "")
            message = f"the {what} '{code}' is defined twice (first at {there.file}:{there.line})"
            faults.append(entry.fault("code", message))
        first.setdefault(code, entry)
    return faults


class Both(Shape):
    """The same text in both languages."""

    zh: Annotated[Words, AfterValidator(_chinese)]
    en: Annotated[Words, AfterValidator(_english)]


def one_of(choices: Collection[str]) -> AfterValidator:
    """The text must be one of `choices`."""

    def check(value: str) -> str:
        if value not in choices:
            known = ", ".join(choices)
            raise refuse(f"must be one of {known}; got {show(value)}{like(value, choices)}")
        return value

    return AfterValidator(check)


def fits(model: type[models.Model], column: str) -> AfterValidator:
    """The text must fit into the model's column, or both texts into `column_zh` and `column_en`."""

    def check(value: Any) -> Any:
        texts = {"": value} if isinstance(value, str) else {"_zh": value.zh, "_en": value.en}
        for suffix, text in texts.items():
            room = getattr(model._meta.get_field(column + suffix), "max_length", None)
            if room is not None and len(text) > room:
                which = f"{suffix[1:]} " if suffix else ""
                raise refuse(f"{which}is too long: {len(text)} characters, at most {room}")
        return value

    return AfterValidator(check)


def fits_number(model: type[models.Model], column: str) -> AfterValidator:
    """The number must fit into the model's decimal column without being rounded."""
    room = cast("models.DecimalField[Decimal, Decimal]", model._meta.get_field(column))
    places, digits = room.decimal_places, room.max_digits

    def check(value: Decimal) -> Decimal:
        if value != round(value, places):
            raise refuse(f"must have at most {places} decimal places; got {value}")
        if abs(value) >= Decimal(10) ** (digits - places):
            raise refuse(f"must be below {10 ** (digits - places)}; got {value}")
        return value

    return AfterValidator(check)


def check_shape(seed: SeedFile, shape: type[S]) -> tuple[S | None, list[Fault]]:
    """The file's data as `shape`, or every fault of it in plain words, each at its line.

    A value that the reader has refused already is not complained of twice.
    """
    try:
        return shape.model_validate(seed.data), []
    except ValidationError as error:
        faults = [_fault(seed, shape, details) for details in error.errors(include_url=False)]
        return None, sorted({fault for fault in faults if fault.path not in seed.refused})


def show(value: object) -> str:
    """A value as the editor of the file knows it, cut to a readable length."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "keys and values"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…'"


def like(value: str, choices: Collection[str]) -> str:
    """` (did you mean 'x'?)`, or nothing where no choice is near."""
    near = get_close_matches(value, list(choices), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def unknown(what: str, code: str, known: Iterable[str]) -> str:
    """What to say of a code that nothing has."""
    codes = sorted(known)
    if not codes:
        return f"no {what} '{code}' is known: none is loaded yet"
    return f"no {what} '{code}' is known{like(code, codes)}"


def _fault(seed: SeedFile, shape: type[Shape], details: ErrorDetails) -> Fault:
    path: Path = tuple(details["loc"])
    return seed.fault(path, _plain(details, shape, path))


def _plain(details: ErrorDetails, shape: type[Shape], path: Path) -> str:
    kind, got = details["type"], details["input"]
    if kind == "plain":
        return details["msg"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        known = _keys_at(shape, path[:-1])
        stray = "" if got is not None else ": put text that holds a comma in quotes"
        return f"is no known key{like(str(path[-1]), known)}; known are {', '.join(known)}{stray}"
    if got is None:
        return "is empty: write a value, or remove the key if it is optional"
    if kind == "string_type":
        quotes = "" if isinstance(got, (list, dict)) else ": put it in quotes"
        return f"must be text; got {show(got)}{quotes}"
    wanted = {
        "date_type": "must be a date like 2028-12-31",
        "int_type": "must be a whole number",
        "bool_type": "must be true or false",
        "too_short": "must have at least one entry",
        "list_type": "must be a list: start each entry with '- '",
        "model_type": f"must hold the keys {', '.join(_keys_at(shape, path))}",
    }
    return f"{wanted.get(kind, details['msg'])}; got {show(got)}"


def _keys_at(shape: type[Shape], path: Path) -> list[str]:
    """The keys that the mapping at `path` may have."""
    here: object = shape
    for step in path:
        if isinstance(step, str) and isinstance(here, type) and issubclass(here, Shape):
            fields = here.model_fields
            field = next((f for name, f in fields.items() if (f.alias or name) == step), None)
            here = _inner(field.annotation) if field else None
    if isinstance(here, type) and issubclass(here, Shape):
        return [field.alias or name for name, field in here.model_fields.items()]
    return []


def _inner(annotation: object) -> object:
    """The shape inside `list[…]`, `… | None` and `Annotated[…]`."""
    return next((kind for kind in _unwrapped(annotation) if kind is not type(None)), None)


def _unwrapped(annotation: object) -> Iterator[object]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _unwrapped(get_args(annotation)[0])
    elif origin in (list, tuple, Union, types.UnionType):
        for inner in get_args(annotation):
            yield from _unwrapped(inner)
    else:
        yield annotation
