"""How fast Loupe is, as ratios: `python -m benchmarks NAME` or `python -m benchmarks all`."""
