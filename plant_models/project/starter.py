"""Beginning a new plant: a small, commented folder that passes the check. Any thread."""

import shutil
from pathlib import Path
from typing import Final

from plant_models.paths import RESOURCES
from plant_models.project.finding import Finding, PlantError

STARTER: Final = RESOURCES / "plants" / "starter"


def init_plant(folder: Path) -> None:
    """Fill a new or empty folder with a plant of one device, one pump, one tank and one display.

    Raises:
        PlantError: the folder isn't empty, isn't a folder, or can't be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise _refusal(folder, "the folder is not empty")
        shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    except NotADirectoryError:
        raise _refusal(folder, "not a folder") from None
    except OSError as error:
        raise _refusal(folder, f"the folder can't be written ({error.strerror or error})") from None


def _refusal(folder: Path, problem: str) -> PlantError:
    return PlantError([Finding(str(folder), 1, 1, problem, "name a new or an empty folder")])
