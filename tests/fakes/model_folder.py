"""A small model folder for virtual PLCs: one pump group, a filter bank, valves, over Modbus and, if wanted, OPC UA."""

from pathlib import Path
from typing import Final

_PLCS: Final = """\
[[plc]]
name = "LPS_PLC"
protocol = "modbus"
map = "lps.csv"
heartbeat = "LPS"
totals = ["CV1.flow"]

[[plc.group]]
name = "LPS"
pumps = ["LPS.P1", "LPS.P2"]
level = "TK1.level"
start = 60.0
stop = 85.0
min_run_s = 60
min_off_s = 60

[[plc.valve]]
name = "CV1"
travel_s = 60

[[plc]]
name = "FLT_PLC"
protocol = "modbus"
unit_id = 7
byte_order = "CDAB"
map = "flt.csv"

[[plc.filters]]
name = "FLT"
filters = ["FLT.F1", "FLT.F2", "FLT.F3"]

[[plc.prv]]
name = "PRV1"
setpoint = 3.0
low = 1.0
high = 6.0
"""
_OPCUA: Final = """
[[plc]]
name = "WTW_UA"
protocol = "opcua"
map = "wtw.csv"
heartbeat = "WTW"

[[plc.dosing]]
name = "DOS.CL2"
flow = "RAW.flow"
no_flow = 50.0
dose = 1.2
dose_high = 4.0
"""
_LPS: Final = """\
# the lake pump station
address,type,access,scale,variable
hr:0,u16,r,,LPS.heartbeat
hr:1,f32,r,,TK1.level
hr:3,f32,rw,,LPS.start_sp
hr:5,f32,rw,,LPS.stop_sp

hr:10,u16,rw,,LPS.P1.mode
hr:11,u16,rw,,LPS.P1.cmd
hr:12.0,bool,r,,LPS.P1.run
hr:12.1,bool,r,,LPS.P1.fault
hr:13,f32,r,,LPS.P1.flow
hr:15,u16,rw,100,LPS.P1.speed_sp
hr:16,u16,r,,LPS.P1.duty
hr:20,u16,rw,,LPS.P2.mode
hr:21,u16,rw,,LPS.P2.cmd
hr:22.0,bool,r,,LPS.P2.run
hr:22.1,bool,r,,LPS.P2.fault
ir:0,i16,r,10,CV1.flow
ir:1,u32,r,,CV1.total
co:0,bool,rw,,CV1.position_sp
di:0,bool,r,,CV1.closed
"""
_FLT: Final = """\
address,type,access,scale,variable
hr:100,u16,rw,,FLT.F1.mode
hr:101,u16,rw,,FLT.F1.cmd
hr:102,u16,r,,FLT.washing
hr:104,f64,r,,FLT.F1.headloss
hr:110,f32,rw,,PRV1.pressure_sp
hr:120.0,bool,rw,,FLT.F2.cmd
hr:120.1,bool,rw,,FLT.F3.cmd
"""
_WTW: Final = """\
address,type,access,scale,variable
ns=2;s=WTW.HEARTBEAT,u32,r,,WTW.heartbeat
ns=2;s=WTW.MESSAGE,text,r,,WTW.message
ns=2;s=DOS.CL2.MODE,i32,rw,,DOS.CL2.mode
ns=2;s=DOS.CL2.CMD,i32,rw,,DOS.CL2.cmd
ns=2;s=DOS.CL2.RUN,bool,r,,DOS.CL2.run
ns=2;s=DOS.CL2.DOSE_SP,f64,rw,,DOS.CL2.dose_sp
ns=2;s=RAW.FLOW,f32,r,,RAW.flow
ns=2;s=CLW.LEVEL,u16,r,100,CLW.level
"""


def write_model(folder: Path, with_opcua: bool = False) -> Path:
    """Write the files into `folder`, which is made, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"plcs.toml": _PLCS + (_OPCUA if with_opcua else ""), "lps.csv": _LPS, "flt.csv": _FLT, "wtw.csv": _WTW}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
