"""Messages of a broker, from the socket to the live table, beside a bare paho client that only does json.loads.

Mosquitto keeps the same messages for both while they are away (QoS 1), and gives them to each as fast as it takes them,
in turns. So neither waits for a publisher.
"""

import json
import statistics
import time
from pathlib import Path
from typing import Any, Final

from paho.mqtt.client import CallbackAPIVersion, Client

from benchmarks.figure import Figure
from benchmarks.mosquitto import Mosquitto, mosquitto_path
from drivers.pool import DriverPool
from plant_models.batch import Batch
from plant_models.clock import SystemClock
from plant_models.device import Device, Endpoint
from plant_models.mqtt_settings import MqttSettings
from plant_models.plant import Plant
from plant_models.tag import Tag
from plant_models.tag_table import TagTable

TURNS: Final = 5
MESSAGES: Final = 10_000
TOPIC: Final = "plant/p1"
PAYLOADS: Final = [b'{"flow": %10.3f, "ts": 1700000000.0}' % number for number in range(MESSAGES)]
KEY: Final = "mqtt_messages_vs_bare_client"
TARGET: Final = ">= 0.7"


def run() -> list[Figure]:
    """Return messages a second of the driver beside those of the bare client."""
    program = mosquitto_path()
    if program is None:
        print("mosquitto is not installed (apt-get install mosquitto): messages of a broker are not measured")
        return [Figure(KEY, 0.0, "1/s", TARGET)]
    ours, bare = [], []
    with Mosquitto(program) as broker:
        for _ in range(TURNS + 1):
            ours.append(_measured(broker, _Driver(broker.port)))
            bare.append(_measured(broker, _Bare(broker.port)))
    # The first turn warms up.
    rate, cpu_us = (statistics.median(column) for column in zip(*ours[1:], strict=True))
    bare_rate, bare_cpu_us = (statistics.median(column) for column in zip(*bare[1:], strict=True))
    print(f"mosquitto {program}; CPU for a message: driver to table {cpu_us:.1f} us, bare paho {bare_cpu_us:.1f} us")
    return [Figure(KEY, rate, "1/s", TARGET, baseline=bare_rate)]


class _Bare:
    """paho with the least that a subscriber can do."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.first_s = self.last_s = 0.0
        self.count = 0

    def listen(self, messages: int) -> None:
        """Connect and read until so many messages have come; 0: only subscribe."""
        client = Client(CallbackAPIVersion.VERSION2, "bare", clean_session=False)
        client.on_connect = lambda *_: client.subscribe(TOPIC, 1)
        client.on_message = self._on_message
        subscribed: list[bool] = []
        client.on_subscribe = lambda *_: subscribed.append(True)
        client.connect("127.0.0.1", self._port)
        while self.count < messages or not subscribed:
            client.loop()
        client.disconnect()

    def _on_message(self, _client: Client, _userdata: Any, message: Any) -> None:
        json.loads(message.payload)
        self.last_s = time.perf_counter()
        self.first_s = self.first_s or self.last_s
        self.count += 1


class _Driver:
    """The driver in a pool, as a station has it, and a live table. Fulfils `drivers.base.Sink`."""

    def __init__(self, port: int) -> None:
        self._plant = _plant(port)
        self._clock = SystemClock()
        self._table = TagTable(self._plant.tags, self._plant.scan_s, self._clock)
        self.first_s = self.last_s = 0.0
        self.count = 0

    def offer(self, batch: Batch) -> bool:
        self._table.apply(batch)
        if batch.values is not None:
            self.last_s = time.perf_counter()
            self.first_s = self.first_s or self.last_s
            self.count += len(batch)
        return True

    def listen(self, messages: int) -> None:
        """Connect and read until so many messages have come; 0: only subscribe."""
        pool = DriverPool(self._plant, self._table.index, self, self._clock, {})
        pool.start()
        while self.count < messages or pool.health()[0].state != "connected":
            self._clock.sleep(0.01)
        pool.stop()


def _measured(broker: Mosquitto, client: _Bare | _Driver) -> tuple[float, float]:
    """Return messages a second and the processor time of one, in µs, of a client that finds them waiting."""
    client.listen(0)
    broker.publish(TOPIC, PAYLOADS)
    cpu_s = time.process_time()
    client.listen(MESSAGES)
    cpu_s = time.process_time() - cpu_s
    assert client.count >= MESSAGES
    return client.count / (client.last_s - client.first_s), cpu_s * 1e6 / client.count


def _plant(port: int) -> Plant:
    mqtt = MqttSettings(tls=False, client_id="ours", keep_session=True)
    device = Device(name="B", protocol="mqtt", endpoint=Endpoint("127.0.0.1", port), insecure_ok=True, mqtt=mqtt)
    return Plant(
        folder=Path(),
        name="Broker",
        time_zone="UTC",
        home="",
        is_simulated=False,
        areas=(),
        scan_s={"slow": 5.0},
        devices={device.name: device},
        types={},
        equipment={},
        tags=(Tag(name="FLOW", device="B", address=f"{TOPIC}#/flow", scan="slow"),),
        alarms=(),
        displays={},
    )
