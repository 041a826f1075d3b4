"""What `make bench` measures. One file a figure in `figures/`; docs/benchmarks.md says how to read them."""
