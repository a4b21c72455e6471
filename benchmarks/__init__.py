"""Speed, shown beside a baseline measured in the same run: `python -m benchmarks NAME [--json FILE]`."""
