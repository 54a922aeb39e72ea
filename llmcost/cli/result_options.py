"""The options that say how files of per-item results are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from . import values

if TYPE_CHECKING:
    from ..benchmarks.outcomes import Outcomes


@dataclass(kw_only=True)
class ResultOptions:
    """What is what in files of results, and which of their rows count."""

    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="COLUMN=TEXT", help="Only the rows that have this text; repeatable."),
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="COLUMN", help="Items of one cluster belong together: turns of a talk."),
    ] = None
    score_range: Annotated[
        str | None, typer.Option("--score-range", metavar="LOW..HIGH", help="Scale of graded scores: 1..10.")
    ] = None
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out, and count, what cannot be used; else it is an error.")
    ] = False
    metric: Annotated[
        str | None,
        typer.Option("--metric", metavar="NAME", help="The metric, scorer or score of an evaluation program."),
    ] = None
    filter: Annotated[
        str | None, typer.Option("--filter", metavar="NAME", help="The filter of lm-evaluation-harness.")
    ] = None
    prompt: Annotated[
        str | None, typer.Option("--prompt", metavar="N", help="The prompt of promptfoo, by its number.")
    ] = None
    item_column: Annotated[
        str | None, typer.Option("--item-column", metavar="COLUMN", help="Names the item, if not item, id or item_id.")
    ] = None
    weak_column: Annotated[
        str | None, typer.Option("--weak-column", metavar="COLUMN", help="The weak model's score, if not weak.")
    ] = None
    strong_column: Annotated[
        str | None, typer.Option("--strong-column", metavar="COLUMN", help="The strong model's score, if not strong.")
    ] = None
    input_tokens_column: Annotated[
        str | None,
        typer.Option("--input-tokens-column", metavar="COLUMN", help="Tokens in, of both models, if not input_tokens."),
    ] = None
    weak_input_tokens_column: Annotated[
        str | None, typer.Option("--weak-input-tokens-column", metavar="COLUMN", help="Tokens in of the weak model.")
    ] = None
    strong_input_tokens_column: Annotated[
        str | None,
        typer.Option("--strong-input-tokens-column", metavar="COLUMN", help="Tokens in of the strong model."),
    ] = None
    weak_output_tokens_column: Annotated[
        str | None, typer.Option("--weak-output-tokens-column", metavar="COLUMN", help="Tokens out of the weak model.")
    ] = None
    strong_output_tokens_column: Annotated[
        str | None,
        typer.Option("--strong-output-tokens-column", metavar="COLUMN", help="Tokens out of the strong model."),
    ] = None
    weak_cost_column: Annotated[
        str | None, typer.Option("--weak-cost-column", metavar="COLUMN", help="USD that the weak model's answer cost.")
    ] = None
    strong_cost_column: Annotated[
        str | None,
        typer.Option("--strong-cost-column", metavar="COLUMN", help="USD that the strong model's answer cost."),
    ] = None

    def scale(self) -> tuple[float, float]:
        """Return the least and the best score there can be."""
        return (0.0, 1.0) if self.score_range is None else values.scale(self.score_range, "--score-range")

    def read(
        self, files: tuple[str, str | None], weak: str | None, strong: str | None, *, score: str | None = None
    ) -> Outcomes:
        """Return the outcomes of one file, or of the weak model's and the strong model's, as shares from 0 to 1.

        `score` is the column of a router's score, where it is not named so.
        """
        from ..benchmarks.graded import rescaled
        from ..benchmarks.results.attempts import MetricChoice
        from ..benchmarks.results.rows import Columns
        from ..tables.results import ReadOptions, read_outcomes, read_pair

        named = {
            name.removesuffix("_column"): column for name, column in vars(self).items() if name.endswith("_column")
        }
        where = tuple(values.condition(text, "--where") for text in self.where or ())
        prompt = None if self.prompt is None else int(values.whole(self.prompt, "--prompt"))
        reading = ReadOptions(
            columns=Columns(cluster=self.cluster, score=score, where=where, **named),
            choice=MetricChoice(metric=self.metric, filter=self.filter, prompt=prompt),
            weak=weak,
            strong=strong,
            skip_bad=self.skip_bad,
        )
        first, second = files
        found = read_outcomes(first, reading) if second is None else read_pair(first, second, reading)
        return rescaled(found, *self.scale(), skip_bad=self.skip_bad)
