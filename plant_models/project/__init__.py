"""Load, check, save and begin a plant folder."""

from plant_models.project.document import PlantDocument, read_document, save_plant
from plant_models.project.finding import Finding, PlantError, mistakes
from plant_models.project.load import check_plant, load_plant
from plant_models.project.starter import init_plant

__all__ = [
    "Finding",
    "PlantDocument",
    "PlantError",
    "check_plant",
    "init_plant",
    "load_plant",
    "mistakes",
    "read_document",
    "save_plant",
]
