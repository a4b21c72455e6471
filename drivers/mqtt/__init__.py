"""The MQTT driver: JSON messages of a broker, topic by topic."""
