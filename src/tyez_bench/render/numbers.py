"""How figures are written: three decimals, and – for what is undefined."""


def figure(value: float | None) -> str:
    """A share with three decimals; – when it is undefined."""
    return "–" if value is None else f"{value:.3f}"
