"""A new kind of equipment as a plant brings it: the file of its type, and a symbol of its own."""

BLOWER = """\
format = 1
name = "blower"
title = "Blower"
symbol = "blower"

[[member]]
name = "RUN"
title = "Running"
type = "bool"
offset = 0
bit = 0
states = ["Stopped", "Running"]

[[member]]
name = "PRESSURE"
title = "Pressure"
unit = "mbar"
low = 0
high = 1000
offset = 1

[[member]]
name = "SPEED_SP"
title = "Speed setpoint"
unit = "Hz"
low = 20
high = 50
offset = 3
writable = true

[[command]]
name = "stop"
title = "Stop"
member = "RUN"
value = 0
requires = [{ expression = "{RUN} == 1", reason = "The blower is already stopped" }]

[[state]]
expression = "{RUN} == 1"
word = "Blowing"
look = "running"

[[alarm]]
member = "PRESSURE"
kind = "HH"
limit = 900
priority = 1
text = "Blower pressure very high"
action = "Open the relief valve"

[faceplate]
commands = ["stop"]
setpoints = ["SPEED_SP"]
indicators = ["PRESSURE"]

[checks]
columns = ["area"]
"""


SYMBOL = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle class="b" cx="32" cy="32" r="20"/></svg>
"""
