"""A broker that isn't ours (amqtt), in a process of its own: `python -m tests.fakes.amqtt_process PORT`."""

import asyncio
import logging
import socket
import subprocess
import sys

from paho.mqtt import publish

from tests.fakes.waiting import wait_until


class AmqttProcess:
    """A context manager; without passwords, on this machine only."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> "AmqttProcess":
        command = [sys.executable, "-m", "tests.fakes.amqtt_process", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._is_listening, timeout_s=40, what="the broker")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait(20)

    def publish(self, topic: str, payload: str, *, qos: int = 1, retain: bool = False) -> None:
        """Publish as another client does."""
        publish.single(topic, payload, qos, retain, "127.0.0.1", self.port)

    def _is_listening(self) -> bool:
        assert self._process.poll() is None, "the broker has ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


async def _serve(port: int) -> None:
    from amqtt.broker import Broker

    plugins = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    listeners = {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}}
    broker = Broker({"listeners": listeners, "plugins": plugins})
    await broker.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.disable()
    asyncio.run(_serve(int(sys.argv[1])))
