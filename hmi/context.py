"""What every widget of one window works with. Made once by the window; GUI thread."""

from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from hmi.alarms.model import AlarmModel
from hmi.live import Live
from hmi.preferences.preferences import Preferences
from hmi.sound.alarm_sound import AlarmSound
from hmi.tasks import Tasks
from hmi.ticker import Ticker
from plant_models.clock import Clock
from plant_models.equipment import Equipment, EquipmentType
from plant_models.plant import Plant
from plant_models.tag import Tag
from station.protocol import Station
from station.session import Session


@dataclass(frozen=True, slots=True)
class Context:
    """The station, who sits at it, what they prefer and hear, the alarms, ticker and clock, where coroutines run."""

    station: Station
    live: Live
    session: Session
    ticker: Ticker
    clock: Clock
    tasks: Tasks
    alarms: AlarmModel
    preferences: Preferences
    sound: AlarmSound

    @property
    def plant(self) -> Plant:
        return self.station.plant

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.plant.time_zone)

    def tag(self, name: str) -> Tag | None:
        """Return a tag by name, None if the plant has none of this name."""
        row = self.station.table.index.get(name)
        return None if row is None else self.station.table.tags[row]

    def member_tag(self, equipment: Equipment, member: str) -> Tag | None:
        """Return the tag that is `member` of an instance; optional members may have none."""
        return self.tag(equipment.tag_name(member))

    def type_of(self, equipment: Equipment) -> EquipmentType:
        return self.plant.types[equipment.type]

    def area_title(self, name: str) -> str:
        """Return the title of an area, its name if it has none."""
        return next((area.title for area in self.plant.areas if area.name == name), name)
