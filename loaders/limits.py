"""How much of a file is read: everything beyond is refused before it is unpacked."""

MOST_COLUMNS = 200
MOST_CELLS = 30_000_000
MOST_MEMBERS = 5000
LONGEST_LINE = 1_000_000
LARGEST_TEXT = 1500 * 2**20
LARGEST_UNPACKED = 2**30
# A workbook of a million rows unpacks to six or eight times its size; a bomb to a thousand times.
HIGHEST_RATIO = 100
UNPACKED_UNASKED = 10 * 2**20
# A sheet is held cell by cell up to its last one, so one far cell among few would need memory for millions.
SPARSE_CELLS = 4_000_000
