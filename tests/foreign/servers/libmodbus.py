"""A Modbus TCP server of Debian's libmodbus: its C code answers, this only opens the socket and sets registers.

Tells its port on stdout; a line "ADDRESS WORD WORD ..." sets holding registers. One connection at a time, as in the
examples of the library. It uses nothing of Clearwell's.
"""

import ctypes
import os
import socket
import sys
import threading

REGISTERS = 1000
LONGEST_REQUEST = 260


class Mapping(ctypes.Structure):
    """modbus_mapping_t of modbus.h, version 3.1."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("nb_bits", "start_bits", "nb_input_bits", "start_input_bits")),
        *((name, ctypes.c_int) for name in ("nb_input_registers", "start_input_registers")),
        *((name, ctypes.c_int) for name in ("nb_registers", "start_registers")),
        ("tab_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_registers", ctypes.POINTER(ctypes.c_uint16)),
        ("tab_registers", ctypes.POINTER(ctypes.c_uint16)),
    )


def main() -> None:
    library = ctypes.CDLL("libmodbus.so.5")
    library.modbus_new_tcp.restype = ctypes.c_void_p
    library.modbus_mapping_new.restype = ctypes.POINTER(Mapping)
    context = ctypes.c_void_p(library.modbus_new_tcp(b"127.0.0.1", 0))
    mapping = library.modbus_mapping_new(REGISTERS, REGISTERS, REGISTERS, REGISTERS)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)  # noqa: T201 what the test reads
    threading.Thread(target=serve, args=(library, context, mapping, listener.fileno()), daemon=True).start()
    for line in sys.stdin:
        address, *words = map(int, line.split())
        for place, word in enumerate(words, address):
            mapping.contents.tab_registers[place] = word
        print("set", flush=True)  # noqa: T201 what the test reads
    os._exit(0)


def serve(library: ctypes.CDLL, context: ctypes.c_void_p, mapping: object, listener: int) -> None:
    request = (ctypes.c_uint8 * LONGEST_REQUEST)()
    while library.modbus_tcp_accept(context, ctypes.byref(ctypes.c_int(listener))) >= 0:
        while (length := library.modbus_receive(context, request)) >= 0:
            if length:
                library.modbus_reply(context, request, length, mapping)
        library.modbus_close(context)


if __name__ == "__main__":
    main()
