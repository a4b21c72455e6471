"""The alarm list as a CSV file. Pure, any thread; the page runs it beside the GUI thread."""

import csv
from pathlib import Path

from hmi.alarm_list.sheet import ListSheet
from hmi.new_file import new_file
from plant_models.spreadsheet import neutral


def write_list(path: Path, sheet: ListSheet) -> int:
    """Write the titles and the rows; return the number of rows. The file appears whole or not at all.

    UTF-8 with a byte order mark, so that spreadsheets read it as it is; no text is taken for a formula.

    Raises:
        OSError: the file can't be written, or there is one already: nothing is replaced.
    """
    with new_file(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(sheet.titles)
        writer.writerows([neutral(text) for text in row] for row in sheet.rows)
    return len(sheet.rows)
