"""The page of the model folder names every quantity that the process of the demo plant shows, and no other."""

import re

from plant_models.simulation.process import Process
from tests.docs.markdown import ROOT

PAGE = (ROOT / "docs" / "reference" / "model-folder.md").read_text(encoding="utf-8")
MODEL = ROOT / "resources" / "plants" / "netherby" / "model"


def test_every_quantity_of_the_process_is_described() -> None:
    table = PAGE.partition("### Variables of the process")[2].partition("\n#")[0]
    described = set(re.findall(r"`[A-Z.]*\.(\w+)`", table))
    process = Process(MODEL)
    try:
        shown = {name.rpartition(".")[2] for name in process.variables - process.actuators}
    finally:
        process.close()
    assert described == shown
