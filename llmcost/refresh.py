"""Where other people's price tables come in, from files and the network, and the user's updates are written."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from . import __version__
from .document import Fault, Tree, is_count, mapping
from .errors import FileError, TableError, UnknownModelError
from .lazy import dataclass, pattern
from .load import load_base, today
from .net.fetch import fetch, shown
from .pricing.catalog import Catalog
from .pricing.dump import model_tree
from .pricing.lint import LintFinding, count_models, lint
from .pricing.model import Model
from .pricing.parse import SCHEMA, check_pricing
from .pricing.providers import VENDORS
from .pricing.reviewed import Reviewed, check_reviewed, joined, parse_reviewed, reviewed_tree
from .pricing.sources import SOURCES
from .pricing.sources.common import Imported, SourceError, loads
from .pricing.table import ModelTable
from .pricing.update import UpdatePlan, plan_update
from .tables.files import read_own, read_text, remove_leftovers, write_own, write_text
from .tables.find import is_there, packaged, updates, user_cache, user_config
from .tables.lock import locked
from .tables.yaml_reader import YamlFile
from .tables.yaml_writer import write_yaml

COMPARED = {"litellm": 407, "genai-prices": 181}
"""How many of the packaged models a source had a price of when the packaged table was made."""

_MOST_OF = 0.95
"""The share of the last update's models that an answer must have to be a whole one."""

HEADING = "# Written by `llmcost prices update`. Your own prices go into pricing.yaml next to this file.\n"
REVIEWED_HEADING = """\
# Numbers of public price tables declined in a review, by source and model: USD per 1M tokens, fees each.
# `llmcost prices update` shows such a difference again only when the source says another number.
# A model without numbers was declined as a whole.
"""

