"""The cube of flat rows as one expression on columns: which rows are plain, dedupe, classify, sum.

It is written once, with narwhals, and runs in DuckDB and in Spark, which read the columns (`tables/engines.py`).
Nothing is priced there: what comes back are sums of requests, which `CubeBuilder` takes like records.

A row is plain when these columns alone say what it is; any other is left to the reader of its format, so that the cube
is the same by every path. A usage object has no further key if its length as JSON is that of its known keys and of
their whole numbers. JSON is taken to be what programs write: an object has no key twice, and no comma before its end,
which DuckDB reads and the standard library calls broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .cube import COLUMNS
from .forms import FORMS, region_named, tier_named
from .readers import RESPONSES
from .readers.answers import NAMES, TIMES
from .readers.columns import TOKENS
from .record import NOTHING, SECOND, UsageRecord, micros, provider_named

if TYPE_CHECKING:
    import narwhals as nw

_CHAT = (
    *(
        "prompt_tokens",
        "completion_tokens",
        "prompt_tokens_details.cached_tokens",
        "prompt_tokens_details.audio_tokens",
    ),
    *("prompt_tokens_details.cache_write_tokens", "completion_tokens_details.reasoning_tokens"),
    *("completion_tokens_details.audio_tokens", "completion_tokens_details.accepted_prediction_tokens"),
    "completion_tokens_details.rejected_prediction_tokens",
)
_PLAIN = ("input_tokens", "output_tokens")
_RESPONSES = (
    *("input_tokens_details.cached_tokens", "input_tokens_details.cache_write_tokens"),
    "output_tokens_details.reasoning_tokens",
)
_CACHE = ("cache_read_input_tokens", "cache_creation_input_tokens")
_ANTHROPIC = (
    *("cache_creation.ephemeral_5m_input_tokens", "cache_creation.ephemeral_1h_input_tokens"),
    "server_tool_use.web_search_requests",
)
LEAVES = (*_CHAT, *_PLAIN, *_RESPONSES, *_CACHE, *_ANTHROPIC, "total_tokens")
"""The counts of a plain usage object: those of chats, of responses, of Anthropic's messages."""
_READ = tuple(map(FORMS.__getitem__, ("openai.chat", "anthropic", "openai.responses")))
_COUNTED = tuple(x for x in LEAVES if x in set().union(*(form.keys() for form in _READ)))
"""Those that are in a sum; a usage object without any has no counts."""
LEAF_TEXTS = ("service_tier", "inference_geo")
"""The texts that it may have."""
MOMENTS = tuple(dict.fromkeys((*TIMES, "created", "createTime", "create_time")))
"""Where an answer may have its time, the first that is there."""
COUNTS = (
    *("input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens"),
    *("output_tokens", "reasoning_tokens", "audio_output_tokens"),
)
"""The tokens of a plain row; a row with sounds or images in its input is not plain."""
_VALUES = (*COUNTS, "searches")
_MOST = 10**12
HOUR, QUARTER = 3600, 900
_TIME = r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|\+00:00)?$"


class HandBack(Exception):  # noqa: N818 - not an error: the standard path answers then
    """What an engine would not read as the standard path does."""


