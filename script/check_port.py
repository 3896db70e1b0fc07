"""Stop script/server with a sentence where its address or port cannot be used."""

import errno
import socket
import sys

bind, port = sys.argv[1:]
if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
    sys.exit(
        f'PORT = "{port}" ใช้ไม่ได้ ต้องเป็นจำนวนเต็ม 1 ถึง 65535 | PORT = "{port}" is not a whole number from 1 to 65535.'
    )
family = socket.AF_INET6 if ":" in bind else socket.AF_INET
with socket.socket(family) as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((bind.strip("[]"), int(port)))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(
                f"พอร์ต {port} มีโปรแกรมอื่นใช้อยู่ เลือกพอร์ตอื่น เช่น PORT={int(port) % 65535 + 1} script/server"
                f" | Port {port} is in use; choose another as shown."
            )
        sys.exit(f"เปิด {bind}:{port} ไม่ได้: {error.strerror} | cannot listen on {bind}:{port}: {error.strerror}.")
