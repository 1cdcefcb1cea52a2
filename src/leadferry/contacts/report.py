"""What became of the records of an import."""

from dataclasses import dataclass, field

SHOWN = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejection:
    """A record that was not taken: its line, its key if it had one, and what is allowed instead."""

    line: int
    key: str | None
    reason: str


@dataclass(kw_only=True, slots=True)
class Report:
    """Counts of an import; of the rejections, the first `SHOWN` are kept."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    def reject(self, line: int, key: str | None, reason: str) -> None:
        """Count a record that was not taken."""
        self.rejected += 1
        if len(self.rejections) < SHOWN:
            self.rejections.append(Rejection(line=line, key=key, reason=reason))

    def in_order(self) -> "Report":
        """Itself, with the rejections by line; some are noticed later than those of lines after them."""
        self.rejections.sort(key=lambda rejection: rejection.line)
        return self