def columns_of(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The keys under which an answer may have each of the cube's columns, the first that is there."""
    return {name: tuple(key for key, column in NAMES.items() if column == name) for name in names}


def answer_rows(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The rows of a frame of answers with their tokens, and whether each is plain."""
    import narwhals as nw

    leaf = {path: nw.col(f"u{place}") for place, path in enumerate(LEAVES)}

    def none(*paths: str) -> nw.Expr:
        return nw.coalesce(*(leaf[x] for x in paths)).is_null()

    chat = ~none(*_CHAT[:2])
    plain = (
        (nw.col("usage_length") == _length(leaf))
        & nw.when(chat)
        .then(none(*_PLAIN, *_RESPONSES, *_ANTHROPIC))
        .otherwise(none(*_CHAT) & (none(*_RESPONSES) | none(*_CACHE, *_ANTHROPIC)))
        & (leaf["prompt_tokens_details.audio_tokens"].fill_null(0) == 0)
        & ~none(*_COUNTED)
        & nw.col("data").is_null()
        & (nw.col("model") != "")
    )
    found = {field: _count(field, leaf) for field in COUNTS}
    frame = frame.with_columns(
        plain=plain,
        chat=chat,
        searches=leaf["server_tool_use.web_search_requests"].fill_null(0),
        tier=nw.col("service_tier"),
        usage_tier=nw.col("usage_service_tier"),
        region=nw.col("usage_inference_geo"),
        provider=nw.lit(None, nw.String),
        **found,
    )
    sums, whole = nw.col("input_tokens") + nw.col("output_tokens"), leaf["total_tokens"].fill_null(0)
    hidden = nw.col("chat") & (whole > sums)  # a total says more than its parts
    total_alone = (sums == 0) & (whole > 0)
    return frame.with_columns(plain=nw.col("plain") & ~hidden & ~total_alone)


def _count(field: str, leaf: Mapping[str, nw.Expr]) -> nw.Expr:
    """A count of a plain row: no key of a form that is not the row's is there, so that the first key found is its."""
    import narwhals as nw

    given = {
        alternative: None
        for form in _READ
        for alternative in {"input_tokens": (form.input,), "output_tokens": (form.output,), **form.parts}.get(field, ())
    }
    split = [[leaf[x] for x in alternative.split(" + ") if x in leaf] for alternative in given]
    sums = [x[0] if len(x) == 1 else sum((y.fill_null(0) for y in x[1:]), x[0].fill_null(0)) for x in split if x]
    return nw.coalesce(*sums, nw.lit(0))


def _length(leaf: Mapping[str, nw.Expr]) -> nw.Expr:
    """The length of a usage object as JSON that has these counts and texts and nothing else."""
    import narwhals as nw

    size = nw.lit(1)
    objects: dict[str, list[nw.Expr]] = {}
    for path, value in leaf.items():
        parent, _, key = path.rpartition(".")
        size += (value.cast(nw.String).str.len_chars() + len(key) + 4).fill_null(0)
        if parent:
            objects.setdefault(parent, []).append(value)
    for key in LEAF_TEXTS:
        size += (nw.col(f"usage_{key}").str.len_chars() + len(key) + 6).fill_null(0)
    for key, inner in objects.items():
        size += nw.when(~nw.coalesce(*inner).is_null()).then(nw.lit(len(key) + 5)).otherwise(nw.lit(0))
    return size


def column_rows(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The rows of a frame with named columns, and whether each is plain. Raises HandBack for other types of columns."""
    import narwhals as nw

    types = frame.collect_schema()
    plain, tokens = nw.lit(value=True), {}
    for name, field in TOKENS.items():
        if name not in types:
            tokens[field] = nw.lit(0)
            continue
        if not types[name].is_numeric():
            raise HandBack
        value = nw.col(name)
        whole = (value >= 0) & (value < _MOST)
        if not types[name].is_integer():
            whole &= value == value.floor()
        plain &= whole if name in ("in", "out") else value.is_null() | whole
        tokens[field] = nw.when(whole).then(value).otherwise(nw.lit(0)).cast(nw.Int64)
    texts = {}
    for name in ("model", "provider", "tier", "region", *COLUMNS):
        if name not in types:
            texts[name] = nw.lit(None, nw.String)
        elif types[name] == nw.String or types[name].is_integer():
            texts[name] = nw.col(name).cast(nw.String)
        else:
            raise HandBack
    frame = frame.with_columns(plain=plain, usage_tier=nw.lit(None, nw.String), **tokens, **texts)
    frame = frame.with_columns(audio_output_tokens=nw.lit(0), searches=nw.lit(0))
    return frame.with_columns(plain=nw.col("plain") & (nw.sum_horizontal(*TOKENS.values()) > 0))


def repeated_ids(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The hashes of the ids that several rows have."""
    import narwhals as nw

    found = frame.filter(~nw.col("hash").is_null()).group_by("hash").agg(times=nw.len())
    return found.filter(nw.col("times") > 1).select("hash", again="hash")


def classified(frame: nw.LazyFrame[Any], edges: Sequence[int], *, step: int, ids: bool) -> nw.LazyFrame[Any]:
    """The rows of a frame with their slots of `step` seconds, and the number of `edges` below their length.

    `ids`: a plain row has an id; otherwise it has none.
    """
    import narwhals as nw

    col = nw.col
    number, name, said = col("number"), col("id"), col("at")
    seconds = (
        nw.when(number < 10**11)
        .then(number)
        .when(number < 10**14)
        .then(number // 1000)
        .when(number < 10**17)
        .then(number // 10**6)
        .otherwise(number // 10**9)
    )
    above = nw.lit(len(edges))
    for place, edge in reversed([*enumerate(edges)]):
        above = nw.when(col("input_tokens") <= edge).then(nw.lit(place)).otherwise(above)
    timed = (
        nw.when(~number.is_null())
        .then((number > 0) & (number.cast(nw.String) == said))
        .otherwise(said.is_null() | said.str.contains(_TIME))
    )
    named = name.is_null()
    if ids:
        odd = name.is_in(["", "0", "true", "false"]) | name.str.starts_with("{") | name.str.starts_with("[")
        named = ~(odd | name.is_null())
    possible = (
        (col("cache_read_tokens") + col("cache_write_tokens") <= col("input_tokens"))
        & (col("cache_write_1h_tokens") <= col("cache_write_tokens"))
        & (col("reasoning_tokens") + col("audio_output_tokens") <= col("output_tokens"))
    )
    return frame.with_columns(
        plain=(col("plain") & timed & named & possible).fill_null(value=False),
        slot=seconds // step,
        said=nw.when(number.is_null()).then(said.str.slice(0, 13 if step == HOUR else 16)),
        above=above,
    )


def odd_lines(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The lines and the ids of the classified rows that are not plain."""
    import narwhals as nw

    return frame.filter(~nw.col("plain")).select("line", "id")


def number_with(frame: nw.LazyFrame[Any], ids: Sequence[str]) -> nw.LazyFrame[Any]:
    """How many rows of a frame have one of these ids."""
    import narwhals as nw

    return frame.filter(nw.col("id").is_in(ids)).select(number=nw.len())


def cube_rows(
    frame: nw.LazyFrame[Any], columns: Sequence[str], repeated: nw.LazyFrame[Any] | None
) -> nw.LazyFrame[Any]:
    """The sums of classified rows, a row a group. Plain rows whose id is among the `repeated` count once.

    `differ` is not 0 in a group with rows that have one id and say different things.
    """
    import narwhals as nw

    col = nw.col
    keys = ["slot", "said", "model", "provider", "tier", "usage_tier", "region", *columns]
    keys += ["above", "plain"]
    if repeated is None:
        frame = frame.group_by(*keys).agg(*(col(x).sum() for x in _VALUES), rows=nw.len())
        return frame.with_columns(records=col("rows"), differ=nw.lit(0))
    frame = frame.join(repeated, on="hash", how="left")
    frame = frame.with_columns(again=nw.when(col("plain")).then(col("again")))
    frame = frame.group_by("again", *keys).agg(
        *(col(x).sum() for x in _VALUES), *(col(x).max().alias(f"{x}_most") for x in _VALUES), rows=nw.len()
    )
    frame = frame.with_columns(places=nw.len().over("again"))
    once = col("again").is_null()
    differ = sum(((col(x) != col(f"{x}_most") * col("rows")).cast(nw.Int64) for x in _VALUES), col("places") - 1)
    frame = frame.with_columns(
        *(nw.when(once).then(col(x)).otherwise(col(f"{x}_most")).alias(x) for x in _VALUES),
        records=nw.when(once).then(col("rows")).otherwise(nw.lit(1)),
        differ=nw.when(once).then(nw.lit(0)).otherwise(differ),
    )
    return frame.group_by(*keys).agg(*(col(x).sum() for x in (*_VALUES, "rows", "records", "differ")))


def group_record(row: Mapping[str, Any], edges: Sequence[int], columns: Sequence[str], step: int) -> UsageRecord:
    """A row of `cube_rows` as one record with the sums.

    Raises HandBack where rows with the same id differ, or texts may be numbers or objects.
    """
    if row["differ"]:
        raise HandBack
    said, place = row["said"], row["above"]
    at = None if row["slot"] is None else int(row["slot"]) * step * SECOND
    if said is not None and (at := micros(said)) is None:
        raise HandBack
    kept = {name: _text(row[name]) for name in columns}
    return UsageRecord(
        source=RESPONSES,
        tokens={name: int(row[name]) for name in COUNTS if row[name]},
        model=_text(row["model"]) or "",
        at=at,
        requests=int(row["records"]),
        provider=None if row["provider"] is None else provider_named(_text(row["provider"])),
        tier=tier_named(_text(row["usage_tier"])) or tier_named(_text(row["tier"])),
        region=region_named(_text(row["region"])),
        length=edges[place - 1] + 1 if place else 0,
        fees={"web_search": int(row["searches"])} if row["searches"] else NOTHING,
        session=kept.get("session"),
        user=kept.get("user"),
        project=kept.get("project"),
        key=kept.get("key"),
        tag=kept.get("tag"),
    )


def _text(value: str | None) -> str | None:
    """A text of a column. Raises HandBack for what may have been an object or a boolean."""
    if value in ("true", "false") or (value or "")[:1] in ("{", "["):
        raise HandBack
    return value or None
