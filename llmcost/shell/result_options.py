"""The options that say how files of per-item results are read."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Annotated

from ..errors import UsageError
from ..lazy import dataclass
from . import values
from .command import Options
from .makers import argument, flag, parsed, text

if TYPE_CHECKING:
    from ..evals.outcomes import Outcomes


Results = Annotated[str, argument("Per-item results; - is standard input.", metavar="RESULTS")]
StrongResults = Annotated[str | None, argument("Strong model's results, if in another file.", metavar="[RESULTS2]")]


@dataclass(kw_only=True)
class ResultOptions(Options):
    """Results: column names and row filters of the files."""

    column: Annotated[
        dict[str, str],
        parsed(
            values.column,
            "--column",
            "Name a column: weak=mini_ok; repeatable. Also item, strong, score, weak_output_tokens, weak_cost ...",
            metavar="ROLE=NAME",
        ),
    ] = field(default_factory=dict)
    where: Annotated[
        tuple[tuple[str, str], ...],
        parsed(values.condition, "--where", "Only rows with this text; repeatable.", metavar="COLUMN=TEXT"),
    ] = ()
    cluster: Annotated[
        str | None,
        text("--cluster", "Column that groups dependent items, like turns.", metavar="COLUMN"),
    ] = None
    score_range: Annotated[
        tuple[float, float] | None,
        parsed(values.scale, "--score-range", "Scale of graded scores: 1..10.", metavar="LOW..HIGH"),
    ] = None
    skip_bad: Annotated[bool, flag("--skip-bad", "Skip and count unusable rows instead of failing.")] = False
    metric: Annotated[
        str | None,
        text("--metric", "--scorer", "Metric or scorer of the evaluation program.", metavar="NAME", rare=True),
    ] = None
    filter: Annotated[str | None, text("--filter", "Filter of lm-evaluation-harness.", metavar="NAME", rare=True)] = (
        None
    )
    prompt: Annotated[
        tuple[int, int] | None,
        parsed(
            values.prompts,
            "--prompt",
            "Prompt of promptfoo, by number; 1,2 compares two.",
            metavar="N[,N]",
            rare=True,
        ),
    ] = None

    @property
    def scale(self) -> tuple[float, float]:
        """The least and the best score there can be."""
        return self.score_range or (0.0, 1.0)

    @property
    def two_prompts(self) -> bool:
        """Whether the sides are two prompts, which may be of one model."""
        return self.prompt is not None and self.prompt[0] != self.prompt[1]

    def read(self, files: tuple[str, str | None], weak: str | None, strong: str | None) -> Outcomes:
        """Read the outcomes of one file, or of the weak model's and the strong model's, as shares from 0 to 1."""
        from ..evals.graded import rescaled
        from ..evals.readers.reading import MetricChoice, ReadOptions
        from ..tables.results import read_outcomes, read_pair

        columns = {**self.column, **({"cluster": self.cluster} if self.cluster else {})}
        if self.cluster and "cluster" in self.column:
            raise UsageError("--cluster and --column cluster=NAME mean the same: give one")
        reading = ReadOptions(
            columns=columns,
            where=self.where,
            choice=MetricChoice(metric=self.metric, filter=self.filter, prompts=self.prompt),
            weak=weak,
            strong=strong,
            graded=self.scale != (0.0, 1.0),
            skip_bad=self.skip_bad,
        )
        first, second = files
        found = read_outcomes(first, reading) if second is None else read_pair(first, second, reading)
        return rescaled(found, *self.scale, skip_bad=self.skip_bad)


@dataclass(kw_only=True)
class ComparedOptions(ResultOptions):
    """Results: column names and row filters of the files."""

    column: Annotated[
        dict[str, str],
        parsed(
            values.compared_column,
            "--column",
            "Name a column: weak=mini_ok; repeatable. Also item, strong, input_tokens, weak_output_tokens, "
            "weak_cost ...",
            metavar="ROLE=NAME",
        ),
    ] = field(default_factory=dict)
