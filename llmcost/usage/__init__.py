"""What it did cost: records of logs, summed in cells of a cube, each cell priced once."""