_REVIEWED, _SEEN, _ETAG = "reviewed.yaml", "updates-compared.json", "updates-etag.json"
_DAY = pattern(r"20\d\d-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A source's answer: its models, or None where nothing has changed since the last update.

    `url` is the address as it may be told: see `net.fetch.shown`.
    """

    imported: Imported | None
    url: str
    etag: str | None


def import_source(source: str, text: str, name: str, day: date | None = None) -> Imported:
    """The models of a source's JSON; `name` is what messages call it, `day` that of the source (None: today).

    Raises SourceError when it is not the table of that source.
    """
    module = import_module(f".pricing.sources.{source.replace('-', '_')}", __package__)
    read: Callable[..., Imported] = module.read
    data = loads(text, name)
    try:
        imported = read(data, checked=day or today())
    except SourceError as error:
        raise SourceError(f"{name} is not a price table of {source}: {error.message}", *_other_source(data)) from None
    if not imported.models:
        raise SourceError(f"{name} has no models of {source}", *_other_source(data))
    faults = check_pricing(imported.tree())
    if faults:
        raise SourceError(f"{name} is not a valid price table: {faults[0].where()}: {faults[0].message}")
    return imported


def _other_source(data: Any) -> tuple[str, ...]:
    """Which source a table looks like, as a hint, or nothing."""
    if isinstance(data, dict) and isinstance(data.get("prices"), dict):
        return (f"it looks like model-prices, which is not supported; supported: {', '.join(SOURCES)}",)
    providers = data.get("providers") if isinstance(data, dict) else data
    if isinstance(providers, list) and any(isinstance(x, dict) and "models" in x for x in providers):
        return ("it looks like genai-prices: --source genai-prices",)
    if isinstance(data, dict) and any(isinstance(x, dict) and "litellm_provider" in x for x in data.values()):
        return ("it looks like litellm: --source litellm",)
    return ()


def fetch_source(source: str, url: str | None = None, *, all_: bool = False) -> Fetched:
    """What a source says now; with `all_`, also when it has not changed since the last update.

    Raises FetchError or SourceError when it does not answer, or not with its table.
    """
    address = SOURCES[source] if url is None else url
    said = shown(address)
    answer = fetch(address, etag=None if all_ else _etag(address))
    etag = answer.etag if said == address else None  # one address that is told may stand for many
    imported = None if answer.text is None else import_source(source, answer.text, said)
    return Fetched(imported=imported, url=said, etag=etag)


def read_source(source: str, file: str) -> Fetched:
    """What a copy of a source in a file says, as if its address had said it.

    Raises FileError or SourceError when it cannot be read, or is not the source's table.
    """
    imported = import_source(source, read_text(Path(file), file), file, file_day(Path(file)))
    return Fetched(imported=imported, url=SOURCES[source], etag=None)


def file_day(path: Path) -> date:
    """The UTC day of a copy of a source: the one in its name, else that of the download; today at the latest."""
    for written in _DAY.findall(path.name):
        with suppress(ValueError):
            return min(date.fromisoformat(written), today())
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC).date(), today())


def check_rates(imported: Imported, catalog: Catalog, source: str) -> None:
    """Reject a source with an invalid rate for a model of the tables: the answer may be incomplete."""
    broken = [x for x in imported.skipped if x.broken and x.model in catalog]
    if broken:
        first = f"{broken[0].model}, {broken[0].key}"
        many = "an invalid rate, for" if len(broken) == 1 else f"{len(broken)} invalid rates, the first for"
        raise SourceError(f"{source} has {many} {first}")


def plan_source(
    catalog: Catalog,
    source: str,
    imported: Imported,
    names: Sequence[str] = (),
    *,
    origin: str,
    accept: bool = False,
    add: bool = False,
) -> UpdatePlan:
    """What a source changes of the models that are named, or of all; see `plan_update`.

    Raises SourceError for a rate that is none, UnknownModelError for a name of no model that could be taken.
    """
    check_rates(imported, catalog, source)
    models = imported.table(source)
    chosen = {_chosen(catalog, models, name, source, add=add) for name in names}
    return plan_update(
        catalog,
        (models[x] for x in models if not chosen or x in chosen),
        catalog.as_of,
        reviewed=reviews(source),
        accept=accept,
        add=add,
        origin=origin,
        zeroed=imported.zeroed(),
    )


def _chosen(catalog: Catalog, models: ModelTable, name: str, source: str, *, add: bool) -> str:
    """The id of the model that a name means: of the tables, or with `add` of the source, whose it is alone."""
    try:
        return catalog.resolve(name).id
    except UnknownModelError as error:
        wanted = name.strip().lower()
        new = [x for x in models if wanted in (x, x.partition("/")[2], *models.aliases(x))]
        own = [x for x in new if x.partition("/")[0] in VENDORS] or new
        if len(own) == 1 and add:
            return own[0]
        if own:
            how = "-m with its id" if len(own) > 1 else "--add"
            error.hints = (f"{source} has it as {', '.join(own)}: {how} takes it", *error.hints)
        raise


def write_updates(
    models: Mapping[str, Model],
    fetched: Fetched,
    *,
    complete: bool,
    whole: bool = True,
    planned_on: Catalog | None = None,
) -> Path:
    """Write models into the user's updates, beside those that stand there; return the file.

    `complete` says that the source has nothing else to change, so that it need not be read again before it changes.
    `whole` says that all models were compared: only then are the updates of today. `planned_on` are the prices that the
    models were made of: FileError where another update has since changed one.
    """
    path = updates().path
    with locked(path.parent):
        if planned_on is not None:
            _refuse_changed(models, planned_on)
        known: dict[str, Any] = _checked(path, str(path), check_pricing) if path.exists() else {}
        updated = str(today()) if whole else known.get("updated")
        entries = {**known.get("models", {}), **{model_id: model_tree(model) for model_id, model in models.items()}}
        tree = {"schema": SCHEMA, **({"updated": updated} if updated else {}), "models": entries}
        faults = check_pricing(tree)
        if faults:
            raise SourceError(f"the updates would not be a valid price table: {faults[0].where()}: {faults[0].message}")
        text = write_yaml(tree, HEADING)
        _write(path, text)
        if complete and fetched.etag is not None:
            _keep(_ETAG, {"key": _key(fetched.url, text.encode()), "etag": fetched.etag})
    return path


def _refuse_changed(models: Mapping[str, Model], planned_on: Catalog) -> None:
    now = load_base()
    changed = [x for x in models if x in planned_on and x in now and planned_on.entry(x) != now.entry(x)]
    if changed:
        raise FileError(f"another update just changed {changed[0]}", "run the update again")


def last_compared(source: str, url: str) -> int:
    """How many models of ours a source had at the last update from an address, 0 where that is not known.

    Of the source's own address that is what it had when the packaged table was made.
    """
    kept = _kept(_SEEN).get(url)
    if is_count(kept):
        return kept
    return COMPARED.get(source, 0) if url == SOURCES[source] else 0


def fewer_compared(source: str, url: str, compared: int) -> str:
    """That a source has far fewer models of ours than at the last update; empty where it has not."""
    last = last_compared(source, url)
    if compared >= last * _MOST_OF:
        return ""
    return f"{source} has {compared} of the tables' models; at the last update it had {last}"


def keep_compared(url: str, models: int) -> None:
    """Note how many models of ours the source at an address has."""
    _keep(_SEEN, {**_kept(_SEEN), url: models})


def reviews(source: str) -> Reviewed:
    """What reviews of a source declined: those that llmcost ships, with the user's own on top.

    Raises FileError or TableError when a file cannot be read or is not as it should be.
    """
    shipped, own = packaged(_REVIEWED), user_config() / _REVIEWED
    files = [(shipped.path, shipped.name), *([(own, str(own))] if is_there(own) else [])]
    found: Reviewed = {}
    for path, name in files:
        found = joined(found, _reviews_of(path, name).get(source, {}))
    return found


def write_reviews(source: str, declined: Reviewed) -> Path:
    """Add what a review declined to the user's own reviews; return the file."""
    path = user_config() / _REVIEWED
    with locked(path.parent):
        known = _reviews_of(path, str(path)) if path.exists() else {}
        tree = reviewed_tree({**known, source: joined(known.get(source, {}), declined)})
        _write(path, write_yaml(tree, REVIEWED_HEADING))
    return path


def _reviews_of(path: Path, name: str) -> dict[str, Reviewed]:
    return parse_reviewed(_checked(path, name, check_reviewed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What a lint found: oddities, and `faults` of files that are no price tables as they stand."""

    findings: list[LintFinding]
    faults: list[str]
    files: list[str]
    models: int


def lint_files(files: Sequence[str], *, max_age: int | None) -> Linted:
    """What is odd and what is wrong in price tables, the packaged one where none is given, all of it at once.

    Raises FileError when a file cannot be read.
    """
    shipped = packaged("pricing.yaml")
    named = [(Path(file), file) for file in files] or [(shipped.path, shipped.name)]
    findings: list[LintFinding] = []
    faults: list[str] = []
    known = list(load_base().models())
    models = 0
    for path, name in named:
        try:
            file = YamlFile(read_text(path, name), name)
        except TableError as error:
            faults += error.faults
            continue
        faults += map(file.locate, sorted(check_pricing(file.tree), key=file.mark))
        models += count_models(file.tree)
        odd = sorted(lint(file.tree, as_of=today(), max_age=max_age, known=known), key=file.mark)
        findings += (LintFinding(name, *file.mark(fault), fault.where(), fault.message) for fault in odd)
    return Linted(findings=findings, faults=faults, files=[name for _, name in named], models=models)


def _write(path: Path, text: str) -> None:
    """Write a file of the user's configuration whole."""
    write_text(path, text)
    remove_leftovers(path.parent)


def _checked(path: Path, name: str, check: Callable[[Tree], list[Fault]]) -> Tree:
    file = YamlFile(read_text(path, name, unasked=True), name)
    file.refuse(check(file.tree))
    return file.tree


def _kept(name: str) -> dict[str, Any]:
    """What is kept under a name in the cache; nothing where that cannot be read or is no object."""
    with suppress(OSError, ValueError):
        return dict(mapping(json.loads(read_own(user_cache() / name))))
    return {}


def _keep(name: str, found: Mapping[str, Any]) -> None:
    with suppress(OSError):
        user_cache().mkdir(parents=True, exist_ok=True)
        write_own(user_cache() / name, json.dumps(found).encode())


def _etag(url: str) -> str | None:
    """Today's stored ETag, if the updates file is unchanged."""
    known = _kept(_ETAG)
    with suppress(OSError):
        if "etag" in known and known.get("key") == _key(url, updates().path.read_bytes()):
            return str(known["etag"])
    return None


def _key(url: str, written: bytes) -> list[Any]:
    """What an ETag holds for: the day, the updates and the user's reviews as they are."""
    own = user_config() / _REVIEWED
    reviewed = own.read_bytes() if own.exists() else b""
    return [url, __version__, str(today()), zlib.crc32(written), zlib.crc32(reviewed)]
