"""What the measures page is asked for: its filters, as they stand in the address."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from throughcare.kernel.forms import Ask, Form


class MeasuresQuery(Form):
    """A period and a prison; blank is this financial year, and every prison."""

    period: Annotated[str, Field(max_length=10), Ask("Period", widget="select", choices="period")] = ""
    prison: Annotated[str, Field(max_length=40), Ask("Prison", widget="select", choices="prison")] = ""
