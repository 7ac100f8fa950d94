"""The Numba kernels: few, plain, top-level; arrays in, arrays out, no validation."""
