"""What it did cost: records of logs, summed in cells of a cube, each cell priced once.

Records come from `readers`, a row at a time, or as sums from `engine`: the same classification as one expression that
DuckDB and Spark run on the columns that `tables/engines.py` reads; `shell/engines.py` joins them.
"""
